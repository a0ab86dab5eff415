# -*- coding: utf-8 -*-

"""Several layers that are chosen are worked on one by one, in one undo step."""

from __future__ import absolute_import, unicode_literals

import unittest

from restyle_plugin.gimpfu_shim.errors import BackendError
from tests.plugin.portable.declared import a_filter, a_param, an_input
from tests.plugin.portable.stage import HEIGHT, WIDTH, FakeServer, Stage


class SeveralLayers(unittest.TestCase):
    """Each layer that is selected gets its result, in one undo step."""

    def select_two(self, stage):
        """Put a group with one layer above the photo, and select both; return (group, layer in it)."""
        gimp = stage.gimp
        group = gimp.group_new(stage.image, "group")
        gimp.image_insert_layer(stage.image, group, 0, 0)
        inner = stage.filled_layer("inner", 4, 3)
        gimp.image_insert_layer(stage.image, inner, group, 0)
        del gimp.image(stage.image).undo_steps[:]
        gimp.selected = [inner, stage.layer]
        return group, inner

    def a_filter(self, *inputs):
        models = [{"value": "waves", "title": "The Waves"}]
        return a_filter(
            [an_input("selection", "mask"), an_input("reference", "reference")] + list(inputs),
            [a_param("style_name", "model", "waves", choices=models)],
            "fast-style",
        )

    def test_each_is_painted(self):
        with Stage(declared=self.a_filter()) as stage:
            group, inner = self.select_two(stage)
            self.assertEqual(stage.run(), "success")
            gimp = stage.gimp
            names = [gimp.item_name(layer) for layer in gimp.image_layers(stage.image)]
            self.assertEqual(names, ["group", "The Waves (Fast Style)", "photo"])
            self.assertEqual([gimp.item_name(layer) for layer in gimp.item_children(group)], ["The Waves (Fast Style)", "inner"])
            self.assertEqual(len(gimp.image(stage.image).undo_steps), 1)
            gimp.image(stage.image).undo()
            self.assertEqual(gimp.item_children(group), [inner])
            self.assertEqual((stage.server.images, gimp.errors), ({}, []))
            self.assertTrue("Layer 2 of 2: Writing the result" in gimp.progress)
            self.assertEqual(stage.server.sequences, ["", ""])

    def test_what_all_are_painted_by_is_sent_once(self):
        with Stage(declared=self.a_filter(an_input("styles", "pictures", minimum=1, maximum=4))) as stage:
            self.select_two(stage)
            self.assertEqual(stage.run(), "success")
            inputs = [request["inputs"] for _, request in stage.server.requests]
            self.assertEqual(len(inputs), 2)
            self.assertEqual(inputs[0]["styles"], inputs[1]["styles"])
            # Two layers and one style.
            self.assertEqual(len(stage.server.uploads), 3)
            self.assertEqual((stage.server.images, stage.server.claims), ({}, dict.fromkeys(stage.server.claims, 0)))

    def test_each_has_its_own_statistics(self):
        with Stage(declared=self.a_filter()) as stage:
            stage.run()
            self.assertEqual(stage.server.requests[0][1]["inputs"]["reference"], None)

    def test_a_filter_without_a_mask_does_not_see_the_selection(self):
        with Stage(declared=a_filter([], name="regions")) as stage:
            stage.gimp.layer_set_offsets(stage.layer, 5, 0)
            stage.select(0, 0, 3, 3)
            self.assertEqual(stage.run(), "success")
            self.assertEqual(stage.gimp.layer_mask(stage.results()[0]), 0)

    def test_where_one_fails_none_is_left(self):
        server = FakeServer(
            on_poll=lambda: setattr(server, "problem", {"code": "x", "detail": "No."} if server.polls > 1 else None)
        )
        with Stage(server, declared=self.a_filter()) as stage:
            self.select_two(stage)
            before = stage.state()
            self.assertEqual(stage.run()[0], "error")
            self.assertEqual((stage.state(), server.images), (before, {}))

    def test_a_mask_that_gimp_refuses_takes_all_layers_back(self):
        with Stage(declared=self.a_filter()) as stage:
            self.select_two(stage)
            stage.select(0, 0, WIDTH, HEIGHT)
            layers, add, count = stage.gimp.image_layers(stage.image), stage.gimp.layer_add_mask, []

            def refuse_the_second(layer, mask):
                count.append(layer)
                if len(count) == 2:
                    raise BackendError("Out of masks.")
                add(layer, mask)

            stage.gimp.layer_add_mask = refuse_the_second
            self.assertTrue("Out of masks" in stage.run()[1])
            self.assertEqual(stage.gimp.image_layers(stage.image), layers)
