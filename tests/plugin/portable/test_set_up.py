# -*- coding: utf-8 -*-

"""Setting Restyle up from a dialog: offered where the plug-in came as a ZIP, with progress, ended, tried again."""

from __future__ import absolute_import, unicode_literals

import hashlib
import io
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
import zipfile
from contextlib import closing

from restyle_plugin import bootstrap
from restyle_plugin.compat import urlopen
from restyle_plugin.errors import PluginError
from restyle_plugin.gimpfu_shim.offer import NOTHING
from restyle_plugin.set_up import SetUp
from tests.plugin.portable.stage import InAHome

PATIENCE_S = 60
HINT = "Set up Restyle to go on."
# What stands in for the installer: says what it says, or waits until it is ended.
TELLS = """import json, sys
print(json.dumps({"sentence": "Downloading torch (184 MB)", "share": 0.5}))
print("a line of pip")
with open(sys.argv[sys.argv.index("--settings") + 1], "w") as file:
    json.dump({"python": sys.executable, "version": "1"}, file)
"""
WAITS = """import json, sys, time
print(json.dumps({"sentence": "Downloading", "share": 0.1}))
sys.stdout.flush()
time.sleep(600)
"""
ENCODES = """import json, sys
print(json.dumps({"problem": sys.stdout.encoding}))
sys.exit(1)
"""
FAILS = """import json, sys
print(json.dumps({"problem": "There is no room."}))
sys.exit(1)
"""


class Work(object):
    """A set-up that does what the test says."""

    def __init__(self):
        self.go, self.state, self.error, self.was_left = threading.Event(), bootstrap.MISSING, None, False

    def __call__(self, tell, is_left):
        tell("Downloading torch", 0.25)
        while not self.go.wait(0.005):
            if is_left():
                self.was_left = True
                return
        if self.error:
            raise self.error
        self.state = bootstrap.CURRENT


def until(question):
    limit = time.time() + PATIENCE_S
    while not question():
        assert time.time() < limit
        time.sleep(0.005)


class AnOfferToSetUp(InAHome):
    def setUp(self):
        InAHome.setUp(self)
        self.work = Work()
        self.set_up = SetUp("1", self.work, lambda: True, lambda version: self.work.state)

    def tearDown(self):
        self.set_up.close()
        InAHome.tearDown(self)

    def test_says_what_it_costs_and_where_it_goes(self):
        offer = self.set_up.look()
        self.assertEqual((offer.button, offer.share, offer.hint), ("Set up Restyle", None, HINT))
        for words in ("0.4 GB to download", "1.5 GB", "minutes", self.home):
            self.assertTrue(words in offer.sentence, offer.sentence)

    def test_is_not_made_to_whoever_came_by_the_installer_nor_where_all_is_there(self):
        self.assertEqual(SetUp("1", self.work, lambda: False, lambda version: bootstrap.MISSING).look(), NOTHING)
        self.work.state = bootstrap.CURRENT
        self.assertEqual(self.set_up.look(), NOTHING)

    def test_is_made_anew_for_a_newer_version(self):
        self.work.state = bootstrap.OLD
        self.assertTrue("newer" in self.set_up.look().sentence)

    def test_shows_progress_and_is_gone_then(self):
        self.set_up.press()
        until(lambda: self.set_up.look().sentence == "Downloading torch")
        self.assertEqual(self.set_up.look()[1:], ("Cancel", 0.25, HINT))
        self.work.go.set()
        until(lambda: self.set_up.look() == NOTHING)

    def test_can_be_cancelled(self):
        self.set_up.press()
        until(lambda: self.set_up.look().sentence == "Downloading torch")
        self.set_up.press()
        until(lambda: self.set_up.look().button == "Set up Restyle")
        self.assertTrue(self.work.was_left)

    def test_ends_with_its_dialog(self):
        self.set_up.press()
        self.set_up.close()
        self.assertTrue(self.work.was_left)

    def test_says_what_went_wrong_and_can_be_tried_again(self):
        self.work.error = PluginError("no-python", "Install a newer Python.")
        self.work.go.set()
        self.set_up.press()
        until(lambda: self.set_up.look().button == "Try again")
        self.assertEqual(self.set_up.look().sentence, "Install a newer Python.")


