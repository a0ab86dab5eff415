# -*- coding: utf-8 -*-

"""The preview of a dialog: what is sent for it, what is shown, and that it never stands in the way."""

from __future__ import absolute_import, unicode_literals

import time

from restyle_plugin.errors import PluginError
from restyle_plugin.gallery import Gallery
from restyle_plugin.gimpfu_shim import registry, split
from restyle_plugin.small import Small
from tests.plugin.portable.declared import a_filter, a_param, an_input
from tests.plugin.portable.previewing import DETAIL, PATIENCE_S, STRENGTH, STYLES, Dialog
from tests.plugin.portable.stage import HEIGHT, WIDTH, FakeServer, InAHome, Stage

RED = bytes(bytearray([255, 0, 0])) * 4


BLUE = bytes(bytearray([0, 0, 255])) * 4


WHITE = b"\xff\xff\xff"


class APreview(InAHome):
    def test_is_a_small_job_that_a_newer_one_ends(self):
        with Stage(size=(1000, 500), declared=a_filter([], [STRENGTH, DETAIL])) as stage, Dialog(stage) as dialog:
            view = dialog.done()
            self.assertEqual(view.size, (320, 160))
            self.assertEqual((len(view.before), len(view.after)), (3 * 320 * 160, 3 * 320 * 160))
            purpose, client = stage.server.terms[0]
            self.assertEqual((purpose, bool(client)), ("preview", True))
            self.assertEqual(stage.server.requests[0][1]["params"], {"strength": 50.0, "detail": 320})

    def test_takes_no_more_than_twenty_steps_and_fewer_where_fewer_are_chosen(self):
        steps = a_param("steps", "int", 300, minimum=1, maximum=2000, step=1, role="steps")
        with Stage(declared=a_filter([], [steps])) as stage, Dialog(stage) as dialog:
            dialog.done()
            dialog.model.change("steps", 5)
            dialog.until(lambda _view: len(stage.server.requests) == 2)
            self.assertEqual([request["params"]["steps"] for _, request in stage.server.requests], [20, 5])

    def test_follows_what_is_chosen_and_sends_the_photo_once(self):
        with Stage(declared=a_filter([], [STRENGTH])) as stage, Dialog(stage) as dialog:
            dialog.done()
            dialog.model.change("strength", 80.0)
            dialog.until(lambda _view: len(stage.server.requests) == 2)
            dialog.done()
            self.assertEqual([request["params"]["strength"] for _, request in stage.server.requests], [50.0, 80.0])
            self.assertEqual(len(stage.server.uploads), 1)

    def test_waits_for_a_picture_and_says_so(self):
        with Stage(declared=a_filter([STYLES])) as stage, Dialog(stage) as dialog:
            view = dialog.preview.look()
            self.assertEqual((view.sentence, view.size), ("Choose a picture to see what it does.", (WIDTH, HEIGHT)))
            dialog.model.change("style-1-layer", stage.style)
            dialog.done()
            self.assertEqual([upload[:2] for upload in stage.server.uploads], [(WIDTH, HEIGHT), (6, 6)])
            self.assertEqual([style["weight"] for style in stage.server.requests[0][1]["inputs"]["styles"]], [1.0])

    def test_waits_for_a_picture_where_nothing_spares_it(self):
        item, painter = dict(an_input("styles", "pictures"), unless="painter"), a_param("painter", "text", "")
        with Stage(declared=a_filter([item], [painter])) as stage, Dialog(stage) as dialog:
            self.assertEqual(dialog.preview.look().sentence, "Choose a picture to see what it does.")
            dialog.model.change("painter", "river")
            dialog.done()
            self.assertEqual(stage.server.requests[0][1]["inputs"].get("styles"), [])

    def test_is_of_what_is_selected(self):
        with Stage(declared=a_filter([])) as stage:
            stage.select(4, 3, 8, 5)
            with Dialog(stage) as dialog:
                self.assertEqual(dialog.done().size, (8, 5))

    def test_is_of_everything_where_the_selection_only_tells_something(self):
        told = dict(an_input("selection", "mask"), cuts=False)
        with Stage(declared=a_filter([told]), size=(640, 320)) as stage:
            stage.select(0, 0, 160, 320)
            with Dialog(stage) as dialog:
                self.assertEqual(dialog.done().size, (320, 160))
            mask = stage.server.uploads[1]
            self.assertEqual(mask[:4], (320, 160, 1, "u8"))
            self.assertEqual(bytearray(mask[4]), bytearray(([255] * 80 + [0] * 240) * 160))
            self.assertEqual(stage.server.requests[0][1]["inputs"]["selection"], "image-1")

    def test_that_failed_says_so_in_its_place(self):
        dark = FakeServer(problem={"code": "x", "detail": "Too dark."})
        with Stage(dark, declared=a_filter([])) as stage, Dialog(stage) as dialog:
            view = dialog.until(lambda view: view.sentence == "Too dark.")
            self.assertEqual(view.after, None)

    def test_without_a_server_says_so_in_its_place(self):
        error = PluginError("server-died", "It ended.")
        with Stage(error, declared=a_filter([])) as stage, Dialog(stage) as dialog:
            dialog.until(lambda view: view.sentence == "It ended.")

    def test_leaves_it_to_the_dialog_to_say_that_nothing_is_set_up(self):
        error = PluginError("not-installed", "Set Restyle up in a filter's dialog.")
        with Stage(error, declared=a_filter([])) as stage, Dialog(stage) as dialog:
            dialog.until(lambda view: view.sentence == "There is a preview once it is here.")

    def test_leaves_nothing_on_the_server(self):
        with Stage(declared=a_filter([])) as stage:
            with Dialog(stage) as dialog:
                dialog.done()
            self.assertEqual(stage.server.images, {})

    def test_once_switched_off_stays_off(self):
        with Stage(declared=a_filter([], [STRENGTH])) as stage:
            with Dialog(stage) as dialog:
                dialog.done()
                dialog.preview.switch(False)
                dialog.model.change("strength", 80.0)
            with Dialog(stage) as dialog:
                self.assertEqual(dialog.preview.is_on, False)
            self.assertEqual(len(stage.server.requests), 1)

    def test_of_a_plan_sends_the_style_s_own_plan_too(self):
        plans = a_filter([an_input("styles", "pictures", 1, 1, guided=True)], [STRENGTH], "neural-doodle")
        with Stage(declared=plans) as stage:
            image = stage.gimp.item_image(stage.style)
            theirs = stage.gimp.layer_new(image, "regions", 6, 6, 1, 100.0, 28)
            stage.gimp.image_insert_layer(image, theirs, 0, 0)
            stage.gimp.drawable_write(theirs, 0, 0, 6, 6, "R'G'B'A u8", bytearray([0, 0, 255, 255] * 36))
            with Dialog(stage) as dialog:
                dialog.model.change("style-1-layer", stage.style)
                dialog.done()
                (style,) = stage.server.requests[0][1]["inputs"]["styles"]
                self.assertEqual(sorted(style), ["image", "regions"])
                sizes = [upload[:3] for upload in stage.server.uploads]
                self.assertEqual(sizes, [(WIDTH, HEIGHT, 3), (6, 6, 3), (6, 6, 4)])
                self.assertEqual(style["regions"], {"map": "image-2"})

    def test_of_a_plan_beside_its_painting_sends_the_plan_once(self):
        plans = a_filter([an_input("styles", "pictures", 1, 1, guided=True)], [STRENGTH], "neural-doodle")
        with Stage(declared=plans) as stage:
            stage.gimp.item_set_name(stage.layer, "regions")
            beside = stage.filled_layer("painting", WIDTH, HEIGHT)
            stage.gimp.image_insert_layer(stage.image, beside, 0, 0)
            with Dialog(stage) as dialog:
                dialog.model.change("style-1-layer", beside)
                dialog.done()
                (style,) = stage.server.requests[0][1]["inputs"]["styles"]
                self.assertEqual(sorted(style), ["image"])

    def test_is_not_offered_where_a_painting_beneath_is_needed(self):
        with Stage(declared=a_filter([an_input("ground", "backdrop", 1)])):
            self.assertEqual(registry.procedures()[0].preview, None)


