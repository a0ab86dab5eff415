"""Bands: a picture's rows, some at a time, each with rows around it for what looks beyond."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

__all__ = ["Band", "bands", "strips"]

STRIP_PIXELS = 1 << 18
"""Of a strip: its planes stay in a processor's cache, where what is done pixel by pixel takes a fraction of the time."""


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


def strips(height: int, width: int, *, unit: int = 1) -> Iterator[slice]:
    """Rows that together have about `STRIP_PIXELS`, a multiple of ``unit`` of them but at the end."""
    return (band.rows for band in bands(height, STRIP_PIXELS // width, unit=unit))
