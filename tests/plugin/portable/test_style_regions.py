# -*- coding: utf-8 -*-

"""Several styles that share regions, and plans that are regions themselves."""

from __future__ import absolute_import, unicode_literals

from restyle_plugin.gimpfu_shim import registry
from tests.plugin.portable.declared import a_filter, an_input
from tests.plugin.portable.guided import BLUE, RED, SOURCE, Guided
from tests.plugin.portable.stage import HEIGHT, WIDTH, InAHome, Stage


class Shared(Guided):
    """A stage with a second style, where each style gets a region of its own."""

    def __init__(self):
        Guided.__init__(self)
        self.second_image, self.second = self.new_image(0, 150, (5, 4), "second")

    def go(self, source="anything", **changes):
        return Guided.go(self, source, mixing=1, style_2_layer=self.second, **changes)

    def names(self, request):
        """The names of the regions sent for the photo; the styles come without any."""
        assert len(request["inputs"]["styles"]) == 2 and not any("regions" in style for style in request["inputs"]["styles"])
        return [mask["name"] for mask in request["inputs"]["content_regions"]["masks"]]


class EachStyleARegion(InAHome):
    def test_the_selection_is_the_first_style_s_and_not_the_result_s_mask(self):
        with Shared() as stage:
            gimp = stage.gimp
            stage.select(2, 0, 3, HEIGHT)
            stage.select(0, 0, 2, 6, stage.style_image)
            request = stage.go("selection")
            self.assertEqual(stage.names(request), ["inside", "outside"])
            inside, outside = [list(stage.sent(mask["image"])[:6]) for mask in request["inputs"]["content_regions"]["masks"]]
            self.assertEqual((inside, outside), ([0, 0, 255, 255, 255, 0], [255, 255, 0, 0, 0, 255]))
            self.assertEqual(request["params"], {"mixing": "regions", "regions": "given"})
            self.assertEqual(request["inputs"]["selection"], None)
            self.assertEqual(gimp.layer_mask(stage.results()[0]), 0)

    def test_channels_count_from_the_top_of_the_list_and_no_style_needs_any(self):
        with Shared() as stage:
            for name in ("ground", "Sky"):
                stage.channel(stage.image, name, 255)
            stage.channel(stage.style_image, "ground", 255)
            for source in ("channels", "anything"):
                self.assertEqual(stage.names(stage.go(source)), ["sky", "ground"])

    def test_a_layer_mask_is_white_first_and_the_photo_s_alone_will_do(self):
        with Shared() as stage:
            stage.mask(stage.layer, [250] * (WIDTH * HEIGHT))
            for source in ("masks", "anything"):
                request = stage.go(source)
                self.assertEqual(stage.names(request), ["inside", "outside"])
                self.assertEqual(
                    [stage.sent(mask["image"])[0] for mask in request["inputs"]["content_regions"]["masks"]], [250, 5]
                )

    def test_a_layer_named_regions_is_asked_for_in_the_photo_alone(self):
        with Shared() as stage:
            stage.paint(stage.image, RED)
            for source in ("layer", "anything"):
                request = stage.go(source)
                self.assertTrue(request["inputs"]["content_regions"]["map"])
                self.assertFalse(any("regions" in style for style in request["inputs"]["styles"]))

    def test_where_nothing_is_prepared_regions_are_found(self):
        with Shared() as stage:
            request = stage.go()
            self.assertEqual((request["inputs"]["content_regions"], request["params"]["regions"]), (None, "auto"))

    def test_one_style_alone_keeps_its_own_regions(self):
        with Shared() as stage:
            for image in (stage.image, stage.style_image):
                stage.channel(image, "sky", 255)
            request = Guided.go(stage, "channels", mixing=1)
            (style,) = request["inputs"]["styles"]
            self.assertEqual([mask["name"] for mask in style["regions"]["masks"]], ["sky"])

    def test_what_the_photo_lacks_is_said(self):
        with Shared() as stage:
            for source, words in (
                ("selection", "Nothing is selected"),
                ("channels", "The photo's image has no channels"),
                ("masks", "The photo's layer has no layer mask"),
                ("layer", 'The image has no layer named "regions"'),
            ):
                status = stage.run(regions_from=SOURCE[source], mixing=1, style_2_layer=stage.second)
                self.assertTrue(words in status[1] and '"Regions from"' in status[1], status)
            for number in range(33):
                stage.channel(stage.image, "channel %d" % number, 255)
            status = stage.run(regions_from=SOURCE["channels"], mixing=1, style_2_layer=stage.second)
            self.assertTrue("33 channels, and 32 are the most" in status[1], status)
            self.assertEqual(stage.server.images, {})


class PlansThemselves(InAHome):
    """Filters whose layer is a plan in flat colours: there is no row for regions, and the style's own layer is sent."""

    def doodle(self):
        declared = a_filter([an_input("styles", "pictures", 1, 1), an_input("selection", "mask")], name="neural-doodle")
        return Stage(declared=declared)

    def paint(self, gimp, image, color):
        layer = gimp.layer_new(image, "regions", 6, 6, 1, 100.0, 28)
        gimp.image_insert_layer(image, layer, 0, 0)
        gimp.drawable_write(layer, 0, 0, 6, 6, "R'G'B'A u8", bytearray(color) * 36)
        return layer

    def test_the_style_s_layer_of_regions_is_sent_with_it(self):
        with self.doodle() as stage:
            self.paint(stage.gimp, stage.gimp.item_image(stage.style), BLUE)
            self.assertEqual(stage.run(), "success")
            (style,) = stage.server.requests[-1][1]["inputs"]["styles"]
            uploaded = stage.server.uploads[int(style["regions"]["map"].rpartition("-")[2])]
            self.assertEqual((uploaded[:2], tuple(bytearray(uploaded[4])[:4])), ((6, 6), BLUE))

    def test_a_plan_may_be_called_regions_and_is_not_the_style_s(self):
        with self.doodle() as stage:
            plan = self.paint(stage.gimp, stage.gimp.item_image(stage.style), RED)
            self.assertEqual(stage.run(drawable=plan), "success")
            (style,) = stage.server.requests[-1][1]["inputs"]["styles"]
            self.assertFalse("regions" in style)

    def test_there_is_a_preview_which_knows_the_style_s_plan(self):
        with self.doodle():
            self.assertTrue(registry.procedures()[0].preview)
