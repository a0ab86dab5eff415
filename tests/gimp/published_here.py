"""A server whose published networks lie on this computer: ``python published_here.py HOME``.

They come slowly, so that one can look at it, and are kept as they are: a real one is not needed to see it come.
"""

from __future__ import annotations

import hashlib
import sys
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from restyle.filters import filters
from restyle.models.entries import PublishedFile, WeightsEntry
from restyle.models.manifest import known_weights
from restyle.models.store import Store
from restyle.service import __main__ as server
from restyle.service.runner import CoreRunner
from restyle.service.service import Settings

CONTENT = bytes(1_500_000)
PART_BYTES, PAUSE_S = 100_000, 0.4


class Place(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = CONTENT[int(self.headers["Range"].removeprefix("bytes=").rstrip("-")) :]
        self.send_response(206)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for start in range(0, len(body), PART_BYTES):
            self.wfile.write(body[start : start + PART_BYTES])
            time.sleep(PAUSE_S)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class Unread(Store):
    """Keeps what comes as it is."""

    def _keep(self, entry: WeightsEntry, sources: list[Path]) -> Path:
        return Path((self.folder / entry.filename).write_bytes(CONTENT) and self.folder / entry.filename)


def entries(port: int) -> dict[str, WeightsEntry]:
    file = PublishedFile(f"http://127.0.0.1:{port}/network", hashlib.sha256(CONTENT).hexdigest(), size_bytes=len(CONTENT))
    return {name: replace(entry, files=(file,)) if entry.files else entry for name, entry in known_weights().items()}


def main(home: Path) -> int:
    with ThreadingHTTPServer(("127.0.0.1", 0), Place) as place:
        threading.Thread(target=place.serve_forever, daemon=True).start()
        known = entries(place.server_address[1])
        server.open_store = lambda home: Unread(home, known)  # type: ignore[assignment]
        return server.serve(home, Settings(), CoreRunner(home, filters()), filters())


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
