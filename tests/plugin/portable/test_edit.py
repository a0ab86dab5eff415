# -*- coding: utf-8 -*-

"""Edit Restyled Layer: the dialog opens as the layer was made, and what comes of it takes the layer's place."""

from __future__ import absolute_import, unicode_literals

import json

from restyle_plugin import provenance
from restyle_plugin.compat import to_text
from restyle_plugin.menu import EDIT
from tests.plugin.portable.declared import a_filter, a_param, an_input
from tests.plugin.portable.stage import HEIGHT, INTERACTIVE, NONINTERACTIVE, WIDTH, FakeServer, InAHome, Stage

STYLES = an_input("styles", "pictures", 1, 2, weighted=True)
INPUTS = [an_input("selection", "mask"), STYLES, an_input("regions", "regions"), an_input("reference", "reference")]
LOOKS = [{"value": "soft", "title": "Soft"}, {"value": "hard", "title": "Hard"}]
PARAMS = [
    a_param("strength", "float", 50.0, minimum=0.0, maximum=100.0, step=1.0),
    a_param("look", "choice", "soft", choices=LOOKS),
    a_param("flat", "color", "#102030"),
    a_param("seed", "int", 0, minimum=0, maximum=1000, step=1),
]
BLACK = 1


class Editing(InAHome):
    def stage(self, **more):
        return Stage(declared=a_filter(INPUTS, PARAMS, "any-style", "picture"), **more)

    def painted(self, stage, **values):
        """Return the layer of a first run."""
        before = stage.gimp.image_layers(stage.image)
        self.assertEqual(stage.run(**values), "success")
        (new,) = [layer for layer in stage.gimp.image_layers(stage.image) if layer not in before]
        return new

    def edit(self, stage, layer, run_mode=NONINTERACTIVE):
        return stage.gimp.run(EDIT, run_mode, [stage.image, layer])[0]

    def asked(self, stage, layer, **changes):
        """Edit a layer in its dialog; return {row: value} that the dialog started with."""
        seen = {}

        def answer(values):
            names = [param.name for param in stage.gimp.dialogs[-1][0].params]
            seen.update(zip(names, values))
            return [changes.get(name.replace("-", "_"), value) for name, value in zip(names, values)]

        stage.gimp.answers = [answer]
        self.assertEqual(self.edit(stage, layer, INTERACTIVE), "success", stage.gimp.errors)
        return seen

    def pixels(self, stage, layer):
        return bytes(stage.gimp.drawable_read(layer, 0, 0, WIDTH, HEIGHT, "R'G'B'A u8"))

    def made(self, stage, layer):
        return json.loads(to_text(stage.gimp.item_parasite(layer, "restyle")))


class TheDialog(Editing):
    def test_starts_as_the_layer_was_made(self):
        with self.stage() as stage:
            layer = self.painted(stage, strength=81.0, look=1, flat=(1.0, 0.0, 0.0), style_1_weight=3.0)
            seen = self.asked(stage, layer)
            self.assertEqual((seen["strength"], seen["look"], seen["flat"]), (81.0, 1, (1.0, 0.0, 0.0)))
            self.assertEqual((seen["style-1-layer"], seen["style-1-weight"]), (stage.style, 3.0))
            self.assertEqual((seen["style-2-layer"], seen["style-2-file"]), (0, None))

    def test_has_the_seed_that_was_drawn(self):
        with self.stage() as stage:
            self.assertEqual(self.asked(stage, self.painted(stage))["seed"], 7)

    def test_says_what_it_does_and_does_not_ask_which_layer(self):
        with self.stage() as stage:
            self.asked(stage, self.painted(stage))
            procedure = stage.gimp.dialogs[-1][0]
            self.assertEqual(procedure.label, "Edit Any Style")
            self.assertEqual([param.name for param in procedure.params if param.is_hidden], ["paint", "animation"])

    def test_leaves_the_last_values_of_the_filter_alone(self):
        with self.stage() as stage:
            self.asked(stage, self.painted(stage), strength=3.0)
            stage.gimp.answers = [None]
            stage.run(INTERACTIVE)
            procedure, start = stage.gimp.dialogs[-1]
            self.assertEqual(dict(zip([param.name for param in procedure.params], start))["strength"], 50.0)

    def test_that_is_cancelled_changes_nothing(self):
        with self.stage() as stage:
            layer = self.painted(stage)
            before = stage.state()
            stage.gimp.answers = [None]
            self.assertEqual(self.edit(stage, layer, INTERACTIVE), "cancel")
            self.assertEqual(stage.state(), before)


