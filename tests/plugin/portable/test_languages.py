# -*- coding: utf-8 -*-

"""The plug-in in another language: which one, what is translated, and nothing lost by a damaged catalogue."""

from __future__ import absolute_import, unicode_literals

import io
import os
import shutil
import tempfile
import unittest

from restyle_plugin import gimpfu_shim, languages, menu
from restyle_plugin.compat import to_text
from restyle_plugin.gimpfu_shim import registry
from restyle_plugin.gimpfu_shim.form import title_of

_DOMAIN = (languages.DOMAIN, languages.FOLDER)
_TEXT = "The picture whose style is taken."


class TheLanguage(unittest.TestCase):
    def test_is_what_gimp_was_told_then_the_system_s(self):
        self.assertEqual(languages.wanted({"LANG": "en_US.UTF-8", "LANGUAGE": "de"}), ["de"])
        self.assertEqual(languages.wanted({"LANG": "de_AT.UTF-8"}), ["de_AT", "de"])
        self.assertEqual(languages.wanted({"LANG": "de_DE.UTF-8", "LC_ALL": "fr_FR"}), ["fr_FR", "fr"])
        self.assertEqual(languages.wanted({"LANG": "de", "LANGUAGE": "es_MX:fr"}), ["es_MX", "es", "fr"])

    def test_is_english_where_the_c_library_has_none(self):
        for place in ("C", "POSIX", ""):
            self.assertEqual(languages.wanted({"LANG": place, "LANGUAGE": "de"}), [])
        self.assertEqual(languages.wanted({"LANG": "C.UTF-8"}), [])
        self.assertEqual(languages.wanted({"LANG": "C.UTF-8", "LANGUAGE": "de"}), ["de"])

    def test_stays_english_for_whoever_prefers_it(self):
        self.assertEqual(languages.wanted({"LANG": "de_DE", "LANGUAGE": "en_GB:de"}), [])

    def test_is_simplified_chinese_by_its_other_names(self):
        for name in ("zh_CN.UTF-8", "zh_SG", "zh_Hans_CN", "zh-Hans-SG"):
            self.assertIn("zh_CN", languages.wanted({"LANG": name}))
        self.assertNotIn("zh_CN", languages.wanted({"LANG": "zh_TW"}))


class ACatalogue(unittest.TestCase):
    def setUp(self):
        self.folder = to_text(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.path = os.path.join(self.folder, "de", "LC_MESSAGES", "restyle.mo")
        os.makedirs(os.path.dirname(self.path))
        with io.open(os.path.join(languages.FOLDER, "de", "LC_MESSAGES", "restyle.mo"), "rb") as file:
            self.whole = file.read()

    def read(self, data):
        with io.open(self.path, "wb") as file:
            file.write(data)
        return languages.catalogue((languages.DOMAIN, self.folder), ["de"])

    def test_of_the_next_language_serves_where_there_is_none(self):
        self.assertIsNotNone(languages.catalogue(_DOMAIN, ["tlh", "de"]))
        self.assertIsNone(languages.catalogue(_DOMAIN, ["tlh"]))

    def test_that_is_damaged_is_none(self):
        self.assertIsNotNone(self.read(self.whole))
        for size in (0, 3, 20, 100, len(self.whole) // 2):
            self.assertIsNone(self.read(self.whole[:size]), size)
        self.assertIsNone(self.read(b"no catalogue" * 100))
        self.assertIsNone(self.read(self.whole[:4] + b"\xff" * (len(self.whole) - 4)))


class InGerman(unittest.TestCase):
    def setUp(self):
        self.known, languages._known = languages._known, lambda domain: languages.catalogue(domain, ["de"])
        registry.clear()

    def tearDown(self):
        languages._known = self.known
        registry.clear()

    def test_texts_are_translated_and_nothing_is_made_of_none(self):
        self.assertNotEqual(languages._(_TEXT), _TEXT)
        self.assertEqual(languages._("a text that nobody has seen"), "a text that nobody has seen")
        self.assertEqual(languages._(""), "")
        self.assertEqual(languages.N_(_TEXT), _TEXT)

    def test_numbers_have_their_forms(self):
        one, many = "%d of them was there already.", "%d of them were there already."
        said = [languages.ngettext(one, many, number) for number in (1, 2)]
        self.assertEqual(len(set(said + [one, many])), 4)

    def test_a_dialog_shows_no_english_and_keeps_the_words_that_travel(self):
        english = self._with(lambda domain: None, menu.catalogue)
        for before, after in zip(english["filters"], menu.catalogue()["filters"]):
            self.assertEqual((before["id"], before["menu_label"]), (after["id"], after["menu_label"]))
            for one, other in zip(before["params"], after["params"]):
                self.assertNotEqual(one["description"], other["description"])
                self.assertEqual((one["name"], one["default"]), (other["name"], other["default"]))
                words = [[choice["value"] for choice in each.get("choices", ())] for each in (one, other)]
                self.assertEqual(words[0], words[1])

    def test_the_menu_is_translated_by_gimp_and_the_dialog_s_title_here(self):
        menu.register_filters(gimpfu_shim, menu.catalogue())
        known = registry.procedure(menu.EDIT)
        self.assertEqual(known.label, "Edit Restyled Layer…")
        self.assertEqual(tuple(known.domain), _DOMAIN)
        self.assertEqual(title_of(known), known.said(known.label).rstrip("…"))
        self.assertNotEqual(known.said(known.label), known.label)

    def _with(self, known, function):
        mine, languages._known = languages._known, known
        try:
            return function()
        finally:
            languages._known = mine
