"""Soak: what a server must bear that lives long, at lengths that no test run has time for.

Jobs: 400 small ones of all kinds, pictures of ever new sizes; memory at the end against that at job 50. Kills: the server is
killed at 50 random moments while the plug-in's client works; each time the client hears one sentence, and the next call is
well. Requests: 5,000 and more that schemathesis makes up. Any part alone: ``python -m tests.bench.soak --parts jobs``.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "plugin" / "restyle")]

from restyle_plugin import launch, menu  # noqa: E402 - found by the line above
from restyle_plugin.errors import ServerLost  # noqa: E402

SETTLED_JOB = 50
GROWTH_LIMIT = 1.10
"""At the end against job SETTLED_JOB: what the server kept by then it may keep."""

SIZES_PX = (48, 200)
ENDED = ("done", "failed", "cancelled")

USES = (
    ("fast-style", 0, {}),
    ("any-style", 1, {"working_size": 128}),
    ("photo-style", 1, {"mode": "fast"}),
    ("neural-style", 1, {"steps": 2, "working_size": 128}),
    ("enhance-photo", 0, {}),
)
"""Filters, how many styles they take, and settings that keep a job short."""


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", nargs="+", default=["jobs", "kills", "requests"], choices=["jobs", "kills", "requests"])
    parser.add_argument("--jobs", type=int, default=400)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--examples", type=int, default=150, help="requests for each operation and kind of request")
    parser.add_argument("--json", action="store_true", help="end with one line of figures")
    options = parser.parse_args(argv)
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="rs") as home:
        os.environ.update(RESTYLE_HOME=home, RESTYLE_PYTHON=sys.executable)
        try:
            if "jobs" in options.parts:
                figures |= soak_jobs(options.jobs)
            if "kills" in options.parts:
                figures |= soak_kills(options.kills)
        finally:
            _end_server()
    if "requests" in options.parts:
        figures |= soak_requests(options.examples)
    for name, value in figures.items():
        print(f"{name:<24} {value:8.2f}")
    if options.json:
        print(json.dumps(figures))
    return int(figures.get("memory_growth", 1.0) > GROWTH_LIMIT or figures.get("failures", 0) > 0)


def soak_jobs(count: int) -> dict[str, float]:
    """Run ``count`` jobs; the server's memory at the settled job and at the end, and seconds for the last hundred jobs."""
    chance = random.Random(0)
    settled = begun = time.perf_counter()
    server = _connect()
    process = psutil.Process(server.health()["pid"])
    settled_mb = 0.0
    for number in range(1, count + 1):
        _run_job(server, *USES[number % len(USES)], chance)
        if number == min(SETTLED_JOB, count):
            settled_mb, settled = _memory_mb(process), time.perf_counter()
        if number % SETTLED_JOB == 0:
            print(f"job {number}: {_memory_mb(process):.0f} MB, {time.perf_counter() - begun:.0f} s", flush=True)
    seconds = (time.perf_counter() - settled) / max(count - SETTLED_JOB, 1)
    return {"settled_mb": settled_mb, "end_mb": _memory_mb(process), "memory_growth": _memory_mb(process) / settled_mb} | {
        "seconds_per_job": seconds
    }


def soak_kills(count: int) -> dict[str, float]:
    """Kill the server ``count`` times at random moments of a call; how often anything but one sentence came of it."""
    chance, failures = random.Random(1), 0
    for _ in range(count):
        server = _connect()
        process = psutil.Process(server.health()["pid"])
        death = threading.Timer(chance.uniform(0.0, 1.5), process.kill)
        death.start()
        try:
            while death.is_alive() or process.is_running():
                _run_job(server, *USES[0], chance)
        except ServerLost as error:
            failures += "nothing was changed" not in error.text
        except Exception as error:  # whatever else comes is what is counted
            failures += 1
            traceback.print_exception(error)
        death.join()
    _run_job(_connect(), *USES[0], chance)
    return {"kills": count, "failures": failures}


def soak_requests(examples: int) -> dict[str, float]:
    """Run the test of the HTTP schema with more examples of each kind; 1 failure where it fails."""
    command = [sys.executable, "-m", "pytest", "-q", "tests/core/service/test_schema.py"]
    environment = {**os.environ, "RESTYLE_SOAK_EXAMPLES": str(examples)}
    failed = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode != 0
    return {"requests_failed": float(failed)}


def _connect() -> launch.Server:
    return launch.connect(menu.catalogue()["version"], start_limit_s=120)


def _run_job(server: launch.Server, filter_id: str, styles: int, params: dict[str, object], chance: random.Random) -> None:
    images = [_upload(server, chance) for _ in range(1 + styles)]
    body: dict[str, object] = {"content": images[0], "selection": None}
    if styles:
        body["styles"] = [{"image": image} for image in images[1:]]
    job = server.start(filter_id, {"inputs": body, "params": params})
    while job["state"] not in ENDED:
        job = server.poll(job["id"], job["revision"], 5000)
    assert job["state"] == "done", job
    server.cancel(job["id"])
    for image in images:
        server.delete_image(image)


def _upload(server: launch.Server, chance: random.Random) -> str:
    width, height = (chance.randint(*SIZES_PX) for _ in range(2))
    rows = (chance.randbytes(3 * width) for _ in range(height))
    image: str = server.upload(width, height, 3, "u8", rows, 3 * width * height)
    return image


def _memory_mb(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 1e6


def _end_server() -> None:
    server, _ = launch._probe()
    if server is not None:
        launch._dismiss(server, 60)


if __name__ == "__main__":
    sys.exit(main())