class ALearnedStyle(Editing):
    def test_that_is_gone_is_named_before_the_dialog_shows_another(self):
        style = a_param("style_name", "model", "night", choices=[{"value": "night", "title": "Night"}])
        with Stage(declared=a_filter([], [style], "fast-style")) as stage:
            layer = self.painted(stage, style_name="mine")
            self.assertIn("The style mine of", self.edit(stage, layer)[1])
            self.assertEqual(self.asked(stage, layer)["style-name"], "night")
            self.assertIn("The style mine of “mine (Fast Style)” is not here any more", stage.gimp.messages[0])


class TheResult(Editing):
    def test_takes_the_place_of_the_layer_with_all_that_is_its_own(self):
        with self.stage() as stage:
            gimp = stage.gimp
            layer = self.painted(stage)
            above = stage.filled_layer("above", WIDTH, HEIGHT)
            gimp.image_insert_layer(stage.image, above, 0, 0)
            mask = gimp.layer_create_mask(layer, BLACK)
            gimp.layer_add_mask(layer, mask)
            gimp.layer_set_offsets(layer, 3, -2)
            gimp.item_set_name(layer, "my sky")
            gimp.item(layer).opacity, gimp.item(layer).mode = 40.0, 5
            gimp.item(layer).data[:] = bytearray(len(gimp.item(layer).data))
            order, was = gimp.image_layers(stage.image), bytes(gimp.item(mask).data)
            self.asked(stage, layer, strength=12.0)
            self.assertEqual(gimp.image_layers(stage.image), order)
            item = gimp.item(layer)
            self.assertEqual((item.name, item.opacity, item.mode, item.mask), ("my sky", 40.0, 5, mask))
            self.assertEqual((item.x, item.y, bytes(gimp.item(mask).data)), (3, -2, was))
            self.assertTrue(any(bytearray(item.data)))
            self.assertEqual(self.made(stage, layer)["request"]["params"]["strength"], 12.0)

    def test_is_painted_of_the_photo(self):
        with self.stage() as stage:
            layer = self.painted(stage)
            self.edit(stage, layer)
            self.assertEqual(stage.server.uploads[-2][4], self.pixels(stage, stage.layer))

    def test_is_one_step_to_undo_and_redo(self):
        with self.stage() as stage:
            layer = self.painted(stage, strength=1.0)
            stage.gimp.item(layer).data[:] = bytearray(len(stage.gimp.item(layer).data))
            image, before, made = stage.gimp.image(stage.image), self.pixels(stage, layer), self.made(stage, layer)
            steps = len(image.undo_steps)
            self.asked(stage, layer, strength=99.0)
            after = self.pixels(stage, layer)
            self.assertNotEqual(after, before)
            self.assertEqual(len(image.undo_steps), steps + 1)
            image.undo()
            self.assertEqual((self.pixels(stage, layer), self.made(stage, layer)), (before, made))
            image.redo()
            self.assertEqual(self.pixels(stage, layer), after)
            self.assertEqual(self.made(stage, layer)["request"]["params"]["strength"], 99.0)

    def test_has_gimp_keep_the_old_pixels(self):
        """GIMP itself keeps nothing of what is written straight into a layer."""
        with self.stage() as stage:
            layer = self.painted(stage)
            called = []
            call = stage.gimp.call
            stage.gimp.call = lambda name, args: called.append(name) or call(name, args)
            self.edit(stage, layer)
            self.assertEqual(called.count("gimp-layer-resize"), 2)

    def test_can_be_edited_again_and_leaves_no_layer_behind(self):
        with self.stage() as stage:
            layer, count = self.painted(stage), len(stage.gimp.items)
            self.asked(stage, layer, strength=12.0)
            self.assertEqual(self.asked(stage, layer)["strength"], 12.0)
            self.assertEqual(len(stage.gimp.items), count)

    def test_of_another_style_gets_its_name_unless_a_person_named_it(self):
        with self.stage() as stage:
            layer, again = self.painted(stage), self.painted(stage)
            _, other = stage.new_image(0, 150, (6, 6), "waves")
            stage.gimp.item_set_name(again, "mine")
            for each in (layer, again):
                self.asked(stage, each, style_1_layer=other)
            self.assertEqual(stage.gimp.item_name(layer), "waves (Any Style)")
            self.assertEqual(stage.gimp.item_name(again), "mine")

    def test_stays_a_painting_of_what_was_selected(self):
        with self.stage() as stage:
            stage.select(4, 3, 8, 5)
            layer = self.painted(stage)
            first = [upload for upload in stage.server.uploads if upload[2] == 1]
            stage.gimp.call("gimp-selection-none", [stage.image])
            self.edit(stage, layer)
            self.assertEqual([upload for upload in stage.server.uploads if upload[2] == 1], first * 2)
            self.assertTrue(provenance.was_selected(stage.gimp, layer))

    def test_of_a_painting_that_became_bigger_does_not_ask_for_what_is_selected_now(self):
        with self.stage() as stage:
            layer = self.painted(stage)
            stage.select(4, 3, 8, 5)
            self.edit(stage, layer)
            self.assertEqual([upload for upload in stage.server.uploads if upload[2] == 1], [])

    def test_that_fails_leaves_the_layer_as_it_was(self):
        with self.stage() as stage:
            layer = self.painted(stage)
            before = stage.state()
            for trouble in (FakeServer(problem={"code": "x", "detail": "Too dark."}), FakeServer(fails_at="first download")):
                stage.server = trouble
                self.assertNotEqual(self.edit(stage, layer), "success")
                self.assertEqual(stage.state(), before)

    def test_of_a_layer_that_is_deleted_meanwhile_is_dropped(self):
        with self.stage() as stage:
            layer = self.painted(stage)

            def delete():
                if stage.gimp.item_is_valid(layer) and layer in stage.gimp.image_layers(stage.image):
                    stage.gimp.image_remove_layer(stage.image, layer)
                    del stage.gimp.items[layer]

            stage.server.on_poll = delete
            count = len(stage.gimp.items)
            self.assertIn("deleted meanwhile", self.edit(stage, layer)[1])
            self.assertEqual(len(stage.gimp.items), count - 1)


