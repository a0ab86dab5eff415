"""Bands: a picture's rows, some at a time, each with rows around it for what looks beyond."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

__all__ = ["Band", "bands"]


@dataclass(frozen=True)
class Band:
    """Rows of the picture, and the rows around them that are needed to compute them."""

    rows: slice
    around: slice

    def inner(self, computed: Tensor) -> Tensor:
        """The band's own rows of what was computed for all of ``around``."""
        first = self.rows.start - self.around.start
        return computed[:, :, first : first + self.rows.stop - self.rows.start]


def bands(height: int, rows: int, *, margin: int = 0, unit: int = 1) -> Iterator[Band]:
    """Bands of about so many ``rows``; each begins, margin included, at a multiple of ``unit``."""
    rows = max(unit, rows // unit * unit)
    margin = -(-margin // unit) * unit
    for first in range(0, height, rows):
        last = min(first + rows, height)
        yield Band(slice(first, last), slice(max(first - margin, 0), min(last + margin, height)))
