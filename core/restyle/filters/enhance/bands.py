"""Bands: a photo of any size worked on a few rows at a time, each with rows around it for what looks beyond."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from restyle.context import Context

__all__ = ["Band", "bands", "in_bands"]


@dataclass(frozen=True)
class Band:
    """Rows of the picture, and the rows around them that are needed to compute them."""

    rows: slice
    around: slice

    def inner(self, computed: Tensor) -> Tensor:
        """The band's own rows of what was computed for all of ``around``."""
        first = self.rows.start - self.around.start
        return computed[:, :, first : first + self.rows.stop - self.rows.start]


def bands(height: int, width: int, *, pixels: int, margin: int = 0, unit: int = 1) -> Iterator[Band]:
    """Bands of about so many ``pixels``; each begins, margin included, at a multiple of ``unit``."""
    rows = max(unit, pixels // width // unit * unit)
    margin = -(-margin // unit) * unit
    for first in range(0, height, rows):
        last = min(first + rows, height)
        yield Band(slice(first, last), slice(max(first - margin, 0), min(last + margin, height)))


def in_bands(
    function: Callable[[Tensor, Band], Tensor],
    picture: Tensor,
    context: Context,
    message: str,
    *,
    pixels: int,
    margin: int = 0,
    unit: int = 1,
    into: Tensor | None = None,
) -> Tensor:
    """``function`` of a picture (1, 3, H, W), band by band: it gets the rows ``around`` and returns the band's own.

    The result is written ``into`` this memory where it is given, which may not be the picture's if there is a margin.
    """
    height, width = picture.shape[2:]
    plan = list(bands(height, width, pixels=pixels, margin=margin, unit=unit))
    made = torch.empty_like(picture) if into is None else into
    for number, band in enumerate(plan):
        context.progress.step(number, of=len(plan), message=message)
        made[:, :, band.rows] = function(picture[:, :, band.around], band)
    return made
