# -*- coding: utf-8 -*-

"""Presets and the history of a dialog: what they keep, in which form, and what they say where that is not to be had."""

from __future__ import absolute_import, unicode_literals

import io
import json
import os

from restyle_plugin.compat import to_text
from restyle_plugin.gimpfu_shim import registry
from restyle_plugin.gimpfu_shim.errors import error
from restyle_plugin.gimpfu_shim.model import DialogModel
from restyle_plugin.presets import MOST_RECENT
from tests.plugin.portable.declared import a_filter, a_param
from tests.plugin.portable.stage import INTERACTIVE, NONINTERACTIVE, InAHome, Stage
from tests.plugin.portable.test_edit import INPUTS, PARAMS

PICTURE = os.path.join(os.sep, "pictures", "Nächte.png")


class WithPresets(InAHome):
    def setUp(self):
        InAHome.setUp(self)
        self.stage = Stage(declared=a_filter(INPUTS, PARAMS, "any-style"))
        self.stage.__enter__()
        self.addCleanup(self.stage.__exit__)
        self.procedure = registry.procedures()[0]
        self.presets = self.procedure.presets(self.stage.gimp)

    def chosen(self, **changes):
        """Return values by name, as the dialog has them, of a picture's file and of changes."""
        model = DialogModel(self.procedure, self.procedure.defaults())
        changes.setdefault("style_1_file", PICTURE)
        for name, value in changes.items():
            model.change(name.replace("_", "-"), value)
        return model.chosen()

    def file_of(self, text, name="look.json"):
        path = os.path.join(self.home, name)
        with io.open(path, "w", encoding="utf-8") as file:
            file.write(to_text(text))
        return path

    def refusal(self, function, *arguments):
        with self.assertRaises(error) as caught:
            function(*arguments)
        return to_text(caught.exception.args[0])