class AnyOtherLayer(Editing):
    def refusal(self, stage, layer):
        steps = len(stage.gimp.image(stage.image).undo_steps)
        status = self.edit(stage, layer, INTERACTIVE)
        self.assertEqual((len(stage.gimp.image(stage.image).undo_steps), stage.gimp.dialogs), (steps, []))
        return status[1]

    def test_is_told_apart_in_one_sentence(self):
        with self.stage() as stage:
            self.assertEqual(
                self.refusal(stage, stage.layer), "“photo” was not made by Restyle: choose a layer that Restyle made."
            )

    def test_without_its_photo_asks_for_it(self):
        with self.stage() as stage:
            layer = self.painted(stage)
            stage.gimp.image_remove_layer(stage.image, stage.layer)
            self.assertIn("“photo” that “brush strokes (Any Style)” was made of is not in this image", self.refusal(stage, layer))

    def test_of_an_unknown_filter_names_it(self):
        with self.stage() as stage:
            provenance.attach(stage.gimp, stage.layer, {"request": {"filter": "dream"}})
            self.assertIn("(dream)", self.refusal(stage, stage.layer))

    def test_among_several_is_asked_for(self):
        with self.stage() as stage:
            layer = self.painted(stage)
            stage.gimp.selected = [layer, stage.layer]
            self.assertIn("select the one", self.refusal(stage, layer))
