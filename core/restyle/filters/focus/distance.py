"""Distance: how far out of focus each place is, beside what is farthest.

On level ground the blur of a lens grows in proportion to the rows between a place and those that are in focus: distance goes with
1 / (rows below the horizon), and the circle of confusion with the difference of two inverse distances. So the ground is blurred
by its distance in the picture from the ground line, on which the subject stands, up to as much as what is infinitely far away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from restyle.filters.focus import DISTANCE_NAMES, LINE_NAMES
from restyle.pictures.enlarging import enlarged_rows
from restyle.pictures.resizing import fitted
from restyle.regions import Regions
from restyle.regions.named import named_mask

__all__ = ["Distance", "distance_of"]

STANDS_ABOVE = 0.97  # of the height: a subject that reaches lower is cut off by the picture's edge, and so is the ground line
FOOT = 0.02  # of the widest row of a subject: less are single hairs or specks
LEAST_SPAN = 0.02  # of the height, over which the ground goes out of focus: less would be seen as a line


class Distance(Protocol):
    """How far out of focus each place is."""

    def rows(self, rows: slice) -> Tensor:
        """For these rows of the picture: (1, 1, n, W), or narrower where that says all, in 0..1; 0 is in focus."""


@dataclass(frozen=True)
class _Even:
    def rows(self, rows: slice) -> Tensor:
        return torch.ones(1, 1, rows.stop - rows.start, 1)


@dataclass(frozen=True)
class _Ground:
    """A line that is ``row`` down at the left edge and ``slope`` rows lower for each column; full ``span`` rows from it."""

    row: float
    slope: float
    span: float
    width: int

    def rows(self, rows: slice) -> Tensor:
        place = torch.arange(rows.start, rows.stop, dtype=torch.float32).view(1, 1, -1, 1) + 0.5
        line = self.row + self.slope * (torch.arange(self.width if self.slope else 1) + 0.5)
        return ((place - line).abs() / self.span).clamp_max(1)


@dataclass(frozen=True)
class _Drawn:
    mask: Tensor
    height: int
    width: int

    def rows(self, rows: slice) -> Tensor:
        return enlarged_rows(self.mask, rows, self.height, self.width)


def distance_of(
    size: tuple[int, int], subject: Tensor | None, regions: Regions | None, falloff: float, ground_line: float
) -> Distance:
    """The distances in a picture of this ``size`` (height, width).

    ``subject`` (1, 1, h, w), of any size, stands on the ground line where that is neither given (``ground_line`` in 0..1 from the
    top, 0 not given) nor drawn; ``falloff`` in 0..1 is the share of the ground above it over which the blur grows.
    """
    height, width = size
    drawn = named_mask(regions, DISTANCE_NAMES)
    if drawn is not None:
        return _Drawn(drawn, height, width)
    if falloff == 0:
        return _Even()
    line = _line(named_mask(regions, LINE_NAMES)) if ground_line == 0 else (ground_line, 0.0)
    if line is None:
        foot = None if subject is None else _foot(subject)
        # Without a subject the middle is in focus, as in a photo of a model railway.
        line = (0.5, 0.0) if subject is None else None if foot is None else (foot, 0.0)
    if line is None:
        return _Even()
    row, slope = line
    span = height * max(falloff * max(row + slope / 2, 1 - row - slope / 2), LEAST_SPAN)
    return _Ground(row * height, slope * height / width, span, width)


def _line(drawn: Tensor | None) -> tuple[float, float] | None:
    """The line through what was drawn, as its share of the height at the left edge, and how much lower it is at the right."""
    if drawn is None or not float(drawn.max()) > 0:
        return None
    mask = drawn[0, 0].double()
    total, (rows, columns) = mask.sum(), mask.shape
    down, across = ((torch.arange(size).double() + 0.5) / size for size in (rows, columns))
    middle, centre = (mask.sum(1) * down).sum() / total, (mask.sum(0) * across).sum() / total
    spread = (mask.sum(0) * (across - centre) ** 2).sum()
    together = (mask * (down - middle).unsqueeze(1) * (across - centre)).sum()
    # A dot has a place and no slope.
    slope = float(together / spread) if spread / total > 1e-4 else 0.0
    return float(middle - slope * centre), slope


def _foot(subject: Tensor) -> float | None:
    """How far down the subject ends, in shares of the height; None where it goes on beyond the picture, or there is none."""
    small = fitted(subject, *(min(side, 256) for side in subject.shape[2:]))[0, 0]
    widths = small.sum(1)
    if not float(widths.max()) > 0:
        return None
    seen = (widths > FOOT * widths.max()).nonzero().flatten()
    foot = (int(seen[-1]) + 1) / len(widths)
    return foot if foot < STANDS_ABOVE else None
