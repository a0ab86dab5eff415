# -*- coding: utf-8 -*-

"""Under a gimpfu as GIMP 2.10 ships it: no hints, native strings, objects with ids, errors through its `fail`."""

from __future__ import absolute_import, unicode_literals

import os
import re

from memory_gimp.png import write_png
from restyle_plugin import menu
from restyle_plugin.errors import PluginError
from restyle_plugin.gimpfu_shim import backend, enums, pf, registry
from tests.plugin.portable.stage import InAHome, Stage


class Thing(object):
    """What the real gimpfu hands over for an image or a drawable: an object with an ID."""

    def __init__(self, ID):
        self.ID = ID


class Colour(object):
    r, g, b = 0.0, 1.0, 0.5


class RealGimpfu(object):
    """The real gimpfu's checks on `register` (its source, 2.10.34), and nothing beyond its surface."""

    class error(RuntimeError):  # noqa: N801
        pass

    class CancelError(RuntimeError):
        pass

    def __init__(self):
        self.procedures, self.messages = {}, []
        for name in pf.__all__:
            if name.startswith("PF_"):
                setattr(self, name, getattr(pf, name))

    def register(
        self,
        proc_name,
        blurb,
        help,  # noqa: A002  (gimpfu's names)
        author,
        copyright,  # noqa: A002
        date,
        label,
        imagetypes,
        params,
        results,
        function,
        menu=None,
        domain=None,
        on_query=None,
        on_run=None,
        run_mode_param=True,
    ):
        assert re.match(r"^[A-Za-z0-9_-]+$", proc_name)
        for text in (proc_name, blurb, help, author, copyright, date, label, imagetypes, menu):
            assert isinstance(text, str), text
        for param in params:
            assert len(param) in (4, 5) and isinstance(param[1], str) and isinstance(param[2], str)
            assert re.match(r"^[A-Za-z0-9_-]+$", param[1])
            assert param[0] in enums_of_types(), param
        self.procedures[proc_name] = (params, function)

    def defaults(self, proc_name, first_drawable):
        """What its dialog answers where nothing is changed: drawables without a default become the first one there is."""
        params, _ = self.procedures[proc_name]
        drawables = (self.PF_DRAWABLE, self.PF_LAYER)
        return {param[1]: first_drawable if param[0] in drawables and param[3] is None else param[3] for param in params}

    def fail(self, message):
        assert isinstance(message, str)
        self.messages.append(message)
        raise self.error(message)


def enums_of_types():
    return [getattr(pf, name) for name in pf.__all__ if name.startswith("PF_")]


class UnderTheRealGimpfu(InAHome):
    def arguments(self, gimpfu, stage, name="neural-style", first=None, **changes):
        params, function = gimpfu.procedures["python-fu-restyle-" + name]
        values = gimpfu.defaults("python-fu-restyle-" + name, Thing(first or stage.style))
        values.update({"image": Thing(stage.image), "drawable": Thing(stage.layer), "init-color": Colour()})
        values.update((name.replace("_", "-"), value) for name, value in changes.items())
        return function, [values[param[1]] for param in params]

    def test_a_filter_is_registered_and_runs(self):
        gimpfu = RealGimpfu()
        menu.register_filters(gimpfu, menu.catalogue())
        with Stage() as stage:
            # In that process the pixels come from gimp2; the memory stands for it.
            self.assertTrue(backend.current() is stage.gimp)
            function, values = self.arguments(gimpfu, stage, seed=5.0)
            self.assertEqual(function(*values), None)
            self.assertEqual(len(stage.results()), 1)
            request = stage.server.requests[0][1]
            params = request["params"]
            self.assertEqual([style["weight"] for style in request["inputs"]["styles"]], [1.0])
            self.assertEqual((params["seed"], params["init_color"]), (5, "#00ff80"))

    def test_a_file_counts_more_than_the_layers_that_the_dialog_has_chosen_by_itself(self):
        gimpfu, path = RealGimpfu(), os.path.join(self.home, "chosen.png")
        write_png(path, 2, 2, 3, bytearray(12))
        menu.register_filters(gimpfu, menu.catalogue())
        with Stage() as stage:
            function, values = self.arguments(gimpfu, stage, style_1_file=path, style_3_file=path, style_3_weight=0.5)
            function(*values)
            self.assertEqual([upload[:2] for upload in stage.server.uploads[1:]], [(2, 2), (2, 2)])
            self.assertEqual([style["weight"] for style in stage.server.requests[0][1]["inputs"]["styles"]], [1.0, 0.5])
            self.assertEqual(stage.gimp.item_name(stage.results()[0]), "chosen + chosen (Neural Style)")

    def test_the_layer_itself_is_no_picture_that_need_not_be_chosen(self):
        gimpfu = RealGimpfu()
        menu.register_filters(gimpfu, menu.catalogue())
        for other, count in ((False, 0), (True, 1)):
            with Stage() as stage:
                function, values = self.arguments(gimpfu, stage, "deep-dream", stage.style if other else stage.layer)
                function(*values)
                self.assertEqual(len(stage.server.requests[0][1]["inputs"].get("guides") or []), count)

    def test_an_error_goes_through_fail(self):
        gimpfu = RealGimpfu()
        menu.register_filters(gimpfu, menu.catalogue())
        with Stage(PluginError("server-died", "The server ended: größer.")) as stage:
            function, values = self.arguments(gimpfu, stage)
            self.assertRaises(gimpfu.error, function, *values)
            self.assertEqual(len(gimpfu.messages), 1)

    def test_a_layer_is_edited_in_the_shim_s_dialog(self):
        gimpfu = RealGimpfu()
        menu.register_filters(gimpfu, menu.catalogue())
        with Stage() as stage:
            stage.run(seed=5)
            registry.clear()  # in that process the shim has registered nothing
            (layer,) = stage.results()
            seen = []
            stage.gimp.answers = [lambda values: seen.extend(values) or values]
            _, function = gimpfu.procedures[menu.EDIT]
            function(Thing(stage.image), Thing(layer))
            self.assertEqual(stage.gimp.dialogs[-1][0].label, "Edit Neural Style")
            self.assertEqual(seen[:2], [stage.image, layer])
            self.assertEqual(len(stage.server.requests), 2)
            self.assertEqual(stage.results(), [layer])
            self.assertRaises(gimpfu.CancelError, function, Thing(stage.image), Thing(layer))

    def test_units_are_in_the_labels(self):
        gimpfu = RealGimpfu()
        menu.register_filters(gimpfu, menu.catalogue())
        labels = [param[2] for param in gimpfu.procedures["python-fu-restyle-neural-style"][0]]
        self.assertTrue("Detail (px)" in labels)

    def test_the_enumerations_are_the_real_ones(self):
        self.assertEqual(enums.ENUMS["LAYER_MODE_NORMAL"], 28)
        self.assertTrue(len(enums.ENUMS) > 428)
