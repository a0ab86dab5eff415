# -*- coding: utf-8 -*-

"""A layer that shows a painting in the making is chosen for another filter, or to be edited: nothing comes to harm."""

from __future__ import absolute_import, unicode_literals

import unittest

from restyle_plugin import provenance
from restyle_plugin.menu import EDIT
from tests.plugin.portable.canvas_stage import OnTheCanvas, painting
from tests.plugin.portable.stage import INTERACTIVE, Stage


class AGrowingLayer(OnTheCanvas):
    def test_stands_for_its_photo(self):
        found = []
        with Stage(painting()) as stage:

            def look():
                for layer in self.look(stage):
                    for as_they_are in (False, True):
                        found.extend(provenance.to_paint(stage.gimp, [layer, stage.layer], "any", as_they_are))

            self.assertEqual(self.paint(stage, look=look), "success")
            self.assertEqual(set(found), {(stage.layer, stage.layer)})

    def test_is_edited_when_it_is_finished(self):
        said = []
        with Stage(painting()) as stage:

            def look():
                for layer in self.look(stage):
                    said.append(stage.gimp.run(EDIT, INTERACTIVE, [stage.image, layer])[0])

            self.assertEqual(self.paint(stage, look=look), "success")
            sentence = "\u201cNeural Style\u2026\u201d is still being painted: edit the layer that comes when it is finished."
            self.assertEqual(set(said), {("error", sentence)})
            self.assertEqual(len(stage.gimp.image(stage.image).undo_steps), 1)


if __name__ == "__main__":
    unittest.main()
