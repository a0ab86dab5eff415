"""Calm: where nothing happens in a photo, and how much an edit makes happen there.

Gram matrices ask for all of a style's colours in their shares, wherever they may be: without this, those that the photo has no
place for end as bands and glows in an empty sky, which is the first thing that people see.
"""

from __future__ import annotations

import torch
from torch import Tensor

from restyle.filters.photo_style.realism import edges_of
from restyle.pictures.bilateral_grid import LEAST_SHARE, GridShape, Slicer
from restyle.pictures.windows import wide_box_mean

__all__ = ["Patches", "calm"]

REACH = 1 / 64  # of the longer side: radius of the windows that are calm or not
EVENTFUL_SLOPE = 0.015  # of brightness from pixel to pixel, four 8-bit steps: found by looking at skies with and without clouds


def calm(photo: Tensor) -> Tensor:
    """Where nothing happens in a photo (1, 3, H, W): (1, 1, H, W) in 0..1."""
    radius = max(1, round(max(photo.shape[2:]) * REACH))
    slopes = wide_box_mean(wide_box_mean(edges_of(photo), radius), radius)
    return torch.exp(-((slopes / EVENTFUL_SLOPE) ** 2))


class Patches:
    """Measures how much grids of one ``shape`` change colours from place to place where the photo (1, 3, H, W) is calm.

    Squares of slopes of colour over the whole picture, each of the colours that are there: what maps would make of others shows
    nowhere.
    """

    def __init__(self, photo: Tensor, slicer: Slicer, shape: GridShape) -> None:
        places = calm(photo).flatten()
        calmness, colors = (part.view(-1, shape.depth, shape.height, shape.width, part.shape[1]) for part in slicer.means(places))
        self._slopes: list[tuple[int, Tensor, Tensor]] = []
        for dimension, size in ((2, shape.height), (3, shape.width)):
            here, next_to_it = (slice(None),) * dimension + (slice(size - 1),), (slice(None),) * dimension + (slice(1, size),)
            both = (calmness[here] + calmness[next_to_it]).clamp_min(LEAST_SHARE)
            color = (colors[here] * calmness[here] + colors[next_to_it] * calmness[next_to_it]) / both
            share = (calmness[here] * calmness[next_to_it]).sqrt() / len(places)
            self._slopes.append((dimension, color.unsqueeze(-2), share * size**2))

    def __call__(self, grids: Tensor) -> Tensor:
        """The mean over the picture of what grids (R, depth, height, width, 12) change; without dimensions."""
        maps = grids.unflatten(-1, (3, 4))  # type: ignore[no-untyped-call]
        total = grids.new_zeros(())
        for dimension, color, share in self._slopes:
            change = (maps.diff(dim=dimension) * color).sum(-1)
            total = total + (change.square() * share).sum()
        return total
