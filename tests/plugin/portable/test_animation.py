# -*- coding: utf-8 -*-

"""Layers as the frames of an animation: composed as GIMP plays them, painted in their order into a new image that plays."""

from __future__ import absolute_import, unicode_literals

import unittest

from restyle_plugin import animation
from restyle_plugin.gimpfu_shim.errors import Cancelled
from tests.plugin.portable.declared import a_filter, an_input
from tests.plugin.portable.stage import HEIGHT, INTERACTIVE, WIDTH, WITH_LAST_VALS, FakeServer, Stage

NAMES = ["Background (40ms)", "Frame 2 (80ms) (combine)", "Frame 3 (120ms) (replace)"]
PAINTED = ["Background (40ms) (replace)", "Frame 2 (80ms) (replace)", "Frame 3 (120ms) (replace)"]


def a_filter_for_frames(*inputs):
    given = [an_input("selection", "mask"), an_input("reference", "reference")]
    return a_filter(given + list(inputs), name="fast-style", held="picture")


class Animated(unittest.TestCase):
    def stage(self, server=None, *inputs):
        """A stage whose image has three frames: the photo, a spot that is combined with it, and a spot alone."""
        stage = Stage(server, declared=a_filter_for_frames(*inputs))
        gimp = stage.gimp
        gimp.item_set_name(stage.layer, NAMES[0])
        self.spots = []
        for name, x in zip(NAMES[1:], (2, 6)):
            spot = stage.filled_layer(name, 4, 3)
            gimp.layer_set_offsets(spot, x, 1)
            gimp.image_insert_layer(stage.image, spot, 0, 0)
            self.spots.append(spot)
        del gimp.image(stage.image).undo_steps[:]
        return stage

    def film(self, stage):
        """The image that a run has added."""
        added = [image for image in stage.gimp.image_list() if image not in self.before]
        self.assertEqual(len(added), 1)
        return added[0]

    def run_it(self, stage, *arguments, **changes):
        self.before = set(stage.gimp.image_list())
        return stage.run(*arguments, animation=True, **changes)


class TheNewImage(Animated):
    def test_has_the_frames_in_their_order_each_for_its_time(self):
        with self.stage() as stage:
            before = stage.state()
            self.assertEqual(self.run_it(stage), "success")
            film, gimp = self.film(stage), stage.gimp
            made = gimp.image_layers(film)
            self.assertEqual([gimp.item_name(layer) for layer in made], PAINTED[::-1])
            self.assertEqual([gimp.item(layer).visible for layer in made], [True] * 3)
            self.assertEqual(gimp.image(film).undo_steps, [])
            self.assertTrue(gimp.image(film).keeps_undo)
            gimp.image_delete(film)
            self.assertEqual(stage.state(), before)
            self.assertEqual((stage.server.images, gimp.errors, gimp.shown), ({}, [], []))
            self.assertTrue("Frame 3 of 3: Writing the result" in gimp.progress)

    def test_remembers_how_it_was_made(self):
        with self.stage() as stage:
            self.run_it(stage)
            for layer in stage.gimp.image_layers(self.film(stage)):
                self.assertTrue(b'"filter": "fast-style"' in stage.gimp.item_parasite(layer, "restyle"))

    def test_is_shown_where_a_person_has_asked(self):
        with self.stage() as stage:
            self.before = set(stage.gimp.image_list())
            stage.gimp.answers = [stage.values(animation=True)]
            self.assertEqual(stage.run(INTERACTIVE), "success")
            self.assertEqual(stage.gimp.shown, [self.film(stage)])
            self.before = set(stage.gimp.image_list())
            self.assertEqual(stage.run(WITH_LAST_VALS), "success")
            self.assertEqual(stage.gimp.shown[1:], [self.film(stage)])

    def test_of_indexed_frames_has_all_colours(self):
        stage = self.stage()
        stage.gimp.image(stage.image).base_type = 2
        with stage:
            self.assertEqual(self.run_it(stage), "success")
            self.assertEqual(stage.gimp.image_base_type(self.film(stage)), 0)

    def test_has_a_frame_of_nothing_as_it_is(self):
        with self.stage() as stage:
            gimp = stage.gimp
            empty = gimp.layer_new(stage.image, "Frame 4 (replace)", 4, 3, 1, 100.0, 28)
            gimp.image_insert_layer(stage.image, empty, 0, 0)
            self.assertEqual(self.run_it(stage), "success")
            made = gimp.image_layers(self.film(stage))
            self.assertEqual((len(made), len(stage.server.requests)), (4, 3))
            self.assertFalse(any(bytearray(gimp.drawable_read(made[0], 0, 0, WIDTH, HEIGHT, "R'G'B'A u8"))[3::4]))

    def test_is_none_where_every_frame_is_empty(self):
        with Stage(declared=a_filter_for_frames()) as stage:
            stage.gimp.drawable_write(stage.layer, 0, 0, WIDTH, HEIGHT, "R'G'B'A u8", bytes(bytearray(4 * WIDTH * HEIGHT)))
            self.assertTrue("is empty" in self.run_it(stage)[1])
            self.assertEqual(set(stage.gimp.image_list()), self.before)