class Picky(FakeServer):
    """Fails for some styles."""

    def __init__(self, damaged):
        FakeServer.__init__(self)
        self.damaged = damaged

    def start(self, filter_id, request, purpose="result", client=""):
        is_damaged = request["params"]["style"] in self.damaged
        self.problem = {"code": "x", "detail": "Damaged."} if is_damaged else None
        return FakeServer.start(self, filter_id, request, purpose, client)


class TheGallery(InAHome):
    def painted(self, damaged):
        """Return the words that are painted of three."""
        server = Picky(damaged)
        with Stage(server, declared=a_filter([])) as stage:
            photo, words = Small(1, 1, b"\0\0\0"), ["a", "b", "c"]
            gallery = Gallery(lambda stays: server, lambda task: "", stage.declared, "style", words, photo)
            made, limit = [], time.time() + PATIENCE_S
            while gallery.is_busy and time.time() < limit:
                taken = gallery.take()
                made += [taken[0]] if taken else []
                time.sleep(0.005)
            gallery.close()
        return made

    def test_passes_over_a_style_that_is_damaged(self):
        self.assertEqual(self.painted(["a"]), ["b", "c"])

    def test_ends_where_nothing_can_be_painted(self):
        self.assertEqual(self.painted(["a", "b", "c"]), [])


class TheSplit(InAHome):
    def test_shows_before_on_the_left_and_after_on_the_right(self):
        view = split.View(1, (4, 1), RED, BLUE, "")
        self.assertEqual(split.split(view, 0.5), RED[:6] + WHITE + BLUE[9:])
        self.assertEqual(split.split(view, 0.0), BLUE)

    def test_shows_the_photo_while_there_is_nothing_else(self):
        self.assertEqual(split.split(split.View(1, (4, 1), RED, None, ""), 0.5), RED)
