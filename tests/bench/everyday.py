"""What a day with Restyle feels like: a command alone and beside a warm server, and the server's memory after ten different jobs.

Each command is timed as a whole process, from outside, as a person waits for it.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import skimage.data
from PIL import Image

from restyle.service.connection import read_connection

ROUNDS = 5
LIMIT_S = 300
SIDE = 512
STYLED = ("any-style", "neural-style", "photo-style")

LIMITS = {"fast-style_beside_s": 0.5, "any-style_beside_s": 1.5}
"""What the project promises of whole commands beside a warm server, 512 px."""


class Desk:
    """Two pictures in a folder, and a Restyle that works on them."""

    def __init__(self, folder):
        self.folder, self.home = Path(folder), Path(folder) / "home"
        self.environment = {**os.environ, "RESTYLE_HOME": str(self.home)}
        self.photo, self.style = self.folder / "photo.png", self.folder / "style.png"
        Image.fromarray(skimage.data.astronaut()).resize((SIDE, SIDE)).save(self.photo)
        Image.fromarray(skimage.data.colorwheel()).convert("RGB").resize((SIDE, SIDE)).save(self.style)

    def __call__(self, *words):
        """Run ``restyle WORDS``; the seconds that it took."""
        begun = time.perf_counter()
        command = [sys.executable, "-m", "restyle", *map(str, words)]
        done = subprocess.run(command, env=self.environment, capture_output=True, timeout=LIMIT_S, check=False)
        assert done.returncode == 0, (words, done.stderr.decode())
        return time.perf_counter() - begun

    def command(self, filter_id, *options):
        style = ("--style", self.style) if filter_id in STYLED else ()
        return self(filter_id, self.photo, *style, "-o", self.folder / "out.png", *options)

    def ten_jobs(self):
        """As different as one evening's: every filter that is quick, pictures and settings that differ."""
        for name in ("starry-night", "great-wave", "the-scream"):
            self.command("fast-style", "--style-name", name)
        for strength in (100, 60):
            self.command("any-style", "--strength", strength)
            self.command("enhance-photo", "--strength", strength)
        self.command("photo-style", "--mode", "fast")
        self.command("neural-style", "--steps", 20)
        self.command("find-regions")


def measure():
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(folder)
        for kind in ("fast-style", "any-style"):
            figures[f"{kind}_alone_s"] = statistics.median(desk.command(kind) for _ in range(ROUNDS))
        server = subprocess.Popen([sys.executable, "-m", "restyle.service", "--home", str(desk.home)])
        try:
            while read_connection(desk.home) is None:
                time.sleep(0.02)
            for kind in ("fast-style", "any-style"):
                desk.command(kind)
                figures[f"{kind}_beside_s"] = statistics.median(desk.command(kind) for _ in range(ROUNDS))
            desk.ten_jobs()
            figures["idle_memory_mb"] = psutil.Process(server.pid).memory_full_info().uss / 2**20
        finally:
            server.terminate()
            server.wait(LIMIT_S)
    return figures


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    figures = measure()
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            limit = f"   (asked: {LIMITS[name]})" if name in LIMITS else ""
            print(f"{name:<28}{value:8.2f}{limit}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