class WhatIsSent(Animated):
    def contents(self, stage):
        """What each job was sent as its frame."""
        names = [request["inputs"]["content"] for _, request in stage.server.requests]
        return [stage.server.uploads[int(name.rpartition("-")[2])] for name in names]

    def alpha(self, upload, x, y):
        return bytearray(upload[4])[(y * WIDTH + x) * 4 + 3]

    def colour(self, upload, x, y):
        at = (y * WIDTH + x) * 4
        return tuple(bytearray(upload[4])[at : at + 3])

    def test_is_each_frame_as_it_is_seen(self):
        with self.stage() as stage:
            # A player asks for nobody's visibility.
            stage.gimp.call("gimp-item-set-visible", [self.spots[0], False])
            photo = bytearray(stage.gimp.drawable_read(stage.layer, 0, 0, WIDTH, HEIGHT, "R'G'B'A u8"))
            self.run_it(stage)
            first, second, third = self.contents(stage)
            self.assertEqual({upload[:4] for upload in (first, second, third)}, {(WIDTH, HEIGHT, 4, "u8")})
            at = (8 * WIDTH + 9) * 4
            self.assertEqual(self.colour(first, 9, 8), tuple(photo[at : at + 3]))
            # Combined: the spot, and the photo around it. Replaced: the spot alone.
            self.assertEqual((self.colour(second, 3, 2), self.colour(second, 9, 8)), ((9, 99, 199), self.colour(first, 9, 8)))
            self.assertEqual((self.colour(third, 7, 2), self.alpha(third, 7, 2), self.alpha(third, 3, 2)), ((9, 99, 199), 255, 0))

    def test_is_one_sequence_with_the_active_frame_s_statistics(self):
        with self.stage() as stage:
            self.run_it(stage, drawable=self.spots[1])
            (name,) = set(stage.server.sequences)
            self.assertTrue(name)
            self.assertEqual(len(stage.server.sequences), 3)
            references = {request["inputs"]["reference"] for _, request in stage.server.requests}
            self.assertEqual(len(references), 1)
            upload = stage.server.uploads[int(references.pop().rpartition("-")[2])]
            self.assertEqual((self.alpha(upload, 7, 2), self.alpha(upload, 3, 2)), (255, 0))
            self.run_it(stage)
            self.assertEqual(len(set(stage.server.sequences)), 2)

    def test_a_style_once(self):
        with self.stage(None, an_input("styles", "pictures", minimum=1, maximum=4)) as stage:
            self.assertEqual(self.run_it(stage), "success")
            # Three frames, the style, and the reference.
            self.assertEqual(len(stage.server.uploads), 5)
            self.assertEqual((stage.server.images, stage.server.claims), ({}, dict.fromkeys(stage.server.claims, 0)))

    def test_the_selection_with_every_frame_and_no_mask_is_made_of_it(self):
        with self.stage() as stage:
            stage.select(10, 8, 3, 3)
            self.assertEqual(self.run_it(stage), "success")
            for _, request in stage.server.requests:
                self.assertTrue(request["inputs"]["selection"])
            self.assertEqual([stage.gimp.layer_mask(layer) for layer in stage.gimp.image_layers(self.film(stage))], [0] * 3)

    def test_a_layer_of_regions_is_no_frame(self):
        with self.stage() as stage:
            stage.gimp.image_insert_layer(stage.image, stage.filled_layer("regions", WIDTH, HEIGHT), 0, 0)
            self.assertEqual(self.run_it(stage), "success")
            self.assertEqual(len(stage.gimp.image_layers(self.film(stage))), 3)


