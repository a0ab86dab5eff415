"""Photo Style on the paper's own pairs: structure kept and style reached, beside the paper's results; then speed and memory.

Writes build/photo-style-sheet-N.jpg as well (build/ is ignored: they show reference pictures): photo, style, the paper's
result, fast, best. ``--quick`` measures every fifth pair; ``--speed`` only times.
"""

import argparse
import json
import statistics
import sys
import threading
import time
from functools import partial
from pathlib import Path

import numpy as np
import psutil
import torch
from PIL import Image as PillowImage
from torch import Tensor

from restyle.context import Context
from restyle.contract.loaded import Style
from restyle.engine.run import run
from restyle.filters.photo_style import PHOTO_STYLE, PhotoStyleParams
from restyle.host.device import pick_device
from restyle.networks.vgg import vgg19_from_caffe_arrays
from restyle.pictures.image import Image
from restyle.pictures.matting import MattingLaplacian
from restyle.pictures.resizing import resized
from restyle.regions import Regions
from tests.bench.peers import seconds_per_plain_step
from tests.bench.photo_pairs import NUMBERS, PhotoPair, read_pair, structure, style_distance
from tests.loading import inputs_of

ROOT = Path(__file__).resolve().parents[2]
MODES = ("fast", "best")
MEASURED_PX = 512
SPEED_PX = 700
PLAIN_STEPS = 3_000
SHEET_PAIRS, CELL_PX, GAP_PX = 6, 420, 6
LAPLACIAN_SIZE = (936, 1400)
SIZES = {"1 MP": (816, 1224), "24 MP": (4000, 6000)}
ASKED = {
    "best": "structure 0.70, style 0.30", "fast": "structure 0.80, style 0.50", "best_s": 30, "times": 150,
    "fast 1 MP": 1.5, "fast 24 MP": 15, "best 24 MP - 1 MP": 12, "laplacian_s": 0.15, "laplacian_mb": 200, "peak_mb": 4000,
}  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    if not (options.reference / "dpst").is_dir():
        print("no reference pictures here; nothing measured")
        return 0
    figures: dict = {"cores": torch.get_num_threads(), "laplacian": _laplacian_figures()}
    if not options.without_speed:
        figures["speed"] = _speed_figures(options)
    if not options.speed:
        figures["pairs"] = _pair_figures(options)
    _print(figures)
    if options.json:
        print(json.dumps(figures))
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", type=Path, default=ROOT.parent / "shared" / "reference")
    parser.add_argument("--out", type=Path, default=ROOT / "build")
    parser.add_argument("--numbers", type=lambda text: [int(part) for part in text.split(",")], default=list(NUMBERS))
    parser.add_argument("--size", type=int, default=MEASURED_PX, help="longer side in px at which pairs are measured")
    parser.add_argument("--quick", action="store_true", help="every fifth pair")
    parser.add_argument("--speed", action="store_true", help="times and memory only")
    parser.add_argument("--without-speed", action="store_true", help="the pairs only")
    parser.add_argument("--json", action="store_true", help="end with one line of figures")
    return parser.parse_args(arguments)


def _styled(photo: Tensor, style: Tensor, regions: tuple[Regions, Regions], **settings: object) -> Tensor:
    inputs = inputs_of(Image(photo), (Style(Image(style), 1.0, regions[1]),), None, regions[0])
    return run(PHOTO_STYLE, inputs, PhotoStyleParams(**settings), Context(pick_device())).picture.pixels


def _pair_figures(options: argparse.Namespace) -> list[dict]:
    judge = vgg19_from_caffe_arrays(np.load(options.reference / "vgg" / "vgg19_conv1_1-conv3_4.npz"))
    options.out.mkdir(parents=True, exist_ok=True)
    rows, cells = [], []
    for number in options.numbers[:: 5 if options.quick else 1]:
        pair = read_pair(options.reference / "dpst", number, options.size)
        row, pictures = _measured(judge, pair)
        rows.append(row)
        cells.append(pictures)
        print({name: round(value, 3) for name, value in row.items()}, file=sys.stderr, flush=True)
        for name, picture in zip(MODES, pictures[3:], strict=True):
            picture.save(options.out / f"photo-style-{number}-{name}.png")
        if len(cells) == SHEET_PAIRS or number == options.numbers[-1]:
            path = options.out / f"photo-style-sheet-{(len(rows) - 1) // SHEET_PAIRS + 1}.jpg"
            _sheet(cells).save(path, quality=92)
            print(path, flush=True)
            cells = []
    return rows


