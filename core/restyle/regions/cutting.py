"""Cutting: the regions of a part of a picture."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from restyle.pictures.image import Image
from restyle.regions import Regions

__all__ = ["cut"]


def cut(regions: Regions, picture: Image, rows: slice, columns: slice) -> Regions:
    """The regions of these rows and columns of ``picture``; masks keep their scale, so they are no larger than before."""
    if (rows.stop - rows.start, columns.stop - columns.start) == (picture.height, picture.width):
        return regions
    if (regions.height, regions.width) == (picture.height, picture.width):
        return Regions(regions.names, regions.masks[:, :, rows, columns])
    down, top = _span(rows, picture.height)
    across, left = _span(columns, picture.width)
    theta = torch.tensor([[[across, 0.0, left], [0.0, down, top]]])
    height, width = max(1, round(regions.height * down)), max(1, round(regions.width * across))
    grid = F.affine_grid(theta, [1, 1, height, width], align_corners=False)
    masks = F.grid_sample(regions.masks, grid, mode="bilinear", padding_mode="border", align_corners=False)
    return Regions(regions.names, masks)


def _span(part: slice, size: int) -> tuple[float, float]:
    """A part of 0..size as scale and shift of -1..1."""
    return (part.stop - part.start) / size, (part.start + part.stop) / size - 1
