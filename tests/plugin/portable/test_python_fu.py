# -*- coding: utf-8 -*-

"""Other plug-ins import gimpfu, gimp, gimpcolor and gimpenums, and find what GIMP 2.10's own have."""

from __future__ import absolute_import, unicode_literals

import os
import pickle
import sys
import unittest

import restyle_plugin
from memory_gimp import MemoryGimp
from restyle_plugin import gimpfu_shim
from restyle_plugin.gimpfu_shim import backend, registry, runner
from tests.plugin.portable.stage import InAHome

_FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(restyle_plugin.__file__))), "python_fu")
_MODULES = ("gimpfu", "gimp", "gimpcolor", "gimpenums", "gimpshelf")


class Importable(InAHome):
    def setUp(self):
        InAHome.setUp(self)
        self.memory = MemoryGimp()
        backend.use(self.memory)
        registry.clear()
        sys.path.insert(0, _FOLDER)
        self.modules = [__import__(str(name)) for name in _MODULES]

    def tearDown(self):
        sys.path.remove(_FOLDER)
        for name in _MODULES:
            sys.modules.pop(name, None)
        registry.clear()
        backend.use(None)
        InAHome.tearDown(self)


class Modules(Importable):
    def test_a_script_s_first_line_brings_what_scripts_rely_on(self):
        names = {}
        exec("from gimpfu import *", names)
        self.assertTrue(names["pdb"] is names["gimp"].pdb is gimpfu_shim.pdb)
        self.assertEqual((names["RGB"], names["PF_OPTION"], names["math"].floor(1.5)), (0, 1013, 1))
        self.assertTrue(names["gimpcolor"] is self.modules[2])
        self.assertFalse("describe" in names or "_" in names)

    def test_what_scripts_say_first_of_translations_is_understood(self):
        names = {}
        exec("from gimpfu import *\ngettext.install('gimp20-python', gimp.locale_directory, unicode=True)", names)
        self.assertEqual(eval("_('text')", names), "text")
        self.assertEqual(list(names["xrange"](2)) if "xrange" in names else [0, 1], [0, 1])

    def test_a_script_adds_menus_when_gimp_asks(self):
        gimpfu = self.modules[0]
        asked = []
        gimpfu.register("my_script", "b", "h", "a", "c", "d", "Label", "*", [], [], None, on_query=lambda: asked.append(1))
        procedure = registry.procedure("my_script")
        procedure.on_query()
        self.assertEqual((asked, procedure.menus, procedure.name), ([1], [], "python-fu-my-script"))
        self.assertRaises(KeyError, registry.procedure, "no_script")

    def test_sizes_may_be_what_a_division_gives(self):
        gimp = gimpfu_shim.gimp
        image = gimp.Image(10 / 2.0, 4.0)
        layer = gimp.Layer(image, "x", 5.0, 4.0)
        image.add_layer(layer, -3)
        layer.set_offsets(1.5, 2.0)
        self.assertEqual((image.width, layer.width, layer.offsets), (5, 5, (1, 2)))

    def test_from_gimp_import_brings_its_names(self):
        names = {}
        exec("from gimp import Layer, pdb\nfrom gimp import *", names)
        self.assertTrue(names["Layer"] is gimpfu_shim.gimp.Layer and names["image_list"]() == [])

    def test_a_shelf_keeps_values(self):
        shelf = __import__(str("gimpshelf")).shelf
        shelf["key"] = {"a": (1, 2.0)}
        self.assertTrue("key" in shelf and shelf["key"] == {"a": (1, 2.0)})
        del shelf["key"]
        self.assertFalse("key" in shelf or shelf.has_key("other"))
        self.assertRaises(KeyError, lambda: shelf["other"])

    def test_the_enumerations_are_a_module_of_their_own(self):
        self.assertEqual(self.modules[3].RGBA_IMAGE, 1)
        self.assertTrue(len(self.modules[3].__all__) > 428)

    def test_only_the_names_asked_for_come_onto_the_path(self):
        self.assertFalse(os.path.dirname(_FOLDER) in sys.path[1:2])

    def test_a_plug_in_registers_and_runs(self):
        gimpfu = self.modules[0]
        colors = []
        gimpfu.register(
            "my_script", "b", "h", "a", "c", "d", "<Image>/Filters/My Script", "*", [(gimpfu.PF_COLOR, "c", "C", "red")], [],
            lambda image, drawable, color: colors.append(color),
        )  # fmt: skip
        self.memory.main(registry.procedures(), runner.dispatch)
        image = gimpfu.gimp.Image(4, 4)
        layer = image.new_layer("x")
        gimpfu.pdb.python_fu_my_script(image, layer, "#00f")
        self.assertEqual(tuple(colors[0]), (0, 0, 255, 255))

    def test_an_error_of_a_script_says_where(self):
        def broken():
            raise KeyError("x")

        self.modules[0].register("my_script", "b", "h", "a", "c", "d", "l", "*", [], [], broken)
        self.memory.main(registry.procedures(), runner.dispatch)
        status, _ = self.memory.run("python-fu-my-script", 1, [])
        self.assertTrue("KeyError" in status[1] and "test_python_fu.py" in status[1], status)


