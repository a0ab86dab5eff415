# -*- coding: utf-8 -*-

"""A second style on the same photo is a painting of the photo, not of the first painting."""

from __future__ import absolute_import, unicode_literals

import json
import unittest

from restyle_plugin import provenance
from restyle_plugin.compat import to_text
from tests.plugin.portable.declared import a_filter, a_param, an_input
from tests.plugin.portable.stage import HEIGHT, INTERACTIVE, NONINTERACTIVE, WIDTH, WITH_LAST_VALS, Stage

THE_PHOTO, THIS_LAYER = 0, 1


def a_painter(**more):
    return dict(a_filter([an_input("selection", "mask")], [a_param("strength", "bool", True)], "fast-style"), **more)


def pixels(stage, layer):
    return stage.gimp.drawable_read(layer, 0, 0, WIDTH, HEIGHT, "R'G'B'A u8")


class ASecondTry(unittest.TestCase):
    def paint(self, stage, drawable, run_mode=NONINTERACTIVE, **changes):
        """Run the filter on a layer; return the new layer."""
        before = stage.gimp.image_layers(stage.image)
        self.assertEqual(stage.run(run_mode, drawable=drawable, **changes), "success")
        (new,) = [layer for layer in stage.gimp.image_layers(stage.image) if layer not in before]
        return new

    def sent(self, stage):
        """The pixels of the layer that was sent last."""
        return stage.server.uploads[-1][4]

    def test_a_painting_stands_for_its_photo(self):
        with Stage(declared=a_painter()) as stage:
            first = self.paint(stage, stage.layer)
            second = self.paint(stage, first)
            self.assertEqual(self.sent(stage), pixels(stage, stage.layer))
            self.assertEqual(stage.gimp.image_layers(stage.image), [second, first, stage.layer])

    def test_so_does_a_painting_of_a_painting_s_photo(self):
        with Stage(declared=a_painter()) as stage:
            painting = stage.layer
            for _ in range(3):
                painting = self.paint(stage, painting)
            self.assertEqual(self.sent(stage), pixels(stage, stage.layer))

    def test_the_painting_itself_is_painted_on_demand(self):
        with Stage(declared=a_painter()) as stage:
            first = self.paint(stage, stage.layer)
            self.paint(stage, first, paint=THIS_LAYER)
            self.assertEqual(self.sent(stage), pixels(stage, first))

    def test_repeat_repeats_on_the_photo_whatever_was_chosen_before(self):
        with Stage(declared=a_painter()) as stage:
            first = self.paint(stage, stage.layer)
            stage.gimp.answers = [lambda values: values[:-1] + [THIS_LAYER]]
            second = self.paint(stage, first, INTERACTIVE)
            self.assertEqual(self.sent(stage), pixels(stage, first))
            third = self.paint(stage, first, WITH_LAST_VALS)
            self.assertEqual(self.sent(stage), pixels(stage, stage.layer))
            self.assertEqual(stage.gimp.image_layers(stage.image), [second, third, first, stage.layer])

    def test_a_photo_that_is_gone_is_not_asked_for(self):
        with Stage(declared=a_painter()) as stage:
            first = self.paint(stage, stage.layer)
            stage.gimp.image_remove_layer(stage.image, stage.layer)
            self.paint(stage, first)
            self.assertEqual(self.sent(stage), pixels(stage, first))

    def test_a_layer_of_another_size_is_not_the_photo(self):
        with Stage(declared=a_painter()) as stage:
            first = self.paint(stage, stage.layer)
            stage.gimp.item(stage.layer).width -= 1
            self.assertEqual(provenance.source_of(stage.gimp, first), 0)

    def test_provenance_that_makes_no_sense_is_no_painting(self):
        with Stage(declared=a_painter()) as stage:
            for data in (b"", b"{", b"[]", b'{"source": null}', b'{"source": {"tattoo": 4711}}', b"\xff"):
                stage.gimp.item_attach_parasite(stage.layer, "restyle", 1, data)
                self.assertEqual(provenance.photo_of(stage.gimp, stage.layer, "any"), stage.layer)

    def test_a_photo_that_another_filter_made_is_gone_on_with(self):
        outputs = [dict(output, role="photo") for output in a_painter()["outputs"]]
        with Stage(declared=a_painter(outputs=outputs)) as stage:
            enhanced = self.paint(stage, stage.layer)
            self.assertEqual(provenance.photo_of(stage.gimp, enhanced, "another-filter"), enhanced)
            self.assertEqual(provenance.photo_of(stage.gimp, enhanced, "fast-style"), stage.layer)

    def test_the_dialog_asks_in_the_layers_names_and_only_where_there_is_a_painting(self):
        with Stage(declared=a_painter()) as stage:
            first = self.paint(stage, stage.layer)
            (labels,) = [param.labels for param in stage.gimp.procedures[stage.name].params if param.name == "paint"]
            self.assertEqual(labels(stage.gimp, stage.layer), None)
            self.assertEqual(labels(stage.gimp, 0), None)
            self.assertEqual(labels(stage.gimp, first), ["The photo “photo”", "This layer, “Fast Style”"])

    def test_a_painting_remembers_the_photo_by_what_gimp_saves(self):
        with Stage(declared=a_painter()) as stage:
            first = self.paint(stage, stage.layer)
            made = json.loads(to_text(stage.gimp.item_parasite(first, "restyle")))
            self.assertEqual(made["source"], {"tattoo": stage.layer, "name": "photo"})


class SeveralLayers(unittest.TestCase):
    def test_each_selected_layer_is_painted_and_one_undo_takes_all_back(self):
        with Stage(declared=a_painter()) as stage:
            other = stage.filled_layer("other", WIDTH, HEIGHT)
            stage.gimp.image_insert_layer(stage.image, other, 0, 0)
            steps = len(stage.gimp.image(stage.image).undo_steps)
            stage.gimp.selected = [stage.layer, other]
            self.assertEqual(stage.run(), "success")
            found = stage.gimp.image_layers(stage.image)
            self.assertEqual([found[1], found[3]], [other, stage.layer])
            self.assertEqual(len(found), 4)
            self.assertEqual(len(stage.gimp.image(stage.image).undo_steps), steps + 1)
            self.assertTrue(any(text.startswith("Layer 2 of 2") for text in stage.gimp.progress))

    def test_a_painting_and_its_photo_are_painted_once(self):
        with Stage(declared=a_painter()) as stage:
            stage.run()
            (painting,) = stage.results()
            stage.gimp.selected = [painting, stage.layer]
            stage.run(drawable=painting)
            self.assertEqual(len(stage.server.requests), 2)


class AGuide(unittest.TestCase):
    def test_it_is_hidden_and_leaves_the_photo_active(self):
        outputs = [dict(output, role="guide") for output in a_painter()["outputs"]]
        with Stage(declared=a_painter(outputs=outputs)) as stage:
            self.assertEqual(stage.run(), "success")
            (guide,) = stage.results()
            self.assertEqual(stage.gimp.item(guide).visible, False)
            self.assertEqual(stage.gimp.image_active_drawable(stage.image), stage.layer)
