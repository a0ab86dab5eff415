# -*- coding: utf-8 -*-

"""Filters that are not there yet: two inputs of pictures, a painting beneath the layer, no photo, several results, a file."""

from __future__ import absolute_import, unicode_literals

import io
import os

from restyle_plugin.gimpfu_shim import form
from restyle_plugin.gimpfu_shim.model import DialogModel
from tests.plugin.portable.declared import a_filter, a_param, an_input
from tests.plugin.portable.stage import HEIGHT, WIDTH, FakeServer, InAHome, Stage

TEXTURES = an_input("textures", "pictures", 1, 2, weighted=True)
PALETTE = an_input("palette", "pictures", 1, 1)
OPAQUE = bytes(bytearray([255, 0, 0, 255] * (WIDTH * HEIGHT)))


def made(name, **size):
    return dict({"name": name, "title": name.title(), "kind": "picture", "image": name, "width": None, "height": None}, **size)


class Maker(FakeServer):
    """A server whose jobs make what they are told to."""

    def __init__(self, *results):
        FakeServer.__init__(self)
        self.results = list(results)

    def poll(self, job, seen, wait_ms):
        done = FakeServer.poll(self, job, seen, wait_ms)
        return dict(done, results=self.results) if done["state"] == "done" else done

    def file(self, job, name):
        return b"model"


def an_output(name, **more):
    return dict({"name": name, "title": name.title(), "size": "content", "role": "painting", "kind": "picture"}, **more)


def a_doodle(*outputs):
    """A filter without a photo, which makes pictures of sizes of their own."""
    return dict(a_filter([PALETTE]), inputs=[PALETTE], outputs=list(outputs) or [an_output("result", size="own")])


class TwoInputsOfPictures(InAHome):
    def test_each_input_gets_the_pictures_that_were_chosen_for_it(self):
        with Stage(declared=a_filter([TEXTURES, PALETTE])) as stage:
            _, other = stage.new_image(0, 150, (5, 4), "palette")
            changes = {"texture_1_layer": stage.style, "texture_2_layer": stage.layer, "texture_2_weight": 3.0}
            self.assertEqual(stage.run(palette_1_layer=other, **changes), "success")
            inputs = stage.server.requests[0][1]["inputs"]
            sent = inputs["textures"] + inputs["palette"]
            sizes = [stage.server.uploads[int(one["image"].rpartition("-")[2])][:2] for one in sent]
            self.assertEqual(sizes, [(6, 6), (WIDTH, HEIGHT), (5, 4)])
            self.assertEqual([one["weight"] for one in inputs["textures"]], [1.0, 3.0])
            self.assertTrue("weight" not in inputs["palette"][0])

    def test_one_and_the_same_picture_may_be_chosen_for_both(self):
        with Stage(declared=a_filter([TEXTURES, PALETTE])) as stage:
            self.assertEqual(stage.run(texture_1_layer=stage.style, palette_1_layer=stage.style), "success")
            self.assertEqual(stage.server.images, {})

    def test_each_needed_input_is_asked_for(self):
        with Stage(declared=a_filter([TEXTURES, PALETTE])) as stage:
            self.assertTrue(stage.run(texture_1_layer=stage.style)[1].startswith("Choose a style picture"))


class Picture(object):
    """A dialog's row of a picture."""

    def __init__(self, stem, chosen, needed=True, spared_by=""):
        self.stem, self.is_needed, self.spared_by = stem, needed, spared_by
        self._chosen, self.weight_matters = chosen, None

    def is_chosen(self):
        return self._chosen

    def set_weight_matters(self, matters):
        self.weight_matters = matters


class ADialogOfPictures(InAHome):
    def test_ok_waits_for_every_needed_input(self):
        self.assertFalse(form.settle([Picture("texture-1", True), Picture("palette-1", False)]))
        self.assertTrue(form.settle([Picture("texture-1", True), Picture("palette-1", True)]))
        self.assertTrue(form.settle([Picture("texture-1", True), Picture("palette-1", False, needed=False)]))

    def test_a_choice_that_needs_no_picture_spares_it(self):
        declared = a_filter(
            [dict(an_input("styles", "pictures"), unless="painter")], [a_param("painter", "text", "")], "neural-doodle"
        )
        with Stage(declared=declared) as stage:
            params = stage.gimp.procedures[stage.name].params
            self.assertTrue(form.is_needed(params, "style-1"))
            self.assertEqual(form.choose_first(params), "Choose a picture to go on, or something at “Painter” that needs none.")
            model = DialogModel(stage.gimp.procedures[stage.name], stage.gimp.procedures[stage.name].defaults())
            picture = Picture("style-1", False, spared_by="painter")
            self.assertFalse(form.settle([picture], model))
            model.change("painter", "river")
            self.assertTrue(form.settle([picture], model))
            self.assertTrue(stage.run(style_1_layer=0)[1].startswith("Choose a style picture"))
            self.assertEqual(stage.run(style_1_layer=0, painter="river"), "success")
            self.assertEqual(form.hint_of(False, "", "About 6 s here", form.choose_first([])), form.CHOOSE_FIRST)

    def test_any_picture_of_an_input_will_do(self):
        self.assertTrue(form.settle([Picture("texture-1", False), Picture("texture-2", True, needed=False)]))

    def test_weights_matter_between_pictures_of_one_input(self):
        pictures = [Picture("texture-1", True), Picture("texture-2", True), Picture("palette-1", True)]
        form.settle(pictures)
        self.assertEqual([picture.weight_matters for picture in pictures], [True, True, False])


