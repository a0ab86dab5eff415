# -*- coding: utf-8 -*-

"""Regions in GIMP: each way to give them reaches the server at the layer's place, and what is missing is said in one sentence."""

from __future__ import absolute_import, unicode_literals

import json

from tests.plugin.portable.guided import BLUE, CLEAR, RED, SOURCE, Guided
from tests.plugin.portable.stage import HEIGHT, WIDTH, FakeServer, InAHome


class Regions(InAHome):
    def test_nothing_found_leaves_the_choice_to_the_filter(self):
        with Guided() as stage:
            request = stage.go()
            self.assertEqual((request["inputs"]["content_regions"], request["params"]), (None, {"mixing": "blend"}))
            self.assertFalse("regions" in request["inputs"]["styles"][0])

    def test_automatic_and_none_say_so(self):
        with Guided() as stage:
            stage.paint(stage.image, RED)
            self.assertEqual(stage.go("automatic")["params"]["regions"], "auto")
            request = stage.go("none")
            self.assertEqual((request["params"]["regions"], request["inputs"]["content_regions"]), ("given", None))

    def test_layers_named_regions_are_sent_as_they_lie_over_photo_and_style(self):
        with Guided() as stage:
            stage.paint(stage.image, RED, offset=(5, 4))
            stage.paint(stage.style_image, BLUE, name=" Regions")
            stage.gimp.layer_set_offsets(stage.layer, 3, 3)
            for source in ("layer", "anything"):
                request = stage.go(source)
                self.assertEqual(request["params"]["regions"], "given")
                pixels = stage.sent(request["inputs"]["content_regions"]["map"])
                self.assertEqual(len(pixels), WIDTH * HEIGHT * 4)
                at = lambda x, y: tuple(pixels[4 * (y * WIDTH + x) : 4 * (y * WIDTH + x) + 4])  # noqa: E731, B023
                self.assertEqual((at(2, 1), at(5, 3), at(1, 1), at(6, 1), at(2, 4)), (RED, RED, CLEAR, CLEAR, CLEAR))
                self.assertEqual(tuple(stage.sent(request["inputs"]["styles"][0]["regions"]["map"])[:4]), BLUE)

    def test_the_layer_named_regions_in_the_photo_s_group_is_its_own(self):
        with Guided() as stage:
            gimp = stage.gimp
            stage.paint(stage.image, BLUE)
            group = gimp.group_new(stage.image, "group")
            gimp.image_insert_layer(stage.image, group, 0, 0)
            inner = stage.filled_layer("inner", 4, 3)
            gimp.image_insert_layer(stage.image, inner, group, 0)
            stage.paint(stage.image, RED, name="regions #1", parent=group)
            request = stage.go(drawable=inner)
            self.assertEqual(tuple(stage.sent(request["inputs"]["content_regions"]["map"])[:4]), RED)

    def test_a_photo_alone_may_have_a_layer_of_regions_where_the_style_is_a_plain_file(self):
        with Guided() as stage:
            stage.paint(stage.image, RED)
            stage.gimp.load_image = lambda path: stage.new_image(0, 150, (5, 4))[0]
            request = stage.go("layer", style_1_layer=0, style_1_file="/style.jpg")
            self.assertTrue(request["inputs"]["content_regions"]["map"])
            self.assertFalse("regions" in request["inputs"]["styles"][0])

    def test_a_file_s_own_layer_of_regions_guides_and_is_not_part_of_the_picture(self):
        with Guided() as stage:

            def load(path):
                image, _ = stage.new_image(1, 150, (4, 3))
                stage.paint(image, RED)
                return image

            stage.gimp.load_image, images = load, stage.gimp.image_list()
            stage.paint(stage.image, BLUE)
            request = stage.go(style_1_layer=0, style_1_file="/style.xcf")
            self.assertEqual(stage.server.uploads[1][:4], (4, 3, 4, "u8"))
            self.assertFalse(tuple(stage.sent(request["inputs"]["styles"][0]["image"])[:4]) == RED)
            self.assertEqual(tuple(stage.sent(request["inputs"]["styles"][0]["regions"]["map"])[:4]), RED)
            self.assertEqual(stage.gimp.image_list(), images)

    def test_the_photo_s_layer_of_regions_says_nothing_about_a_style_in_its_image(self):
        with Guided() as stage:
            gimp = stage.gimp
            stage.paint(stage.image, RED)
            style = stage.paint(stage.image, BLUE, name="other photo")
            request = stage.go(style_1_layer=style)
            self.assertTrue(request["inputs"]["content_regions"]["map"])
            self.assertFalse("regions" in request["inputs"]["styles"][0])
            status = stage.run(regions_from=SOURCE["layer"], style_1_layer=style)
            self.assertTrue("of its own" in status[1] and '"Regions from"' in status[1], status)
            group = gimp.group_new(stage.image, "style")
            gimp.image_insert_layer(stage.image, group, 0, 0)
            style = stage.paint(stage.image, BLUE, name="other photo", parent=group)
            stage.paint(stage.image, BLUE, parent=group)
            request = stage.go("layer", style_1_layer=style)
            self.assertEqual(tuple(stage.sent(request["inputs"]["styles"][0]["regions"]["map"])[:4]), BLUE)
            self.assertEqual(tuple(stage.sent(request["inputs"]["content_regions"]["map"])[:4]), RED)

    def test_channels_with_equal_names_are_sent_and_others_are_not(self):
        with Guided() as stage:
            for name, value in (("Sky", 200), ("tree", 90), ("only here", 1)):
                stage.channel(stage.image, name, value)
            for name, value in (("sky ", 10), ("tree", 20), ("only there", 1)):
                stage.channel(stage.style_image, name, value)
            for source in ("channels", "anything"):
                request = stage.go(source)
                masks = request["inputs"]["content_regions"]["masks"]
                # As they stand in GIMP's list, which has the last on top.
                self.assertEqual([mask["name"] for mask in masks], ["tree", "sky"])
                self.assertEqual([set(stage.sent(mask["image"])) for mask in masks], [{90}, {200}])
                masks = request["inputs"]["styles"][0]["regions"]["masks"]
                self.assertEqual(
                    [(mask["name"], set(stage.sent(mask["image"]))) for mask in masks], [("tree", {20}), ("sky", {10})]
                )

    def test_channels_of_one_image_say_nothing_about_two_pictures_in_it_unless_asked(self):
        with Guided() as stage:
            stage.channel(stage.image, "sky", 200)
            self.assertEqual(stage.go(style_1_layer=stage.layer)["inputs"]["content_regions"], None)
            self.assertTrue(stage.go("channels", style_1_layer=stage.layer)["inputs"]["content_regions"])

    def test_each_style_gets_the_regions_that_it_shares_with_the_photo(self):
        with Guided() as stage:
            second_image, second = stage.new_image(0, 150, (5, 4), "second")
            for name in ("sky", "tree"):
                stage.channel(stage.image, name, 255)
            stage.channel(stage.style_image, "sky", 255)
            stage.channel(second_image, "tree", 255)
            request = stage.go(style_2_layer=second)
            self.assertEqual([mask["name"] for mask in request["inputs"]["content_regions"]["masks"]], ["tree", "sky"])
            names = [[mask["name"] for mask in style["regions"]["masks"]] for style in request["inputs"]["styles"]]
            self.assertEqual(names, [["sky"], ["tree"]])

    def test_layer_masks_are_regions_inside_and_outside(self):
        with Guided() as stage:
            stage.mask(stage.layer, [250, 10] * (WIDTH * HEIGHT // 2))
            stage.mask(stage.style, [5] * 36)
            for source in ("masks", "anything"):
                request = stage.go(source)
                masks = request["inputs"]["content_regions"]["masks"]
                self.assertEqual([mask["name"] for mask in masks], ["inside", "outside"])
                self.assertEqual([list(stage.sent(mask["image"])[:2]) for mask in masks], [[250, 10], [5, 245]])
                masks = request["inputs"]["styles"][0]["regions"]["masks"]
                self.assertEqual([stage.sent(mask["image"])[0] for mask in masks], [5, 250])

    def test_a_channel_may_be_the_style_and_has_no_mask(self):
        with Guided() as stage:
            stage.mask(stage.layer, [250] * (WIDTH * HEIGHT))
            channel = stage.channel(stage.style_image, "relief", 90)
            self.assertEqual(stage.go(style_1_layer=channel)["inputs"]["content_regions"], None)
            self.assertTrue('"relief" has no layer mask' in stage.run(regions_from=SOURCE["masks"], style_1_layer=channel)[1])

    def test_a_layer_mask_of_the_photo_alone_is_no_guidance_unless_chosen(self):
        with Guided() as stage:
            stage.mask(stage.layer, [250] * (WIDTH * HEIGHT))
            self.assertEqual(stage.go()["inputs"]["content_regions"], None)

    def test_a_selection_that_guides_is_not_the_result_s_mask(self):
        with Guided() as stage:
            gimp = stage.gimp
            gimp.layer_set_offsets(stage.layer, -2, 0)
            stage.select(0, 0, 3, HEIGHT)
            stage.select(0, 0, 2, 6, stage.style_image)
            request = stage.go("selection")
            self.assertEqual(request["inputs"]["selection"], None)
            self.assertEqual(gimp.layer_mask(stage.results()[0]), 0)
            inside, outside = [stage.sent(mask["image"])[:6] for mask in request["inputs"]["content_regions"]["masks"]]
            # The canvas begins at the layer's third column.
            self.assertEqual(list(inside), [0, 0, 255, 255, 255, 0])
            self.assertEqual(list(outside), [255, 255, 0, 0, 0, 255])
            self.assertEqual(list(stage.sent(request["inputs"]["styles"][0]["regions"]["masks"][0]["image"])[:3]), [255, 255, 0])

    def test_where_the_style_has_no_selection_its_regions_are_found(self):
        with Guided() as stage:
            stage.select(0, 0, 3, HEIGHT)
            request = stage.go("selection")
            self.assertEqual(len(request["inputs"]["content_regions"]["masks"]), 2)
            self.assertFalse("regions" in request["inputs"]["styles"][0])

    def test_any_other_source_leaves_the_selection_its_work(self):
        with Guided() as stage:
            stage.select(0, 0, 3, HEIGHT)
            for source in ("anything", "automatic", "none"):
                self.assertTrue(stage.go(source)["inputs"]["selection"])
                self.assertTrue(stage.gimp.layer_mask(stage.results()[0]))

    def test_what_is_missing_is_said_and_nothing_is_changed(self):
        self.misses("masks", "The photo's layer has no layer mask")
        self.misses("masks", '"brush strokes" has no layer mask', lambda stage: stage.mask(stage.layer, [9] * (WIDTH * HEIGHT)))
        self.misses("selection", "Nothing is selected")
        self.misses("channels", "No channel has the same name", lambda stage: stage.channel(stage.image, "sky", 255))
        self.misses("layer", 'The image has no layer named "regions"')
        self.misses("layer", 'image of the style "brush strokes" has no layer', lambda stage: stage.paint(stage.image, RED))

    def misses(self, source, words, prepare=lambda stage: None):
        with Guided() as stage:
            prepare(stage)
            before = stage.state()
            status = stage.run(regions_from=SOURCE[source])
            self.assertTrue(words in status[1], status)
            self.assertTrue('"Regions from"' in status[1] and "Log:" not in status[1], status)
            self.assertEqual(stage.state(), before)
            self.assertEqual(stage.server.images, {})

    def test_the_layer_of_regions_is_not_taken_for_the_photo(self):
        with Guided() as stage:
            painted = stage.paint(stage.image, RED)
            status = stage.run(drawable=painted)
            self.assertTrue("choose the photo's layer first" in status[1], status)

    def test_nothing_is_left_on_the_server_and_the_layer_remembers_the_source(self):
        server = FakeServer()
        with Guided(server) as stage:
            stage.mask(stage.layer, [250] * (WIDTH * HEIGHT))
            stage.mask(stage.style, [5] * 36)
            stage.go()
            self.assertEqual(server.images, {})
            memory = json.loads(stage.gimp.item_parasite(stage.results()[0], "restyle").decode("utf-8"))
            self.assertEqual((memory["regions"], memory["request"]["params"]), ("masks", {"mixing": "blend", "regions": "given"}))
