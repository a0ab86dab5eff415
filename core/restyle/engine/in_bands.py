"""In bands: a photo of any size worked on a few rows at a time, and how far that is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from restyle.context import Context
from restyle.pictures.bands import Band, bands

__all__ = ["in_bands", "told_bands"]


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
    """``function`` of a picture (1, 3, H, W), in bands of about so many ``pixels``: of the rows ``around``, the band's own.

    The result is written ``into`` this memory where it is given, which may not be the picture's if there is a margin.
    """
    made = torch.empty_like(picture) if into is None else into
    height, width = picture.shape[2:]
    for band in told_bands(height, pixels // width, context, message, margin=margin, unit=unit):
        made[:, :, band.rows] = function(picture[:, :, band.around], band)
    return made


def told_bands(height: int, rows: int, context: Context, message: str, *, margin: int = 0, unit: int = 1) -> Iterator[Band]:
    """The bands of about so many ``rows`` of a picture, each told before it is worked on. Raises Cancelled."""
    plan = list(bands(height, rows, margin=margin, unit=unit))
    for number, band in enumerate(plan):
        context.progress.step(number, of=len(plan), message=message)
        yield band
