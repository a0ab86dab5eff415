# -*- coding: utf-8 -*-

"""Whatever fails: one clear sentence, the image as before, nothing left on the server, no undo group open."""

from __future__ import absolute_import, unicode_literals

import io
import os
import unittest

from memory_gimp.png import write_png
from restyle_plugin.compat import encode_path
from restyle_plugin.errors import PluginError, ServerLost
from restyle_plugin.gimpfu_shim.errors import BackendError, Cancelled
from tests.plugin.portable.stage import FakeServer, InAHome, Stage


def fails_with(error):
    def fail(*arguments, **named):
        raise error

    return fail


class WhenThingsGoWrong(InAHome):
    def fails_harmlessly(self, stage, *words, **changes):
        """Run; check the sentence, and that nothing is changed or left. Returns the sentence."""
        before = stage.state()
        status = stage.run(**changes)
        self.assertEqual((status[0], len(status)), ("error", 2))
        for word in words:
            self.assertTrue(word in status[1], status[1])
        self.assertEqual(stage.state(), before)
        self.assertEqual(stage.gimp.errors, [status[1]])  # and no word of an open undo group
        self.assertFalse(stage.gimp.is_in_progress)
        if isinstance(stage.server, FakeServer):
            self.assertEqual(stage.server.images, {})
            self.assertEqual(len(stage.server.cancelled), len(stage.server.requests))
        return status[1]

    def test_no_style(self):
        with Stage() as stage:
            text = self.fails_harmlessly(stage, "Choose a style picture", style_1_layer=0)
            self.assertFalse("Log:" in text)
            self.assertEqual(stage.server.uploads, [])

    def test_a_style_picture_that_cannot_be_read(self):
        path = os.path.join(self.home, "größe.png")
        with io.open(encode_path(path), "wb") as file:
            file.write(b"not a picture")
        with Stage() as stage:
            self.fails_harmlessly(stage, "größe.png", "choose another", style_1_layer=0, style_1_file=path)

    def test_a_style_picture_whose_layers_are_all_hidden(self):
        with Stage() as stage:

            def load(path):
                image, _ = stage.new_image(1, 150, (3, 3))
                stage.gimp.image_insert_layer(image, stage.gimp.layer_new(image, "second", 3, 3, 1, 100.0, 28), 0, 0)
                for layer in stage.gimp.image_layers(image):
                    stage.gimp.call("gimp-item-set-visible", [layer, 0])
                return image

            stage.gimp.load_image, images = load, stage.gimp.image_list()
            self.fails_harmlessly(stage, "hidden.xcf", "no visible layers", style_1_layer=0, style_1_file="/hidden.xcf")
            self.assertEqual(stage.gimp.image_list(), images)

    def test_a_style_layer_whose_image_was_closed_counts_as_none(self):
        with Stage() as stage:
            stage.gimp.image_delete(stage.gimp.item_image(stage.style))
            self.fails_harmlessly(stage, "Choose a style picture")

    def test_the_style_s_image_is_closed_while_the_server_starts(self):
        with Stage() as stage:
            style_image = stage.gimp.item_image(stage.style)
            stage.gimp.on_progress = lambda text: text == "Starting" and stage.gimp.image_delete(style_image)
            self.assertEqual(stage.run(), ("error", "The style's image was closed: choose a style again."))
            self.assertEqual(stage.server.images, {})

    def test_a_server_that_answers_late_is_tidied_up_all_the_same(self):
        for is_late, left in ((True, 0), (False, 2)):
            server = FakeServer()
            server.cancel = fails_with(ServerLost("It took too long.", is_late))
            with Stage(server) as stage:
                self.assertEqual(stage.run(), "success")
                self.assertEqual(len(server.images), left)

    def test_the_server_is_not_installed(self):
        with Stage(
            PluginError("not-installed", "Restyle's Python environment was not found: run `python3 installer install`.")
        ) as stage:
            self.fails_harmlessly(stage, "installer install", "Log: " + os.path.join(self.home, "plugin.log"))
            self.assertTrue("not-installed" in self.log())

    def test_the_server_dies(self):
        log = " Log: " + os.path.join(self.home, "plugin.log")
        lost = "Restyle's server stopped answering, so nothing was changed: try again (timed out)."
        while_painting = (
            "Restyle's server stopped while it painted, so nothing was changed: try again, at a smaller size if "
            "memory ran out (timed out)."
        )
        for place, sentence in (("upload", lost), ("start", lost), ("poll", while_painting), ("first download", lost)):
            with Stage(FakeServer(fails_at=place)) as stage:
                before = stage.state()
                self.assertEqual(stage.run(), ("error", sentence + log))
                self.assertEqual((stage.state(), stage.gimp.errors), (before, [sentence + log]))

    def test_a_server_that_is_just_leaving_is_replaced(self):
        for error in (ServerLost("gone"), PluginError("server-leaving", "It is leaving.")):
            leaving = FakeServer()
            leaving.start = fails_with(error)
            with Stage(leaving) as stage:
                other, servers = FakeServer(), [leaving]
                servers.append(other)
                stage.give = lambda: servers.pop(0)  # noqa: B023
                self.assertEqual(stage.run(), "success")
                self.assertEqual((len(other.requests), len(other.uploads), other.images, leaving.images), (1, 2, {}, {}))

    def test_a_half_written_layer_is_deleted(self):
        from restyle_plugin import layers

        strip = layers._STRIP_BYTES
        layers._STRIP_BYTES = 80
        try:
            with Stage(FakeServer(fails_at="download")) as stage:
                self.fails_harmlessly(stage, "stopped answering")
        finally:
            layers._STRIP_BYTES = strip

    def test_the_server_s_own_sentence_is_shown(self):
        problem = {
            "code": "image-too-large",
            "title": "Too large",
            "detail": "The picture has 30000 x 30000 pixels; scale it down.",
        }
        with Stage(FakeServer(problem=problem), size=(1, 1)) as stage:
            self.assertEqual(self.fails_harmlessly(stage), problem["detail"])

    def test_out_of_memory(self):
        problem = {
            "code": "out-of-memory",
            "title": "Out of memory",
            "detail": "There is too little memory: choose a smaller size.",
        }
        with Stage(FakeServer(problem=problem)) as stage:
            self.fails_harmlessly(stage, "choose a smaller size", "Log:")

    def test_the_image_is_closed_while_it_is_painted(self):
        for moment in ("Painting at 512 px, step 1 of 9", "Sending the picture", "Writing the result"):
            server = FakeServer([{"message": "Painting at 512 px, step 1 of 9", "step": 1, "steps": 9}])
            with Stage(server) as stage:
                stage.gimp.on_progress = lambda text: text == moment and stage.gimp.image_delete(stage.image)  # noqa: B023
                status = stage.run()
                self.assertEqual(status, ("error", "The image was closed, so the painting was dropped."))
                self.assertEqual(server.images, {})
                self.assertEqual(len(server.cancelled), len(server.requests))
                self.assertFalse(stage.gimp.image_is_valid(stage.image))

    def test_the_layer_is_deleted_while_it_is_painted(self):
        server = FakeServer()
        with Stage(server) as stage:
            server.on_poll = lambda: (
                stage.gimp.image_remove_layer(stage.image, stage.layer) or stage.gimp.call("gimp-item-delete", [stage.layer])
            )
            self.assertEqual(stage.run(), "success")
            self.assertEqual(len(stage.gimp.image_layers(stage.image)), 1)  # nothing is lost: the result is on top

    def test_the_user_cancels(self):
        for moment in ("Painting at 512 px, step 1 of 9", "Writing the result"):
            server = FakeServer([{"message": "Painting at 512 px, step 1 of 9", "step": 1, "steps": 9}])
            with Stage(server) as stage:

                def cancel(text):
                    if text == moment:  # noqa: B023
                        raise Cancelled()

                before, stage.gimp.on_progress = stage.state(), cancel
                self.assertEqual(stage.run(), "cancel")
                self.assertEqual((stage.state(), server.images, server.cancelled), (before, {}, ["job"]))
                self.assertEqual(stage.gimp.errors, [])

    def test_control_c_cancels_the_job(self):
        server = FakeServer()
        with Stage(server) as stage:

            def interrupt():
                raise KeyboardInterrupt

            server.on_poll = interrupt
            before = stage.state()
            self.assertEqual(stage.run(), "cancel")
            self.assertEqual((stage.state(), server.cancelled), (before, ["job"]))

    def test_a_job_that_somebody_else_cancelled(self):
        with Stage(FakeServer([{"state": "cancelled"}])) as stage:
            self.fails_harmlessly(stage, "cancelled")

    def test_a_selection_beside_the_layer(self):
        with Stage() as stage:
            stage.gimp.layer_set_offsets(stage.layer, 10, 0)
            stage.select(0, 0, 8, 8)
            self.fails_harmlessly(stage, "selection does not touch the layer")

    def test_a_channel_is_active(self):
        with Stage() as stage:
            self.fails_harmlessly(stage, "Choose a layer first", drawable=stage.gimp.channel_new(stage.image, "alpha"))

    def test_a_layer_that_gimp_does_not_take_is_deleted(self):
        with Stage() as stage:
            stage.gimp.image_insert_layer = fails_with(BackendError("No layers today."))
            self.fails_harmlessly(stage, "No layers today")

    def test_the_mask_cannot_be_made(self):
        with Stage() as stage:
            stage.select(0, 0, 8, 8)

            def refuse(layer, mask_type):
                raise BackendError("No masks today.")

            stage.gimp.layer_create_mask = refuse
            status = stage.run()
            self.assertTrue("No masks today" in status[1])
            self.assertEqual(stage.gimp.image_layers(stage.image), [stage.layer])
            self.assertEqual(stage.gimp.image(stage.image).undo_depth, 0)

    def test_something_unexpected_is_logged_with_its_traceback(self):
        with Stage(FakeServer([{"state": None, "position": None}])) as stage:
            stage.server.poll = None
            text = self.fails_harmlessly(stage, "unexpected", "TypeError", "Log:")
            self.assertEqual(text.count("\n"), 0)
            self.assertTrue("Traceback" in self.log())

    def test_a_value_out_of_bounds_is_named(self):
        with Stage() as stage:
            self.fails_harmlessly(stage, "Strength", "between 0 and 100", style_strength=101.0)

    def test_a_style_file_may_have_any_name(self):
        path = os.path.join(self.home, "日本 ö.png")
        write_png(path, 2, 1, 4, bytearray([1, 2, 3, 255, 9, 8, 7, 0]))
        with Stage() as stage:
            images = stage.gimp.image_list()
            self.assertEqual(stage.run(style_1_layer=0, style_1_file=path), "success")
            self.assertEqual(stage.server.uploads[1], (2, 1, 4, "u8", bytes(bytearray([1, 2, 3, 255, 9, 8, 7, 0]))))
            self.assertEqual(stage.gimp.image_list(), images)
            self.assertEqual(stage.gimp.item_name(stage.results()[0]), "日本 ö (Neural Style)")

    def test_the_log_does_not_grow_for_ever(self):
        from restyle_plugin import home

        with io.open(home.log_path(), "w", encoding="utf-8") as file:
            file.write("x" * (home._LOG_LIMIT_BYTES + 1))
        home.log("new")
        self.assertTrue(len(self.log()) < 100)


if __name__ == "__main__":
    unittest.main()
