# -*- coding: utf-8 -*-

"""The shim does what gimpfu's documentation promises to a plug-in."""

from __future__ import absolute_import, unicode_literals

import unittest

from memory_gimp import MemoryGimp
from restyle_plugin import gimpfu_shim as gimpfu
from restyle_plugin.gimpfu_shim import backend, registry, runner
from restyle_plugin.gimpfu_shim.color import RGB
from restyle_plugin.gimpfu_shim.errors import BackendError
from tests.plugin.portable.stage import InAHome

_PF = gimpfu


class OverMemory(InAHome):
    def setUp(self):
        InAHome.setUp(self)
        self.memory = MemoryGimp()
        backend.use(self.memory)
        registry.clear()

    def tearDown(self):
        registry.clear()
        backend.use(None)
        InAHome.tearDown(self)

    def register(self, function, params=(), results=(), **keywords):
        name = keywords.pop("name", "test")
        label = keywords.pop("label", "_Test...")
        gimpfu.register(name, "blurb", "help", "me", "me", "2026", label, "*", list(params), list(results), function, **keywords)
        self.memory.main(registry.procedures(), runner.dispatch)
        return registry.procedures()[-1]


class Register(OverMemory):
    def test_names_get_gimpfu_s_prefix_and_hyphens(self):
        names = [self.register(None, name=name).name for name in ("my_test", "plug-in-x", "python_fu_y", "file-z", "extension-e")]
        self.assertEqual(names, ["python-fu-my-test", "plug-in-x", "python-fu-y", "file-z", "extension-e"])

    def test_illegal_names_types_and_extras_are_refused(self):
        self.assertRaises(ValueError, self.register, None, name="my test")
        self.assertRaises(ValueError, self.register, None, [(999, "x", "X", 1)])
        self.assertRaises(ValueError, self.register, None, [(gimpfu.PF_INT, "x", "X")])

    def test_a_menu_in_the_label_brings_image_and_drawable(self):
        procedure = self.register(None, [(gimpfu.PF_INT, "n", "N", 3)], label="<Image>/Filters/My _Menu/_Test...")
        self.assertEqual((procedure.menu, procedure.label), ("<Image>/Filters/My _Menu", "Test..."))
        self.assertEqual([param.name for param in procedure.params], ["image", "drawable", "n"])

    def test_a_menu_of_its_own_leaves_the_parameters_alone(self):
        procedure = self.register(None, [(gimpfu.PF_INT, "n_x", "_Number", 3)], menu="<Image>/Filters")
        self.assertEqual([(param.name, param.label) for param in procedure.params], [("n-x", "Number")])

    def test_every_type_has_a_place_in_the_database(self):
        kinds = {
            procedure.kind
            for procedure in [
                self.register(None, [(value, "x", "X", None)]).params[0]
                for name, value in sorted(vars(gimpfu).items())
                if name.startswith("PF_")
                and name != "PF_COLOR"
                and name != "PF_COLOUR"
                and name not in ("PF_INT", "PF_INT8", "PF_INT16", "PF_INT32")
            ]
        }
        self.assertEqual(kinds, {"int", "float", "string", "item", "display", "image", "layer", "channel", "drawable", "vectors"})

    def test_hints_are_beyond_gimpfu(self):
        procedure = self.register(None, [(gimpfu.PF_SLIDER, "size_x", "Size", 1, (0, 9, 1))])
        gimpfu.describe("test", {"size-x": {"help": "How large", "unit": "px", "group": "advanced"}})
        param = procedure.params[0]
        self.assertEqual((param.help, param.unit, param.group, param.bounds), ("How large", "px", "advanced", (0, 9, 1)))
        self.assertRaises(KeyError, gimpfu.describe, "test", {"no-such": {}})


