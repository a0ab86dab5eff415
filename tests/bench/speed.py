"""What a person waits for, warm and in one process: each filter on a photo of a screen's and of a camera's size.

Takes the astronaut of scikit-image at the sizes named. ``--plain-cpu`` takes each again with the instructions of a processor
without bfloat16 (AVX2), in a process of its own. ``--phases`` says where the time goes, by what the progress bar says meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import skimage.data
import torch
from torch.nn import functional as F

from restyle.api import apply_all
from restyle.contract.progress import CallbackProgress, Report
from restyle.filters import find_filter
from restyle.pictures.image import Image

STYLE = Path(__file__).resolve().parents[2] / "plugin" / "restyle" / "restyle_plugin" / "styles" / "night.jpg"
PLAIN_CPU = {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2"}
ROUNDS = 3
LIMIT_S = 3600


@dataclass(frozen=True)
class Work:
    """One line of the table: a filter, the photo's height and width, settings, and the seconds that were asked."""

    filter_id: str
    size: tuple[int, int]
    asked_s: float | None = None
    settings: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        height, width = self.size
        size = f"{height * width / 1e6:.0f} MP" if height * width > 2e6 else f"{width} px"
        return " ".join([self.filter_id, *(str(value) for value in self.settings.values()), size])


SCREEN, CAMERA, LARGE = (512, 512), (3000, 4000), (4000, 6000)
WORKS = (
    Work("fast-style", SCREEN),
    Work("fast-style", CAMERA),
    Work("any-style", SCREEN, 1.0),
    Work("neural-style", SCREEN, 6.0),
    Work("photo-style", SCREEN, 6.0, {"mode": "best"}),
    Work("photo-style", SCREEN, 0.6, {"mode": "fast"}),
    Work("photo-style", CAMERA, 2.0, {"mode": "fast"}),
    Work("enhance-photo", CAMERA, 1.0),
    Work("enhance-photo", LARGE, 2.0),
    Work("deep-dream", SCREEN, 8.0),
    Work("focus", CAMERA, 4.0),
)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plain-cpu", action="store_true", help="also without bfloat16 and AVX-512")
    parser.add_argument("--phases", action="store_true", help="say where the time goes")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", action="store_true", help="print one line of figures instead of the table")
    options = parser.parse_args(arguments)
    figures = {str(work): _measured(work, options.rounds, phases=options.phases) for work in WORKS}
    if options.json:
        print(json.dumps(figures))
        return 0
    plain = _on_a_plain_cpu(options.rounds) if options.plain_cpu else {}
    for work in WORKS:
        found, name = figures[str(work)], str(work)
        asked = f"asked {work.asked_s:4.1f}" if work.asked_s else ""
        slower = f"plain cpu {plain[name]['wall_s']:6.2f} s" if name in plain else ""
        print(f"{name:<32}{found['wall_s']:7.2f} s  ({found['cpu_s']:6.2f} s of cores)  {asked:<12}{slower}")
        for phase, share in found["phases"].items():
            print(f"    {share:5.0%}  {phase}")
    return 0


def _measured(work: Work, rounds: int, *, phases: bool) -> dict[str, object]:
    """Median seconds of the clock and of the cores after one call that warms up, and each phase's share of the last call."""
    pixels = torch.from_numpy(skimage.data.astronaut()).permute(2, 0, 1)[None].float() / 255
    # In planes, as pictures come from GIMP and from files; resizing leaves the colours of a pixel together.
    photo = Image(F.interpolate(pixels, work.size, mode="bilinear", antialias=True).clamp(0, 1).contiguous())
    takes_styles = any(spec.name == "styles" for spec in find_filter(work.filter_id).inputs)
    given = {"styles": [STYLE]} if takes_styles else {}
    walls, cores = [], []
    clock = _Phases()
    for _ in range(1 + rounds):
        clock = _Phases()
        begun, spent = time.perf_counter(), time.process_time()
        apply_all(work.filter_id, photo, progress=CallbackProgress(clock), **given, **work.settings)
        walls.append(time.perf_counter() - begun)
        cores.append(time.process_time() - spent)
    shares = clock.shares() if phases else {}
    return {"wall_s": statistics.median(walls[1:]), "cpu_s": statistics.median(cores[1:]), "phases": shares}


class _Phases:
    """Listens to a filter, and knows how long each thing took that it said it was doing."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = defaultdict(float)
        self._phase, self._since = "before the first word", time.perf_counter()

    def __call__(self, report: Report) -> None:
        now = time.perf_counter()
        self._seconds[self._phase] += now - self._since
        self._phase, self._since = re.sub(r"[\d.,:%]+", "#", report.message) or self._phase, now

    def shares(self) -> dict[str, float]:
        """Of the whole, largest first."""
        self(Report(1, 1, ""))
        total = sum(self._seconds.values())
        return {phase: seconds / total for phase, seconds in sorted(self._seconds.items(), key=lambda item: -item[1])}


def _on_a_plain_cpu(rounds: int) -> dict[str, dict[str, float]]:
    command = [sys.executable, "-m", "tests.bench.speed", "--json", "--rounds", str(rounds)]
    done = subprocess.run(command, env={**os.environ, **PLAIN_CPU}, capture_output=True, text=True, timeout=LIMIT_S, check=True)
    found: dict[str, dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    sys.exit(main())
