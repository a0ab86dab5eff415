"""Harmonize on the eighteen sets of Deep Painterly Harmonization, beside the paper's results; then speed.

Inside the element, relative to the naive paste (1 is no better), at 512 px: style is the distance of VGG-19's Gram matrices
to the painting's, patch how unlike the 3x3 patches of relu3_1 are to the most alike of the painting's; structure is the SSIM of
gradient maps with the paste's. Writes build/harmonize-sheet-N.jpg as well (build/ is ignored: they show reference pictures):
paste, the paper's result, ours. ``--quick`` measures every fourth set; ``--results`` measures pictures N.png that are there.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image as PillowImage
from torch import Tensor
from torch.nn import functional as F

from restyle.context import Context
from restyle.contract.loaded import Loaded, PlacedPicture
from restyle.engine.run import run
from restyle.filters.harmonize import BACKDROP, ELEMENT, HARMONIZE, HarmonizeParams
from restyle.host.device import pick_device
from restyle.networks.features import FeatureExtractor
from restyle.networks.vgg import vgg19_from_caffe_arrays
from restyle.pictures.files import open_image, save_image
from restyle.pictures.image import Image
from restyle.pictures.resizing import resized
from restyle.pictures.transparency import laid_on
from tests.bench.photo_pairs import LAYERS, structure_map

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = tuple(range(0, 36, 2))
MEASURED_PX = 512
PATCH_LAYER, PATCH, LEAST_COVER = "relu3_1", 3, 0.6
SHEET_SETS, CELL_PX, AROUND_PX = 3, 640, 40
FIGURES = ("style", "patch", "structure")
ASKED = "style 0.36 at most, patch 0.80 at most, structure 0.42 at least; 15 s at 700 px on two cores"


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    if not options.reference.is_dir():
        print("no reference pictures here; nothing measured")
        return 0
    judge = vgg19_from_caffe_arrays(np.load(options.reference.parent / "vgg" / "vgg19_conv1_1-conv3_4.npz"))
    options.out.mkdir(parents=True, exist_ok=True)
    rows: list[dict] = []
    shown: list[int] = []
    for number in options.numbers[:: 4 if options.quick else 1]:
        rows.append(_measured(judge, number, options))
        print({name: round(value, 3) for name, value in rows[-1].items()}, file=sys.stderr, flush=True)
        shown.append(number)
        if len(shown) == SHEET_SETS or number == options.numbers[-1]:
            path = options.out / f"harmonize-sheet-{shown[0]}-{shown[-1]}.jpg"
            _sheet([_row(number, options) for number in shown]).save(path, quality=92)
            print(path, flush=True)
            shown = []
    _print(rows)
    if options.json:
        print(json.dumps(rows))
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", type=Path, default=ROOT.parent / "shared" / "reference" / "harmonization")
    parser.add_argument("--out", type=Path, default=ROOT / "build")
    parser.add_argument("--results", type=Path, help="a folder with results that are only to be measured")
    parser.add_argument("--numbers", type=lambda text: [int(part) for part in text.split(",")], default=list(NUMBERS))
    parser.add_argument("--mode", choices=["best", "published"], default="best")
    parser.add_argument("--quick", action="store_true", help="every fourth set")
    parser.add_argument("--json", action="store_true", help="end with one line of figures")
    return parser.parse_args(arguments)


def _measured(judge: FeatureExtractor, number: int, options: argparse.Namespace) -> dict:
    painting, naive, mask, published = (
        open_image(options.reference / f"{number}_{name}.jpg")[0] for name in ("target", "naive", "c_mask", "paper")
    )
    cover = (mask.pixels[:, :1] > 0.5).float()
    row: dict = {"number": number}
    path = (options.results or options.out) / f"{'' if options.results else 'harmonize-'}{number}.png"
    if not options.results:
        started = time.perf_counter()
        values = {ELEMENT.name: Image(naive.pixels, cover), BACKDROP.name: PlacedPicture(painting)}
        layer = run(HARMONIZE, Loaded(values), HarmonizeParams(mode=options.mode), Context(pick_device())).picture
        row["seconds"] = time.perf_counter() - started
        finished = laid_on(painting, layer, 0, 0)
        save_image(finished, path)
        untouched = (layer.alpha == 0).expand_as(painting.pixels)
        row["changed outside"] = float((finished.pixels - painting.pixels)[untouched].abs().max())
    scale = MEASURED_PX / max(naive.width, naive.height)
    size = round(naive.height * scale), round(naive.width * scale)
    small = [resized(picture.pixels, *size).clamp(0, 1) for picture in (painting, naive, published, open_image(path)[0])]
    inside = (F.interpolate(cover, size, mode="area") > 0.5).float()
    for name, result in zip(("paper", "ours"), small[2:], strict=True):
        figures = _figures(judge, small[0], small[1], result, inside)
        row |= {f"{name} {figure}": value for figure, value in zip(FIGURES, figures, strict=True)}
    return row


@torch.no_grad()
def _figures(judge: FeatureExtractor, painting: Tensor, naive: Tensor, result: Tensor, inside: Tensor) -> tuple[float, ...]:
    wanted, before, after = (judge(picture, LAYERS) for picture in (painting, naive, result))
    everywhere = torch.ones_like(inside)
    style = []
    for layer in LAYERS:
        target = _gram(wanted[layer], everywhere)
        style.append(float((_gram(after[layer], inside) - target).norm() / (_gram(before[layer], inside) - target).norm()))
    patches = [_unlikeness(features[PATCH_LAYER], wanted[PATCH_LAYER], inside) for features in (after, before)]
    structure = float((structure_map(result, naive) * inside).sum() / inside.sum())
    return statistics.mean(style), patches[0] / patches[1], structure


def _gram(features: Tensor, mask: Tensor) -> Tensor:
    weights = F.adaptive_avg_pool2d(mask, (features.shape[2], features.shape[3]))
    vectors = (features * weights.sqrt())[0].flatten(1)
    return vectors @ vectors.T / weights.sum()


def _unlikeness(features: Tensor, offered: Tensor, mask: Tensor) -> float:
    """The mean of 1 - cosine of each patch inside the mask to the most alike of those offered."""
    one, other = (F.normalize(F.unfold(maps, PATCH)[0].T, dim=1) for maps in (features, offered))
    cover = F.unfold(F.adaptive_avg_pool2d(mask, (features.shape[2], features.shape[3])), PATCH)[0].mean(0)
    best = torch.cat([(part @ other.T).amax(1) for part in one[cover > LEAST_COVER].split(512)])
    return float((1 - best).mean())


def _row(number: int, options: argparse.Namespace) -> list[PillowImage.Image]:
    """The element and what is around it: pasted, the paper's, ours."""
    ours = (options.results / f"{number}.png") if options.results else (options.out / f"harmonize-{number}.png")
    paths = [options.reference / f"{number}_{name}.jpg" for name in ("naive", "paper")]
    mask = PillowImage.open(options.reference / f"{number}_c_mask.jpg").convert("L").point(lambda value: 255 * (value > 127))
    left, top, right, bottom = mask.getbbox() or (0, 0, *mask.size)
    first, last = (max(left - AROUND_PX, 0), max(top - AROUND_PX, 0)), (right + AROUND_PX, bottom + AROUND_PX)
    box = (*first, min(last[0], mask.width), min(last[1], mask.height))
    parts = [PillowImage.open(path).convert("RGB").crop(box) for path in (*paths, ours)]
    scale = min(CELL_PX / parts[0].width, CELL_PX / parts[0].height)
    return [
        part.resize((round(part.width * scale), round(part.height * scale)), PillowImage.Resampling.LANCZOS) for part in parts
    ]


def _sheet(rows: list[list[PillowImage.Image]]) -> PillowImage.Image:
    sheet = PillowImage.new("RGB", (3 * CELL_PX, sum(row[0].height for row in rows)), "white")
    down = 0
    for row in rows:
        for across, part in enumerate(row):
            sheet.paste(part, (across * CELL_PX, down))
        down += row[0].height
    return sheet


def _print(rows: list[dict]) -> None:
    names = [f"{who} {figure}" for who in ("paper", "ours") for figure in FIGURES]
    print("set  " + " ".join(f"{name:>15}" for name in names))
    for row in rows:
        print(f"{row['number']:4} " + " ".join(f"{row[name]:15.3f}" for name in names))
    print("mean " + " ".join(f"{statistics.mean(row[name] for row in rows):15.3f}" for name in names))
    times = [row["seconds"] for row in rows if "seconds" in row]
    if times:
        changed = max(row["changed outside"] for row in rows)
        print(f"seconds: {statistics.mean(times):.1f} on the mean, {max(times):.1f} at most; changed outside: {changed}")
    print(f"asked: {ASKED}")


if __name__ == "__main__":
    sys.exit(main())
