# -*- coding: utf-8 -*-

"""The dialog's rows follow from the catalogue, for every kind of parameter and any number of styles; so does the request."""

from __future__ import absolute_import, unicode_literals

import io
import json
import os
import struct
import unittest

from memory_gimp.png import write_png
from restyle_plugin import gimpfu_shim, menu
from restyle_plugin.compat import encode_path
from restyle_plugin.gimpfu_shim import form, pf, registry
from restyle_plugin.gimpfu_shim.model import DialogModel
from restyle_plugin.inputs import kind_of
from restyle_plugin.models import own_models
from restyle_plugin.remembered import recall
from restyle_plugin.style_pictures import note_used_picture, offered_styles
from tests.plugin.portable.declared import a_filter, a_param, an_input
from tests.plugin.portable.stage import INTERACTIVE, InAHome, Stage
from tests.plugin.portable.test_real_gimpfu import RealGimpfu

MODELS = [{"value": "starry-night", "title": "The Starry Night"}, {"value": "great-wave", "title": "The Great Wave"}]

OFFERED = dict(an_input("styles", "pictures", 1, 1), offered=True)


def learned(home, *names):
    """Put empty files where learned models lie."""
    folder = os.path.join(home, "models", "fast_style")
    os.makedirs(folder)
    for name in names:
        io.open(encode_path(os.path.join(folder, name)), "wb").close()
    return folder


def entitled(home, **titles):
    """Put models without tensors, but with titles, where learned models lie."""
    folder = learned(home)
    for name, title in titles.items():
        header = json.dumps({"__metadata__": {"title": title}}).encode("utf-8")
        with io.open(encode_path(os.path.join(folder, name + ".safetensors")), "wb") as file:
            file.write(struct.pack(str("<Q"), len(header)) + header)


def a_fast_filter():
    params = [
        a_param("model", "model", "starry-night", choices=MODELS),
        a_param("title", "text", ""),
        a_param("photos", "folder", ""),
        a_param("faces", "bool", True),
    ]
    return a_filter([an_input("selection", "mask")], params, "fast-style")


class Offers(InAHome):
    def test_the_first_style_offers_the_pictures_that_come_with_restyle_and_the_users_own(self):
        os.makedirs(os.path.join(self.home, "styles"))
        for name in ("mine.jpg", "notes.txt", ".hidden.png"):
            io.open(os.path.join(self.home, "styles", name), "wb").close()
        titles = [title for title, _ in offered_styles()]
        self.assertEqual(titles[:2], ["mine", "Night"])
        self.assertTrue(len(titles) > 20)
        self.assertTrue(all(os.path.isfile(path) for _, path in offered_styles()))

    def test_of_a_huge_folder_some_are_offered_once_a_dialog_opens(self):
        os.makedirs(os.path.join(self.home, "styles"))
        names = ["%04d.jpg" % number for number in range(0, 10000, 7)]
        for name in reversed(names):
            io.open(os.path.join(self.home, "styles", name), "wb").close()
        own = [os.path.basename(path) for _, path in offered_styles() if path.startswith(self.home)]
        self.assertEqual(own, names[:60])
        asked = kind_of(OFFERED).rows(gimpfu_shim, OFFERED, False)[0].hint["offers"]
        os.remove(os.path.join(self.home, "styles", names[0]))
        self.assertEqual(asked()[0][0], names[1][:-4])

    def test_pictures_used_last_stand_in_front_as_long_as_they_are_there(self):
        paths = [os.path.join(self.home, name) for name in ("sea.png", "gone.png")]
        io.open(paths[0], "wb").close()
        second = offered_styles()[1]
        for path in (second[1], paths[1], paths[0]):
            note_used_picture(path)
        offered = offered_styles()
        self.assertEqual(offered[:3], (("sea", paths[0]), second, offered_styles()[2]))
        self.assertEqual([title for title, _ in offered].count(second[0]), 1)
        self.assertEqual(offered[2][0], "Night")

    def test_a_picture_that_was_painted_in_is_used_last(self):
        path = os.path.join(self.home, "sea.png")
        with Stage(declared=a_filter([OFFERED])) as stage:
            write_png(path, 1, 1, 3, b"sea")
            self.assertEqual(stage.run(style_1_file=path, style_1_layer=0), "success")
        self.assertEqual(recall("recent style pictures"), [path])

    def test_a_filter_that_takes_photos_offers_none(self):
        for offered, count in ((True, 2), (False, 0)):
            item = dict(an_input("styles", "pictures", 1, 2), offered=offered)
            rows = kind_of(item).rows(gimpfu_shim, item, False)
            self.assertEqual([bool(row.hint["offers"]) for row in rows].count(True), min(count, 1))


