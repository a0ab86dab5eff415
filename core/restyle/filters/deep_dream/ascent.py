"""The way up: the gradient of what a layer sees, taken in tiles of any picture, and made even.

Tiles meet elsewhere at each step, and each sees a part of its neighbours, so that none leaves a seam. Around the picture lies its
mirror image, and the pooling grid is shifted at each step (the jitter of the 2015 notebook), so that it draws no grid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["TILE_PX", "Objective", "Shift", "ascent", "evened", "guided_by", "seen_energy"]

TILE_PX = 512
"""Of a side of a tile: bounds the memory; a picture of this size is a single one."""
CONTEXT_PX = 32  # that a tile sees around itself, and of the mirror image around the picture
JITTER_PX = 32  # the widest pooling grid, GoogLeNet's; VGG-19's of relu5_1 is 16
FEATURE_SCALE = 512.0  # objectives are divided by it: keeps gradients of features in float16's range
GUIDE_POSITIONS = 1024  # of a guide that are compared with: as many as a picture of 512 px has in relu5_1
POSITIONS_AT_ONCE = 4096  # compared with the guide's: bounds the memory
SMOOTHING_LEVELS = 5  # of the pyramid: the coarsest is as wide as relu5_1's grid
LEAST_GRADIENT = 1e-12  # below which there is none

Objective = Callable[[Tensor], Tensor]
"""Maps a layer's features (1, C, h, w), float32, to what shall grow."""


@dataclass(frozen=True)
class Shift:
    """Where the pooling grid lies (0..`JITTER_PX` - 1) and where the first tile ends (1..`TILE_PX`), down and across."""

    grid: tuple[int, int]
    tile: tuple[int, int]

    @classmethod
    def drawn(cls, chance: torch.Generator) -> Shift:
        """A new one from ``chance``."""
        grid = torch.randint(0, JITTER_PX, (2,), generator=chance).tolist()
        tile = torch.randint(1, TILE_PX + 1, (2,), generator=chance).tolist()
        return cls((grid[0], grid[1]), (tile[0], tile[1]))


def seen_energy(features: Tensor) -> Tensor:
    """What is seen, squared and halved: its gradient is the activation itself, as in the 2015 notebook."""
    return features.square().sum() / (2 * FEATURE_SCALE)


def guided_by(guide: Tensor) -> Objective:
    """Likeness to a guide's features (1, C, h, w): each place's product with that of the guide's which fits it best.

    As in the 2015 notebook, but of at most `GUIDE_POSITIONS` of the guide's places, evenly spread.
    """
    places = guide[0].flatten(1)
    places = places[:, :: -(-places.shape[1] // GUIDE_POSITIONS)]

    def likeness(features: Tensor) -> Tensor:
        own = features[0].flatten(1)
        with torch.no_grad():
            best = torch.cat([(part.T @ places).argmax(1) for part in torch.split(own, POSITIONS_AT_ONCE, 1)])
        return (own * places[:, best]).sum() / FEATURE_SCALE

    return likeness


def ascent(see: Callable[[Tensor], Tensor], objective: Objective, picture: Tensor, shift: Shift) -> Tensor:
    """The gradient (1, 3, H, W), float32, of what ``see`` sees in a ``picture`` (1, 3, H, W), its sides at least 64."""
    height, width = picture.shape[2:]
    before, after = CONTEXT_PX + JITTER_PX - 1, CONTEXT_PX
    padded = F.pad(picture, (before, after, before, after), mode="reflect")
    gradient = torch.empty_like(picture)
    for rows in _tiles(height, shift.tile[0]):
        for columns in _tiles(width, shift.tile[1]):
            around = padded[:, :, _around(rows, shift.grid[0]), _around(columns, shift.grid[1])]
            tile = around.clone(memory_format=torch.contiguous_format).requires_grad_(True)
            objective(see(tile)).backward()  # type: ignore[no-untyped-call]
            if tile.grad is not None:
                down, across = CONTEXT_PX + shift.grid[0], CONTEXT_PX + shift.grid[1]
                inner = tile.grad[:, :, down : down + rows.stop - rows.start, across : across + columns.stop - columns.start]
                gradient[:, :, rows, columns] = inner
    return gradient


def evened(gradient: Tensor, smoothness: float, where: Tensor | None) -> Tensor:
    """A gradient (1, 3, H, W) whose mean magnitude is 1 ``where`` (1, 1, H, W) it counts, and which is 0 elsewhere.

    ``smoothness`` 0 leaves it otherwise as it is; at 1 all widths, from pixels to large forms, have the same energy (Laplacian
    normalisation, as in TensorFlow's notebook of 2016).
    """
    even = _of_mean_one(gradient, where)
    if smoothness > 0:
        even = _of_mean_one(torch.lerp(even, _of_mean_one(_of_equal_bands(gradient), where), smoothness), where)
    return even if where is None else even * where


def _tiles(size: int, first: int) -> Iterator[slice]:
    """The parts of a side; a single one up to `TILE_PX`, else the first ends at ``first``."""
    inner = [] if size <= TILE_PX else range(first, size, TILE_PX)
    return (slice(start, stop) for start, stop in pairwise((0, *inner, size)))


def _around(tile: slice, grid: int) -> slice:
    """What a tile sees, as a part of the padded side."""
    return slice(tile.start + JITTER_PX - 1 - grid, tile.stop + JITTER_PX - 1 + 2 * CONTEXT_PX)


def _of_mean_one(gradient: Tensor, where: Tensor | None) -> Tensor:
    magnitude = gradient.abs().mean(1, keepdim=True)
    mean = magnitude.mean() if where is None else (magnitude * where).sum() / where.sum().clamp_min(1)
    return gradient / mean.clamp_min(LEAST_GRADIENT)


def _of_equal_bands(gradient: Tensor) -> Tensor:
    levels, rest = [], gradient
    for _ in range(SMOOTHING_LEVELS - 1):
        smaller = F.avg_pool2d(rest, 2, ceil_mode=True, count_include_pad=False)
        levels.append(rest - F.interpolate(smaller, size=rest.shape[2:], mode="bilinear"))
        rest = smaller
    total = torch.zeros_like(rest)
    for level in (rest, *reversed(levels)):
        energy = level.square().mean().sqrt().clamp_min(LEAST_GRADIENT)
        total = F.interpolate(total, size=level.shape[2:], mode="bilinear") + level / energy
    return total