class APreset(WithPresets):
    def test_brings_back_what_was_saved(self):
        self.presets.save("At night", self.chosen(strength=80.0, look=1, flat=(1.0, 0.0, 0.0)))
        self.presets.save("By day", self.chosen(strength=20.0))
        self.assertEqual(self.presets.names(), ["At night", "By day"])
        found = self.presets.values_of("At night")
        self.assertEqual((found["strength"], found["look"], found["flat"]), (80.0, 1, (1.0, 0.0, 0.0)))
        self.assertEqual((found["style-1-file"], found["style-1-layer"], found["style-2-file"]), (PICTURE, 0, None))

    def test_is_a_file_that_holds_a_request_as_the_command_line_writes_it(self):
        self.presets.save("At night", self.chosen(strength=80.0))
        with io.open(os.path.join(self.presets.folder, "At night.json"), encoding="utf-8") as file:
            request = json.load(file)
        self.assertEqual(sorted(request), ["filter", "inputs", "params"])
        self.assertEqual(request["filter"], "any-style")
        self.assertEqual(request["inputs"], {"styles": [{"image": PICTURE, "weight": 1.0}]})
        self.assertEqual(request["params"], {"strength": 80.0, "look": "soft", "flat": "#102030", "seed": 0})

    def test_of_one_name_is_replaced_and_can_be_deleted(self):
        for strength in (80.0, 10.0):
            self.presets.save("Mine", self.chosen(strength=strength))
        self.assertEqual(self.presets.values_of("Mine")["strength"], 10.0)
        self.presets.delete("Mine")
        self.assertEqual(self.presets.names(), [])
        self.assertIn("Mine", self.refusal(self.presets.delete, "Mine"))

    def test_has_a_name_that_every_system_can_write(self):
        self.presets.save("../a/b: *", self.chosen())
        self.assertEqual(self.presets.names(), ["-a-b- -"])
        self.assertIn("Type a name", self.refusal(self.presets.save, " . ", self.chosen()))

    def test_finds_a_layer_by_its_name(self):
        self.presets.save("Strokes", self.chosen(style_1_file=None, style_1_layer=self.stage.style))
        self.assertEqual(self.presets.values_of("Strokes")["style-1-layer"], self.stage.style)
        self.stage.gimp.item_set_name(self.stage.style, "another")
        self.assertEqual(self.presets.values_of("Strokes")["style-1-layer"], 0)

    def test_of_somebody_else_finds_pictures_beside_it_and_leaves_out_what_does_not_fit(self):
        request = {
            "filter": "any-style",
            "inputs": {"content": "photo.jpg", "styles": [{"image": "night.jpg"}]},
            "params": {"strength": 1e9, "look": "hard", "flat": 7, "unknown": 3},
        }
        found = self.presets.values_in(self.file_of(json.dumps(request)))
        self.assertEqual(found["style-1-file"], os.path.join(self.home, "night.jpg"))
        self.assertEqual((found["strength"], found["look"], found["style-1-weight"]), (50.0, 1, 1.0))

    def test_that_was_given_away_finds_its_pictures_beside_it(self):
        beside = self.file_of("", "night.jpg")
        for path in ("/home/somebody/night.jpg", "C:\\\\Pictures\\\\night.jpg"):
            text = '{"filter": "any-style", "inputs": {"styles": [{"image": "%s"}]}}' % path
            self.assertEqual(self.presets.values_in(self.file_of(text))["style-1-file"], beside)
        text = '{"filter": "any-style", "inputs": {"styles": [{"image": "/home/somebody/day.jpg"}]}}'
        self.assertEqual(self.presets.values_in(self.file_of(text))["style-1-file"], "/home/somebody/day.jpg")

    def test_that_is_none_says_so(self):
        begun = '{"filter": "any-style", "inputs": '
        wrong = ["[]}", '{"styles": ["a.jpg"]}}', '{"styles": [{"image": 3}]}}', '{"styles": [{"image": "a", "weight": "b"}]}}']
        for text in ["", "{", "[]", '{"filter": 3}'] + [begun + end for end in wrong]:
            self.assertIn("look.json holds no settings", self.refusal(self.presets.values_in, self.file_of(text)))
        self.assertIn("cannot be read", self.refusal(self.presets.values_in, os.path.join(self.home, "gone.json")))

    def test_in_a_style_that_is_not_here_says_so(self):
        self.stage.__exit__()
        style = a_param("style_name", "model", "night", choices=[{"value": "night", "title": "Night"}])
        with Stage(declared=a_filter([], [style], "fast-style")) as stage:
            presets = registry.procedures()[0].presets(stage.gimp)
            path = self.file_of('{"filter": "fast-style", "params": {"style_name": "hers"}}')
            self.assertIn("the style hers, which is not here", self.refusal(presets.values_in, path))
        self.stage.__enter__()

    def test_of_another_filter_says_whose_it_is(self):
        path = self.file_of('{"filter": "fast-style"}')
        self.assertIn("settings of fast-style", self.refusal(self.presets.values_in, path))


class TheHistory(WithPresets):
    def use(self, **changes):
        self.presets.used(self.chosen(**changes))

    def test_has_the_last_twenty_the_newest_first_each_once(self):
        for strength in range(25):
            self.use(strength=float(strength))
        self.use(strength=10.0)
        titles = self.presets.recent()
        self.assertEqual(len(titles), MOST_RECENT)
        self.assertEqual(titles[:2], ["Nächte, Strength 10", "Nächte, Strength 24"])
        self.assertEqual(len(set(titles)), MOST_RECENT)
        self.assertEqual(self.presets.recent_values(1)["strength"], 24.0)

    def test_knows_where_regions_came_from(self):
        self.use(regions_from=2)
        self.assertEqual(self.presets.recent_values(0)["regions-from"], 2)

    def test_is_of_what_a_person_chose_and_of_nothing_else(self):
        self.stage.run(NONINTERACTIVE, strength=70.0)
        self.assertEqual(self.presets.recent(), [])
        self.stage.gimp.answers = [lambda _: self.stage.values(strength=60.0), None]
        self.stage.run(INTERACTIVE)
        self.stage.run(INTERACTIVE)
        self.assertEqual(self.presets.recent(), ["brush strokes, Strength 60"])

    def test_that_is_damaged_is_empty(self):
        self.use()
        self.file_of('{"history of any-style": [3, {"request": 4}, {}]}', "remembered.json")
        self.assertEqual(self.presets.recent(), [])
