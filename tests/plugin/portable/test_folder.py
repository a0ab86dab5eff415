# -*- coding: utf-8 -*-

"""Restyle a Folder: what there is to choose from, how it is told how far the work is, and what it says at the end."""

from __future__ import absolute_import, unicode_literals

import io
import json
import os
import sys

from restyle_plugin import folder
from restyle_plugin.compat import encode_path, to_text
from restyle_plugin.folder import FOLDER
from restyle_plugin.gimpfu_shim import registry
from tests.plugin.portable.declared import a_filter, a_param, an_input
from tests.plugin.portable.stage import INTERACTIVE, NONINTERACTIVE, InAHome, Stage

# Stands for Restyle's Python: it tells what it was asked, and does what the names of the pictures say.
PROGRAM = """#!%s
# -*- coding: utf-8 -*-
import json, os, sys
words = sys.argv[1:]
# Paths are UTF-8, also where this Python takes them for ASCII (3.6 without a locale).
told = [word if isinstance(word, bytes) else os.fsencode(word).decode("utf-8") for word in words]
folder, request = words[words.index("--request") + 2], words[words.index("--request") + 1]
with open(os.path.join(os.environ["RESTYLE_HOME"], "asked.json"), "w") as file:
    json.dump([told, json.load(open(request))], file)
names = sorted(os.listdir(folder))
if not names:
    print(json.dumps({"problem": {"code": "invalid-input", "detail": "There is no picture in it."}}))
    sys.exit(1)
for number, name in enumerate(names, 1):
    if name.startswith("held"):
        sys.stdin.read()
        open(os.path.join(os.environ["RESTYLE_HOME"], "stopped"), "w").close()
        sys.exit(130)
    state = "failed" if name.startswith("bad") else "as before" if name.startswith("old") else "done"
    reason = "It is bad." if state == "failed" else ""
    print(json.dumps({"ended": number, "of": len(names), "left_s": 200.0 if number < len(names) else None,
                      "source": os.path.join(folder, name), "state": state, "reason": reason}))
    sys.stdout.flush()
sys.exit(any(name.startswith("bad") for name in names))
"""
NEEDED = an_input("styles", "pictures", 1, 2, weighted=True)


class OnAFolder(InAHome):
    def setUp(self):
        InAHome.setUp(self)
        program = os.path.join(self.home, "python")
        with io.open(program, "w", encoding="utf-8") as file:
            file.write(to_text(PROGRAM % sys.executable))
        os.chmod(program, 0o700)
        before = os.environ.get("RESTYLE_PYTHON")
        os.environ[str("RESTYLE_PYTHON")] = str(program)
        self.addCleanup(
            lambda: os.environ.update({str("RESTYLE_PYTHON"): before}) if before else os.environ.pop("RESTYLE_PYTHON")
        )
        self.photos = os.path.join(self.home, "Fotos für Ömi")
        os.mkdir(encode_path(self.photos))
        self.stage = Stage(
            declared=a_filter([], [a_param("strength", "float", 50.0, minimum=0.0, maximum=100.0, step=1.0)], "plain")
        )
        self.stage.__enter__()
        self.addCleanup(self.stage.__exit__)

    def put(self, *names):
        for name in names:
            io.open(encode_path(os.path.join(self.photos, name)), "w").close()

    def run_it(self, look="filter:plain", output="", file="", again=0):
        gimp = self.stage.gimp
        values = [self.photos, output, look, file, again]
        return gimp.run(FOLDER, NONINTERACTIVE, values)[0]

    def asked(self):
        with io.open(os.path.join(self.home, "asked.json"), encoding="utf-8") as file:
            return json.load(file)


class WhatThereIs(OnAFolder):
    def words(self, *inputs):
        declared = a_filter(list(inputs), [a_param("strength", "float", 50.0, minimum=0.0, maximum=100.0, step=1.0)], "plain")
        return [word for _, word in folder.looks({"version": "0", "filters": [declared]})]

    def test_are_filters_that_need_no_more_than_a_photo(self):
        self.assertEqual(self.words(), ["filter:plain"])
        self.assertEqual(self.words(NEEDED), [])

    def test_are_presets_and_what_was_used_last(self):
        presets = registry.procedures()[0].presets(self.stage.gimp)
        presets.save("At night", {"paint": 0, "strength": 80.0})
        presets.used({"paint": 0, "strength": 20.0})
        self.assertEqual(self.words(NEEDED), ["last:plain", "preset:plain:At night"])
        self.put("a.png")
        self.assertEqual(self.run_it("last:plain"), "success", self.stage.gimp.errors)
        self.assertEqual(self.asked()[1]["params"], {"strength": 20.0})
        self.assertEqual(self.run_it("preset:plain:At night"), "success", self.stage.gimp.errors)
        self.assertEqual(self.asked()[1]["params"], {"strength": 80.0})


class TheWork(OnAFolder):
    def test_is_shown_and_told_in_one_message(self):
        self.put("a.png", "bad.png", "old.png", "z.png")
        self.assertEqual(self.run_it(), "success", self.stage.gimp.errors)
        output = os.path.join(self.photos, "restyled")
        (message,) = self.stage.gimp.messages
        self.assertEqual(
            message.splitlines(), ["3 of 4 pictures are in %s. 1 of them was there already." % output, "bad.png: It is bad."]
        )
        self.assertIn("1 of 4: a.png, about 3 min left", self.stage.gimp.progress)
        self.assertEqual(self.stage.gimp.fractions[-1], 1.0)
        words = self.asked()[0]
        self.assertEqual(words[:3], ["-m", "restyle", "batch"])
        self.assertEqual(words[words.index("-o") + 1], output)
        self.assertNotIn("--again", words)

    def test_takes_a_file_before_all_else(self):
        self.put("a.png")
        look = os.path.join(self.home, "look.json")
        with io.open(look, "w", encoding="utf-8") as file:
            file.write(to_text(json.dumps({"filter": "other"})))
        self.assertEqual(self.run_it(file=look, output=self.home, again=1), "success", self.stage.gimp.errors)
        words, request = self.asked()
        self.assertEqual((request, words[words.index("-o") + 1], "--again" in words), ({"filter": "other"}, self.home, True))

    def test_that_cannot_begin_says_why(self):
        self.assertEqual(self.run_it()[1], "There is no picture in it.")
        self.assertIn("Choose the settings", self.run_it("filter:none")[1])
        self.assertIn("no preset Gone", self.run_it("preset:plain:Gone")[1])
        self.photos = ""
        self.assertIn("Choose the folder", self.run_it()[1])
        self.assertEqual(self.stage.gimp.messages, [])

    def test_ends_with_whoever_asked_for_it(self):
        from restyle_plugin.gimpfu_shim.errors import Cancelled

        def cancel(text):
            if text.startswith("1 of 2"):
                raise Cancelled()

        self.put("a.png", "held.png")
        self.stage.gimp.on_progress = cancel
        self.assertEqual(self.run_it(), "cancel")
        self.assertTrue(os.path.exists(os.path.join(self.home, "stopped")))

    def test_is_asked_for_without_an_image(self):
        self.put("a.png")
        self.stage.gimp.answers = [lambda values: [self.photos] + values[1:]]
        self.assertEqual(self.stage.gimp.run(FOLDER, INTERACTIVE, [])[0], "success", self.stage.gimp.errors)
        self.assertEqual(self.asked()[1], {"filter": "plain"})
