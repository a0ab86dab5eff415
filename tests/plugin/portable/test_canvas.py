# -*- coding: utf-8 -*-

"""A long painting is seen on the canvas while it grows, and whatever happens, nothing of that is left but the painting."""

from __future__ import absolute_import, unicode_literals

import threading
import unittest

from restyle_plugin import canvas, estimates, preferences
from restyle_plugin.gimpfu_shim.errors import Cancelled
from restyle_plugin.growth import Growth, draw
from restyle_plugin.preferences import Preferences
from tests.plugin.portable.canvas_stage import OnTheCanvas, painting, sketch
from tests.plugin.portable.stage import HEIGHT, NONINTERACTIVE, WIDTH, FakeServer, Stage


class TheCanvas(OnTheCanvas):
    def is_as_before(self, stage, before):
        self.assertEqual(stage.state(), before)
        self.assertEqual(stage.gimp.image(stage.image).dirty, 0)
        self.assertEqual(stage.gimp.image(stage.image).undo_freezes, 0)
        self.assertEqual((stage.server.images, stage.gimp.is_in_progress), ({}, False))

    def test_it_grows_above_the_photo_and_one_undo_takes_the_painting_back(self):
        with Stage(painting()) as stage:
            before = stage.state()
            self.assertEqual(self.paint(stage), "success")
            self.assertEqual([stage.gimp.item_name(layer) for layer in stage.results()], ["brush strokes (Neural Style)"])
            self.assertEqual({name for name, __ in self.seen}, {"Neural Style\u2026"})
            colours = [pixel[:3] for __, pixel in self.seen]
            self.assertTrue((1, 200, 0) in colours and (2, 200, 0) in colours, colours)
            self.assertEqual(len(stage.gimp.image(stage.image).undo_steps), 1)
            stage.gimp.image(stage.image).undo()
            self.assertEqual(stage.gimp.image_layers(stage.image), before[3])
            self.assertEqual((stage.gimp.image(stage.image).undo_steps, stage.gimp.image(stage.image).dirty), ([], 0))

    def test_what_a_person_paints_on_meanwhile_is_the_photo(self):
        active = []
        with Stage(painting()) as stage:
            look = lambda: self.look(stage) and active.append(stage.gimp.image_active_drawable(stage.image))  # noqa: E731
            self.assertEqual(self.paint(stage, look=look), "success")
            self.assertEqual(set(active), {stage.layer})

    def test_the_progress_bar_is_there_again_after_gimp_has_used_it_to_scale_a_picture(self):
        shown = []
        with Stage(painting()) as stage:
            scale = stage.gimp.call

            def call(name, args):
                result = scale(name, args)
                if name == "gimp-image-scale":
                    stage.gimp.progress_end()
                return result

            stage.gimp.call = call
            look = lambda: self.look(stage) and shown.append(stage.gimp.is_in_progress)  # noqa: E731
            self.assertEqual(self.paint(stage, look=look), "success")
            # The last poll is that of the process that waited, which shows nothing any more.
            self.assertEqual(set(shown[:-1]), {True})

    def test_cancel_leaves_the_image_as_it_was(self):
        with Stage(painting()) as stage:

            def cancel(text):
                if "step" in text and self.look(stage):
                    raise Cancelled()

            before, stage.gimp.on_progress = stage.state(), cancel
            self.assertEqual(self.paint(stage), "cancel")
            self.assertTrue(self.seen)
            self.is_as_before(stage, before)
            self.assertEqual(stage.server.cancelled, ["job"])

    def test_what_is_left_after_cancel_is_shown_at_once(self):
        shown = []
        with Stage(painting()) as stage:

            def cancel(text):
                if "step" in text and self.look(stage):
                    raise Cancelled()

            stage.gimp.on_progress = cancel
            stage.gimp.displays_flush = lambda: shown.append(len(stage.results()))
            self.assertEqual(self.paint(stage), "cancel")
            self.assertTrue(1 in shown)
            self.assertEqual(shown[-1], 0)

    def test_a_failure_leaves_the_image_as_it_was(self):
        problem = {"code": "out-of-memory", "title": "Out of memory", "detail": "There is too little memory."}
        with Stage(painting(problem=problem)) as stage:
            before = stage.state()
            self.assertTrue("too little memory" in self.paint(stage)[1])
            self.assertTrue(self.seen)
            self.is_as_before(stage, before)

    def test_a_changed_image_stays_changed(self):
        with Stage(painting()) as stage:
            stage.gimp.image(stage.image).dirty = 3

            def cancel(text):
                if "step" in text and self.look(stage):
                    raise Cancelled()

            stage.gimp.on_progress = cancel
            self.assertEqual(self.paint(stage), "cancel")
            self.assertTrue(stage.gimp.image(stage.image).dirty >= 3)

    def test_the_image_is_closed_meanwhile(self):
        with Stage(painting()) as stage:
            look = lambda: self.look(stage) and stage.gimp.image_delete(stage.image)  # noqa: E731
            self.assertEqual(self.paint(stage, look=look), ("error", "The image was closed, so the painting was dropped."))
            self.assertTrue(self.seen)
            self.assertEqual(stage.server.images, {})

    def test_the_layer_is_deleted_meanwhile(self):
        with Stage(painting()) as stage:

            def delete():
                for layer in self.look(stage):
                    stage.gimp.image_remove_layer(stage.image, layer)

            self.assertEqual(self.paint(stage, look=delete), "success")
            self.assertEqual(len(self.seen), 1)
            self.assertEqual(len(stage.results()), 1)

    def test_it_is_shown_where_the_painting_will_be(self):
        masks = []
        with Stage(painting()) as stage:

            def look():
                for layer in self.look(stage):
                    mask = stage.gimp.layer_mask(layer)
                    masks.append(bytes(stage.gimp.drawable_read(mask, 0, 0, WIDTH, HEIGHT, "Y u8")))

            stage.select(2, 3, 8, 8)
            self.assertEqual(self.paint(stage, look=look), "success")
            (result,) = stage.results()
            final = stage.gimp.drawable_read(stage.gimp.layer_mask(result), 0, 0, WIDTH, HEIGHT, "Y u8")
            self.assertEqual(set(masks), {bytes(final)})

    def test_of_several_layers_each_is_shown(self):
        server = painting()
        states = list(server.states)
        with Stage(server) as stage:
            other = stage.filled_layer("other", WIDTH, HEIGHT)
            stage.gimp.image_insert_layer(stage.image, other, 0, 0)
            stage.gimp.selected = [stage.layer, other]
            start = server.start

            def start_anew(*given, **named):
                server.states = list(states)
                return start(*given, **named)

            server.start, counts = start_anew, []
            look = lambda: counts.append(len(stage.results()))  # noqa: E731
            self.assertEqual(self.paint(stage, look=look), "success")
            # The other photo, and one after the other what is painted.
            self.assertEqual(sorted(set(counts)), [1, 2, 3])
            self.assertEqual(len(stage.results()), 3)

    def test_without_the_other_process_it_is_painted_all_the_same(self):
        with Stage(painting()) as stage:
            del stage.gimp.procedures["python-fu-restyle-canvas"]
            before = stage.state()
            self.assertEqual(self.paint(stage), "success")
            self.assertEqual(self.seen, [])
            stage.gimp.image(stage.image).undo()
            self.assertEqual(stage.gimp.image_layers(stage.image), before[3])

    def test_a_painting_that_gimp_brings_late_is_asked_after_meanwhile(self):
        canvas._ASK_EVERY_S = 0.01
        server, is_asked = FakeServer(), threading.Event()
        server.poll = lambda *given: is_asked.set()
        with canvas._Asking(server, "job"):
            self.assertTrue(is_asked.wait(10.0))

    def shows_nothing(self, stage, **how):
        self.assertEqual(self.paint(stage, **how), "success")
        self.assertEqual(self.seen, [])
        self.assertEqual(len(stage.results()), 1)

    def test_scripts_show_nothing(self):
        with Stage(painting()) as stage:
            self.shows_nothing(stage, run_mode=NONINTERACTIVE)

    def test_it_can_be_switched_off(self):
        preferences.keep(Preferences("auto", 0.0, "", False))
        with Stage(painting()) as stage:
            self.shows_nothing(stage)

    def test_a_quick_painting_shows_nothing(self):
        canvas._PATIENCE_S = 60.0
        with Stage(painting()) as stage:
            self.shows_nothing(stage)

    def test_a_painting_that_is_nearly_done_shows_nothing(self):
        canvas._LEAST_LEFT_S = 1e9
        with Stage(painting()) as stage:
            estimate, estimates.estimate = estimates.estimate, lambda *given: 5.0
            try:
                self.shows_nothing(stage)
            finally:
                estimates.estimate = estimate

    def test_a_filter_that_shows_nothing_of_its_work_shows_nothing_here(self):
        server = painting()
        server.sketches = []
        with Stage(server) as stage:
            self.shows_nothing(stage)


