# -*- coding: utf-8 -*-

"""How a filter is called: by a person, again, and by a script."""

from __future__ import absolute_import, unicode_literals

import os

from memory_gimp.png import write_png
from tests.plugin.portable.stage import INTERACTIVE, InAHome, Stage


class RunModes(InAHome):
    def test_a_dialog_is_asked_once_and_its_values_are_kept(self):
        with Stage() as stage:
            stage.gimp.answers = [lambda values: values[:3] + [stage.style] + values[4:16] + [77.0] + values[17:]]
            self.assertEqual(
                stage.gimp.run("python-fu-restyle-neural-style", INTERACTIVE, [stage.image, stage.layer])[0], "success"
            )
            self.assertEqual(stage.server.requests[0][1]["params"]["style_strength"], 77.0)
            stage.gimp.answers = [None]
            stage.gimp.run("python-fu-restyle-neural-style", INTERACTIVE, [stage.image, stage.layer])
            _procedure, values = stage.gimp.dialogs[1]
            self.assertEqual(values[16], 77.0)
            self.assertEqual(values[3], stage.style)
            stage.gimp.image_delete(stage.gimp.item_image(stage.style))
            stage.gimp.answers = [None]
            stage.gimp.run("python-fu-restyle-neural-style", INTERACTIVE, [stage.image, stage.layer])
            self.assertEqual(stage.gimp.dialogs[2][1][3], 0)  # its image was closed

    def test_a_cancelled_dialog_changes_nothing(self):
        with Stage() as stage:
            before, stage.gimp.answers = stage.state(), [None]
            self.assertEqual(stage.run(INTERACTIVE), "cancel")
            self.assertEqual((stage.state(), stage.server.uploads, stage.gimp.messages), (before, [], []))

    def test_repeating_asks_nothing(self):
        path = os.path.join(self.home, "style.png")
        write_png(path, 2, 2, 3, bytearray(12))
        with Stage() as stage:
            stage.gimp.answers = [lambda values: values[:2] + [path] + values[3:16] + [33.0] + values[17:]]
            name = "python-fu-restyle-neural-style"
            self.assertEqual(stage.gimp.run(name, INTERACTIVE, [stage.image, stage.layer])[0], "success")
            self.assertEqual(stage.gimp.run(name, 2, [stage.image, stage.layer])[0], "success")
            self.assertEqual(len(stage.gimp.dialogs), 1)
            self.assertEqual(stage.server.requests[1][1]["params"]["style_strength"], 33.0)
            self.assertEqual(len(stage.results()), 2)

    def test_repeating_takes_the_same_style_layer_also_where_gimp_keeps_no_layers(self):
        for keeps in (False, True):
            with Stage() as stage:
                stage.gimp.KEEPS_LAST_VALUES = keeps
                name = "python-fu-restyle-neural-style"
                full = stage.values()
                stage.gimp.answers = [full]
                self.assertEqual(stage.gimp.run(name, INTERACTIVE, [stage.image, stage.layer])[0], "success")
                given = [stage.image, stage.layer] + ([None, 0] + full[4:] if keeps else [])
                self.assertEqual(stage.gimp.run(name, 2, given)[0], "success")
                self.assertEqual(stage.server.uploads[1], stage.server.uploads[3])

    def test_repeating_what_never_ran_uses_the_defaults_and_says_what_is_missing(self):
        with Stage() as stage:
            status, _ = stage.gimp.run("python-fu-restyle-neural-style", 2, [stage.image, stage.layer])
            self.assertTrue("Choose a style picture" in status[1])

    def test_scripts_may_leave_out_what_has_a_default(self):
        with Stage() as stage:
            status, _ = stage.gimp.run("python-fu-restyle-neural-style", 1, [stage.image, stage.layer, None, stage.style])
            self.assertEqual(status, "success")
            self.assertEqual(stage.server.requests[0][1]["params"]["working_size"], 512)
            self.assertEqual(stage.gimp.dialogs, [])
