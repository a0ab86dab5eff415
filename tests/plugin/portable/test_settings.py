# -*- coding: utf-8 -*-

"""Settings… and Doctor…: what is chosen is kept, said and used; nothing is changed where it cannot be."""

from __future__ import absolute_import, unicode_literals

import io
import os
import sys
import unittest

from restyle_plugin import caches, doctor, launch, preferences, remote
from restyle_plugin.care import DOCTOR, SETTINGS
from restyle_plugin.compat import decode_path
from restyle_plugin.errors import PluginError
from restyle_plugin.preferences import Preferences
from restyle_plugin.style_pictures import offered_styles
from tests.plugin.portable.stage import INTERACTIVE, NONINTERACTIVE, Stage
from tests.plugin.portable.test_remote import Home

_LINE = "restyle:gpu.example:7860:%s:%s" % ("ab" * 32, "t" * 43)
_OTHER = _LINE.replace("gpu", "other")


class TheSettings(Home):
    def setUp(self):
        Home.setUp(self)
        self.left, self.kept = [], (launch.let_go, remote.server_of)
        launch.let_go = lambda: self.left.append(1)
        remote.server_of = self.server_of
        self.reason = None

    def tearDown(self):
        launch.let_go, remote.server_of = self.kept
        Home.tearDown(self)

    def server_of(self, invitation):
        if self.reason:
            raise PluginError("x", self.reason)
        return None, {"device": "cuda:0"}

    def settle(self, **changes):
        """Change rows in the dialog and press OK; return (status, the rows' labels by name, the values that it began with)."""
        seen = {}

        def answer(values):
            names = [param.name for param in stage.gimp.dialogs[-1][0].params]
            seen.update(zip(names, values))
            return [changes.get(name, value) for name, value in zip(names, values)]

        with Stage() as stage:
            stage.gimp.answers = [answer]
            status = stage.gimp.run(SETTINGS, INTERACTIVE, [])[0]
            self.messages = stage.gimp.messages
            return status, {param.name: param for param in stage.gimp.dialogs[-1][0].params}, seen

    def test_the_dialog_shows_what_is_settled(self):
        preferences.keep(Preferences("cpu", 12.0, "/pictures"))
        status, rows, start = self.settle()
        self.assertEqual(status, "success")
        self.assertEqual((start["device"], start["memory"], start["styles"], start["caches"]), (1, 12, "/pictures", False))
        self.assertEqual((rows["place"].extra, start["place"]), (("This computer",), 0))
        self.assertEqual((self.left, self.messages), ([], []))
        self.assertEqual(preferences.read(), Preferences("cpu", 12.0, "/pictures"))

    def test_a_painting_in_the_making_can_be_hidden(self):
        self.assertTrue(preferences.read().grows)
        __, __, start = self.settle(grows=False)
        self.assertEqual((start["grows"], preferences.read().grows, self.left), (True, False, []))
        self.assertEqual(self.settle()[2]["grows"], False)

    def test_device_and_memory_are_kept_and_a_server_begins_anew_with_them(self):
        self.settle(device=2, memory=8, styles="/my styles")
        self.assertEqual(preferences.read(), Preferences("cuda", 8.0, "/my styles"))
        self.assertEqual(self.left, [1])

    def test_a_line_chooses_a_server_and_this_computer_can_be_chosen_again(self):
        self.assertEqual(self.settle(line="  " + _LINE + "\n")[0], "success")
        self.assertEqual(remote.chosen().line, _LINE)
        self.assertEqual(self.messages, ["The server gpu.example:7860 computes from now on, on cuda:0."])
        _, rows, start = self.settle(line=_OTHER)
        self.assertEqual((rows["place"].extra, start["place"]), (("This computer", "The server gpu.example:7860"), 1))
        # The token is shown to nobody.
        self.assertEqual(start["line"], "")
        self.assertEqual(remote.chosen().line, _OTHER)
        self.settle()
        self.assertEqual(remote.chosen().line, _OTHER)
        self.settle(place=0)
        self.assertIsNone(remote.chosen())
        self.assertEqual(self.messages, ["This computer computes again."])

    def test_a_server_that_cannot_be_used_is_not_chosen(self):
        self.reason = "its certificate is another one"
        status = self.settle(line=_LINE, device=1)[0]
        self.assertIn("gpu.example:7860 cannot be used (its certificate is another one), so nothing was changed", status[1])
        self.assertIsNone(remote.chosen())
        self.assertEqual(preferences.read().device, "auto")
        self.assertIn("not the line of a server", self.settle(line="gpu.example")[0][1])

    def test_caches_are_measured_and_cleared_and_nothing_else_is(self):
        for name in ("cache/inductor/deep/kernel.so", "cache/one.bin", "models/mine.safetensors"):
            path = os.path.join(self.folder, *name.split("/"))
            if not os.path.isdir(os.path.dirname(path)):
                os.makedirs(os.path.dirname(path))
            with io.open(path, "wb") as file:
                file.write(bytes(bytearray(1500000)))
        _, rows, _ = self.settle()
        self.assertEqual(rows["caches"].label, "Clear caches (3 MB)")
        self.settle(caches=True)
        self.assertEqual(self.messages, ["3 MB of caches are cleared."])
        self.assertEqual((caches.size_bytes(), os.listdir(os.path.join(self.folder, "models"))), (0, ["mine.safetensors"]))

    def test_without_a_person_nothing_is_asked_or_changed(self):
        with Stage() as stage:
            self.assertEqual(stage.gimp.run(SETTINGS, NONINTERACTIVE, [])[0], "success")
            self.assertEqual(stage.gimp.dialogs, [])
        self.assertEqual(os.listdir(self.folder), [])

    def test_cancel_changes_nothing(self):
        with Stage() as stage:
            stage.gimp.answers = [None]
            self.assertEqual(stage.gimp.run(SETTINGS, INTERACTIVE, [])[0], "cancel")
        self.assertEqual(os.listdir(self.folder), [])

    def test_damaged_preferences_are_as_without(self):
        for text in ("", "{", "[]", '{"device": "abacus", "memory_gb": true, "styles": 3}', '{"memory_gb": -1}'):
            with io.open(os.path.join(self.folder, "preferences.json"), "w") as file:
                file.write(text)
            self.assertEqual(preferences.read(), Preferences("auto", 0.0, ""))

    def test_pictures_of_the_folder_are_offered_as_styles(self):
        folder = os.path.join(self.folder, "mine")
        os.mkdir(folder)
        io.open(os.path.join(folder, "wave.png"), "wb").close()
        self.assertNotIn("wave", [title for title, _ in offered_styles()])
        preferences.keep(Preferences("auto", 0.0, folder))
        self.assertEqual(offered_styles()[0], ("wave", os.path.join(folder, "wave.png")))