class WithoutAPhoto(InAHome):
    def test_a_doodle_lies_on_top_in_its_own_size(self):
        with Stage(Maker(made("result", width=7, height=5)), declared=a_doodle()) as stage:
            self.assertEqual(stage.run(palette_1_layer=stage.style), "success")
            (doodle,) = stage.results()
            self.assertEqual((stage.gimp.drawable_width(doodle), stage.gimp.drawable_height(doodle)), (7, 5))
            self.assertEqual(stage.gimp.image_layers(stage.image)[0], doodle)
            self.assertEqual(sorted(stage.server.requests[0][1]["inputs"]), ["palette"])

    def test_it_does_not_mind_that_the_active_layer_is_empty(self):
        with Stage(Maker(made("result", width=7, height=5)), declared=a_doodle()) as stage:
            stage.gimp.layer_set_offsets(stage.layer, 500, 500)
            self.assertEqual(stage.run(palette_1_layer=stage.style), "success")


class SeveralResults(InAHome):
    def test_pictures_become_layers_and_a_file_is_kept(self):
        outputs = [an_output("sky"), an_output("ground"), {"name": "model", "title": "Model", "kind": "file", "ending": ".bin"}]
        server = Maker(made("sky"), made("ground"), {"name": "model", "title": "Model", "kind": "file"})
        with Stage(server, declared=dict(a_filter([]), outputs=outputs)) as stage:
            self.assertEqual(stage.run(), "success")
            names = [stage.gimp.item_name(layer) for layer in stage.gimp.image_layers(stage.image)]
            self.assertEqual(names, ["Sky (Photo Style)", "Ground (Photo Style)", "photo"])
            self.assertEqual(len(stage.gimp.image(stage.image).undo_steps), 1)
            (note,) = [text for text in stage.gimp.messages if text.startswith("Model is in ")]
            with io.open(note[len("Model is in ") :], "rb") as file:
                self.assertEqual(file.read(), b"model")
            self.assertTrue(os.path.dirname(note).endswith("made"))

    def test_where_one_fails_none_is_left(self):
        server = Maker(made("sky"), made("ground"))
        with Stage(server, declared=dict(a_filter([]), outputs=[an_output("sky"), an_output("ground")])) as stage:
            before, download, count = stage.state(), server.download, []

            def fail_at_the_second(*arguments):
                count.append(1)
                server.fails_at = "first download" if len(count) == 2 else None
                return download(*arguments)

            server.download = fail_at_the_second
            self.assertEqual(stage.run()[0], "error")
            self.assertEqual(stage.state(), before)


class ABackdrop(InAHome):
    def test_what_lies_beneath_is_sent_as_composed_with_the_layer_s_place(self):
        with Stage(declared=a_filter([an_input("backdrop", "backdrop", 1, 1)])) as stage:
            stage.gimp.drawable_write(stage.layer, 0, 0, WIDTH, HEIGHT, "R'G'B'A u8", OPAQUE)
            above = stage.filled_layer("cut-out", 4, 3)
            stage.gimp.image_insert_layer(stage.image, above, 0, 0)
            stage.gimp.layer_set_offsets(above, 5, 6)
            images = list(stage.gimp.image_list())
            self.assertEqual(stage.run(drawable=above), "success")
            sent = stage.server.requests[0][1]["inputs"]["backdrop"]
            self.assertEqual((sent["x"], sent["y"]), (5, 6))
            width, height, _, _, data = stage.server.uploads[int(sent["image"].rpartition("-")[2])]
            self.assertEqual((width, height, data), (WIDTH, HEIGHT, OPAQUE))
            self.assertEqual(stage.gimp.image_list(), images)

    def test_nothing_beneath_says_so(self):
        with Stage(declared=a_filter([an_input("backdrop", "backdrop", 1, 1)])) as stage:
            self.assertTrue(stage.run()[1].startswith("Nothing is visible beneath the layer"))
