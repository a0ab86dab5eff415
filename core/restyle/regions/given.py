"""Given regions: colour maps and named masks, as they come from files and over HTTP, become Regions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.pictures.image import Image
from restyle.pictures.masks import mask_of
from restyle.regions import Regions
from restyle.regions.maps import read_maps, small_map

__all__ = ["Given", "joined", "read_given", "small_map", "small_mask"]

Given = Regions | Image | Sequence[tuple[str, Tensor]] | None
"""The regions of one picture: done already, or a colour map, or names with masks (1, 1, h, w), or none."""

MASK_PX = 2048
"""Longer side of the masks that are kept: they are refined along the picture's edges, so more would be lost memory."""


def read_given(given: Sequence[Given]) -> list[Regions | None]:
    """The regions of pictures that are used together; colours that several maps share have one name in all of them.

    Raises InvalidInput where there are too many regions in one picture.
    """
    maps = iter(read_maps([item for item in given if isinstance(item, Image)]))
    return [_read(item, maps) for item in given]


def joined(masks: Sequence[tuple[str, Tensor]]) -> Regions | None:
    """Masks (1, 1, h, w) of any sizes as regions, all as large as the largest; None where there are none.

    Masks of one name are parts of one region.
    """
    if not masks:
        return None
    height, width = max((mask.shape[2:] for _, mask in masks), key=lambda size: size[0] * size[1])
    parts: dict[str, Tensor] = {}
    for name, mask in masks:
        part = Regions((name,), mask).resized(height, width).masks
        parts[name] = torch.maximum(parts[name], part) if name in parts else part
    return Regions(tuple(parts), torch.cat(list(parts.values()), 1))


def small_mask(picture: Image) -> Tensor:
    """A picture as a mask (1, 1, h, w), as ``mask_of`` reads it."""
    scale = min(1.0, MASK_PX / max(picture.height, picture.width))
    size = max(1, round(picture.height * scale)), max(1, round(picture.width * scale))
    return F.interpolate(mask_of(picture), size=size, mode="bilinear", antialias=True, align_corners=False).clamp(0, 1)


def _read(given: Given, maps: Iterator[Regions]) -> Regions | None:
    if given is None or isinstance(given, Regions):
        return given
    return next(maps) if isinstance(given, Image) else joined(given)
