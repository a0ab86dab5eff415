# -*- coding: utf-8 -*-

"""A cut-out on a painting: its mask belongs to it, its result shows where it says, and moved it is made of its photo again."""

from __future__ import absolute_import, unicode_literals

from restyle_plugin import menu
from tests.plugin.portable.stage import HEIGHT, WIDTH, InAHome, Stage

OPAQUE = bytes(bytearray([255, 0, 0, 255] * (WIDTH * HEIGHT)))
SIZE = 6, 5


def a_stage():
    """A stage for Harmonize: an opaque red painting, and above it a cut-out at 5, 6."""
    (declared,) = [one for one in menu.catalogue()["filters"] if one["id"] == "harmonize"]
    stage = Stage(declared=declared)
    stage.gimp.drawable_write(stage.layer, 0, 0, WIDTH, HEIGHT, "R'G'B'A u8", OPAQUE)
    stage.cut_out = stage.filled_layer("cut-out", *SIZE)
    stage.gimp.image_insert_layer(stage.image, stage.cut_out, 0, 0)
    stage.gimp.layer_set_offsets(stage.cut_out, 5, 6)
    del stage.gimp.image(stage.image).undo_steps[:]
    return stage


def sent(stage, name, which=-1):
    """Return an input of a request, and the upload that it names."""
    value = stage.server.requests[which][1]["inputs"][name]
    ref = value["image"] if isinstance(value, dict) else value
    return value, ref and stage.server.uploads[int(ref.rpartition("-")[2])]


def is_visible(stage, layer):
    return bool(stage.gimp.call("gimp-item-get-visible", [layer])[0])


def top(stage):
    return stage.gimp.image_layers(stage.image)[0]


def masked(stage, values):
    """Give the cut-out a mask of these values."""
    mask = stage.gimp.layer_create_mask(stage.cut_out, 0)
    stage.gimp.layer_add_mask(stage.cut_out, mask)
    stage.gimp.drawable_write(mask, 0, 0, SIZE[0], SIZE[1], "Y u8", bytes(bytearray(values)))


class ACutOut(InAHome):
    def test_it_is_sent_with_its_place_on_the_painting(self):
        with a_stage() as stage:
            self.assertEqual(stage.run(drawable=stage.cut_out), "success")
            placed, painting = sent(stage, "backdrop")
            self.assertEqual((placed["x"], placed["y"]), (5, 6))
            self.assertEqual(painting[4], OPAQUE)
            self.assertEqual(sent(stage, "content")[1][:2], SIZE)
            self.assertTrue(stage.server.requests[0][1]["inputs"]["selection"] is None)

    def test_its_result_lies_in_its_place_with_alpha_and_no_mask_and_hides_it(self):
        with a_stage() as stage:
            self.assertEqual(stage.run(drawable=stage.cut_out), "success")
            result = top(stage)
            self.assertEqual(stage.gimp.drawable_offsets(result), (5, 6))
            self.assertTrue(stage.gimp.drawable_has_alpha(result))
            self.assertTrue(not stage.gimp.layer_mask(result))
            self.assertFalse(is_visible(stage, stage.cut_out))
            self.assertTrue(is_visible(stage, stage.layer) and is_visible(stage, result))
            self.assertEqual(len(stage.gimp.image(stage.image).undo_steps), 1)

    def test_it_may_stay_visible(self):
        with a_stage() as stage:
            self.assertEqual(stage.run(drawable=stage.cut_out, hide_layer=False), "success")
            self.assertTrue(is_visible(stage, stage.cut_out))

    def test_what_its_mask_shows_belongs_to_it(self):
        with a_stage() as stage:
            values = [255] * 12 + [0] * 18
            masked(stage, values)
            self.assertEqual(stage.run(drawable=stage.cut_out), "success")
            self.assertEqual(sent(stage, "selection")[1][4], bytes(bytearray(values)))
            self.assertTrue(not stage.gimp.layer_mask(top(stage)))

    def test_of_a_mask_and_a_selection_it_is_what_both_show(self):
        with a_stage() as stage:
            masked(stage, [255] * 12 + [0] * 18)
            stage.select(5, 6, 3, 20)
            self.assertEqual(stage.run(drawable=stage.cut_out), "success")
            both = ([255] * 3 + [0] * 3) * 2 + [0] * 18
            self.assertEqual(sent(stage, "selection")[1][4], bytes(bytearray(both)))

    def test_moved_it_is_made_of_its_photo_where_it_lies_now(self):
        with a_stage() as stage:
            self.assertEqual(stage.run(drawable=stage.cut_out, hide_layer=False), "success")
            first = top(stage)
            stage.gimp.layer_set_offsets(first, 1, 2)
            self.assertEqual(stage.run(drawable=first), "success")
            placed, painting = sent(stage, "backdrop")
            self.assertEqual((placed["x"], placed["y"]), (1, 2))
            # The photo is not hidden, and yet no part of the painting.
            self.assertEqual(painting[4], OPAQUE)
            self.assertEqual(sent(stage, "content")[1][4], bytes(bytearray([9, 99, 199, 255] * 30)))
            self.assertEqual(stage.gimp.drawable_offsets(top(stage)), (1, 2))
            self.assertFalse(is_visible(stage, first) or is_visible(stage, stage.cut_out))

    def test_nothing_beneath_says_so_and_changes_nothing(self):
        with a_stage() as stage:
            before = stage.state()
            self.assertTrue(stage.run(drawable=stage.layer)[1].startswith("Nothing is visible beneath the layer"))
            self.assertEqual(stage.state(), before)
            self.assertTrue(is_visible(stage, stage.layer))
