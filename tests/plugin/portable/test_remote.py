# -*- coding: utf-8 -*-

"""A server in another room: the line that invites, TLS to one certificate alone, and this computer where it is not to be had."""

from __future__ import absolute_import, unicode_literals

import hashlib
import io
import json
import os
import shutil
import ssl
import subprocess
import tempfile
import unittest

from restyle_plugin import estimates, launch, places, remote
from restyle_plugin.client import PROTOCOL, Server
from restyle_plugin.errors import PluginError, ServerLost
from restyle_plugin.gimpfu_shim.form import title_of
from restyle_plugin.menu import catalogue
from tests.plugin.portable.stage import FakeServer, Stage
from tests.plugin.portable.tiny_server import TinyServer

_TOKEN = "t" * 43
_LINE = "restyle:gpu.example:7860:%s:%s" % ("ab" * 32, _TOKEN)
_MAKE = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test -keyout %s -out %s"


def _certificate(folder):
    """Make a certificate; return (its file, its fingerprint), None where this computer cannot."""
    path, key = os.path.join(folder, "certificate.pem"), os.path.join(folder, "key.pem")
    try:
        with open(os.devnull, "wb") as nothing:
            subprocess.check_call((_MAKE % (key, path)).split(), stdout=nothing, stderr=nothing)
    except (OSError, subprocess.CalledProcessError):
        return None
    with io.open(path, encoding="ascii") as made, io.open(key, encoding="ascii") as secret:
        text, secret = made.read(), secret.read()
    with io.open(path, "w", encoding="ascii") as both:
        both.write(secret + text)
    return path, hashlib.sha256(ssl.PEM_cert_to_DER_cert(str(text.strip()))).hexdigest()


class Home(unittest.TestCase):
    """A home of the test's own."""

    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.before = os.environ.get(str("RESTYLE_HOME"))
        os.environ[str("RESTYLE_HOME")] = str(self.folder)

    def tearDown(self):
        del os.environ[str("RESTYLE_HOME")]
        if self.before is not None:
            os.environ[str("RESTYLE_HOME")] = self.before
        shutil.rmtree(self.folder)

    def refused(self, function, *arguments):
        found = None
        try:
            function(*arguments)
        except PluginError as error:
            found = error
        self.assertIsNotNone(found, "not refused")
        return found


class TheInvitation(Home):
    def test_what_is_chosen_is_remembered_until_it_is_forgotten(self):
        self.assertIsNone(remote.chosen())
        remote.choose(remote.parse("  %s\n" % _LINE))
        found = remote.chosen()
        self.assertEqual((found.line, found.place), (_LINE, "gpu.example:7860"))
        self.assertEqual(found.address, "tls:gpu.example:7860:" + "ab" * 32)
        if os.name == "posix":
            self.assertEqual(os.stat(os.path.join(self.folder, "remote.json")).st_mode & 0o777, 0o600)
        remote.forget()
        remote.forget()
        self.assertIsNone(remote.chosen())

    def test_what_is_no_invitation_is_refused(self):
        for line in ("", "restyle:", _LINE[:-1], _LINE + "x", _LINE.replace("7860", "78600"), "http://gpu:1/"):
            self.assertEqual(self.refused(remote.parse, line).code, "unusable-invitation")

    def test_a_damaged_choice_is_none(self):
        for text in ("", "{", "[]", '{"invitation": 1}'):
            with io.open(os.path.join(self.folder, "remote.json"), "w") as file:
                file.write(text)
            self.assertIsNone(remote.chosen())


class TheOtherRoom(Home):
    def setUp(self):
        Home.setUp(self)
        made = _certificate(self.folder)
        if made is None:
            self.skipTest("no openssl to make a certificate with")
        self.path, self.fingerprint = made
        self.seen, self.health = [], {"protocol": PROTOCOL, "version": "9", "state": "ready", "device": "cuda:0"}

    def answer(self, method, target, headers, body):
        self.seen.append((method, target, headers, body()))
        return 200, {}, json.dumps(dict(self.health, id="abc")).encode("ascii")

    def served(self, answer=None):
        return TinyServer(answer or self.answer, certificate=self.path)

    def invitation(self, server, fingerprint=None):
        host, port = server.address.split(":")[1:]
        return remote.Invitation(host, int(port), fingerprint or self.fingerprint, _TOKEN)

    def test_pictures_go_to_the_certificate_that_was_invited_to(self):
        data = bytes(bytearray(range(256)) * 3000)
        with self.served() as server:
            invitation = self.invitation(server)
            found, health = remote.server_of(invitation)
            self.assertEqual(found.upload(500, 512, 3, "u8", [data[:70000], data[70000:]], len(data)), "abc")
        self.assertEqual((found.place, health["device"]), (invitation.place, "cuda:0"))
        self.assertEqual(self.seen[-1][3], data)
        self.assertEqual(self.seen[-1][2]["authorization"], "Bearer " + _TOKEN)

    def test_another_certificate_gets_nothing(self):
        with self.served() as server:
            error = self.refused(remote.server_of, self.invitation(server, "0" * 64))
        self.assertIn("its certificate is another one", error.text)
        self.assertEqual(self.seen, [])

    def test_one_that_speaks_no_tls_gets_no_token(self):
        with TinyServer(self.answer) as server:
            self.refused(remote.server_of, self.invitation(server))
        self.assertEqual(self.seen, [])

    def test_a_refusal_before_all_was_sent_is_heard(self):
        def refuse(method, target, headers, body):
            return 429, {}, b'{"code": "quota-exceeded", "title": "", "detail": "Too much."}'

        with self.served(refuse) as server:
            client = Server(self.invitation(server).address, _TOKEN, "gpu")
            parts = [bytes(1 << 20)] * 40
            try:
                client.upload(1, 1, 4, "f32", parts, 40 << 20)
                self.fail("not refused")
            except ServerLost as error:  # the system may drop the answer with what was not read
                self.assertEqual(error.place, "gpu")
            except PluginError as error:
                self.assertEqual((error.code, error.text), ("quota-exceeded", "On gpu: Too much."))

    def test_one_of_another_protocol_is_not_used(self):
        self.health["protocol"] = 99
        with self.served() as server:
            error = self.refused(remote.server_of, self.invitation(server))
        self.assertIn("it speaks protocol 99, and this Restyle protocol %d" % PROTOCOL, error.text)

    def test_another_program_is_not_used(self):
        del self.health["protocol"]
        with self.served() as server:
            self.assertIn("another program", self.refused(remote.server_of, self.invitation(server)).text)

    def test_the_chosen_one_is_used_and_else_this_computer_which_says_so(self):
        local, before = FakeServer(), launch.connect
        launch.connect = lambda version, tell=None: local
        try:
            with self.served() as server:
                remote.choose(self.invitation(server))
                self.assertEqual(places.connect("1").place, remote.chosen().place)
                self.assertIs(places.connect("1", None, "mine is on this computer alone"), local)
                self.assertIn("(mine is on this computer alone), so this computer does it.", local.note)
            local.note = ""
            self.assertIs(places.connect("1"), local)
            self.assertIn("The server %s cannot be used" % remote.chosen().place, local.note)
            remote.forget()
            local.note = ""
            self.assertIs(places.connect("1"), local)
            self.assertEqual(local.note, "")
        finally:
            launch.connect = before


