"""Batches: what a batch costs beside a plain loop, how many processes help, and what reading and writing cost.

Photos are scikit-image's, scaled. Ways take turns over parts of the photos, so that whatever else the machine does meets all of
them alike; starting is left out, for it is the same for a million.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import torch
from PIL import Image as PillowImage
from skimage import data

from restyle.batch.crew import Alone, Crew, Task, checked
from restyle.batch.farm import Farm
from restyle.batch.ledger import Ledger
from restyle.batch.places import Naming, places
from restyle.batch.processes import Processes
from restyle.batch.work import Batch
from restyle.contract.progress import SilentProgress
from restyle.contract.request import Request
from restyle.host.threads import let_threads_sleep, usable_processors
from restyle.pictures.files import open_image, save_image
from restyle.pictures.paths import ref_of
from restyle.service.clients import HereClient

FILTER = "enhance-photo"
SMALL, MIDDLE, LARGE = (320, 240), (1200, 800), (4000, 3000)
PART = 10
LOOP, WORKER, RAY = "a plain loop", "restyle batch --workers, one of them", "restyle batch --on ray, one worker"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=200, help="how many small ones")
    parser.add_argument("--only", choices=["overhead", "workers", "files"])
    options = parser.parse_args(arguments)
    let_threads_sleep()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if options.only in (None, "overhead"):
            _overhead(_made(folder / "small", options.photos, SMALL), folder)
        if options.only in (None, "workers"):
            _workers(_made(folder / "middle", 24, MIDDLE), folder, "1200 x 800")
            _workers(_made(folder / "large", 6, LARGE), folder, "4000 x 3000")
        if options.only in (None, "files"):
            _files(folder)
    return 0


def _made(folder: Path, count: int, size: tuple[int, int]) -> Path:
    folder.mkdir()
    photos = [PillowImage.fromarray(one()).resize(size, PillowImage.Resampling.LANCZOS) for one in (data.astronaut, data.coffee)]
    for number in range(count):
        photos[number % 2].save(folder / f"{number:04}.jpg", quality=90)
    return folder


def _asked(source: Path) -> Request:
    return Request(filter=FILTER, inputs={"content": ref_of(source)})


def _loop(found: list[tuple[Path, Path]], client: HereClient) -> Iterator[None]:
    """What anybody would write."""
    for source, output in found:
        client.perform(checked(_asked(source)), output, SilentProgress())
        yield


def _batch(found: list[tuple[Path, Path]], crew: Crew, out: Path) -> Iterator[None]:
    """The whole way of a batch, ledger and all; a step for each picture that is done."""

    class Stepping(Crew):
        def outcomes(self, tasks: Iterator[Task]) -> Iterator:
            yield from crew.outcomes(tasks)

    seen: list[object] = []
    with Ledger.open(out) as ledger:
        batch = Batch(found, _asked, Stepping(), lambda piece, left_s: seen.append(piece))
        made_of: dict[int, str] = {}
        batch._told, batch._made, batch._started = 0, 0, time.perf_counter()
        for outcome in batch.crew.outcomes(batch._wanted(ledger, made_of)):
            batch._keep(ledger, outcome, made_of.pop(outcome.task.number))
            yield


def _overhead(photos: Path, folder: Path) -> None:
    """One worker, one thread: ways take turns, a part of the photos each."""
    os.environ["OMP_NUM_THREADS"] = "1"
    torch.set_num_threads(1)
    ways = {}
    for name, make in (
        (LOOP, None),
        ("restyle batch, in one process", lambda: Alone(HereClient())),
        (WORKER, lambda: Processes(1, HereClient())),
        (RAY, lambda: Farm("ray", 1)),
    ):
        out = folder / name.replace(" ", "-")
        out.mkdir()
        found = places([photos], Naming(out, FILTER))
        ways[name] = _loop(found, HereClient()) if make is None else _batch(found, make(), out)
    count = len(list(photos.iterdir()))
    wall, cpu = _in_turns(ways, count)
    print(f"| {count} photos of 320 x 240, Enhance Photo | ms of processor for each | beside the loop | ms until it is done |")
    print("|---|---|---|---|")
    for name in ways:
        more = 100 * (cpu[name] / cpu[LOOP] - 1)
        print(f"| {name} | {1000 * cpu[name]:.0f} | {more:+.1f} % | {1000 * wall[name]:.0f} |")


def _in_turns(ways: dict[str, Iterator[None]], count: int) -> tuple[dict[str, float], dict[str, float]]:
    """Seconds for a picture of each way: the median of parts that take turns, and what processors had to do for it.

    Ray works a little ahead while others have their turn, so that only the second says what it costs.
    """
    parts: dict[str, list[float]] = {name: [] for name in ways}
    cpu = dict.fromkeys(ways, 0.0)
    for way in ways.values():
        for _ in range(PART):
            next(way)
    before = _helpers()
    for _ in range(PART, count - PART + 1, PART):
        for name, way in ways.items():
            started, busy = time.perf_counter(), time.process_time()
            for _ in range(PART):
                next(way)
            parts[name].append((time.perf_counter() - started) / PART)
            cpu[name] += time.process_time() - busy
        print({name: round(taken[-1], 3) for name, taken in parts.items()}, file=sys.stderr, flush=True)
    for name, seconds in _helpers().items():
        cpu[name] += seconds - before[name]
    for way in ways.values():
        way.close()  # type: ignore[attr-defined]
    return {name: float(np.median(taken)) for name, taken in parts.items()}, {
        name: seconds / (count - PART) for name, seconds in cpu.items()
    }


def _helpers() -> dict[str, float]:
    """What the other processes of a way have had of the processors."""
    found = {WORKER: 0.0, RAY: 0.0}
    for process in psutil.Process().children(recursive=True):
        times = process.cpu_times()
        found[WORKER if "restyle.batch.serving" in process.cmdline() else RAY] += times.user + times.system
    return found


def _workers(photos: Path, folder: Path, title: str) -> None:
    """One process with all processors, and one for each; their start is included."""
    processors = usable_processors()
    os.environ.pop("OMP_NUM_THREADS", None)
    print(
        f"| photos of {title}, {processors} processors | seconds for each | of processor | largest process |\n|---|---|---|---|"
    )
    for count in sorted({1, processors}):
        out = folder / f"{photos.name}-{count}"
        out.mkdir()
        started, before = time.perf_counter(), _of_children()
        found = places([photos], Naming(out, FILTER))
        with Ledger.open(out) as ledger:
            Batch(found, _asked, Processes(count, HereClient(memory_share=1 / count)), lambda piece, left_s: None).run(ledger)
        taken, busy = time.perf_counter() - started, _of_children() - before
        largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
        threads = processors // count
        print(
            f"| {count} of {threads} threads | {taken / len(found):.2f} | {busy / len(found):.2f} | {largest:.2f} GB |",
            flush=True,
        )


def _of_children() -> float:
    """Seconds of processors that children took which have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _files(folder: Path) -> None:
    print("| JPEG of 12 megapixels | seconds | MB |\n|---|---|---|")
    (source,) = _made(folder / "one", 1, LARGE).iterdir()
    started = time.process_time()
    image, metadata = open_image(source)
    print(f"| read | {time.process_time() - started:.2f} | {source.stat().st_size / 1e6:.1f} |")
    started = time.process_time()
    save_image(image, folder / "out.jpg", metadata)
    print(f"| written | {time.process_time() - started:.2f} | {(folder / 'out.jpg').stat().st_size / 1e6:.1f} |")


if __name__ == "__main__":
    sys.exit(main())
