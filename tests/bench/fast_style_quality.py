"""Fast Style's styles on ten photos that were not in training: figures beside Neural Style's on the same, and a sheet.

Each style is measured on one photo, which Neural Style paints too, with its defaults at the photo's full size. Photos have the
area that styles are learned at, so strokes are alike large for both. Writes build/fast-style-sheet.jpg, a row for each photo and
a column for each style, and build/fast-style-pairs.jpg: photo, painting, Fast Style's and Neural Style's result of each pair.
Johnson et al. published what their networks make of one photo in four of our styles: build/fast-style-published.jpg has ours
beside theirs. Prints how long the whole filter takes for 1024 x 1024.
"""

import argparse
import json
import statistics
import sys
import time
from dataclasses import asdict, astuple
from pathlib import Path

import numpy as np
import torch
from PIL import Image as PillowImage
from torch import Tensor

from restyle.context import Context
from restyle.contract.loaded import Style
from restyle.engine.run import run
from restyle.filters.fast_style import FAST_STYLE, FastStyleParams
from restyle.filters.fast_style.styles import SHIPPED_STYLES
from restyle.filters.neural_style import NEURAL_STYLE, NeuralStyleParams
from restyle.host.device import pick_device
from restyle.networks.vgg import VGG19
from restyle.pictures.image import Image
from restyle.pictures.resizing import fitted
from restyle_training.shipped_styles import read_style
from restyle_training.training_pictures import KODAK_HELD_BACK
from tests.bench.data import read_scaled
from tests.bench.judge import Figures, judge, load_judge, mean_figures
from tests.loading import inputs_of

ROOT = Path(__file__).resolve().parents[2]
PHOTO_PX = 688  # of 3:2 that is style_picture.STYLE_PX squared
SHEET_PX = 256  # longer side of a picture on the sheet
PUBLISHED = {
    "starry-night": "eccv16/chicago_starry_night.jpg",
    "great-wave": "eccv16/chicago_wave.jpg",
    "the-scream": "chicago_scream.jpg",
    "composition-vii": "eccv16/chicago_composition_vii.jpg",
}
PUBLISHED_PHOTO, PUBLISHED_PX = "chicago", 512
TIMED_PX, TIMED_ROUNDS, LIMIT_S = 1024, 7, 0.4


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    if not options.reference.is_dir():
        print("no reference pictures here; nothing measured")
        return 0
    vgg = load_judge(options.reference)
    context = Context(pick_device())
    photos = [read_scaled(options.reference / "photos" / "kodak" / f"{name}.png", options.size) for name in KODAK_HELD_BACK]
    sheet, pairs, rows = [], [], []
    for index, style in enumerate(list(SHIPPED_STYLES.values())[: options.styles]):
        results = [_painted(style.id, photo, context) for photo in photos]
        sheet.append(results)
        one = index % len(photos)
        painting = read_style(options.reference / "paintings", style)
        row: dict = {
            "style": style.id,
            "photo": KODAK_HELD_BACK[one],
            "fast": asdict(judge(vgg, results[one], photos[one], painting)),
        }
        pairs.append([photos[one], painting, results[one]])
        if not options.without_neural_style:
            pairs[-1].append(_by_neural_style(photos[one], painting, context))
            row["other"] = asdict(judge(vgg, pairs[-1][-1], photos[one], painting))
        rows.append(row)
        print(json.dumps(row), file=sys.stderr, flush=True)
    options.out.mkdir(exist_ok=True)
    _sheet([photos, *sheet]).save(options.out / "fast-style-sheet.jpg", quality=90)
    _sheet([list(column) for column in zip(*pairs, strict=True)]).save(options.out / "fast-style-pairs.jpg", quality=90)
    _print(rows, "Neural Style")
    _print(_published(vgg, options, context), "Johnson's network")
    print(f"the whole filter at {TIMED_PX} x {TIMED_PX}: {_timed(photos[0], context):.2f} s; promised: {LIMIT_S} s on two cores")
    if options.json:
        print(json.dumps(rows))
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", type=Path, default=ROOT.parent / "shared" / "reference")
    parser.add_argument("--size", type=int, default=PHOTO_PX, help="longer side of the photos in px")
    parser.add_argument("--styles", type=int, default=len(SHIPPED_STYLES))
    parser.add_argument("--without-neural-style", action="store_true")
    parser.add_argument("--out", type=Path, default=ROOT / "build")
    parser.add_argument("--json", action="store_true", help="end with one line of figures")
    return parser.parse_args(arguments)