class TheTitle(Home):
    def test_a_dialog_says_where_it_computes_if_that_is_not_here(self):
        with Stage() as stage:
            procedure = stage.gimp.procedures[stage.name]
            self.assertEqual(title_of(procedure), "Neural Style")
            remote.choose(remote.parse(_LINE))
            self.assertEqual(title_of(procedure), "Neural Style – gpu.example:7860")


class WhatStays(unittest.TestCase):
    def test_models_and_folders_of_the_persons_own_stay_on_this_computer(self):
        style = {"name": "style", "type": "model", "title": "Style", "choices": [{"value": "night", "title": "Night"}]}
        photos = {"name": "photos", "type": "folder", "title": "Photos"}
        declared = {"params": [style, photos, {"name": "seed", "type": "int", "title": "Seed"}]}
        self.assertEqual(places.why_it_stays(declared, {"style": "night", "photos": "", "seed": 3}), "")
        self.assertIn("mine", places.why_it_stays(declared, {"style": "mine", "photos": "", "seed": 3}))
        self.assertIn("Photos", places.why_it_stays(declared, {"style": "night", "photos": "/p", "seed": 3}))

    def test_what_keeps_what_it_makes_stays_too(self):
        self.assertIn("kept on this computer", places.why_it_stays({"params": [], "stays": True}, {}))
        learning = next(one for one in catalogue()["filters"] if one["id"] == "learn-a-style")
        self.assertTrue(learning["stays"])


class Lost(unittest.TestCase):
    def test_what_fails_there_is_said_to_have_failed_there(self):
        server = FakeServer(problem={"code": "weights-unavailable", "detail": "The weights vgg19 are not here yet."})
        server.place = "gpu:7860"
        with Stage(server) as stage:
            self.assertEqual(stage.run(), ("error", "On gpu:7860: The weights vgg19 are not here yet."))

    def test_a_painting_whose_server_is_lost_is_painted_by_another_and_that_is_said(self):
        for moment in ("upload", "poll", "first download"):
            near = FakeServer()
            near.note = "The server gpu cannot be used for this (gone), so this computer does it."
            with Stage() as stage:
                stage.give = [near, _far(moment)].pop
                self.assertEqual(stage.run(), "success", stage.gimp.errors)
                self.assertEqual(len(stage.results()), 1)
                self.assertEqual(stage.gimp.messages, [near.note])
                self.assertEqual(near.images, {})

    def test_what_another_computer_takes_says_nothing_of_this_one(self):
        server, learned, before = FakeServer(), [], estimates.learn
        server.place, estimates.learn = "gpu:7860", lambda *given: learned.append(given[-1])
        try:
            with Stage(server) as stage:
                self.assertEqual(stage.run(), "success", stage.gimp.errors)
        finally:
            estimates.learn = before
        self.assertEqual(learned, ["cpu of gpu:7860"])

    def test_one_that_is_lost_again_is_told(self):
        with Stage() as stage:
            stage.give = lambda: _far("poll")
            before = stage.state()
            self.assertIn("stopped while it painted", stage.run()[1])
            self.assertEqual(stage.state(), before)


def _far(moment):
    """A server in another room that is lost at some moment."""
    server = FakeServer(fails_at=moment)
    fail = server._maybe_fail

    def fail_far(place):
        try:
            fail(place)
        except ServerLost as error:
            raise ServerLost(error.text, False, "gone", "gpu")

    server._maybe_fail, server.place = fail_far, "gpu"
    return server


if __name__ == "__main__":
    unittest.main()
