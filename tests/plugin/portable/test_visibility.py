# -*- coding: utf-8 -*-

"""What cannot be seen is not painted without a word, and what a layer's own mask hides stays hidden."""

from __future__ import absolute_import, unicode_literals

import unittest

from restyle_plugin.gimpfu_shim.errors import BackendError
from tests.plugin.portable.declared import a_filter, an_input
from tests.plugin.portable.stage import HEIGHT, WIDTH, Stage

WHITE, BLACK = 0, 1
HALF = bytes(bytearray([255] * 10 + [0] * (WIDTH - 10)) * HEIGHT)


def a_painter(*inputs):
    return a_filter([an_input("selection", "mask")] + list(inputs), [], "fast-style")


class NothingToSee(unittest.TestCase):
    def clear(self, stage, layer):
        size = stage.gimp.drawable_width(layer), stage.gimp.drawable_height(layer)
        stage.gimp.drawable_write(layer, 0, 0, size[0], size[1], "R'G'B'A u8", bytearray(4 * size[0] * size[1]))

    def test_an_empty_layer_says_so_and_leaves_nothing_behind(self):
        for precision in (150, 250, 650):
            with Stage(declared=a_painter(), precision=precision) as stage:
                self.clear(stage, stage.layer)
                before = stage.state()
                status, text = stage.run()
                self.assertEqual(status, "error")
                self.assertEqual(text, "The layer “photo” is empty, all of it is transparent: choose a layer with a picture.")
                self.assertEqual(stage.state(), before)
                self.assertEqual(stage.server.images, {})

    def test_one_pixel_that_hardly_shows_is_a_picture(self):
        with Stage(declared=a_painter(), precision=650) as stage:
            self.clear(stage, stage.layer)
            stage.gimp.drawable_write(stage.layer, 7, 5, 1, 1, "R'G'B'A u8", bytearray([9, 9, 9, 1]))
            self.assertEqual(stage.run(), "success")

    def test_a_layer_outside_the_image_says_so(self):
        for x, y in ((WIDTH, 0), (-WIDTH, 0), (0, HEIGHT), (0, -HEIGHT)):
            with Stage(declared=a_painter()) as stage:
                stage.gimp.layer_set_offsets(stage.layer, x, y)
                text = stage.run()[1]
                self.assertTrue(text.startswith("The layer “photo” lies outside the image"), text)

    def test_a_corner_on_the_canvas_is_enough(self):
        with Stage(declared=a_painter()) as stage:
            stage.gimp.layer_set_offsets(stage.layer, WIDTH - 1, 1 - HEIGHT)
            self.assertEqual(stage.run(), "success")

    def test_of_several_layers_the_empty_ones_are_left_out(self):
        with Stage(declared=a_painter()) as stage:
            empty = stage.gimp.layer_new(stage.image, "empty", 5, 4, 1, 100.0, 28)
            stage.gimp.image_insert_layer(stage.image, empty, 0, 0)
            stage.gimp.selected = [empty, stage.layer]
            self.assertEqual(stage.run(), "success")
            self.assertEqual(len(stage.gimp.image_layers(stage.image)), 3)


class TheLayersOwnMask(unittest.TestCase):
    def cut_out(self, stage):
        """Give the layer a mask that shows its left half."""
        mask = stage.gimp.layer_create_mask(stage.layer, BLACK)
        stage.gimp.layer_add_mask(stage.layer, mask)
        stage.gimp.drawable_write(mask, 0, 0, WIDTH, HEIGHT, "Y u8", HALF)

    def mask_of(self, stage):
        (result,) = stage.results()
        mask = stage.gimp.layer_mask(result)
        return stage.gimp.drawable_read(mask, 0, 0, WIDTH, HEIGHT, "Y u8") if mask else None

    def test_a_cut_out_comes_back_as_one(self):
        for precision in (150, 250, 650):
            with Stage(declared=a_painter(), precision=precision) as stage:
                self.cut_out(stage)
                self.assertEqual(stage.run(), "success")
                self.assertEqual(self.mask_of(stage), HALF)

    def test_with_a_selection_what_both_show_is_shown(self):
        for precision in (150, 250):
            with Stage(declared=a_painter(), precision=precision) as stage:
                self.cut_out(stage)
                stage.select(4, 0, WIDTH, HEIGHT)
                self.assertEqual(stage.run(), "success")
                self.assertEqual(self.mask_of(stage), bytes(bytearray([0] * 4 + [255] * 6 + [0] * (WIDTH - 10)) * HEIGHT))

    def test_a_mask_that_is_switched_off_cuts_nothing_out(self):
        with Stage(declared=a_painter()) as stage:
            self.cut_out(stage)
            stage.gimp.item(stage.layer).applies_mask = False
            self.assertEqual(stage.run(), "success")
            self.assertEqual(self.mask_of(stage), None)

    def test_a_mask_that_says_where_the_regions_are_cuts_nothing_out(self):
        declared = a_filter(
            [an_input("styles", "pictures", 1, 1), an_input("selection", "mask"), an_input("content_regions", "regions")]
        )
        with Stage(declared=declared) as stage:
            self.cut_out(stage)
            mask = stage.gimp.layer_create_mask(stage.style, WHITE)
            stage.gimp.layer_add_mask(stage.style, mask)
            self.assertEqual(stage.run(regions_from=1), "success")
            self.assertEqual(self.mask_of(stage), None)

    def test_a_gimp_that_refuses_the_mask_changes_nothing(self):
        with Stage(declared=a_painter()) as stage:
            self.cut_out(stage)
            before = stage.gimp.image_layers(stage.image)

            def refuse(layer, mask_type):
                raise BackendError("No masks today.")

            stage.gimp.layer_create_mask = refuse
            self.assertTrue("No masks today" in stage.run()[1])
            self.assertEqual(stage.gimp.image_layers(stage.image), before)