class Run(OverMemory):
    def test_functions_get_gimpfu_s_values(self):
        got = []
        image = self.memory.image_new(4, 3, 0, 150)
        layer = self.memory.layer_new(image, "a", 4, 3, 0, 100.0, 28)
        self.memory.image_insert_layer(image, layer, 0, 0)
        params = [
            (gimpfu.PF_IMAGE, "image", "", None),
            (gimpfu.PF_DRAWABLE, "drawable", "", None),
            (gimpfu.PF_TOGGLE, "t", "", 1),
            (gimpfu.PF_SLIDER, "s", "", 1, (0, 5, 1)),
            (gimpfu.PF_SPINNER, "n", "", 1, (0, 5, 1)),
            (gimpfu.PF_OPTION, "o", "", 0, ("A", "B")),
            (gimpfu.PF_RADIO, "r", "", "x", (("X", "x"), ("Y", "y"))),
            (gimpfu.PF_COLOR, "c", "", (255, 0, 0)),
            (gimpfu.PF_FILE, "f", "", ""),
            (gimpfu.PF_LAYER, "l", "", None),
        ]
        self.register(lambda *values: got.extend(values), params)
        self.assertEqual(self.memory.run("python-fu-test", 1, [image, layer, 0, 2, 3.0, 1, "y"])[0], "success")
        self.assertEqual(got[:2], [gimpfu.gimp._id2image(image), gimpfu.gimp._id2drawable(layer)])
        self.assertEqual([(type(value), value) for value in got[2:6]], [(bool, False), (float, 2.0), (int, 3), (int, 1)])
        self.assertEqual(got[6:], ["y", RGB(1.0, 0.0, 0.0), None, None])

    def test_results_go_back_as_ids(self):
        results = [(gimpfu.PF_IMAGE, "image", "Image"), (gimpfu.PF_INT, "count", "Count")]
        self.register(lambda: (gimpfu.gimp.Image(5, 4, gimpfu.GRAY), 3), [], results)
        status, values = self.memory.run("python-fu-test", 1, [])
        self.assertEqual((status, values), ("success", [self.memory.image_list()[0], 3]))

    def test_a_script_calls_it_by_pdb_and_gets_objects(self):
        self.register(lambda n: gimpfu.gimp.Image(n, 4), [(gimpfu.PF_INT, "n", "N", 7)], [(gimpfu.PF_IMAGE, "image", "Image")])
        self.assertEqual(gimpfu.pdb.python_fu_test(9).width, 9)
        self.assertEqual(gimpfu.pdb["python-fu-test"](8, run_mode=1).width, 8)

    def test_errors_become_texts_and_pdb_raises_them(self):
        def broken():
            gimpfu.fail("Choose a layer.")

        self.register(broken)
        self.assertEqual(self.memory.run("python-fu-test", 1, []), (("error", "Choose a layer."), []))
        try:
            gimpfu.pdb.python_fu_test()
            self.fail("no error")
        except gimpfu.error as error:
            self.assertEqual(str(error), "python-fu-test: Choose a layer.")
        self.assertRaises(AttributeError, lambda: gimpfu.pdb.no_such_procedure)
        self.assertRaises(KeyError, lambda: gimpfu.pdb["no-such-procedure"])

    def test_what_nobody_foresaw_becomes_a_text_and_its_traceback_is_logged(self):
        def divide(number):
            return number // 0

        name = self.register(divide, [(gimpfu.PF_INT, "n", "N", 1)]).name
        status, _ = self.memory.run(name, 1, [3])
        self.assertEqual((status[0], status[1].split(":")[0]), ("error", "ZeroDivisionError"))
        self.assertTrue("Traceback" in self.log() and "in divide" in self.log())

    def test_cancelling_is_no_error(self):
        def cancelled():
            raise gimpfu.CancelError("x")

        self.register(cancelled)
        self.assertEqual(self.memory.run("python-fu-test", 1, []), ("cancel", []))

    def test_last_values_that_no_longer_fit_become_defaults(self):
        got = []
        params = [(gimpfu.PF_SLIDER, "s", "S", 1, (0, 5, 1)), (gimpfu.PF_OPTION, "o", "O", 0, ("A", "B", "C"))]
        self.register(lambda *values: got.append(values), params)
        self.memory.answers = [[4.0, 2]]
        self.memory.run("python-fu-test", 0, [])
        registry.clear()
        params = [(gimpfu.PF_SLIDER, "s", "S", 1, (0, 5, 1)), (gimpfu.PF_OPTION, "o", "O", 0, ("A", "B"))]
        self.register(lambda *values: got.append(values), params)
        self.memory.run("python-fu-test", 2, [])
        self.assertEqual(got, [(4.0, 2), (4.0, 0)])

    def test_the_next_gimp_s_dialog_starts_with_the_values_of_the_last(self):
        params = [(gimpfu.PF_SLIDER, "s", "S", 1, (0, 5, 1)), (gimpfu.PF_LAYER, "l", "L", None), (gimpfu.PF_STRING, "t", "T", "")]
        self.register(lambda *_values: None, params)
        self.memory.answers = [[4.0, 77, "\u00f6"]]
        self.memory.run("python-fu-test", 0, [])
        self.memory._data.clear()  # GIMP ends
        self.memory.run("python-fu-test", 0, [])
        self.assertEqual(self.memory.dialogs[-1][1], [4.0, 0, "\u00f6"])  # a layer's id means another one by then

    def test_damaged_last_values_become_defaults(self):
        got = []
        self.register(lambda n: got.append(n), [(gimpfu.PF_INT, "n", "N", 7)])
        for data in (b"\xff\xfe", b"[1, 2]", b'{"names": 3}', b'{"names": ["n"], "values": ["x"]}'):
            self.memory.set_data("python-fu-save-json--python-fu-test", data)
            self.memory.run("python-fu-test", 2, [])
        self.assertEqual(got, [7, 7, 7, 7])


