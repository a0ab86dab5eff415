# -*- coding: utf-8 -*-

"""A server of a few lines that speaks as Restyle's does, for tests of the client and the launcher.

As a program (`python -m restyle.service --home HOME`, copied there by the tests) it writes connection.json and serves until
told to go.
"""

from __future__ import absolute_import, unicode_literals

import io
import json
import os
import socket
import sys
import threading

TOKEN = "secret-token"


class TinyServer(object):
    """Answers with `answer(method, target, headers, body) → (status, headers, body)`; one request per connection.

    certificate: a PEM file with certificate and key, for TLS.
    """

    def __init__(self, answer, unix_path=None, certificate=None):
        self.answer, self._context = answer, _context(certificate)
        if unix_path:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._socket.bind(unix_path.encode("utf-8"))
            self.address = "unix:" + unix_path
        else:
            self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            self._socket.bind(("127.0.0.1", 0))
            self.address = "tcp:127.0.0.1:%d" % self._socket.getsockname()[1]
        self._socket.listen(8)
        self.is_closing = False

    def __enter__(self):
        self._thread = threading.Thread(target=self.serve)
        self._thread.daemon = True
        self._thread.start()
        return self

    def __exit__(self, *exception):
        self.close()
        self._thread.join(5)

    def close(self):
        self.is_closing = True
        try:  # noqa: SIM105  (Python 2.7 has no suppress)
            self._socket.shutdown(socket.SHUT_RDWR)
        except (OSError, socket.error):
            pass
        self._socket.close()

    def serve(self):
        while not self.is_closing:
            try:
                connection, _ = self._socket.accept()
            except (OSError, socket.error):
                return
            try:
                connection.settimeout(10)
                if self._context:
                    connection = self._context.wrap_socket(connection, server_side=True)
                self._handle(connection)
            except (OSError, socket.error, ValueError):
                pass
            finally:
                connection.close()

    def _handle(self, connection):
        stream = connection.makefile("rb")
        try:
            method, target, _ = stream.readline().decode("ascii").split(" ", 2)
            headers = {}
            for line in iter(stream.readline, b"\r\n"):
                name, _, value = line.decode("ascii").partition(":")
                headers[name.strip().lower()] = value.strip()
            body = lambda: stream.read(int(headers.get("content-length", 0)))  # noqa: E731
            status, extra, data = self.answer(method, target, headers, body)
            head = "HTTP/1.1 %d X\r\nContent-Length: %d\r\nConnection: close\r\n" % (status, extra.pop("length", len(data)))
            head += "".join("%s: %s\r\n" % pair for pair in extra.items())
            connection.sendall(head.encode("ascii") + b"\r\n" + data)
        finally:
            stream.close()


def _context(certificate):
    if certificate is None:
        return None
    import ssl

    context = ssl.SSLContext(getattr(ssl, "PROTOCOL_TLS_SERVER", None) or ssl.PROTOCOL_SSLv23)
    context.load_cert_chain(certificate)
    return context


def _program(arguments):
    """Be a Restyle server: the version and behaviour come from HOME/behaviour.json."""
    folder = os.path.join(arguments[arguments.index("--home") + 1], "server")
    with io.open(os.path.join(folder, "..", "behaviour.json"), encoding="utf-8") as file:
        behaviour = json.load(file)
    with io.open(os.path.join(folder, "starts.txt"), "a") as file:
        file.write("%d %s\n" % (os.getpid(), json.dumps(sorted(os.environ))))
    if behaviour.get("dies"):
        sys.exit(behaviour["dies"])
    if behaviour.get("ends"):
        return  # as one does that finds another server alive
    done = threading.Event()
    if behaviour.get("silent"):
        done.wait(30)
        return

    def answer(method, target, headers, body):
        if headers.get("authorization") != "Bearer " + TOKEN:
            return 401, {}, b""
        if target == "/v1/shutdown":
            os.remove(os.path.join(folder, "connection.json"))
            done.set()
            return 204, {}, b""
        health = {"protocol": 2, "version": behaviour["version"], "pid": os.getpid(), "state": "ready", "device": None, "jobs": 0}
        health.update(behaviour.get("health", {}))
        return 200, {}, json.dumps(health).encode("ascii")

    with TinyServer(answer) as server:
        connection = {
            "protocol": 2,
            "version": behaviour["version"],
            "pid": os.getpid(),
            "address": server.address,
            "token": TOKEN,
        }
        part = os.path.join(folder, "connection.json.part")
        with io.open(part, "w", encoding="utf-8") as file:
            file.write(json.dumps(connection, ensure_ascii=False))
        os.rename(part, os.path.join(folder, "connection.json"))
        done.wait(30)


if __name__ == "__main__":
    _program(sys.argv[1:])
