"""DeepDream: seconds, how much of what it changes is form and how much noise, and whether tiles leave seams.

Noise is what a change has at widths below two pixels, as a share of its energy. A seam would be a row of the change that differs
from the next more than rows do where the whole picture is a single tile.
"""

import argparse
import sys
import time
from typing import get_args
from unittest import mock

import torch
from skimage import data
from torch import Tensor
from torch.nn import functional as F

from restyle.api import apply
from restyle.filters.deep_dream import Seen, ascent
from restyle.pictures.image import Image
from restyle.pictures.resizing import resized

SIZE_PX = 512
TILED_PX = 1024  # four tiles


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tiled", action="store_true", help="only the large picture in tiles")
    options = parser.parse_args(arguments)
    if not options.tiled:
        photo = _photo(SIZE_PX)
        for seen in get_args(Seen):
            print(seen, _measured(photo, seen=seen), flush=True)
    print(_seams(_photo(TILED_PX)))
    return 0


def _seams(photo: Tensor) -> str:
    steps = []
    for tile in (ascent.TILE_PX, TILED_PX):
        with mock.patch.object(ascent, "TILE_PX", tile):
            change, seconds = _change(photo, seen="forms", working_size=TILED_PX, octaves=1, steps=4)
        rows = (change[:, :, 1:] - change[:, :, :-1]).abs().mean((0, 1, 3))
        steps.append(f"{float(rows.max() / rows.mean()):.2f} ({seconds})")
    return f"largest step between rows over the mean one: in tiles {steps[0]}, whole {steps[1]}"


def _photo(size: int) -> Tensor:
    pixels = torch.from_numpy(data.astronaut()).permute(2, 0, 1)[None].float() / 255
    return resized(pixels, size, size).clamp(0, 1)


def _change(photo: Tensor, **params: object) -> tuple[Tensor, str]:
    started, computed = time.perf_counter(), time.process_time()
    made = apply("deep-dream", Image(photo), features="compact", **params).pixels
    seconds, used = time.perf_counter() - started, time.process_time() - computed
    return made - photo, f"{seconds:.1f} s, {used:.1f} s of processors"


def _measured(photo: Tensor, **params: object) -> str:
    change, seconds = _change(photo, **params)
    coarse = F.interpolate(F.avg_pool2d(change, 2), scale_factor=2.0, mode="bilinear")
    noise = float((change - coarse).square().mean() / change.square().mean())
    return f"{seconds}, {100 * noise:.0f} % noise, mean change {255 * float(change.abs().mean()):.0f} of 255"


if __name__ == "__main__":
    sys.exit(main())