class Colors(Importable):
    def test_colours_are_read_from_text(self):
        color = self.modules[2]
        self.assertEqual(tuple(color.rgb_parse_css("rgba(255, 0, 50%, 0.5)", True)), (255, 0, 128, 128))
        self.assertEqual(tuple(color.rgb_parse_hex("#fff"))[:3], (255, 255, 255))
        self.assertEqual(tuple(color.rgb_parse_name("Orange"))[:3], (255, 165, 0))
        self.assertRaises(ValueError, color.rgb_parse_css, "no colour")
        self.assertEqual(len(color.rgb_names()), 147)

    def test_colours_are_converted_and_back(self):
        color = self.modules[2]
        orange = color.RGB(255, 128, 0)
        for other in (orange.to_hsv(), orange.to_hsl()):
            self.assertEqual(tuple(other.to_rgb())[:3], (255, 128, 0))
        self.assertEqual(tuple(orange.to_cmyk())[:4], (0, 127, 255, 0))
        self.assertEqual(pickle.loads(pickle.dumps(orange)), orange)

    def test_colours_reckon(self):
        color = self.modules[2]
        one, other = color.RGB(0.2, 0.4, 0.6), color.RGB(0.1, 0.1, 0.1)
        self.assertAlmostEqual((one + other).r, 0.3)
        self.assertAlmostEqual((one - other).b, 0.5)
        self.assertAlmostEqual((one * 2).g, 0.8)
        self.assertAlmostEqual(one.distance(other), 0.9)
        one.composite(color.RGB(1.0, 1.0, 1.0, 0.5))
        self.assertAlmostEqual(one.r, 0.6)
        one.red, one[1] = 1.0, 0
        self.assertEqual((one.r, one.green), (1.0, 0.0))
        self.assertAlmostEqual(color.bilinear(0.5, 0.5, (0, 1, 2, 3)), 1.5)
        self.assertEqual(color.bilinear_rgba(0.0, 0.0, [one] * 4), one)


class Pixels(Importable):
    def test_tiles_are_squares_of_a_drawable(self):
        image = gimpfu_shim.gimp.Image(70, 10)
        layer = image.new_layer("x", alpha=False)
        tile = layer.get_tile(False, 0, 1)
        self.assertEqual((tile.ewidth, tile.eheight, tile.bpp, len(tile)), (6, 10, 3, 60))
        tile[1, 2] = b"abc"
        self.assertEqual((layer.get_pixel(65, 2), tile[2 * 6 + 1]), ((97, 98, 99), b"abc"))
        self.assertRaises(IndexError, lambda: tile[6, 0])
        self.assertEqual(list(layer.get_data("R'G'B' u8")[(2 * 70 + 65) * 3 :][:3]), [97, 98, 99])

    def test_a_fetcher_has_what_lies_outside(self):
        gimp = gimpfu_shim.gimp
        layer = gimp.Image(4, 4).new_layer("x", alpha=False)
        fetcher = gimp.PixelFetcher(layer)
        fetcher.put_pixel(3, 0, b"abc")
        self.assertEqual((fetcher.get_pixel(3, 0), fetcher.get_pixel(4, 0)), (b"abc", b"\0\0\0"))
        fetcher.edge_mode = fetcher.SMEAR
        self.assertEqual(fetcher.get_pixel(9, -3), b"abc")
        fetcher.edge_mode = fetcher.WRAP
        self.assertEqual(fetcher.get_pixel(7, 4), b"abc")


class WhatIsMissing(Importable):
    def test_it_says_so_with_its_name(self):
        for name in ("install_temp_proc", "export_image"):
            try:
                getattr(gimpfu_shim.gimp, name)()
                self.fail(name)
            except NotImplementedError as error:
                self.assertTrue("gimp.%s" % name in str(error))
        try:
            getattr(gimpfu_shim.pdb, "gimp_no_such_thing")  # noqa: B009
            self.fail("no error")
        except AttributeError as error:
            self.assertTrue("gimp-no-such-thing" in str(error))


if __name__ == "__main__":
    unittest.main()
