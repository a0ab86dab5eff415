"""The sheet of phone photos: the photo, DPED's own network, the image-adaptive lookup table, ours natural and vivid.

Writes build/enhance-sheet.jpg (build/ is ignored: the sheet shows reference pictures) and each result beside it, at the photos'
own size unless --size says otherwise.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage
from torch import Tensor

from restyle.context import Context
from restyle.engine.run import run
from restyle.filters.enhance import ENHANCE_PHOTO, EnhancePhotoParams
from restyle.host.device import pick_device
from restyle.learning.crops import read_picture
from restyle.models.store import Store
from restyle.pictures.image import Image
from tests.bench.data import read_scaled
from tests.loading import inputs_of

__all__ = ["COLUMNS", "reference_store"]

ROOT = Path(__file__).resolve().parents[2]
CELL_PX = 640
GAP_PX = 8
COLUMNS = ("dped-iphone", "adaptive-lut", "natural", "vivid")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", type=Path, default=ROOT.parent / "shared" / "reference")
    parser.add_argument("--size", type=int, help="longer side to work at, in px; without it, the photo's own")
    parser.add_argument("--looks", nargs="+", default=COLUMNS, choices=COLUMNS)
    parser.add_argument("--photos", nargs="+", type=Path, help="other photos than the ten of the reference")
    parser.add_argument("--out", type=Path, default=ROOT / "build")
    options = parser.parse_args(arguments)
    if not options.reference.is_dir():
        print("no reference pictures here; no sheet written")
        return 0
    options.out.mkdir(exist_ok=True)
    photos = options.photos or sorted((options.reference / "dped" / "photos").glob("*.jpg"), key=lambda path: int(path.stem))
    with tempfile.TemporaryDirectory() as home:
        context = Context(pick_device(), store=reference_store(options.reference, Path(home)))
        rows = [_row(path, options, context) for path in photos]
    path = options.out / "enhance-sheet.jpg"
    _sheet(rows).save(path, quality=92)
    print(path)
    return 0


def reference_store(reference: Path, home: Path) -> Store:
    """A store with DPED's iPhone network and the lookup tables, imported from the reference's files as a person would."""
    store = Store(home)
    store.import_file("dped-iphone", reference / "dped" / "original" / "iphone_orig.index")
    store.import_file("adaptive-lut", reference / "lut" / "sRGB" / "LUTs.pth")
    return store


def _row(path: Path, options: argparse.Namespace, context: Context) -> list[PillowImage.Image]:
    photo = read_scaled(path, options.size) if options.size else read_picture(path)[None].float() / 255
    pictures = [_picture(photo)]
    for look in options.looks:
        started = time.perf_counter()
        result = run(ENHANCE_PHOTO, inputs_of(Image(photo)), EnhancePhotoParams(look=look), context).picture.pixels
        print(f"{path.stem}, {look}: {time.perf_counter() - started:.1f} s", flush=True)
        pictures.append(_picture(result))
        pictures[-1].save(options.out / f"enhance-{path.stem}-{look}.png")
    return pictures


def _sheet(rows: list[list[PillowImage.Image]]) -> PillowImage.Image:
    cells = [[picture.resize(_cell(picture), PillowImage.Resampling.LANCZOS) for picture in row] for row in rows]
    heights = [max(cell.height for cell in row) for row in cells]
    width = len(cells[0]) * (CELL_PX + GAP_PX)
    sheet = PillowImage.new("RGB", (width, sum(heights) + GAP_PX * len(rows)), "white")
    top = 0
    for row, height in zip(cells, heights, strict=True):
        for column, cell in enumerate(row):
            sheet.paste(cell, (column * (CELL_PX + GAP_PX), top))
        top += height + GAP_PX
    return sheet


def _cell(picture: PillowImage.Image) -> tuple[int, int]:
    scale = CELL_PX / max(picture.size)
    return round(picture.width * scale), round(picture.height * scale)


def _picture(pixels: Tensor) -> PillowImage.Image:
    samples = pixels[0].permute(1, 2, 0).clamp(0, 1).mul(255).round().byte().numpy()
    return PillowImage.fromarray(np.ascontiguousarray(samples))


if __name__ == "__main__":
    sys.exit(main())
