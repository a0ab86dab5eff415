# -*- coding: utf-8 -*-

"""What a filter leaves in the image: one new layer in the right form and place, one undo step."""

from __future__ import absolute_import, unicode_literals

import json
import unittest

from tests.plugin.portable.stage import HEIGHT, WIDTH, FakeServer, InAHome, Stage

FEATHER = "gimp-selection-feather"

# drawable type → channels on the wire, for RGB, RGBA, GRAY, GRAYA, INDEXED, INDEXEDA
CHANNELS = {0: 3, 1: 4, 2: 1, 3: 2, 4: 3, 5: 4}

DTYPES = {
    100: "u16",
    150: "u8",
    200: "f32",
    250: "u16",
    300: "f32",
    350: "f32",
    500: "f32",
    550: "f32",
    600: "f32",
    650: "f32",
    700: "f32",
}


class AGoodCitizen(InAHome):
    def test_the_result_is_one_layer_above_and_one_undo_step(self):
        with Stage() as stage:
            before = stage.gimp.drawable_read(stage.layer, 0, 0, WIDTH, HEIGHT, "R'G'B'A u8")
            self.assertEqual(stage.run(), "success")
            (result,) = stage.results()
            self.assertEqual(stage.gimp.image_layers(stage.image), [result, stage.layer])
            self.assertEqual(len(stage.gimp.image(stage.image).undo_steps), 1)
            self.assertEqual(set(bytearray(stage.gimp.drawable_read(result, 0, 0, WIDTH, HEIGHT, "R'G'B'A u8"))), {128})
            stage.gimp.image(stage.image).undo()
            self.assertEqual(stage.gimp.image_layers(stage.image), [stage.layer])
            self.assertEqual(stage.gimp.drawable_read(stage.layer, 0, 0, WIDTH, HEIGHT, "R'G'B'A u8"), before)
            stage.gimp.image(stage.image).redo()
            self.assertEqual(stage.gimp.image_layers(stage.image), [result, stage.layer])
            self.assertEqual(stage.gimp.errors, [])

    def test_every_type_and_precision_travels_in_full_and_is_kept(self):
        for drawable_type, channels in sorted(CHANNELS.items()):
            for precision, dtype in sorted(DTYPES.items()):
                if drawable_type > 3 and precision != 150:
                    continue  # GIMP has indexed images in 8 bits only
                with Stage(drawable_type=drawable_type, precision=precision) as stage:
                    self.assertEqual(stage.run(), "success")
                    self.assertEqual(stage.server.uploads[0][:4], (WIDTH, HEIGHT, channels, dtype))
                    (result,) = stage.results()
                    self.assertEqual(stage.gimp.drawable_type(result), drawable_type)
                    self.assertEqual(stage.gimp.item(result).babl, stage.gimp.item(stage.layer).babl)

    def test_linear_pixels_travel_encoded(self):
        with Stage(drawable_type=0, precision=600) as stage:
            stage.run()
            (result,) = stage.results()
            # The server's 0.5 is encoded; in the linear image it is (0.5 + 0.055) / 1.055) ^ 2.4.
            pixel = bytearray(stage.gimp.drawable_read(result, 0, 0, 1, 1, "RGB u16"))
            self.assertAlmostEqual((pixel[0] + 256 * pixel[1]) / 65535.0, 0.2140, 3)

    def test_indexed_results_have_only_colours_of_the_palette(self):
        with Stage(drawable_type=4) as stage:
            stage.gimp.image(stage.image).palette = [(0, 0, 0), (120, 130, 120), (255, 0, 0)]
            stage.run()
            (result,) = stage.results()
            self.assertEqual(stage.gimp.drawable_read(result, 0, 0, 1, 1, "R'G'B' u8"), bytes(bytearray([120, 130, 120])))

    def test_size_offset_and_group_are_the_layer_s(self):
        with Stage(size=(WIDTH, HEIGHT)) as stage:
            gimp = stage.gimp
            group = gimp.group_new(stage.image, "group")
            gimp.image_insert_layer(stage.image, group, 0, 0)
            inner = stage.filled_layer("inner", 33, 5)
            gimp.image_insert_layer(stage.image, inner, group, 0)
            gimp.layer_set_offsets(inner, -20, 9)
            self.assertEqual(stage.run(drawable=inner), "success")
            result = gimp.item_children(group)[0]
            self.assertEqual(gimp.item_children(group)[1], inner)
            self.assertEqual(
                (gimp.drawable_offsets(result), gimp.drawable_width(result), gimp.drawable_height(result)), ((-20, 9), 33, 5)
            )

    def test_every_kind_of_layer_is_painted(self):
        for kind in ("text", "link", "vector"):
            with Stage() as stage:
                stage.gimp.item(stage.layer).kind = kind
                self.assertEqual(stage.run(), "success")
                self.assertEqual(len(stage.results()), 1)

    def test_a_group_is_painted_as_it_looks(self):
        with Stage() as stage:
            gimp = stage.gimp
            group = gimp.group_new(stage.image, "group")
            gimp.image_insert_layer(stage.image, group, 0, 0)
            inner = gimp.layer_new(stage.image, "inner", 4, 3, 1, 100.0, 28)
            gimp.image_insert_layer(stage.image, inner, group, 0)
            gimp.layer_set_offsets(inner, 2, 1)
            gimp.drawable_write(inner, 0, 0, 4, 3, "R'G'B'A u8", bytearray([10, 20, 30, 255] * 12))
            self.assertEqual(stage.run(drawable=group), "success")
            self.assertEqual(stage.server.uploads[0], (4, 3, 4, "u8", bytes(bytearray([10, 20, 30, 255] * 12))))
            self.assertEqual(gimp.drawable_offsets(gimp.image_layers(stage.image)[0]), (2, 1))

    def test_the_selection_becomes_the_mask_with_its_feathering(self):
        with Stage(precision=650) as stage:
            gimp = stage.gimp
            gimp.layer_set_offsets(stage.layer, 3, -2)
            stage.select(5, 3, 8, 6)
            gimp.call(FEATHER, [stage.image, 4.0])
            selection = gimp.drawable_read(gimp.image_selection(stage.image), 3, -2, WIDTH, HEIGHT, "Y u16")
            self.assertEqual(stage.run(), "success")
            (result,) = stage.results()
            self.assertEqual(gimp.drawable_read(gimp.layer_mask(result), 0, 0, WIDTH, HEIGHT, "Y u16"), selection)
            self.assertTrue(len(set(bytearray(selection))) > 10)
            self.assertEqual(gimp.image_active_drawable(stage.image), result)
            self.assertEqual(stage.server.uploads[2][:4], (WIDTH, HEIGHT, 1, "u8"))
            self.assertEqual(stage.server.requests[0][1]["inputs"]["selection"], "image-2")
            self.assertEqual(len(gimp.image(stage.image).undo_steps), 1)

    def test_the_mask_is_the_selection_of_the_start(self):
        server = FakeServer()
        with Stage(server) as stage:
            stage.select(5, 3, 8, 6)
            server.on_poll = lambda: stage.gimp.call("gimp-selection-none", [stage.image])
            self.assertEqual(stage.run(), "success")
            mask = stage.gimp.layer_mask(stage.results()[0])
            self.assertEqual(bytearray(stage.gimp.drawable_read(mask, 6, 4, 1, 1, "Y u8")), bytearray([255]))

    def test_nothing_selected_means_no_mask(self):
        with Stage() as stage:
            stage.run()
            self.assertEqual(stage.gimp.layer_mask(stage.results()[0]), 0)
            self.assertEqual(stage.server.requests[0][1]["inputs"]["selection"], None)

    def test_a_mask_being_edited_stands_for_its_layer(self):
        with Stage() as stage:
            mask = stage.gimp.layer_create_mask(stage.layer, 0)
            stage.gimp.layer_add_mask(stage.layer, mask)
            self.assertEqual(stage.run(drawable=mask), "success")
            self.assertEqual(stage.gimp.image_layers(stage.image)[1], stage.layer)

    def test_the_layer_remembers_how_it_was_made(self):
        with Stage() as stage:
            stage.run(style_strength=62.0, preserve_colors=1)
            (result,) = stage.results()
            self.assertEqual(stage.gimp.item_name(result), "brush strokes (Neural Style)")
            memory = json.loads(stage.gimp.item_parasite(result, "restyle").decode("utf-8"))
            self.assertEqual(memory["request"]["filter"], "neural-style")
            self.assertEqual(memory["request"]["params"]["style_strength"], 62.0)
            self.assertEqual(memory["request"]["params"]["preserve_colors"], "luminance")
            self.assertEqual(
                (memory["seed"], memory["request"]["inputs"]),
                (7, {"content": "layer:photo", "styles": [{"image": "layer:brush strokes", "weight": 1.0}]}),
            )
            self.assertEqual(set(memory["versions"]), {"gimp", "restyle"})
            self.assertEqual(stage.gimp.item(result).parasites["restyle"][0], 1)  # persistent

    def test_nothing_is_left_on_the_server(self):
        with Stage() as stage:
            stage.select(5, 3, 8, 6)
            stage.run()
            self.assertEqual((stage.server.images, stage.server.cancelled, len(stage.server.uploads)), ({}, ["job"], 3))

    def test_several_styles_travel_with_their_weights(self):
        with Stage() as stage:
            _, other = stage.new_image(3, 250, (5, 4), "charcoal")
            _, unused = stage.new_image(0, 150, (5, 4), "unused")
            stage.run(style_1_weight=0.5, style_3_layer=other, style_3_weight=2.0, style_4_layer=unused, style_4_weight=0.0)
            request = stage.server.requests[0][1]
            self.assertEqual(
                request["inputs"]["styles"], [{"image": "image-1", "weight": 0.5}, {"image": "image-2", "weight": 2.0}]
            )
            self.assertEqual(stage.server.uploads[2][:4], (5, 4, 2, "u16"))
            self.assertEqual(stage.gimp.item_name(stage.results()[0]), "brush strokes + charcoal (Neural Style)")

    def test_parameters_travel_in_the_server_s_words(self):
        with Stage() as stage:
            declared = {param["name"]: param for param in stage.declared["params"]}
            color = [choice["value"] for choice in declared["init"]["choices"]].index("color")
            stage.run(init=color, init_color=(1.0, 0.5, 0.0), working_size=256.0, seed=11)
            params = stage.server.requests[0][1]["params"]
            self.assertEqual(
                (params["init"], params["init_color"], params["working_size"], params["seed"]), ("color", "#ff8000", 256, 11)
            )
            self.assertFalse("style_layer_weights" in params)  # not in the dialog: the server's default

    def test_notes_are_shown(self):
        with Stage(FakeServer(notes=["There was too little memory, so this was painted at 256 px."])) as stage:
            self.assertEqual(stage.run(), "success")
            self.assertEqual(stage.gimp.messages, ["There was too little memory, so this was painted at 256 px."])

    def test_progress_tells_the_place_and_then_what_the_server_says(self):
        message = "Painting at 512 px, 40 of 300"
        jobs = [{"state": "queued", "position": 2}, {"message": message, "step": 40, "steps": 300}]
        with Stage(FakeServer(jobs)) as stage:
            stage.run()
            self.assertTrue("Waiting for another painting to finish" in stage.gimp.progress)
            self.assertTrue(message in stage.gimp.progress)
            self.assertEqual([round(f, 3) for f in stage.gimp.fractions], [0.133])
            self.assertFalse(stage.gimp.is_in_progress)

    def test_a_large_layer_travels_in_strips(self):
        from restyle_plugin import layers

        self.assertEqual(list(layers.strips(6000, 4000, 4))[-1], (3495, 505))
        self.assertEqual(sum(rows for _, rows in layers.strips(6000, 4000, 16)), 4000)
        self.assertEqual(list(layers.strips(1, 1, 4)), [(0, 1)])


if __name__ == "__main__":
    unittest.main()
