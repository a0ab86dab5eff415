# -*- coding: utf-8 -*-

"""A selection that only tells the filter something: it is sent, and cuts nothing out of the result."""

from __future__ import absolute_import, unicode_literals

import json

from restyle_plugin import menu
from tests.plugin.portable.stage import HEIGHT, WIDTH, InAHome, Stage


def a_stage():
    """A stage for Focus, with the left ten columns selected."""
    (declared,) = [one for one in menu.catalogue()["filters"] if one["id"] == "focus"]
    stage = Stage(declared=declared)
    stage.select(0, 0, 10, HEIGHT)
    return stage


def selected(stage):
    """Return the pixels of the selection that was sent last, None where there was none."""
    ref = stage.server.requests[-1][1]["inputs"]["selection"]
    return ref and bytearray(stage.server.uploads[int(ref.rpartition("-")[2])][4])


LEFT = bytearray(([255] * 10 + [0] * (WIDTH - 10)) * HEIGHT)


class ASelectionThatTells(InAHome):
    def test_it_is_sent_and_the_result_has_no_mask(self):
        with a_stage() as stage:
            self.assertEqual(stage.run(), "success")
            self.assertEqual(selected(stage), LEFT)
            (result,) = stage.results()
            self.assertTrue(not stage.gimp.layer_mask(result))
            made = json.loads(stage.gimp.item_parasite(result, "restyle").decode("utf-8"))
            self.assertTrue("selection" not in made["request"]["inputs"])

    def test_without_one_everything_is_the_filters(self):
        with a_stage() as stage:
            stage.gimp.call("gimp-selection-none", [stage.image])
            self.assertEqual(stage.run(), "success")
            self.assertTrue(selected(stage) is None)

    def test_a_channel_says_what_is_sharp_by_its_name_and_others_say_nothing(self):
        with a_stage() as stage:
            stage.gimp.call("gimp-selection-none", [stage.image])
            for name in ("Alpha", "Subject"):
                stage.gimp.channel_new(stage.image, name)
            self.assertEqual(stage.run(), "success")
            regions = stage.server.requests[-1][1]["inputs"]["content_regions"]["masks"]
            self.assertEqual([mask["name"] for mask in regions], ["subject"])

    def test_the_photos_own_mask_says_what_is_sharp_and_cuts_nothing_out(self):
        with a_stage() as stage:
            stage.gimp.call("gimp-selection-none", [stage.image])
            stage.gimp.layer_add_mask(stage.layer, stage.gimp.layer_create_mask(stage.layer, 0))
            self.assertEqual(stage.run(), "success")
            regions = stage.server.requests[-1][1]["inputs"]["content_regions"]["masks"]
            self.assertEqual([mask["name"] for mask in regions], ["inside", "outside"])
            self.assertTrue(not stage.gimp.layer_mask(stage.results()[0]))