class Objects(OverMemory):
    def test_images_and_layers_are_objects(self):
        image = gimpfu.gimp.Image(8, 6, gimpfu.RGB)
        layer = gimpfu.gimp.Layer(image, "paint", 8, 6, gimpfu.RGBA_IMAGE, 50.0, gimpfu.LAYER_MODE_NORMAL)
        image.add_layer(layer, 0)
        self.assertEqual((image.width, image.height, image.base_type, image.layers), (8, 6, gimpfu.RGB, [layer]))
        self.assertEqual((layer.width, layer.has_alpha, layer.is_rgb, layer.opacity, layer.bpp), (8, True, True, 50.0, 4))
        self.assertEqual((layer.image, layer.parent, image.active_layer, layer.mask), (image, None, layer, None))
        layer.name, layer.opacity = "other", 30.0
        layer.translate(3, -1)
        self.assertEqual((layer.name, layer.opacity, layer.offsets), ("other", 30.0, (3, -1)))
        mask = layer.create_mask(gimpfu.ADD_WHITE_MASK)
        layer.add_mask(mask)
        self.assertTrue(layer.mask == mask and mask.is_layer_mask and image.active_drawable == mask)
        image.remove_layer(layer)
        self.assertEqual(image.layers, [])
        gimpfu.gimp.delete(image)
        self.assertEqual(gimpfu.gimp.image_list(), [])

    def test_every_kind_of_layer_is_a_layer(self):
        image = gimpfu.gimp.Image(4, 4)
        layer = image.new_layer("layer")
        for kind in ("layer", "text", "group", "link", "vector"):
            self.memory.item(layer.ID).kind = kind
            self.assertTrue(isinstance(image.active_layer, gimpfu.gimp.Layer), kind)
        self.memory.item(layer.ID).kind = "channel"
        self.assertEqual(image.active_layer, None)

    def test_pixel_regions_read_and_write(self):
        image = gimpfu.gimp.Image(8, 6)
        layer = image.new_layer("paint", alpha=False)
        region = layer.get_pixel_rgn(2, 1, 4, 3)
        region[3, 2] = b"abc"
        self.assertEqual(region[3, 2], b"abc")
        self.assertEqual(region[2:4, 2:3], b"\0\0\0abc")
        self.assertEqual((region.bpp, region.rowstride), (3, 12))
        self.assertEqual(layer.get_pixel(3, 2), (97, 98, 99))
        layer.set_pixel(0, 0, (1, 2, 3))
        self.assertEqual(layer.get_pixel((0, 0)), (1, 2, 3))
        self.assertRaises(IndexError, lambda: region[1, 1])
        self.assertRaises(TypeError, lambda: region[2:6:2, 1])
        self.assertRaises(TypeError, region.__setitem__, (2, 1), b"ab")
        self.assertRaises(ValueError, layer.get_pixel_rgn, 0, 0, 9, 6)

    def test_parasites(self):
        image = gimpfu.gimp.Image(2, 2)
        layer = image.new_layer("paint")
        layer.parasite_attach(gimpfu.gimp.Parasite("note", gimpfu.PARASITE_PERSISTENT, b"x"))
        found = layer.parasite_find("note")
        self.assertTrue(found.data == b"x" and found.is_persistent and not found.is_undoable and found.is_type("note"))
        self.assertEqual(layer.parasite_find("other"), None)

    def test_the_selection_s_bounds_are_the_drawable_s(self):
        image = gimpfu.gimp.Image(8, 6)
        layer = image.new_layer("paint", 4, 4, 2, 1)
        self.assertEqual((layer.mask_bounds, layer.mask_intersect), ((0, 0, 4, 4), (0, 0, 4, 4)))
        gimpfu.pdb.gimp_image_select_rectangle(image, gimpfu.CHANNEL_OP_REPLACE, 0, 0, 5, 3)
        self.assertEqual((layer.mask_bounds, layer.mask_intersect), ((0, 0, 3, 2), (0, 0, 3, 2)))
        gimpfu.pdb.gimp_image_select_rectangle(image, gimpfu.CHANNEL_OP_REPLACE, 0, 0, 1, 1)
        self.assertEqual(layer.mask_intersect, None)

    def test_data_is_kept(self):
        gimpfu.gimp.set_data("key", b"\x00\x01")
        self.assertEqual(gimpfu.gimp.get_data("key"), b"\x00\x01")
        self.assertRaises(gimpfu.error, gimpfu.gimp.get_data, "other")

    def test_the_constants_are_gimp_s(self):
        self.assertEqual(
            (gimpfu.RGBA_IMAGE, gimpfu.RUN_WITH_LAST_VALS, gimpfu.LAYER_MODE_NORMAL, gimpfu.PF_OPTION), (1, 2, 28, 1013)
        )
        for name in gimpfu.__all__:
            self.assertTrue(hasattr(gimpfu, name), name)

    def test_without_a_gimp_it_says_so(self):
        backend.use(None)
        self.assertRaises(BackendError, gimpfu.gimp.Image, 2, 2)


if __name__ == "__main__":
    unittest.main()
