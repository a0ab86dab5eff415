# -*- coding: utf-8 -*-

"""Find or start the server: one per user, of the right version, whatever the last one left behind."""

from __future__ import absolute_import, unicode_literals

import io
import json
import os
import shutil
import sys
import threading
import unittest

from restyle_plugin import home, launch
from restyle_plugin.client import PROTOCOL
from restyle_plugin.compat import encode_path, monotonic
from restyle_plugin.errors import PluginError
from restyle_plugin.start_lock import StartLock
from tests.plugin.portable import tiny_server
from tests.plugin.portable.stage import InAHome

VERSION = "1.2.3"


class TheLauncher(InAHome):
    def setUp(self):
        InAHome.setUp(self)
        os.environ[str("RESTYLE_PYTHON")] = str(sys.executable)
        # `python -m restyle.service` runs in HOME, so a package there stands for the real one.
        package = os.path.join(self.home, "restyle", "service")
        os.makedirs(package)
        for folder in (os.path.dirname(package), package):
            io.open(os.path.join(folder, "__init__.py"), "w").close()
        shutil.copy(tiny_server.__file__.replace(".pyc", ".py"), os.path.join(package, "__main__.py"))
        os.makedirs(home.server_folder())
        self.behave(version=VERSION)
        self._constants = []

    def tearDown(self):
        del os.environ["RESTYLE_PYTHON"]
        for name, value in reversed(self._constants):
            setattr(launch, name, value)
        server, _ = launch._probe()
        if server is not None:
            launch._dismiss(server, 10)
        InAHome.tearDown(self)

    def behave(self, **behaviour):
        with io.open(os.path.join(self.home, "behaviour.json"), "w", encoding="utf-8") as file:
            file.write(json.dumps(behaviour, ensure_ascii=False))

    def write_connection(self, **changes):
        connection = dict(
            {"protocol": 2, "version": VERSION, "pid": 999999, "address": "tcp:127.0.0.1:9", "token": "t"}, **changes
        )
        with io.open(os.path.join(home.server_folder(), "connection.json"), "w", encoding="utf-8") as file:
            file.write(json.dumps(connection, ensure_ascii=False))

    def set_constant(self, name, value):
        before = getattr(launch, name)
        self._constants.append((name, before))
        setattr(launch, name, value)

    def starts(self):
        path = os.path.join(home.server_folder(), "starts.txt")
        if not os.path.exists(path):
            return []
        with io.open(path, encoding="utf-8") as file:
            return file.read().splitlines()

    def connect(self, version=VERSION):
        return launch.connect(version, start_limit_s=20, leave_limit_s=10)

    def test_a_server_is_started_once_and_found_again(self):
        told = []
        first = launch.connect(VERSION, told.append, 20, 10)
        second = launch.connect(VERSION, told.append, 20, 10)
        self.assertEqual((first.address, len(self.starts()), told), (second.address, 1, ["Starting Restyle's server"]))

    def test_two_at_once_start_one(self):
        found, threads = [], []
        for _ in range(4):
            threads.append(threading.Thread(target=lambda: found.append(self.connect().address)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        self.assertEqual((len(found), len(set(found)), len(self.starts())), (4, 1, 1))

    def test_a_file_left_by_a_dead_server_does_not_matter(self):
        for changes in ({}, {"address": "unix:/no/such.sock"}, {"address": ""}, {"token": None}):
            self.write_connection(**changes)
            self.assertEqual(launch.find(VERSION), None)
        self.assertEqual(self.connect().health()["version"], VERSION)

    def test_a_damaged_file_does_not_matter(self):
        with io.open(os.path.join(home.server_folder(), "connection.json"), "w") as file:
            file.write("{")
        self.assertEqual(self.connect().health()["version"], VERSION)

    def test_somebody_else_on_that_port_does_not_matter(self):
        for status, body in ((401, b""), (200, b"<html>"), (200, b"[]"), (404, b"{}")):
            with tiny_server.TinyServer(lambda *request: (status, {}, body)) as other:  # noqa: B023
                self.write_connection(address=other.address)
                self.assertEqual(launch.find(VERSION), None)

    def healthy(self, first_after_s=0.0):
        """Return an answer for TinyServer, the first of which comes late."""
        waits = [first_after_s]
        health = json.dumps({"version": VERSION, "protocol": PROTOCOL, "state": "ready"}).encode("ascii")

        def answer(*request):
            threading.Event().wait(waits.pop() if waits else 0.0)
            return 200, {}, health

        return answer

    def test_a_server_that_answers_late_is_waited_for(self):
        self.set_constant("_HEALTH_LIMIT_S", 0.2)
        with tiny_server.TinyServer(self.healthy(first_after_s=1.0)) as late:
            self.write_connection(address=late.address)
            self.assertEqual((self.connect().address, self.starts()), (late.address, []))

    def test_a_server_that_stays_silent_is_an_error(self):
        self.set_constant("_HEALTH_LIMIT_S", 0.1)
        with tiny_server.TinyServer(self.healthy(first_after_s=3.0)) as silent:
            self.write_connection(address=silent.address)
            try:
                launch.connect(VERSION, None, 0.3, 0.3)
                self.fail("no error")
            except PluginError as error:
                self.assertEqual((error.code, self.starts()), ("server-slow", []))

    def test_a_process_that_finds_another_server_coming_up_is_no_error(self):
        self.behave(ends="well")
        self.set_constant("_GRACE_S", 0.1)
        with tiny_server.TinyServer(self.healthy()) as other:

            def come_up():
                limit = monotonic() + 20
                while not self.starts() and monotonic() < limit:
                    threading.Event().wait(0.05)
                threading.Event().wait(1.0)
                self.write_connection(address=other.address)

            thread = threading.Thread(target=come_up)
            thread.start()
            try:
                self.assertEqual(self.connect().address, other.address)
            finally:
                thread.join(30)

    def test_a_process_that_ends_well_where_no_server_comes_up_is_no_crash(self):
        self.behave(ends="well")
        try:
            launch.connect(VERSION, None, 1.0, 0)
            self.fail("no error")
        except PluginError as error:
            self.assertEqual(error.code, "server-slow")

    def test_another_version_is_replaced(self):
        self.behave(version="0.9.0")
        old = launch.connect("0.9.0", None, 20, 10)
        self.behave(version=VERSION)
        told = []
        new = launch.connect(VERSION, told.append, 20, 10)
        self.assertEqual((new.health()["version"], len(self.starts())), (VERSION, 2))
        self.assertNotEqual(old.address, new.address)
        self.assertTrue("previous version" in told[0])

    def test_a_previous_version_that_still_paints_is_asked_once_and_not_waited_for(self):
        asked = []

        def answer(method, target, headers, body):
            if target == "/v1/shutdown":
                asked.append(target)
                os.remove(os.path.join(home.server_folder(), "connection.json"))
                return 204, {}, b""
            return 200, {}, b'{"version": "0.9.0", "state": "ready"}'

        with tiny_server.TinyServer(answer) as painting:
            self.write_connection(address=painting.address)
            self.assertEqual(self.connect().health()["version"], VERSION)
            self.assertEqual((len(asked), len(self.starts()), painting.is_closing), (1, 1, False))

    def test_a_previous_version_that_does_not_leave_is_an_error(self):
        with tiny_server.TinyServer(lambda *request: (200, {}, b'{"version": "0.9.0", "state": "ready"}')) as stubborn:
            self.write_connection(address=stubborn.address)
            try:
                launch.connect(VERSION, None, 0.5, 0.3)
                self.fail("no error")
            except PluginError as error:
                self.assertEqual((error.code, self.starts()), ("server-busy", []))
            os.remove(os.path.join(home.server_folder(), "connection.json"))

    def test_a_server_that_dies_at_once_is_an_error_with_its_log(self):
        self.behave(dies="No module named torch")
        try:
            self.connect()
            self.fail("no error")
        except PluginError as error:
            self.assertEqual(error.code, "server-died")
            self.assertTrue(
                "No module named torch" in error.text and "startup.log" in error.text and "doctor" in error.text, error.text
            )

    def test_a_disk_without_room_for_what_the_server_says_is_one_sentence(self):
        if not os.path.exists("/dev/full"):
            return
        os.symlink("/dev/full", os.path.join(home.server_folder(), "startup.log"))
        try:
            self.connect()
            self.fail("no error")
        except PluginError as error:
            self.assertEqual((error.code, self.starts()), ("home-unusable", []))
            self.assertTrue(home.home() in error.text and "make room" in error.text, error.text)

    def test_a_server_that_dies_silently_is_told_with_its_status_and_its_own_log(self):
        log = os.path.join(home.server_folder(), "server.log")
        io.open(log, "w").close()
        self.behave(dies=" ")
        try:
            self.connect()
            self.fail("no error")
        except PluginError as error:
            self.assertTrue("exit code 1" in error.text and log in error.text, error.text)

    def test_a_new_server_of_another_version_or_protocol_is_one_sentence(self):
        for behaviour, told in (
            ({"version": "0.9.0"}, "0.9.0"),
            ({"version": VERSION, "health": {"protocol": 99}}, "protocol 99"),
        ):
            self.behave(**behaviour)
            try:
                self.connect()
                self.fail("no error")
            except PluginError as error:
                self.assertEqual(error.code, "version-mismatch")
                self.assertTrue(told in error.text and VERSION in error.text and "install" in error.text, error.text)

    def test_a_server_of_the_same_version_and_another_protocol_is_replaced(self):
        self.behave(version=VERSION, health={"protocol": 99})
        self.assertRaises(PluginError, self.connect)
        self.behave(version=VERSION)
        self.assertEqual(self.connect().health()["protocol"], PROTOCOL)

    def test_a_folder_of_another_user_is_not_used(self):
        if not hasattr(os, "getuid"):
            return
        before, others = os.getuid, os.getuid() + 1
        os.getuid = lambda: others
        try:
            self.connect()
            self.fail("no error")
        except PluginError as error:
            self.assertEqual((error.code, self.starts()), ("home-unusable", []))
            self.assertTrue("another user" in error.text, error.text)
        finally:
            os.getuid = before

    def test_a_folder_that_cannot_be_made_is_an_error_that_says_what_to_do(self):
        shutil.rmtree(home.server_folder())
        io.open(home.server_folder(), "w").close()
        try:
            self.connect()
            self.fail("no error")
        except PluginError as error:
            self.assertEqual(error.code, "home-unusable")
            self.assertTrue("RESTYLE_HOME" in error.text, error.text)

    def test_whatever_the_umask_the_folder_is_the_user_s_alone(self):
        if os.name == "nt":
            return
        before = os.umask(0)
        try:
            made = home.private_folder(os.path.join(self.home, "a", "b"))
        finally:
            os.umask(before)
        self.assertEqual([os.stat(path).st_mode & 0o777 for path in (made, os.path.dirname(made))], [0o700, 0o700])

    def test_a_server_that_never_answers_is_an_error(self):
        self.behave(silent="yes")
        try:
            launch.connect(VERSION, None, 0.5, 0)
            self.fail("no error")
        except PluginError as error:
            self.assertTrue(error.code in ("server-slow", "server-busy"), error.code)

    def test_no_python_is_an_error_that_says_what_to_do(self):
        os.environ[str("RESTYLE_PYTHON")] = str("/no/such/python")
        try:
            self.connect()
            self.fail("no error")
        except PluginError as error:
            self.assertEqual(error.code, "not-installed")
            self.assertTrue("set it up in a filter's dialog" in error.text)

    def test_a_snap_that_may_start_nothing_is_an_error_only_where_no_server_answers(self):
        os.environ[str("SNAP_NAME")] = str("gimp")
        try:
            with tiny_server.TinyServer(self.healthy()) as started_by_hand:
                self.write_connection(address=started_by_hand.address)
                self.assertEqual(self.connect().address, started_by_hand.address)
            try:
                self.connect()
                self.fail("no error")
            except PluginError as error:
                self.assertEqual((error.code, self.starts()), ("snap-confined", []))
                self.assertTrue("snap" in error.text and "another package" in error.text, error.text)
        finally:
            del os.environ["SNAP_NAME"]

    def test_a_python_that_cannot_be_run_is_an_error(self):
        os.environ[str("RESTYLE_PYTHON")] = str(os.path.join(self.home, "behaviour.json"))
        try:
            self.connect()
            self.fail("no error")
        except PluginError as error:
            self.assertEqual(error.code, "server-died")

    def test_the_server_does_not_inherit_gimp_s_environment(self):
        foreign = ["PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "GI_TYPELIB_PATH", "GIMP2_DATADIR", "PYTHONSTARTUP"]
        mine = {name: os.environ.get(name) for name in foreign}
        try:
            os.environ.update((str(name), str("/foreign")) for name in foreign if name not in ("PYTHONPATH", "PYTHONHOME"))
            self.connect()
        finally:
            for name, value in mine.items():
                if value is None:
                    os.environ.pop(name, None)
        names = json.loads(self.starts()[0].split(" ", 1)[1])
        self.assertEqual([name for name in foreign if name in names], [])
        self.assertTrue("RESTYLE_HOME" in names and "PATH" in names)

    def test_the_lock_is_held_by_one(self):
        with StartLock(home.server_folder()) as first, StartLock(home.server_folder()) as second:
            self.assertEqual((first.is_held, second.is_held), (True, False))
        with StartLock(home.server_folder()) as third:
            self.assertTrue(third.is_held)


class TheHome(InAHome):
    def test_the_environment_goes_before_the_installer_s_settings(self):
        self.assertEqual(home.home(), self.home)
        self.assertEqual(home.log_path(), os.path.join(self.home, "plugin.log"))

    def test_inside_flatpak_the_server_is_started_outside(self):
        real, launch._is_in_flatpak = launch._is_in_flatpak, lambda: True
        os.environ[str("RESTYLE_PYTHON")] = str("/host/python")
        try:
            words = launch.command("/a/home")
        finally:
            launch._is_in_flatpak = real
            del os.environ["RESTYLE_PYTHON"]
        spawn = ["flatpak-spawn", "--host", "--watch-bus", "--directory=/a/home"]
        wanted = spawn + ["/host/python", "-m", "restyle.service", "--home", "/a/home"]
        self.assertEqual(words, [encode_path(word) for word in wanted])


if __name__ == "__main__":
    unittest.main()
