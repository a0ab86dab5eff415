"""Learn a Style: what some minutes make of a published style's picture, beside the published network, on photos not learned on.

Figures as for `painting`: strokes, forms and what is left of the photo, by the real VGG-19. Writes build/learn-style-sheet.jpg:
photo, what was learned, and the published network's result.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from restyle.context import Context
from restyle.contract.progress import CallbackProgress
from restyle.filters.learn_style import LearnStyleParams
from restyle.filters.learn_style.method import learn_model, painted_with
from restyle.host.device import pick_device
from tests.bench.data import read_scaled
from tests.bench.judge import judge, load_judge
from tests.bench.painting import PHOTOS, STYLE_PX, published_painter
from tests.bench.sheet import sheet_of, to_picture

ROOT = Path(__file__).resolve().parents[2]
STYLES = ("mosaic", "candy")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", type=Path, default=ROOT.parent / "shared" / "reference")
    parser.add_argument("--minutes", type=float, default=8.0)
    parser.add_argument("--size", type=int, default=512, help="longer side of the photos in px")
    parser.add_argument("--styles", nargs="+", default=STYLES)
    parser.add_argument("--out", type=Path, default=ROOT / "build", help="where the sheet goes")
    options = parser.parse_args(arguments)
    if not options.reference.is_dir():
        print("no reference pictures here; nothing measured")
        return 0
    vgg, cells = load_judge(options.reference), []
    for name in options.styles:
        style = read_scaled(options.reference / "johnson" / "styles" / f"{name}.jpg", STYLE_PX)
        progress = CallbackProgress(lambda _: None)
        context = Context(pick_device(), progress)
        started = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            params = LearnStyleParams(name=name, minutes=options.minutes)
            learned = learn_model(style, params, context, lambda _: None, out=Path(folder) / f"{name}.safetensors")
        print(f"{name}: {options.minutes} min of steps, {time.perf_counter() - started:.0f} s in all. {' '.join(progress.notes)}")
        published = published_painter(options.reference, name, context)
        for photo_name in PHOTOS:
            photo = read_scaled(options.reference / photo_name, options.size)
            results = {"learned": painted_with(learned.weights, photo, context)}
            if published is not None:
                results["published"] = published(photo, style)
            for painter, result in results.items():
                print(f"{name:8} {Path(photo_name).stem:4} {painter:10} {judge(vgg, result, photo, style)}", flush=True)
            cells.append([to_picture(picture) for picture in (photo, *results.values())])
    options.out.mkdir(exist_ok=True)
    sheet_of(sorted(cells, key=len, reverse=True), pairs_per_row=1).save(options.out / "learn-style-sheet.jpg", quality=90)
    return 0


if __name__ == "__main__":
    sys.exit(main())