class WhatIsLeft(Animated):
    def check_nothing_is_left(self, stage, run):
        before, images = stage.state(), stage.gimp.image_list()
        status = run()
        self.assertEqual((stage.state(), stage.gimp.image_list(), stage.server.images), (before, images, {}))
        return status

    def test_of_one_that_fails_is_nothing(self):
        server = FakeServer(
            on_poll=lambda: setattr(server, "problem", {"code": "x", "detail": "No."} if server.polls > 1 else None)
        )
        with self.stage(server) as stage:
            self.assertEqual(self.check_nothing_is_left(stage, lambda: self.run_it(stage))[0], "error")

    def test_of_one_that_is_cancelled_between_frames_is_nothing(self):
        with self.stage() as stage:

            def cancel(text):
                if text.startswith("Frame 2 of 3"):
                    raise Cancelled()

            stage.gimp.on_progress = cancel
            self.assertEqual(self.check_nothing_is_left(stage, lambda: self.run_it(stage)), "cancel")
            self.assertEqual(len(stage.server.requests), 2)

    def test_of_one_that_gimp_refuses_is_nothing(self):
        from restyle_plugin.gimpfu_shim.errors import BackendError

        with self.stage() as stage:
            insert = stage.gimp.image_insert_layer

            def refuse(image, layer, parent, position):
                if position == 0 and image != stage.image:
                    raise BackendError("Out of layers.")
                insert(image, layer, parent, position)

            copy = stage.gimp.call

            def call(name, args):
                # The duplicate may be filled.
                stage.gimp.image_insert_layer = insert if name == "gimp-image-duplicate" else refuse
                return copy(name, args)

            stage.gimp.call = call
            self.assertTrue("Out of layers" in self.check_nothing_is_left(stage, lambda: self.run_it(stage))[1])


class Names(unittest.TestCase):
    def test_say_how_long_and_how(self):
        for name, duration_ms in (("Frame 1 (80ms)", 80), ("a ( 7 MS )", 7), ("a (0ms) (combine)", 0), ("Frame 1", 100)):
            self.assertEqual(animation.duration_of(name), duration_ms)
        self.assertEqual(list(map(animation.is_alone, ("a (replace)", "a (combine)", "a"))), [True, False, False])

    def test_of_painted_frames_keep_all_but_the_way(self):
        for name, painted in (
            ("Frame 2 (80ms) (combine)", "Frame 2 (80ms) (replace)"),
            ("Frame 2 (replace) (80ms)", "Frame 2 (80ms) (replace)"),
            ("photo", "photo (replace)"),
        ):
            self.assertEqual(animation.painted_name(name), painted)
            self.assertEqual(animation.painted_name(painted), painted)

    def test_the_row_is_there_where_a_filter_holds_frames(self):
        from restyle_plugin import gimpfu_shim

        self.assertEqual([row.name for row in animation.rows(gimpfu_shim, a_filter([], held="change"))], ["animation"])
        self.assertEqual(animation.rows(gimpfu_shim, a_filter([])), [])


if __name__ == "__main__":
    unittest.main()
