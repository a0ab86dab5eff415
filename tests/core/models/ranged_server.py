"""A file server on the loopback interface that can resume, and can break off in the middle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import BinaryIO


class RangedServer(ThreadingHTTPServer):
    """Serves ``content`` at every path."""

    def __init__(self, content: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content = content
        self.break_after: list[int] = []
        """For each of the next answers: how many bytes go out before the line breaks."""
        self.can_resume = True
        self.status = 200
        self.ranges: list[int] = []
        """Where each request asked to begin."""

        self._gate = Event()
        self._gate.set()
        self._is_waited_for = Event()

    @contextmanager
    def held(self) -> Iterator[Event]:
        """Let only half of each answer out until the block ends; the event says that it is."""
        self._gate.clear()
        try:
            yield self._is_waited_for
        finally:
            self._gate.set()

    def send(self, file: BinaryIO, body: bytes) -> None:
        """Send a body; all at once unless it is held."""
        half = 0 if self._gate.is_set() else len(body) // 2
        file.write(body[:half])
        self._is_waited_for.set()
        self._gate.wait()
        file.write(body[half:])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/vgg19-test.pth"


class _Handler(BaseHTTPRequestHandler):
    server: RangedServer

    def do_GET(self) -> None:
        first = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
        self.server.ranges.append(first)
        if self.server.status != 200:
            self.send_error(self.server.status)
            return
        body = self.server.content[first:] if self.server.can_resume else self.server.content
        self.send_response(206 if self.server.can_resume else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.server.send(self.wfile, body[: self.server.break_after.pop(0)] if self.server.break_after else body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(content: bytes) -> Iterator[RangedServer]:
    with RangedServer(content) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
