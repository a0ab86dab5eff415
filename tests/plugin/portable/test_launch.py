# -*- coding: utf-8 -*-

"""Find or start the server: one per user, of the right version, whatever the last one left behind."""

from __future__ import absolute_import, unicode_literals

import io
import json
import os
import threading
import unittest

from restyle_plugin import home, launch
from restyle_plugin.client import PROTOCOL
from restyle_plugin.compat import encode_path, monotonic
from restyle_plugin.errors import PluginError
from restyle_plugin.start_lock import StartLock
from tests.plugin.portable import tiny_server
from tests.plugin.portable.launching import VERSION, Launching
from tests.plugin.portable.stage import InAHome


class TheLauncher(Launching):
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

    def test_a_server_that_answers_late_is_waited_for(self):
        self.set_constant("_HEALTH_LIMIT_S", 0.2)
        with tiny_server.TinyServer(self.healthy(first_after_s=1.0)) as late:
            self.write_connection(address=late.address)
            self.assertEqual((self.connect().address, self.starts()), (late.address, []))

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

    def test_a_server_of_the_same_version_and_another_protocol_is_replaced(self):
        self.behave(version=VERSION, health={"protocol": 99})
        self.assertRaises(PluginError, self.connect)
        self.behave(version=VERSION)
        self.assertEqual(self.connect().health()["protocol"], PROTOCOL)

    def test_whatever_the_umask_the_folder_is_the_user_s_alone(self):
        if os.name == "nt":
            return
        before = os.umask(0)
        try:
            made = home.private_folder(os.path.join(self.home, "a", "b"))
        finally:
            os.umask(before)
        self.assertEqual([os.stat(path).st_mode & 0o777 for path in (made, os.path.dirname(made))], [0o700, 0o700])

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
