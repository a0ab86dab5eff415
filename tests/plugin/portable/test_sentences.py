# -*- coding: utf-8 -*-

"""What a server says in the person's language, whatever it sends."""

from __future__ import absolute_import, unicode_literals

import unittest

from restyle_plugin import languages, sentences
from restyle_plugin.errors import told_by_server
from restyle_plugin.startup_log import StartupLog
from tests.plugin.portable.stage import InAHome

_STEP = {"template": "Painting at {px} px, step {step} of {of}", "values": {"px": 512, "step": 3, "of": 60}}
_FOLDER = {
    "template": "Restyle's folder {path} cannot be used ({reason}); make room or take it over, or set RESTYLE_HOME to another.",
    "values": {"path": "/a {reason}", "reason": {"template": "No space left on device", "values": {}}},
}


class InGerman(object):
    def setUp(self):
        self.known, languages._known = languages._known, lambda domain: languages.catalogue(domain, ["de"])

    def tearDown(self):
        languages._known = self.known


class ASentence(InGerman, unittest.TestCase):
    def test_is_translated_and_filled_in(self):
        found = sentences.translated("Painting at 512 px, step 3 of 60", _STEP)
        self.assertEqual(found, "Malen bei 512 px, Schritt 3 von 60")

    def test_has_its_reason_translated_and_a_path_as_it_is(self):
        found = sentences.translated("English", _FOLDER)
        self.assertIn("/a {reason}", found)
        self.assertIn("Kein Platz", found)
        self.assertNotIn("No space", found)

    def test_that_is_no_template_s_is_looked_up_as_it_is(self):
        self.assertEqual(sentences.translated("Finding regions", None), "Regionen werden gesucht")
        self.assertEqual(sentences.translated("Something new", None), "Something new")

    def test_numbers_are_short(self):
        for number, told in ((1.5, "1.5"), (3000000, "3000000"), (0.25, "0.25")):
            self.assertEqual(sentences.translated("", {"template": "<{n}>", "values": {"n": number}}), "<%s>" % told)


class WhatDoesNotFit(InGerman, unittest.TestCase):
    def test_is_shown_in_english(self):
        deep = {"template": "x", "values": {}}
        for _ in range(50):
            deep = {"template": "{x}", "values": {"x": deep}}
        for said in (
            deep,
            dict(_STEP, values={"px": 512}),
            dict(_STEP, values={"px": 512, "step": None, "of": []}),
            dict(_STEP, values=["px"]),
            dict(_STEP, template=None),
            dict(_STEP, template=7),
            {"values": {}},
            ["template"],
            "template",
            7,
            {"template": ["a"], "values": {}},
        ):
            self.assertEqual(sentences.translated("English", said), "English", said)

    def test_is_never_evaluated(self):
        for template in ("{0.__class__}", "{px.__class__.__init__}", "{px!r}", "{px:>999999999}", "%(px)s %s %n", "{}", "{{px}"):
            found = sentences.translated("English", {"template": template, "values": {"px": 5}})
            self.assertEqual(found, template.replace("{px}", "5"))


class AJob(InGerman, unittest.TestCase):
    def test_of_an_older_server_has_its_own_words(self):
        job = {"message": "Painting at 512 px, step 3 of 60", "notes": ["One.", "Finding regions"]}
        self.assertEqual(sentences.message_of(job), job["message"])
        self.assertEqual(sentences.notes_of(job), ["One.", "Regionen werden gesucht"])

    def test_has_notes_and_a_message_by_their_templates(self):
        job = {"message": "…", "message_said": _STEP, "notes": ["One.", "Two."], "notes_said": [None, _STEP]}
        self.assertEqual(sentences.message_of(job), "Malen bei 512 px, Schritt 3 von 60")
        self.assertEqual(sentences.notes_of(job), ["One.", "Malen bei 512 px, Schritt 3 von 60"])

    def test_has_a_problem_by_its_template(self):
        error = told_by_server({"code": "home-unusable", "detail": "English", "said": _FOLDER})
        self.assertEqual(error.code, "home-unusable")
        self.assertIn("Kein Platz", error.text)
        lost = told_by_server({}, "failed", "Nothing was said.")
        self.assertEqual((lost.code, lost.text), ("failed", "Nothing was said."))


class AStart(InGerman, InAHome):
    def setUp(self):
        InAHome.setUp(self)
        InGerman.setUp(self)

    def tearDown(self):
        InGerman.tearDown(self)
        InAHome.tearDown(self)

    def said(self, text):
        log = StartupLog(self.home)
        log.reserve()
        with open(log.path, "r+b") as file:
            file.write(text.encode("utf-8"))
        return log.last_words()

    def test_that_failed_says_so_in_the_line_before_the_last(self):
        template = '{"template": "No space left on device", "values": {}}\n'
        self.assertEqual(self.said("Odd\n" + template + "English\n"), languages._("No space left on device"))

    def test_that_only_python_tells_of_is_in_its_words(self):
        for text in ("Odd\nEnglish\n", "English\n", "null\nEnglish\n", "7\nEnglish\n"):
            self.assertEqual(self.said(text), "English")
        self.assertEqual(self.said(""), "")