class Heights(unittest.TestCase):
    def test_rows_are_as_high_as_they_are_where_there_is_room(self):
        self.assertEqual(form.rows_height(wanted=480, others=140, screen=768), 480)

    def test_rows_scroll_where_the_screen_is_small(self):
        height = form.rows_height(wanted=1100, others=140, screen=768)
        self.assertTrue(height + 140 < 768)

    def test_some_rows_stay_in_sight_on_the_smallest_screen(self):
        self.assertEqual(form.rows_height(wanted=1100, others=300, screen=320), 120)


class Rows(InAHome):
    def names(self, declared):
        with Stage(declared=declared) as stage:
            return [param.name for param in stage.gimp.procedures[stage.name].params][2:]

    def test_a_filter_without_styles_or_regions_asks_for_neither(self):
        names = self.names(a_filter([an_input("selection", "mask")], [a_param("strength", "bool", True)], "enhance-photo"))
        self.assertEqual(names, ["strength", "paint"])

    def test_one_style_alone_has_no_weight(self):
        declared = a_filter([an_input("styles", "pictures", 1, 1), an_input("content_regions", "regions")])
        self.assertEqual(self.names(declared), ["style-1-file", "style-1-layer", "regions-from", "paint"])

    def test_a_request_has_the_inputs_that_the_filter_declares(self):
        with Stage(declared=a_filter([an_input("styles", "pictures", 1, 1)], name="learn-a-style")) as stage:
            self.assertEqual(stage.run(), "success")
            self.assertEqual(
                stage.server.requests[0],
                ("learn-a-style", {"inputs": {"content": "image-0", "styles": [{"image": "image-1"}]}, "params": {}}),
            )

    def test_a_filter_without_styles_names_its_result_by_its_title(self):
        with Stage(declared=a_filter([], name="enhance-photo")) as stage:
            self.assertEqual(stage.run(), "success")
            self.assertEqual(stage.gimp.item_name(stage.results()[0]), "Enhance Photo")
            self.assertFalse("style's" in stage.gimp.procedures[stage.name].help)

    def test_styles_that_may_be_left_out_do_not_hold_up_the_dialog(self):
        for minimum, is_needed in ((0, False), (1, True)):
            declared = a_filter([an_input("styles", "pictures", minimum, 2, True)])
            with Stage(declared=declared) as stage:
                params = stage.gimp.procedures[stage.name].params
                self.assertEqual(form.is_needed(params, "style-1"), is_needed)
                self.assertFalse(form.is_needed(params, "style-2"))
                self.assertEqual(stage.run(style_1_layer=0) == "success", not is_needed)

    def test_models_of_the_box_come_first_and_then_the_user_s_own(self):
        learned(
            self.home, "Zebra é.safetensors", "aquarelle.safetensors", "great-wave.safetensors", ".part.safetensors", "notes.md"
        )
        with Stage(declared=a_fast_filter()) as stage:
            param = stage.gimp.procedures[stage.name].param("model")
            self.assertEqual([word for _, word in param.extra], ["starry-night", "great-wave", "aquarelle", "Zebra é"])
            self.assertTrue(param.is_open)

    def test_a_model_of_one_s_own_is_offered_by_its_title(self):
        entitled(self.home, my_style="Öl  auf\nHolz", my_style_2="Öl auf Holz", night="The Starry Night", odd=7, plain="")
        with Stage(declared=a_fast_filter()) as stage:
            offered = [(word, title) for title, word in stage.gimp.procedures[stage.name].param("model").extra[2:]]
            wanted = ["Öl auf Holz", "Öl auf Holz (my_style_2)", "The Starry Night (night)", "odd", "plain"]
            self.assertEqual(offered, list(zip(["my_style", "my_style_2", "night", "odd", "plain"], wanted)))
            stage.run(model="my_style")
            self.assertEqual(stage.server.requests[0][1]["params"]["model"], "my_style")
            self.assertEqual(stage.gimp.item_name(stage.results()[0]), "Öl auf Holz (Fast Style)")

    def test_a_damaged_model_is_offered_by_its_name(self):
        folder = learned(self.home, "empty.safetensors")
        for name, data in (("huge", b"\xff" * 9), ("list", b"\2" + b"\0" * 7 + b"[]"), ("text", b"not a model at all")):
            with io.open(os.path.join(folder, name + ".safetensors"), "wb") as file:
                file.write(data)
        with Stage(declared=a_fast_filter()) as stage:
            offered = stage.gimp.procedures[stage.name].param("model").extra[2:]
            self.assertEqual([title for title, _ in offered], ["empty", "huge", "list", "text"])

    def test_models_of_other_programs_count_where_they_are_dropped(self):
        folder = learned(self.home, "candy.t7", "mosaic.PTH", "udnie.onnx", "candy.safetensors", "notes.txt", "dora.index")
        others = ("vgg19-dcbb9e9d.pth", "LUTs.pth", "classifier.pth", "compact_encoder.safetensors", "sony_orig.index")
        for name in ("la_muse.t7", "vgg_sunset.t7") + others:
            io.open(os.path.join(os.path.dirname(folder), name), "wb").close()
        self.assertEqual(own_models(), ["candy", "dora", "la_muse", "mosaic", "udnie", "vgg_sunset"])

    def test_where_there_is_no_folder_there_are_no_own_models(self):
        self.assertEqual(own_models(), [])

    def test_a_model_has_the_thumbnail_that_lies_beside_it(self):
        folder = learned(self.home, "aquarelle.safetensors", "aquarelle.jpg", "plain.safetensors")
        with Stage(declared=a_fast_filter()) as stage:
            pictures = stage.gimp.procedures[stage.name].param("model").pictures
            self.assertEqual(pictures["aquarelle"], os.path.join(folder, "aquarelle.jpg"))
            self.assertFalse("plain" in pictures)

    def test_models_texts_and_folders_travel_as_words(self):
        learned(self.home, "aquarelle.safetensors")
        with Stage(declared=a_fast_filter()) as stage:
            stage.run(model="aquarelle", title="Öl", photos="/photos é", faces=False)
            stage.run()
            wanted = {"model": "aquarelle", "title": "Öl", "photos": "/photos é", "faces": False}
            self.assertEqual(stage.server.requests[0][1]["params"], wanted)
            wanted = {"model": "starry-night", "title": "", "photos": "", "faces": True}
            self.assertEqual(stage.server.requests[1][1]["params"], wanted)

    def test_a_script_may_name_a_model_that_was_learned_since_gimp_started(self):
        with Stage(declared=a_fast_filter()) as stage:
            self.assertEqual(stage.run(model="new one"), "success")
            self.assertEqual(stage.server.requests[0][1]["params"]["model"], "new one")

    def test_a_remembered_model_that_is_gone_becomes_the_default(self):
        with Stage(declared=a_fast_filter()) as stage:
            stage.gimp.answers = [stage.values(model="gone"), lambda values: values]
            for _ in range(2):
                stage.gimp.run(stage.name, INTERACTIVE, [stage.image, stage.layer])
            self.assertEqual(stage.gimp.dialogs[1][1][2], "starry-night")

    def test_choices_have_their_words_as_names(self):
        values = [{"value": "style_colors", "title": "The photo in the style's colours"}, {"value": "noise", "title": "Noise"}]
        with Stage(declared=a_filter([], [a_param("init", "choice", "noise", choices=values)])) as stage:
            self.assertEqual(stage.gimp.procedures[stage.name].param("init").values, ("style_colors", "noise"))

    def test_the_real_gimpfu_takes_every_kind_of_row(self):
        learned(self.home, "größe.safetensors")
        gimpfu = RealGimpfu()
        declared = a_fast_filter()
        menu.register_filters(gimpfu, {"version": "0", "filters": [declared]})
        params, _ = gimpfu.procedures["python-fu-restyle-fast-style"]
        kinds = {param[1]: param[0] for param in params}
        self.assertEqual((kinds["model"], kinds["title"], kinds["photos"]), (pf.PF_RADIO, pf.PF_STRING, pf.PF_DIRNAME))
        self.assertTrue(
            all(isinstance(text, str) for param in params if param[1] == "model" for pair in param[4] for text in pair)
        )
        self.assertEqual(gimpfu_shim.PF_RADIO, pf.PF_RADIO)


class WhatMatters(InAHome):
    def test_an_amount_of_what_is_not_chosen_is_idle_and_so_is_mixing_one_style(self):
        share = a_param("share", "float", 50.0, minimum=0.0, maximum=100.0, step=1.0, matters_with="second")
        second = a_param("second", "model", "", choices=[{"value": "", "title": "None"}] + MODELS)
        mixing = a_param("mixing", "choice", "blend", choices=[{"value": "blend", "title": "Blend"}])
        with Stage(declared=a_filter([an_input("styles", "pictures", 1, 2)], [second, share, mixing])):
            procedure = registry.procedures()[0]
            model = DialogModel(procedure, procedure.defaults())
            idle = lambda: [param.name for param in procedure.params if not form.matters(param, model)]  # noqa: E731
            self.assertEqual(idle(), ["share", "mixing"])
            model.change("second", "great-wave")
            model.change("style-2-file", "/two.png")
            self.assertEqual(idle(), [])

    def test_is_asked_of_parameters_that_every_filter_has(self):
        with Stage():
            for procedure in registry.procedures():
                names = [param.name for param in procedure.params]
                strangers = [name for param in procedure.params for name in param.matters_with if name not in names]
                self.assertEqual((procedure.name, strangers), (procedure.name, []))
