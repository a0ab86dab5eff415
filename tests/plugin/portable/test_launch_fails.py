# -*- coding: utf-8 -*-

"""Where no server can be started or reached: one sentence that says why, and what to do."""

from __future__ import absolute_import, unicode_literals

import io
import os
import shutil

from restyle_plugin import home, launch
from restyle_plugin.errors import PluginError
from tests.plugin.portable import tiny_server
from tests.plugin.portable.launching import VERSION, Launching


class NoServer(Launching):
    def test_a_server_that_stays_silent_is_an_error(self):
        self.set_constant("_HEALTH_LIMIT_S", 0.1)
        with tiny_server.TinyServer(self.healthy(first_after_s=3.0)) as silent:
            self.write_connection(address=silent.address)
            try:
                launch.connect(VERSION, None, 0.3, 0.3)
                self.fail("no error")
            except PluginError as error:
                self.assertEqual((error.code, self.starts()), ("server-slow", []))

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
