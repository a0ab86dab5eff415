# -*- coding: utf-8 -*-

"""A person's styles in the gallery: favourites and those used last in front, own ones renamed and deleted."""

from __future__ import absolute_import, unicode_literals

import io
import json
import os
import struct

from restyle_plugin.collection import Collection, arranged, note_used
from restyle_plugin.gimpfu_shim.collection_choice import DELETE, SURE, CollectionChoice
from restyle_plugin.models import own_models, title_of
from tests.plugin.portable.declared import a_filter, a_param
from tests.plugin.portable.stage import InAHome, Stage

CHOICES = (("Night", "night"), ("Wave", "wave"), ("Candy", "candy"), ("Glass", "glass"))
TENSORS = b"\x01\x02\x03\x04" * 7
STYLE = a_param("style", "model", "night", choices=[{"title": "Night", "value": "night"}, {"title": "Wave", "value": "wave"}])


class TheCollection(InAHome):
    def setUp(self):
        InAHome.setUp(self)
        self.folder = os.path.join(self.home, "models", "fast_style")
        os.makedirs(self.folder)
        self.learned("sunset", "Sunset")
        self.collection = Collection()

    def learned(self, name, title):
        entry = {"dtype": "U8", "shape": [len(TENSORS)], "data_offsets": [0, len(TENSORS)]}
        header = json.dumps({"__metadata__": {"title": title, "kept": "yes"}, "weight": entry}).encode("utf-8")
        with io.open(os.path.join(self.folder, name + ".safetensors"), "wb") as file:
            file.write(struct.pack(str("<Q"), len(header)) + header + TENSORS)
        io.open(os.path.join(self.folder, name + ".jpg"), "wb").close()

    def contents(self, name):
        with io.open(os.path.join(self.folder, name + ".safetensors"), "rb") as file:
            (length,) = struct.unpack(str("<Q"), file.read(8))
            return length, json.loads(file.read(length).decode("utf-8")), file.read()

    def test_puts_favourites_in_front_then_what_was_used_last(self):
        note_used("glass")
        note_used("wave")
        self.collection.favour("candy", True)
        self.assertEqual([word for _, word in arranged(CHOICES, "night")], ["candy", "wave", "glass", "night"])
        self.collection.favour("candy", False)
        self.assertEqual([word for _, word in arranged(CHOICES, "night")], ["wave", "glass", "night", "candy"])

    def test_puts_what_is_chosen_at_first_in_front_of_what_was_never_used(self):
        note_used("wave")
        self.assertEqual([word for _, word in arranged(CHOICES, "glass")], ["wave", "glass", "night", "candy"])

    def test_notes_what_is_painted(self):
        with Stage(declared=a_filter([], [STYLE], "fast-style")) as stage:
            self.assertEqual(stage.run(style="wave"), "success")
        self.assertEqual(arranged(CHOICES, "night")[0], ("Wave", "wave"))

    def test_renames_an_own_style_and_leaves_all_else_in_its_file(self):
        self.assertEqual(self.collection.rename("sunset", "  Evening \n at sea "), "Evening at sea")
        self.assertEqual(title_of("sunset"), "Evening at sea")
        length, header, tensors = self.contents("sunset")
        self.assertEqual((length % 8, header["__metadata__"]["kept"], tensors), (0, "yes", TENSORS))
        self.assertEqual(sorted(os.listdir(self.folder)), ["sunset.jpg", "sunset.safetensors"])

    def test_says_why_a_style_cannot_be_renamed(self):
        choice = CollectionChoice(self.collection, {})
        choice.choose("sunset")
        self.assertEqual(choice.rename("  "), "Give the style a name.")
        io.open(os.path.join(self.folder, "candy.t7"), "wb").close()
        choice.choose("candy")
        self.assertTrue("cannot be renamed" in choice.rename("Sweets"))

    def test_deletes_an_own_style_at_the_second_click_with_all_that_is_its(self):
        note_used("sunset")
        choice = CollectionChoice(self.collection, {"sunset": "Sunset"})
        choice.choose("sunset")
        self.assertEqual((choice.is_own, choice.delete_label), (True, DELETE))
        self.assertEqual((choice.delete(), choice.delete_label), ((False, ""), SURE))
        choice.choose("sunset")  # somebody looked at another one in between
        self.assertEqual((choice.delete_label, choice.delete()), (DELETE, (False, "")))
        self.assertEqual(choice.delete(), (True, ""))
        self.assertEqual((own_models(), os.listdir(self.folder)), ([], []))

    def test_leaves_those_in_the_box_alone(self):
        choice = CollectionChoice(self.collection, {word: title for title, word in CHOICES})
        choice.choose("night")
        self.assertEqual((choice.is_own, choice.title, choice.is_favourite), (False, "Night", False))