def _painted(style: str, photo: Tensor, context: Context) -> Tensor:
    return run(FAST_STYLE, inputs_of(Image(photo)), FastStyleParams(style_name=style), context).picture.pixels


def _timed(photo: Tensor, context: Context) -> float:
    square = torch.nn.functional.interpolate(photo, size=(TIMED_PX, TIMED_PX), mode="bicubic", antialias=True).clamp(0, 1)
    seconds = []
    for _ in range(TIMED_ROUNDS):
        started = time.perf_counter()
        _painted(next(iter(SHIPPED_STYLES)), square, context)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def _by_neural_style(photo: Tensor, painting: Tensor, context: Context) -> Tensor:
    started = time.perf_counter()
    params = NeuralStyleParams(working_size=max(photo.shape))
    result = run(NEURAL_STYLE, inputs_of(Image(photo), (Style(Image(painting)),)), params, context).picture.pixels
    print(f"Neural Style: {time.perf_counter() - started:.1f} s", file=sys.stderr, flush=True)
    return result


def _published(vgg: VGG19, options: argparse.Namespace, context: Context) -> list[dict]:
    """Ours and theirs, where theirs are known."""
    folder = options.reference / "johnson"
    photo = read_scaled(folder / "content" / f"{PUBLISHED_PHOTO}.jpg", PUBLISHED_PX)
    rows, columns = [], []
    for name, output in PUBLISHED.items():
        theirs = fitted(read_scaled(folder / "outputs" / output, PUBLISHED_PX), *photo.shape[2:])
        ours = _painted(name, photo, context)
        painting = read_style(options.reference / "paintings", SHIPPED_STYLES[name])
        figures = (asdict(judge(vgg, result, photo, painting)) for result in (ours, theirs))
        rows.append({"style": name, "photo": PUBLISHED_PHOTO, **dict(zip(("fast", "other"), figures, strict=True))})
        columns.append([painting, ours, theirs])
    _sheet(columns, 2 * SHEET_PX).save(options.out / "fast-style-published.jpg", quality=90)
    return rows


def _print(rows: list[dict], other: str) -> None:
    print(f"| style, photo | Fast Style: fine, large, structure, content | {other} |")
    print("|---|---|---|")
    columns: dict[str, list[Figures]] = {}
    for row in rows:
        found = {name: Figures(**row[name]) for name in ("fast", "other") if name in row}
        for name, figures in found.items():
            columns.setdefault(name, []).append(figures)
        print(f"| {row['style']}, {row['photo']} | {' | '.join(map(_cell, found.values()))} |")
    print(f"| **mean** | {' | '.join(_cell(mean_figures(found)) for found in columns.values())} |")


def _cell(figures: Figures) -> str:
    return ", ".join(f"{value:.2f}" for value in astuple(figures))


def _sheet(columns: list[list[Tensor]], side: int = SHEET_PX) -> PillowImage.Image:
    cells = [[_picture(pixels, side) for pixels in column] for column in columns]
    sheet = PillowImage.new("RGB", (len(cells) * side, len(cells[0]) * side), "white")
    for x, column in enumerate(cells):
        for y, picture in enumerate(column):
            sheet.paste(picture, (x * side, y * side))
    return sheet


def _picture(pixels: Tensor, side: int) -> PillowImage.Image:
    samples = pixels[0].permute(1, 2, 0).clamp(0, 1).mul(255).round().to(torch.uint8).numpy()
    picture = PillowImage.fromarray(np.ascontiguousarray(samples))
    picture.thumbnail((side - 4, side - 4), PillowImage.Resampling.LANCZOS)
    return picture


if __name__ == "__main__":
    sys.exit(main())