_INSTALLER = """
import os, sys
print("FAIL  weights: damaged")
print("home " + os.environ["RESTYLE_HOME"] + " in " + sys.stdout.encoding)
with open(sys.argv[sys.argv.index("--report") + 1], "w") as file:
    file.write("the log's end")
sys.exit(1)
"""


class TheDoctor(Home):
    def setUp(self):
        Home.setUp(self)
        self.kept = doctor.settings, launch.python
        self.settings = {}
        doctor.settings, launch.python = lambda: self.settings, lambda: decode_path(sys.executable)

    def tearDown(self):
        doctor.settings, launch.python = self.kept
        Home.tearDown(self)

    def test_what_the_installers_doctor_finds_is_shown_with_its_report(self):
        installer = os.path.join(self.folder, "installer")
        os.mkdir(installer)
        with io.open(os.path.join(installer, "__main__.py"), "w") as file:
            file.write(_INSTALLER)
        self.settings = {"installer": installer}
        with Stage() as stage:
            self.assertEqual(stage.gimp.run(DOCTOR, INTERACTIVE, [])[0], "success")
            ((title, text),) = stage.gimp.texts
        self.assertEqual(title, "Restyle's doctor")
        self.assertIn("FAIL  weights: damaged", text)
        self.assertIn("home " + self.folder + " in utf-8", text)
        self.assertTrue(text.endswith("the log's end"), text)

    def test_without_the_installer_the_core_tells_what_it_knows(self):
        package = os.path.join(self.folder, "restyle")
        os.mkdir(package)
        io.open(os.path.join(package, "__init__.py"), "w").close()
        with io.open(os.path.join(package, "__main__.py"), "w") as file:
            file.write('import sys; print(" ".join(sys.argv[1:]) + " by the core")')
        self.settings = {"installer": os.path.join(self.folder, "gone")}
        cleaned = launch.clean_environment
        launch.clean_environment = lambda environment: dict(cleaned(environment), PYTHONPATH=str(self.folder))
        try:
            self.assertEqual(doctor.report(), "doctor by the core")
        finally:
            launch.clean_environment = cleaned

    def test_without_a_python_it_says_what_to_do(self):
        launch.python = lambda: None
        with Stage() as stage:
            self.assertIn("install Restyle again", stage.gimp.run(DOCTOR, INTERACTIVE, [])[0][1])
            self.assertEqual(stage.gimp.texts, [])

    def test_without_a_person_nothing_is_looked_for(self):
        with Stage() as stage:
            self.assertEqual(stage.gimp.run(DOCTOR, NONINTERACTIVE, [])[0], "success")
            self.assertEqual(stage.gimp.texts, [])


if __name__ == "__main__":
    unittest.main()