class Drawing(unittest.TestCase):
    def pixels(self, stage, layer, babl="R'G'B'A u8"):
        data = bytearray(stage.gimp.drawable_read(layer, 0, 0, WIDTH, HEIGHT, babl))
        return [tuple(data[i : i + 4]) for i in range(0, len(data), 4)]

    def test_a_small_picture_fills_the_layer_and_keeps_its_alpha(self):
        for drawable_type in (0, 1):
            with Stage(drawable_type=drawable_type) as stage:
                alphas = [pixel[3] for pixel in self.pixels(stage, stage.layer)]
                draw(stage.gimp, stage.layer, sketch(9))
                found = self.pixels(stage, stage.layer)
                self.assertEqual([pixel[3] for pixel in found], alphas)
                self.assertEqual({pixel[:3] for pixel in found if pixel[3]}, {(9, 200, 0)})
                self.assertEqual(len(stage.gimp.image_list()), 2)  # the photo's and the style's: no other stays

    def test_a_part_is_drawn_where_it_lies_and_not_beyond_the_edge(self):
        with Stage(drawable_type=0) as stage:
            before = self.pixels(stage, stage.layer)
            draw(stage.gimp, stage.layer, sketch(9, (4, 4), (12, 4, 16, 16)))
            found = self.pixels(stage, stage.layer)
            for number, (was, now) in enumerate(zip(before, found)):
                is_inside = number % WIDTH >= 12 and number // WIDTH >= 4
                self.assertEqual(now, (9, 200, 0, 255) if is_inside else was)

    def test_it_is_drawn_no_more_than_a_tenth_of_the_time(self):
        times, server = [100.0], FakeServer()
        server.sketches = [sketch(i) for i in range(1, 99)]
        with Stage(server) as stage:
            drawn = Growth(stage.gimp, server, stage.image, stage.layer, "Painting", clock=lambda: times[0])
            flush, flushes = stage.gimp.displays_flush, []

            def slowly():
                times[0] += 2.0
                flushes.append(times[0])
                return flush()

            stage.gimp.displays_flush = slowly
            while times[0] < 200.0:
                drawn.look({"id": "job", "state": "running"})
                times[0] += 0.1
            self.assertTrue(4 <= len(flushes) <= 6, flushes)


if __name__ == "__main__":
    unittest.main()
