"""Pieces of a picture that are worked on one after the other and fit together exactly.

Each piece has a margin as wide as the networks see, which is cut off afterwards; pieces begin where the networks' coarsest
grid does. What is computed is then the same numbers as of the whole picture, wherever the cuts lie.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor
from torch.nn import functional as F

__all__ = ["GRID_PX", "Piece", "on_grid", "pieces", "stretched"]

GRID_PX = 16  # the stride of relu5_1
SIGHT_PX = 176  # how far a pixel of the result sees: 85 px by the encoder to relu5_1, 82 by the painter, rounded up to the grid


@dataclass(frozen=True)
class Piece:
    """Rows and columns of a picture, with their margin and without."""

    outer: tuple[slice, slice]
    inner: tuple[slice, slice]

    def cut(self, picture: Tensor) -> Tensor:
        """The part of ``picture`` (N, C, H, W) with its margin, as a view."""
        return picture[:, :, self.outer[0], self.outer[1]]

    def trimmed(self, part: Tensor, divisor: int = 1) -> Tensor:
        """``part``, made of what ``cut`` gave and smaller by ``divisor``, without the margin."""
        rows, columns = (
            slice((inner.start - outer.start) // divisor, (inner.stop - outer.start) // divisor)
            for outer, inner in zip(self.outer, self.inner, strict=True)
        )
        return part[:, :, rows, columns]


def on_grid(picture: Tensor) -> Tensor:
    """``picture`` (N, C, H, W) continued to the right and below by its mirror image, to sides of whole grid cells."""
    height, width = picture.shape[2:]
    below, right = -height % GRID_PX, -width % GRID_PX
    if not below and not right:
        return picture
    mode = "reflect" if below < height and right < width else "replicate"
    padded: Tensor = F.pad(picture, (0, right, 0, below), mode=mode)
    return padded


def pieces(height: int, width: int, size: int) -> Iterator[Piece]:
    """Pieces of at most ``size`` px a side that cover a picture on the grid; one that is no larger is one piece."""
    size = max(GRID_PX, size // GRID_PX * GRID_PX)
    for top in range(0, height, size):
        for left in range(0, width, size):
            rows, columns = slice(top, min(top + size, height)), slice(left, min(left + size, width))
            yield Piece((_widened(rows, height), _widened(columns, width)), (rows, columns))


def stretched(mask: Tensor, picture: Tensor) -> Tensor:
    """A mask (1, 1, h, w) that stretches over ``picture``, at the picture's size."""
    height, width = picture.shape[2:]
    if mask.shape[2:] == (1, 1):
        return mask.expand(1, 1, height, width)
    resized: Tensor = F.interpolate(mask.float(), size=(height, width), mode="bilinear", antialias=True, align_corners=False)
    return resized.clamp_(0, 1)


def _widened(inner: slice, size: int) -> slice:
    return slice(max(inner.start - SIGHT_PX, 0), min(inner.stop + SIGHT_PX, size))
