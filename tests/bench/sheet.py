"""The before/after sheet: ten photos, their paintings, and what Neural Style makes of them with its defaults.

Writes build/neural-style-sheet.jpg (build/ is ignored: the sheet shows reference pictures) and each result beside it.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage
from torch import Tensor

from restyle.context import Context
from restyle.contract.loaded import Style
from restyle.engine.run import run
from restyle.filters.neural_style import NEURAL_STYLE, NeuralStyleParams
from restyle.host.device import pick_device
from restyle.pictures.image import Image
from tests.bench.data import PAIRS, read_scaled
from tests.loading import inputs_of

ROOT = Path(__file__).resolve().parents[2]
CELL_PX = 512
GAP_PX = 8
PAIRS_PER_ROW = 2


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", type=Path, default=ROOT.parent / "shared" / "reference")
    parser.add_argument("--pairs", type=int, default=len(PAIRS))
    parser.add_argument("--out", type=Path, default=ROOT / "build")
    options = parser.parse_args(arguments)
    if not options.reference.is_dir():
        print("no reference pictures here; no sheet written")
        return 0
    options.out.mkdir(exist_ok=True)
    context = Context(pick_device())
    cells = []
    for index, pair in enumerate(PAIRS[: options.pairs], start=1):
        photo, painting = (read_scaled(options.reference / path, CELL_PX) for path in (pair.photo, pair.painting))
        started = time.perf_counter()
        inputs = inputs_of(Image(photo), (Style(Image(painting)),))
        result = run(NEURAL_STYLE, inputs, NeuralStyleParams(), context).picture.pixels
        print(f"{pair.name}: {time.perf_counter() - started:.1f} s", flush=True)
        pictures = [to_picture(tensor) for tensor in (photo, painting, result)]
        pictures[-1].save(options.out / f"neural-style-{index}.png")
        cells.append(pictures)
    path = options.out / "neural-style-sheet.jpg"
    sheet_of(cells).save(path, quality=90)
    print(path)
    return 0


def sheet_of(rows: list[list[PillowImage.Image]], pairs_per_row: int = PAIRS_PER_ROW) -> PillowImage.Image:
    """The pictures of a pair (photo, painting, results) side by side, so many pairs in a row."""
    each = len(rows[0])
    step, across = CELL_PX + GAP_PX, each * pairs_per_row
    down = -(-len(rows) // pairs_per_row)
    sheet = PillowImage.new("RGB", (across * step, down * step), "white")
    for index, pictures in enumerate(rows):
        for column, picture in enumerate(pictures):
            place = ((index % pairs_per_row * each + column) * step, index // pairs_per_row * step)
            sheet.paste(picture, place)
    return sheet


def to_picture(pixels: Tensor) -> PillowImage.Image:
    """Pixels (1, 3, H, W) as eight-bit RGB."""
    samples = pixels[0].permute(1, 2, 0).clamp(0, 1).mul(255).round().byte().numpy()
    return PillowImage.fromarray(np.ascontiguousarray(samples))


if __name__ == "__main__":
    sys.exit(main())
