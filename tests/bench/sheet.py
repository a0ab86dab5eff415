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
from restyle.device import pick_device
from restyle.filters.neural_style import NEURAL_STYLE, NeuralStyleParams
from restyle.image import Image
from restyle.inputs import Inputs, Style
from restyle.run import run
from tests.bench.data import PAIRS, read_scaled

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
        inputs = Inputs(Image(photo), (Style(Image(painting)),))
        result = run(NEURAL_STYLE, inputs, NeuralStyleParams(), context).pixels
        print(f"{pair.name}: {time.perf_counter() - started:.1f} s", flush=True)
        pictures = [_picture(tensor) for tensor in (photo, painting, result)]
        pictures[-1].save(options.out / f"neural-style-{index}.png")
        cells.append(pictures)
    path = options.out / "neural-style-sheet.jpg"
    _sheet(cells).save(path, quality=90)
    print(path)
    return 0


def _sheet(rows: list[list[PillowImage.Image]]) -> PillowImage.Image:
    """Photo, painting and result side by side, ``PAIRS_PER_ROW`` pairs in a row."""
    step, across = CELL_PX + GAP_PX, 3 * PAIRS_PER_ROW
    down = -(-len(rows) // PAIRS_PER_ROW)
    sheet = PillowImage.new("RGB", (across * step, down * step), "white")
    for index, pictures in enumerate(rows):
        for column, picture in enumerate(pictures):
            place = ((index % PAIRS_PER_ROW * 3 + column) * step, index // PAIRS_PER_ROW * step)
            sheet.paste(picture, place)
    return sheet


def _picture(pixels: Tensor) -> PillowImage.Image:
    samples = pixels[0].permute(1, 2, 0).clamp(0, 1).mul(255).round().byte().numpy()
    return PillowImage.fromarray(np.ascontiguousarray(samples))


if __name__ == "__main__":
    sys.exit(main())
