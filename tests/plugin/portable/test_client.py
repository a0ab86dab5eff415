# -*- coding: utf-8 -*-

"""The client against a server on a real socket: what is sent, what comes back, what each failure becomes."""

from __future__ import absolute_import, unicode_literals

import json
import os
import shutil
import socket
import sys
import tempfile
import unittest

from restyle_plugin.client import Server
from restyle_plugin.errors import PluginError, ServerLost
from tests.plugin.portable.tiny_server import TOKEN, TinyServer


class TheClient(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.seen = []

    def tearDown(self):
        shutil.rmtree(self.folder)

    def recorder(self, status=200, data=b"{}", headers=None):
        def answer(method, target, sent, body):
            self.seen.append((method, target, sent, body()))
            return status, dict(headers or {}), data

        return answer

    def places(self):
        places = [None]
        if hasattr(socket, "AF_UNIX"):
            places.append(os.path.join(self.folder, "ö.sock"))
        return places

    def test_an_image_goes_up_byte_for_byte(self):
        data = bytes(bytearray(range(256)) * 12)
        for place in self.places():
            with TinyServer(self.recorder(201, b'{"id": "abc"}'), place) as server:
                parts = [data[:1000], bytearray(data[1000:2000]), memoryview(data)[2000:]]
                image = Server(server.address, TOKEN).upload(32, 24, 4, "u8", parts, len(data))
            method, target, headers, body = self.seen.pop()
            self.assertEqual((image, method, target), ("abc", "POST", "/v1/images?width=32&height=24&channels=4&dtype=u8"))
            self.assertEqual(body, data)
            self.assertEqual(headers["authorization"], "Bearer " + TOKEN)
            self.assertEqual(headers["host"], "localhost")

    def test_an_image_comes_down_in_the_parts_asked_for(self):
        data = bytes(bytearray(range(256)) * 40)
        with TinyServer(self.recorder(200, data)) as server:
            parts = list(Server(server.address, TOKEN).download("abc", 3, "f32", [4000, 6000, 240]))
        self.assertEqual([len(part) for part in parts], [4000, 6000, 240])
        self.assertEqual(b"".join(bytes(part) for part in parts), data)
        self.assertEqual(self.seen[0][:2], ("GET", "/v1/images/abc?channels=3&dtype=f32"))

    def test_an_image_that_ends_early_is_a_lost_server(self):
        with TinyServer(self.recorder(200, b"short", {"length": 9})) as server:
            self.assertRaises(ServerLost, list, Server(server.address, TOKEN).download("abc", 1, "u8", [9]))

    def test_an_answer_that_breaks_off_is_a_lost_server(self):
        whole = b'{"id": "job", "state": "queued", "revision": 1}'
        for told in (b"", whole[:20]):
            with TinyServer(self.recorder(200, told, {"length": len(whole)})) as server:
                client = Server(server.address, TOKEN)
                self.assertRaises(ServerLost, client.health)
                self.assertRaises(ServerLost, client.poll, "job", 0, 10)
                self.assertRaises(ServerLost, client.start, "fast-style", {})
        # A refusal that breaks off is no refusal that anybody can read.
        with TinyServer(self.recorder(409, b"", {"length": 80})) as server:
            self.assertRaises(ServerLost, Server(server.address, TOKEN).start, "fast-style", {})

    def test_jobs_are_started_polled_and_cancelled(self):
        with TinyServer(self.recorder(202, b'{"id": "j"}')) as server:
            client = Server(server.address, TOKEN)
            self.assertEqual(client.start("neural-style", {"params": {"seed": 1}}), {"id": "j"})
            client.poll("j", 4, 400)
        with TinyServer(self.recorder(204, b"")) as server:
            self.assertEqual(Server(server.address, TOKEN).cancel("j"), None)
        self.assertEqual(
            [seen[:2] for seen in self.seen],
            [("POST", "/v1/filters/neural-style/jobs"), ("GET", "/v1/jobs/j?seen=4&wait_ms=400"), ("DELETE", "/v1/jobs/j")],
        )
        self.assertEqual(json.loads(self.seen[0][3].decode("utf-8")), {"params": {"seed": 1}})
        self.assertEqual(self.seen[0][2]["content-type"], "application/json")

    def test_a_preview_job_says_whose_it_is(self):
        with TinyServer(self.recorder(202, b'{"id": "j"}')) as server:
            Server(server.address, TOKEN).start("neural-style", {}, "preview", "a dialog")
        self.assertEqual(self.seen[0][1], "/v1/filters/neural-style/jobs?purpose=preview&client=a%20dialog")

    def test_an_image_is_claimed_where_it_is_still_there(self):
        unknown = b'{"code": "unknown-image", "detail": "It is not here.", "title": "Unknown"}'
        for status, data, is_there in ((201, b"{}", True), (404, unknown, False)):
            with TinyServer(self.recorder(status, data)) as server:
                self.assertEqual(Server(server.address, TOKEN).claim("abc"), is_there)
        self.assertEqual(self.seen[0][:2], ("POST", "/v1/images/abc/claims"))
        with TinyServer(self.recorder(500, b"")) as server:
            self.assertRaises(PluginError, Server(server.address, TOKEN).claim, "abc")

    def test_a_preview_comes_with_its_size_and_revision_or_not_at_all(self):
        headers = {"Restyle-Width": 2, "Restyle-Height": 1, "Restyle-Revision": 7}
        for frame, told in ((None, {}), ((4, 5, 60, 70), {"Restyle-Frame": "4 5 60 70"})):
            with TinyServer(self.recorder(200, b"abcdef", dict(headers, **told))) as server:
                found = Server(server.address, TOKEN).preview("j", 3, 400, 64)
                self.assertEqual(found, (2, 1, 7, bytearray(b"abcdef"), frame))
        with TinyServer(self.recorder(204, b"")) as server:
            self.assertEqual(Server(server.address, TOKEN).preview("j"), None)
        self.assertEqual(self.seen[0][1], "/v1/jobs/j/preview?seen=3&wait_ms=400&most_px=64")

    def test_a_server_of_another_user_is_none(self):
        if not sys.platform.startswith("linux"):
            return
        before, others = os.getuid, os.getuid() + 1
        with TinyServer(self.recorder(), os.path.join(self.folder, "s.sock")) as server:
            os.getuid = lambda: others
            try:
                self.assertRaises(ServerLost, Server(server.address, TOKEN).health)
            finally:
                os.getuid = before
        self.assertEqual(self.seen, [])

    def test_a_problem_keeps_code_and_sentence(self):
        problem = json.dumps(
            {"type": "about:blank", "title": "T", "status": 422, "detail": "Größer, bitte.", "code": "image-too-large"}
        )
        with TinyServer(self.recorder(422, problem.encode("utf-8"))) as server:
            try:
                Server(server.address, TOKEN).start("neural-style", {})
                self.fail("no error")
            except PluginError as error:
                self.assertEqual((error.code, error.text), ("image-too-large", "Größer, bitte."))

    def test_a_refusal_without_a_problem_keeps_its_status(self):
        for body in (b"<html>", b"[]", b'{"detail": "x"}', b""):
            with TinyServer(self.recorder(500, body)) as server:
                try:
                    Server(server.address, TOKEN).health()
                    self.fail("no error")
                except PluginError as error:
                    self.assertEqual(error.code, "http-500")

    def test_a_refusal_in_the_middle_of_an_upload_is_understood(self):
        problem = json.dumps({"title": "T", "detail": "The picture is too large.", "code": "body-too-large"}).encode("ascii")
        with TinyServer(lambda method, target, headers, body: (413, {}, problem)) as server:  # answers without reading
            client = Server(server.address, TOKEN)
            try:
                client.upload(4000, 4000, 4, "u8", [bytes(bytearray(1 << 20))] * 64, 64 << 20)
                self.fail("no error")
            except ServerLost:
                pass  # where the system resets the connection before the answer could be read
            except PluginError as error:
                self.assertEqual(error.code, "body-too-large")

    def test_nobody_there_and_no_http_are_a_lost_server(self):
        with TinyServer(self.recorder()) as server:
            address = server.address
        self.assertRaises(ServerLost, Server(address, TOKEN).health)
        self.assertRaises(ServerLost, Server("unix:" + os.path.join(self.folder, "none"), TOKEN).health)
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        try:
            self.assertRaises(ServerLost, Server("tcp:127.0.0.1:%d" % listener.getsockname()[1], TOKEN).health, 0.05)
        finally:
            listener.close()

    def test_what_a_caller_s_pixels_raise_passes_through(self):
        def parts():
            yield b"1234"
            raise KeyError("mine")

        with TinyServer(self.recorder()) as server:
            self.assertRaises(KeyError, Server(server.address, TOKEN).upload, 2, 1, 4, "u8", parts(), 8)


if __name__ == "__main__":
    unittest.main()
