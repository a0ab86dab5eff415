"""Strokes, forms and what is left of the photo: Neural Style and Any Style beside the published networks, on their own styles.

Two phone photos, three styles. `fine` and `large` are Gram distances to the style (0 is the style, 1 the untouched photo),
`content` is that of relu4_1 after instance normalisation, all by the real VGG-19 (`judge`). Candy's network is not among the
reference data.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from PIL import Image as PillowImage
from torch import Tensor

from restyle.context import Context
from restyle.contract.filter import Filter
from restyle.contract.loaded import Style
from restyle.contract.params import Params
from restyle.engine.painting import MARGIN_PX, paint
from restyle.engine.run import run
from restyle.filters.any_style import ANY_STYLE, AnyStyleParams
from restyle.filters.neural_style import NEURAL_STYLE, NeuralStyleParams
from restyle.host.device import pick_device
from restyle.models.foreign.style_networks import read_style_network
from restyle.networks.transformer import build
from restyle.pictures.image import Image
from tests.bench.data import read_scaled
from tests.bench.judge import Figures, judge, load_judge, mean_figures
from tests.bench.sheet import CELL_PX, sheet_of, to_picture
from tests.loading import inputs_of

ROOT = Path(__file__).resolve().parents[2]
PHOTOS = ("dped/photos/6.jpg", "dped/photos/24.jpg")
STYLES = ("mosaic", "candy", "udnie")
STYLE_PX = 768
LIMITS = {"Neural Style": Figures(0.22, 0.42, 0.0, 0.95), "Any Style": Figures(0.33, 0.55, 0.0, 0.95)}
"""What is asked of the mean; of structure nothing is."""

Painter = Callable[[Tensor, Tensor], Tensor]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", type=Path, default=ROOT.parent / "shared" / "reference")
    parser.add_argument("--size", type=int, default=512, help="longer side in px")
    parser.add_argument("--out", type=Path, default=ROOT / "build", help="where the sheet goes")
    parser.add_argument("--json", action="store_true", help="end with one line of figures")
    options = parser.parse_args(arguments)
    if not options.reference.is_dir():
        print("no reference pictures here; nothing measured")
        return 0
    vgg, context = load_judge(options.reference), Context(pick_device())
    rows: dict[str, list[Figures]] = {}
    cells = []
    for style_name in STYLES:
        style = read_scaled(options.reference / "johnson" / "styles" / f"{style_name}.jpg", STYLE_PX)
        for photo_name in PHOTOS:
            photo = read_scaled(options.reference / photo_name, options.size)
            results = []
            for name, painter in _painters(options.reference, style_name, context).items():
                started = time.perf_counter()
                results.append(painter(photo, style))
                seconds = time.perf_counter() - started
                rows.setdefault(name, []).append(judge(vgg, results[-1], photo, style))
                print(f"{style_name:8} {Path(photo_name).stem:4} {name:14} {rows[name][-1]} {seconds:5.1f} s", flush=True)
            cells.append([_cell(picture) for picture in (photo, *results)])
    means = {name: mean_figures(found) for name, found in rows.items()}
    for name, mean in means.items():
        print(f"mean of {len(rows[name])}: {name:14} {mean}" + (f"   asked: {LIMITS[name]}" if name in LIMITS else ""))
    options.out.mkdir(exist_ok=True)
    sheet_of(sorted(cells, key=len, reverse=True), pairs_per_row=1).save(options.out / "painting-sheet.jpg", quality=90)
    if options.json:
        print(json.dumps({name: asdict(mean) for name, mean in means.items()}))
    return 0


def _cell(picture: Tensor) -> PillowImage.Image:
    cell = to_picture(picture)
    cell.thumbnail((CELL_PX, CELL_PX))
    return cell


def _painters(reference: Path, style_name: str, context: Context) -> dict[str, Painter]:
    def applied(declared: Filter, params: Params) -> Painter:
        return lambda photo, style: run(declared, inputs_of(Image(photo), (Style(Image(style)),)), params, context).picture.pixels

    painters = {
        "Neural Style": applied(NEURAL_STYLE, NeuralStyleParams()),
        "Any Style": applied(ANY_STYLE, AnyStyleParams()),
    }
    if (published := published_painter(reference, style_name, context)) is not None:
        painters["published"] = published
    return painters


def published_painter(reference: Path, style_name: str, context: Context) -> Painter | None:
    """PyTorch's published network of a style, where it is among the reference data."""
    file = reference / "transformer_net" / f"{style_name}.pth"
    if not file.is_file():
        return None
    draft = read_style_network(file)
    network = build(draft.architecture)
    network.load_state_dict(draft.state)
    return lambda photo, _: paint(network.eval(), photo, MARGIN_PX, context).clamp(0, 1)


if __name__ == "__main__":
    sys.exit(main())