def _measured(judge, pair: PhotoPair) -> tuple[dict, list[PillowImage.Image]]:
    results, row = [pair.published], {"number": pair.number}
    for mode in MODES:
        started = time.perf_counter()
        results.append(_styled(pair.photo, pair.style, (pair.photo_regions, pair.style_regions), mode=mode))
        row[f"{mode}_s"] = time.perf_counter() - started
    distances = style_distance(judge, pair, *results)
    for name, result, distance in zip(("published", *MODES), results, distances, strict=True):
        row |= {f"{name}_structure": structure(result, pair.photo), f"{name}_style": distance}
    return row, [_picture(pixels) for pixels in (pair.photo, pair.style, *results)]


def _speed_figures(options: argparse.Namespace) -> dict:
    pair = read_pair(options.reference / "dpst", 4, SPEED_PX)
    regions = pair.photo_regions, pair.style_regions
    figures: dict = {"plain_step_s": seconds_per_plain_step(pair.photo, pair.style, _seconds)}
    for mode in MODES:
        figures[f"{mode}_s"] = _seconds(partial(_styled, pair.photo, pair.style, regions, mode=mode))
    figures["times"] = figures["plain_step_s"] * PLAIN_STEPS / figures["best_s"]
    for name, size in SIZES.items():
        photo = resized(pair.photo, *size).clamp(0, 1)
        for mode in MODES:
            figures[f"{mode} {name}"] = _seconds(partial(_styled, photo, pair.style, regions, mode=mode), 1)
    figures["best 24 MP - 1 MP"] = figures["best 24 MP"] - figures["best 1 MP"]
    figures["peak_mb"] = _peak_mb(lambda: _styled(photo, pair.style, regions, mode="best", steps=1))
    return figures


def _laplacian_figures() -> dict:
    photo = torch.rand(1, 3, *LAPLACIAN_SIZE, generator=torch.Generator().manual_seed(0))
    before = psutil.Process().memory_info().rss / 1e6
    laplacian = MattingLaplacian(photo)
    peak = _peak_mb(lambda: laplacian.apply(photo))
    return {"apply_s": _seconds(lambda: laplacian.apply(photo)), "mb": peak - before}


def _seconds(work, rounds: int = 3) -> float:
    """The median of a few calls, after one to warm up where there are several."""
    if rounds > 1:
        work()
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def _peak_mb(work) -> float:
    """The most memory that this process had while ``work`` ran."""
    process, done, peak = psutil.Process(), threading.Event(), [0.0]

    def watch() -> None:
        while not done.wait(0.02):
            peak[0] = max(peak[0], process.memory_info().rss / 1e6)

    watcher = threading.Thread(target=watch)
    watcher.start()
    work()
    done.set()
    watcher.join()
    return peak[0]


def _picture(pixels: Tensor) -> PillowImage.Image:
    samples = pixels[0].permute(1, 2, 0).clamp(0, 1).mul(255).round().byte().numpy()
    return PillowImage.fromarray(np.ascontiguousarray(samples))


def _sheet(rows: list[list[PillowImage.Image]]) -> PillowImage.Image:
    """Photo, style, the paper's result, fast and best, a pair in each row."""
    sheet = PillowImage.new("RGB", (len(rows[0]) * (CELL_PX + GAP_PX), len(rows) * (CELL_PX + GAP_PX)), "white")
    for down, pictures in enumerate(rows):
        for across, picture in enumerate(pictures):
            picture = picture.copy()
            picture.thumbnail((CELL_PX, CELL_PX), PillowImage.Resampling.LANCZOS)
            sheet.paste(picture, (across * (CELL_PX + GAP_PX), down * (CELL_PX + GAP_PX)))
    return sheet


def _print(figures: dict) -> None:
    names = [f"{name}_{what}" for name in ("published", *MODES) for what in ("structure", "style")]
    rows = figures.get("pairs", [])
    if rows:
        print("pair " + " ".join(f"{name:>19}" for name in names))
        for row in rows:
            print(f"{row['number']:4} " + " ".join(f"{row[name]:19.3f}" for name in names))
        print("mean " + " ".join(f"{statistics.mean(row[name] for row in rows):19.3f}" for name in names))
    for name, value in {**figures.get("speed", {}), **figures["laplacian"]}.items():
        print(f"{name}: {value:.3g}")
    print(f"asked: {ASKED}")


if __name__ == "__main__":
    sys.exit(main())
