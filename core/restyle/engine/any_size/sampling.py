"""Sampling: tiles of a picture too large to be measured whole, and which of their pixels count.

Tiles lie on a grid over all of the picture and are stacked into one that is measured like any other. Around each tile there is as
much of its surroundings as the network sees; there the stack's seams do their harm, and nothing is counted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from restyle.engine.any_size.extent import Extent
from restyle.engine.any_size.statistics import Region

__all__ = ["Sample", "plan_sample"]

_CORE_PX = 128
"""Side of what counts of a tile. Many small tiles tell more of a picture than few large ones, whose pixels are alike."""

_REACH_SHARE = 0.5
"""Part of what the network sees that is kept as surroundings: what lies further away hardly counts."""


@dataclass(frozen=True)
class Sample:
    """Squares of ``side`` px at these places (row, column), of which a frame of ``margin`` px does not count."""

    side: int
    margin: int
    places: tuple[tuple[int, int], ...]

    def stacked(self, picture: Tensor) -> Tensor:
        """The tiles of a picture (1, C, H, W), one below the other: (1, C, tiles side, side)."""
        tiles = [picture[:, :, top : top + self.side, left : left + self.side] for top, left in self.places]
        return torch.cat(tiles, 2)

    @property
    def region(self) -> Region:
        """What counts of the stack."""
        inner = (self.margin, self.side - self.margin)
        rows = tuple((index * self.side + inner[0], index * self.side + inner[1]) for index in range(len(self.places)))
        return Region(rows, inner)


def plan_sample(height: int, width: int, *, pixels: float, extent: Extent) -> Sample | None:
    """As many tiles as ``pixels`` allow, evenly spread; None where the picture is too small or narrow to be sampled.

    Sizes and places are multiples of the network's stride, so that a network sees each pixel as it does in the whole picture.
    """
    stride = extent.stride
    margin = math.ceil((_REACH_SHARE * extent.reach_px + stride) / stride) * stride
    side = math.ceil((_CORE_PX + 2 * margin) / stride) * stride
    count = int(pixels // side**2)
    if side > min(height, width) or count < 1:
        return None
    # As many rows and columns of tiles as make their distances alike.
    rows = max(1, min(round(math.sqrt(count * height / width)), count))
    columns = max(1, count // rows)
    tops, lefts = _spread(height, side, rows, stride), _spread(width, side, columns, stride)
    return Sample(side, margin, tuple((top, left) for top in tops for left in lefts))


def _spread(length: int, side: int, count: int, stride: int) -> list[int]:
    """Where ``count`` tiles begin along a line, from edge to edge; one alone lies in the middle."""
    free = length - side
    if count == 1:
        return [free // 2 // stride * stride]
    return sorted({round(index * free / (count - 1)) // stride * stride for index in range(count)})
