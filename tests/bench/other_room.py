"""A layer of 24 megapixels to a server and back by the plug-in's client: by TLS, as to another room, beside the private socket.

Both ways end in the same server on this computer: the difference is what encryption costs, and a network adds its own time.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "plugin" / "restyle"))

from restyle_plugin import launch, remote  # noqa: E402  (the plug-in is no package of ours)
from restyle_plugin.client import Server  # noqa: E402

WIDTH, HEIGHT, CHANNELS = 6000, 4000, 4
ROWS = 200
ROUNDS, ASKED = 3, 20
START_S = 120
RESTYLE = (sys.executable, "-m", "restyle", "server")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as home:
        os.environ["RESTYLE_HOME"] = home
        process = subprocess.Popen([*RESTYLE, "start", "--listen", "127.0.0.1:0"], stderr=subprocess.DEVNULL)
        try:
            near = _near()
            line = subprocess.run([*RESTYLE, "pair", "bench"], capture_output=True, text=True, check=True).stdout
            far, _ = remote.server_of(remote.parse(line))
            while near.health()["state"] != "ready":
                time.sleep(0.5)
            rows = {"private socket": _measure(near), "TLS": _measure(far)}
        finally:
            process.terminate()
            process.wait()
    print(json.dumps(rows) if options.json else _table(rows))
    return 0


def _near() -> Server:
    ends_at = time.monotonic() + START_S
    while time.monotonic() < ends_at:
        server, _ = launch._probe()
        if server is not None:
            return server
        time.sleep(0.2)
    raise SystemExit("the server did not come up")


def _measure(server: Server) -> dict[str, float]:
    """Seconds for the picture up and down, the best of some, and for one question and its answer on average."""
    sizes = [WIDTH * ROWS * CHANNELS] * (HEIGHT // ROWS)
    strip = bytes(sizes[0])
    up, down = [], []
    for _ in range(ROUNDS):
        image: list[str] = []
        up.append(
            _timed(
                lambda image=image: image.append(server.upload(WIDTH, HEIGHT, CHANNELS, "u8", [strip] * len(sizes), sum(sizes)))
            )
        )
        down.append(_timed(lambda image=image: sum(len(part) for part in server.download(image[0], CHANNELS, "u8", sizes))))
        server.delete_image(image[0])
    asked = _timed(lambda: [server.health() for _ in range(ASKED)]) / ASKED
    return {"up_s": round(min(up), 3), "down_s": round(min(down), 3), "asked_s": round(asked, 4)}


def _timed(function: Callable[[], object]) -> float:
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def _table(rows: dict[str, dict[str, float]]) -> str:
    lines = ["| way | up | down | a question |", "|---|---|---|---|"]
    lines += [f"| {way} | {row['up_s']} s | {row['down_s']} s | {row['asked_s'] * 1000:.0f} ms |" for way, row in rows.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
