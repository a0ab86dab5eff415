"""DPED's generator: time and memory beside its plain form (PyTorch, float32, all at once), and what bands and bfloat16 cost.

The authors' own TensorFlow code cannot be installed beside Restyle; the same network in plain PyTorch stands for it. With the
reference data at hand the authors' results are compared too; the equality of bands and the whole is taken on one of their photos.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image as PillowImage
from torch import Tensor

from restyle.context import Context
from restyle.engine.any_size import apply_at_any_size, budget
from restyle.host.device import pick_device
from restyle.networks.dped import dped_from_arrays
from tests.bench.feed_forward import compared

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = Path(os.environ.get("RESTYLE_REFERENCE", ROOT.parent / "shared" / "reference"))
SIZE = (1536, 2048)
LARGE_SIZES = ((3024, 4032), (4000, 6000))
LOOKS = ("iphone", "sony", "blackberry")
PART_OF_MAPS = 0.35
"""Of the maps, what is given memory where bands are compared with the whole; about what 12 megapixels get."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="12 and 24 megapixels too: minutes")
    parser.add_argument("--without-time", action="store_true", help="exactness only")
    options = parser.parse_args(arguments)
    if not options.without_time:
        compared("dped", SIZE, ["restyle", "pytorch"], runs=1)
        for size in LARGE_SIZES if options.large else ():
            compared("dped", size, ["restyle"], runs=1)
    if not REFERENCE.is_dir():
        print("no reference weights here; exactness not measured")
        return 0
    for look in LOOKS:
        _compare_with_authors(look)
    _compare_bands_with_whole()
    return 0


def _compare_with_authors(look: str) -> None:
    network = dped_from_arrays(np.load(REFERENCE / "dped" / f"dped_{look}_orig.npz"))
    pixels = _opened(REFERENCE / "dped" / "expected" / "input.png")
    expected = torch.from_numpy(np.load(REFERENCE / "dped" / "expected" / f"{look}.npy")).permute(2, 0, 1)[None]
    for precision in ("float32", "auto"):
        context = Context(pick_device("cpu", precision))
        _print_difference(f"{look} against its authors, {precision}", apply_at_any_size(network, pixels, context), expected)


def _compare_bands_with_whole() -> None:
    network = dped_from_arrays(np.load(REFERENCE / "dped" / f"dped_{LOOKS[0]}_orig.npz"))
    pixels = _opened(REFERENCE / "dped" / "expected" / "input.png")
    for precision in ("float32", "auto"):
        context = Context(pick_device("cpu", precision))
        whole = apply_at_any_size(network, pixels, context)
        saved = budget.LEAST_MEMORY_BYTES, budget.MEMORY_BYTES_PER_PIXEL, budget.SPARE_SHARE
        map_bytes = 2 * 64 * context.device.precision.itemsize * pixels[0, 0].numel()
        budget.LEAST_MEMORY_BYTES, budget.MEMORY_BYTES_PER_PIXEL, budget.SPARE_SHARE = PART_OF_MAPS * map_bytes, 0, 0
        try:
            bands = apply_at_any_size(network, pixels, context)
        finally:
            budget.LEAST_MEMORY_BYTES, budget.MEMORY_BYTES_PER_PIXEL, budget.SPARE_SHARE = saved
        _print_difference(f"{PART_OF_MAPS:.0%} of the maps in memory against all, {precision}", bands, whole)


def _print_difference(what: str, result: Tensor, expected: Tensor) -> None:
    away = (result - expected).abs()
    print(
        f"{what}: mean {float(away.mean()):.1e}, largest {float(away.max()):.1e} ({float(away.max()) * 255:.2f} of 255)",
        flush=True,
    )


def _opened(path: Path) -> Tensor:
    with PillowImage.open(path) as opened:
        samples = np.asarray(opened.convert("RGB"), dtype=np.float32) / 255
    return torch.from_numpy(samples).permute(2, 0, 1)[None].contiguous()


if __name__ == "__main__":
    sys.exit(main())
