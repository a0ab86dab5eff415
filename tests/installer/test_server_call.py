"""Speaking to a running server, and asking it to leave."""

from __future__ import annotations

import json
import os
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import TCPServer, ThreadingMixIn

import pytest

from restyle_installer import server_call

TOKEN = "t0ken"


class _Server(ThreadingMixIn, TCPServer):
    daemon_threads = True
    allow_reuse_address = True


class Fake:
    """A server that answers health, and leaves when it is asked to (or does not)."""

    def __init__(self, home: Path, *, leaves: bool = True) -> None:
        self.leaves = leaves
        self.requests: list = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self, status: int, body: bytes) -> None:
                fake.requests.append((self.command, self.path))
                status = status if self.headers["Authorization"] == "Bearer " + TOKEN else 401
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self) -> None:
                self._answer(200, json.dumps({"version": "1.0.0", "state": "ready"}).encode())

            def do_POST(self) -> None:
                self._answer(204, b"")
                if fake.leaves:
                    threading.Thread(target=fake.close).start()

            def log_message(self, *arguments: object) -> None:
                pass

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        self.write(home, f"tcp:127.0.0.1:{self._server.server_address[1]}")

    def write(self, home: Path, address: str) -> None:
        (home / "server").mkdir(parents=True, exist_ok=True)
        # A process id beyond the kernel's largest: nobody's, so only the address tells.
        connection = {"address": address, "token": TOKEN, "pid": 2**22 + 1, "version": "1.0.0", "protocol": 1}
        (home / "server" / "connection.json").write_text(json.dumps(connection), encoding="utf-8")

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def start(tmp_path: Path):
    made = []

    def make(**options) -> Fake:
        made.append(Fake(tmp_path, **options))
        return made[-1]

    yield make
    for fake in made:
        fake.close()
        fake._thread.join(10)


def test_a_server_that_answers_is_asked_to_leave_and_waited_for(tmp_path: Path, start) -> None:
    fake = start()
    assert server_call.stop(tmp_path)
    assert ("POST", "/v1/shutdown") in fake.requests
    assert server_call.health(server_call.read_connection(tmp_path)) is None


def test_a_server_that_stays_is_reported(tmp_path: Path, start) -> None:
    start(leaves=False)
    times = iter(range(1000))
    assert not server_call.stop(tmp_path, limit_s=3, clock=lambda: next(times), sleep=lambda seconds: None)


def test_a_server_of_somebody_elses_is_not_taken_for_ours(tmp_path: Path, start) -> None:
    fake = start()
    connection = server_call.read_connection(tmp_path)
    assert server_call.health(server_call.Connection(connection.address, "other", 1, "1.0.0")) is None
    assert fake.requests == [("GET", "/v1/health")]


WRONG_TYPES = '{"address": 1, "token": 2, "pid": "x", "version": 3}'


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"address": "unix:/x"}', WRONG_TYPES])
def test_a_connection_file_that_says_nothing_means_no_server(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "server").mkdir()
        (tmp_path / "server" / "connection.json").write_text(text, encoding="utf-8")
    assert server_call.read_connection(tmp_path) is None
    assert server_call.stop(tmp_path)


def test_a_stale_connection_file_means_no_server(tmp_path: Path) -> None:
    connection = {"address": f"unix:{tmp_path}/gone.sock", "token": TOKEN, "pid": os.getpid(), "version": "1.0.0"}
    (tmp_path / "server").mkdir()
    (tmp_path / "server" / "connection.json").write_text(json.dumps(connection), encoding="utf-8")
    assert server_call.stop(tmp_path)
