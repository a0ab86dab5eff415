"""The plug-in's way for a 24 megapixel RGBA layer: its client to the real server and back, and how fast it answers GIMP's query.

Each figure stands beside its measure of the same run: the transfers beside the same bytes through a bare socket, the query
beside an empty Python. GIMP's own reading and writing of pixels is measured inside GIMP (tests/gimp).
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = ROOT / "plugin" / "restyle"
WIDTH, HEIGHT, CHANNELS = 6000, 4000, 4
SIZE_BYTES = WIDTH * HEIGHT * CHANNELS
ROUNDS = 5
LIMIT_S = 600
# Of the issue: everything around the optimisation in 1.5 s (GIMP's own share of it is 0.8 s), 400 MB, 0.3 s.
AROUND_LIMIT_S, MEMORY_LIMIT_BYTES, QUERY_LIMIT_S = 0.7, 400 << 20, 0.3

# Run by each Python; a strip is made anew each time, as GIMP does it, so that copies show in the peak.
_TRANSFER = """
import json, resource, sys, time
sys.path.insert(0, %(plugin)r)
from restyle_plugin import launch, layers
server = launch.connect(%(version)r)
form = layers.Form(4, "u8", "R'G'B'A u8", 4)
sizes = [%(width)d * rows * 4 for _, rows in layers.strips(%(width)d, %(height)d, 4)]
up, down = [], []
for _ in range(%(rounds)d):
    start = time.time()
    image = server.upload(%(width)d, %(height)d, 4, "u8", (bytes(bytearray(size)) for size in sizes), sum(sizes))
    up.append(time.time() - start)
    start = time.time()
    received = sum(len(part) for part in server.download(image, 4, "u8", sizes))
    down.append(time.time() - start)
    assert received == sum(sizes)
    server.delete_image(image)
print(json.dumps([min(up), min(down), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024]))
"""
_DISMISS = """
import sys
sys.path.insert(0, %(plugin)r)
from restyle_plugin import launch
server, _ = launch._probe()
if server is not None:
    launch._dismiss(server, 60)
"""
_QUERY = """
import sys
sys.path.insert(0, %(plugin)r)
import restyle
from restyle_plugin.gimpfu_shim import backend
class Gimp:
    def main(self, procedures, dispatch): pass
backend.use(Gimp())
restyle.main()
"""


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--python", action="append", default=[], help="a Python to run the plug-in's side with (repeatable)")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"RESTYLE_HOME": home, "RESTYLE_PYTHON": sys.executable}
        try:
            rows = [_measure(python, environment) for python in options.python or [sys.executable]]
        finally:
            _run(sys.executable, _DISMISS % {"plugin": str(PLUGIN)}, environment)
    for row in rows:
        print(json.dumps(row) if options.json else _table(row))
    return 0 if all(row["is_kept"] for row in rows) else 1


def _measure(python: str, environment: dict[str, str]) -> dict[str, object]:
    version = json.loads((PLUGIN / "restyle_plugin" / "catalogue.json").read_text(encoding="utf-8"))["version"]
    facts = {"plugin": str(PLUGIN), "version": version, "width": WIDTH, "height": HEIGHT, "rounds": ROUNDS}
    up, down, peak = json.loads(_run(python, _TRANSFER % facts, environment))
    bare = min(_bare_socket() for _ in range(ROUNDS))
    query = min(_timed(python, _QUERY % facts, environment) for _ in range(ROUNDS))
    empty = min(_timed(python, "pass", environment) for _ in range(ROUNDS))
    is_kept = up + down < AROUND_LIMIT_S and peak < MEMORY_LIMIT_BYTES and query < QUERY_LIMIT_S
    return {
        "python": python,
        "up_s": up,
        "down_s": down,
        "bare_s": bare,
        "ratio": (up + down) / (2 * bare),
        "peak_bytes": peak,
        "query_s": query,
        "empty_python_s": empty,
        "is_kept": is_kept,
    }


def _bare_socket() -> float:
    """Seconds that the bytes take through a socket pair, from one buffer into another."""
    near, far = socket.socketpair()
    data, received = bytes(SIZE_BYTES), bytearray(SIZE_BYTES)
    start = time.perf_counter()
    thread = threading.Thread(target=near.sendall, args=(data,))
    thread.start()
    view, filled = memoryview(received), 0
    while filled < SIZE_BYTES:
        filled += far.recv_into(view[filled:])
    thread.join()
    seconds = time.perf_counter() - start
    near.close()
    far.close()
    return seconds


def _run(python: str, script: str, environment: dict[str, str]) -> str:
    return subprocess.run(
        [python, "-c", script], env=environment, capture_output=True, text=True, timeout=LIMIT_S, check=True
    ).stdout


def _timed(python: str, script: str, environment: dict[str, str]) -> float:
    start = time.perf_counter()
    _run(python, script, environment)
    return time.perf_counter() - start


def _table(row: dict[str, object]) -> str:
    return (
        "{python}\n  24 MP RGBA up {up_s:.2f} s, down {down_s:.2f} s (a bare socket {bare_s:.2f} s, ratio {ratio:.1f}); "
        "peak {peak_mb:.0f} MB\n  query {query_s:.2f} s (an empty Python {empty_python_s:.2f} s); {verdict}"
    ).format(peak_mb=row["peak_bytes"] / 2**20, verdict="kept" if row["is_kept"] else "NOT KEPT", **row)  # type: ignore[operator]


if __name__ == "__main__":
    sys.exit(main())