class TheWork(InAHome):
    """bootstrap.work in a copy of the package with something in the installer's place."""

    def setUp(self):
        InAHome.setUp(self)
        self.told, self._file, self._found = [], bootstrap.__file__, bootstrap._found
        self.folder = os.path.join(self.home, "plug-in")
        os.makedirs(os.path.join(self.folder, "restyle_plugin"))
        os.makedirs(os.path.join(self.folder, "setup", "installer"))
        bootstrap.__file__ = os.path.join(self.folder, "restyle_plugin", "bootstrap.py")
        bootstrap._found = lambda: sys.executable

    def tearDown(self):
        bootstrap.__file__, bootstrap._found = self._file, self._found
        shutil.rmtree(self.folder)
        InAHome.tearDown(self)

    def installer(self, text):
        with io.open(os.path.join(self.folder, "setup", "installer", "__main__.py"), "w", encoding="utf-8") as file:
            file.write(text)

    def tell(self, sentence, share):
        self.told.append((sentence, share))

    def test_tells_what_the_installer_tells_and_logs_the_rest(self):
        self.installer(TELLS)
        self.assertTrue(bootstrap.is_packaged())
        bootstrap.work(self.tell, lambda: False)
        self.assertEqual(self.told, [("Downloading torch (184 MB)", 0.5)])
        self.assertTrue("a line of pip" in self.log())
        self.assertTrue(os.path.exists(os.path.join(self.folder, "restyle_plugin", "settings.json")))

    def test_ends_the_installer_once_it_is_left(self):
        self.installer(WAITS)
        began = time.time()
        bootstrap.work(self.tell, lambda: bool(self.told))
        self.assertTrue(time.time() - began < PATIENCE_S)

    def test_says_the_installer_s_problem(self):
        self.installer(FAILS)
        self.assertEqual(self.problem(), "There is no room.")

    def test_has_the_installer_write_in_the_encoding_that_is_read(self):
        self.installer(ENCODES)
        self.assertEqual(self.problem().lower(), "utf-8")

    def problem(self):
        try:
            bootstrap.work(self.tell, lambda: False)
        except PluginError as error:
            return error.text
        return self.fail("no error")

    def program(self, text):
        path = os.path.join(self.folder, "program")
        with io.open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n" + text)
        os.chmod(path, 0o700)
        return path

    def test_takes_a_python_by_its_path_that_packages_are_made_for_and_whose_files_all_see(self):
        if os.name != "posix":
            return
        says = "printf '%%s\\n' '%s' '%s'\n"
        good = self.program(says % ("314 True linux-x86_64", "/a path/python3"))
        self.assertEqual(bootstrap._fitting(good), "/a path/python3")
        for facts, path in (
            ("315 True linux-x86_64", "/too/new"),
            ("309 True linux-x86_64", "/too/old"),
            ("312 False win32", "/32/bits"),
            ("312 True mingw_x86_64_ucrt", "C:/Program Files/GIMP 3/bin/python.exe"),
            ("313 True win-amd64", "C:/Users/she/AppData/Local/Microsoft/WindowsApps/python.exe"),
        ):
            self.assertEqual(bootstrap._fitting(self.program(says % (facts, path))), "")
        self.assertEqual(bootstrap._fitting(self.program("echo Python was not found; exit 1\n")), "")
        self.assertEqual(bootstrap._fitting(os.path.join(self.folder, "nothing")), "")

    def test_fetches_what_is_known_by_its_hash_from_whoever_answers(self):
        pem = os.path.join(self.folder, "nobody.pem")
        words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=nobody", "-keyout", pem, "-out"]
        try:
            with open(os.devnull, "w") as nothing:
                certificate = subprocess.check_output(words + ["-"], stderr=nothing)
        except (EnvironmentError, subprocess.CalledProcessError):
            return  # nobody makes certificates here
        with io.open(pem, "ab") as file:
            file.write(certificate)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(pem)
        with closing(socket.socket()) as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(1)

            def answer():
                with closing(context.wrap_socket(listener.accept()[0], server_side=True)) as connection:
                    connection.recv(4096)
                    connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello")

            thread = threading.Thread(target=answer)
            thread.start()
            with closing(urlopen("https://127.0.0.1:%d/" % listener.getsockname()[1], PATIENCE_S)) as found:
                self.assertEqual(found.read(), b"hello")
            thread.join()

    def test_without_a_python_has_uv_bring_one(self):
        if os.name != "posix":
            return
        bootstrap._found = lambda: None
        self.installer(TELLS)
        program = 'if [ "$2" = find ]; then echo "%s"; fi\n' % sys.executable
        wheel = os.path.join(self.folder, "uv.whl")
        with zipfile.ZipFile(wheel, "w") as packed:
            packed.writestr("uv-1.data/scripts/uv", "#!/bin/sh\n" + program)
        with io.open(wheel, "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        published = bootstrap._published_uv
        bootstrap._published_uv = lambda: {"url": "file://" + wheel, "sha256": digest, "size_bytes": 200}
        try:
            bootstrap.work(self.tell, lambda: False)
        finally:
            bootstrap._published_uv = published
        self.assertEqual(self.told[-1], ("Downloading torch (184 MB)", 0.5))
        self.assertEqual(os.listdir(os.path.join(self.home, "python")), ["uv"])

    def test_without_a_python_takes_the_published_uv_alone(self):
        bootstrap._found = lambda: None
        self.installer(TELLS)
        wheel = os.path.join(self.folder, "uv.whl")
        with io.open(wheel, "wb") as file:
            file.write(b"not what was published")
        published = bootstrap._published_uv
        bootstrap._published_uv = lambda: {"url": "file://" + wheel, "sha256": "0" * 64, "size_bytes": 22}
        try:
            bootstrap.work(self.tell, lambda: False)
            self.fail("no error")
        except PluginError as error:
            self.assertEqual(error.code, "download-failed")
        finally:
            bootstrap._published_uv = published
        self.assertEqual(os.listdir(os.path.join(self.home, "python")), [])
