"""Tiling: pictures larger than what is worked on at a time, as overlapped tiles that blend into one another without seams.

Pure functions. A tile is placed so that all tiles have the same size and none leaves the picture; where tiles overlap, each
counts by a smooth weight that falls towards its inner edges, and the weights of all tiles sum to 1 at every pixel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

__all__ = ["Tile", "blend_tiles", "map_tiles", "plan_tiles", "tile_weight"]


@dataclass(frozen=True)
class Tile:
    """A rectangle of a picture, in pixels."""

    top: int
    left: int
    height: int
    width: int

    def cut(self, picture: Tensor) -> Tensor:
        """The part of ``picture`` (…, H, W) in this rectangle, as a view."""
        return picture[..., self.top : self.top + self.height, self.left : self.left + self.width]


def plan_tiles(height: int, width: int, *, size: int, overlap: int) -> tuple[Tile, ...]:
    """Tiles of at most ``size`` x ``size`` that cover the picture, row by row; neighbours share ``overlap`` pixels or more.

    ``overlap`` has to be less than ``size``; ValueError otherwise. A picture no larger than a tile is one tile.
    """
    if not 0 <= overlap < size:
        raise ValueError(f"tiles of {size} cannot overlap by {overlap}")
    rows, columns = _starts(height, size, overlap), _starts(width, size, overlap)
    return tuple(Tile(top, left, min(size, height), min(size, width)) for top in rows for left in columns)


def tile_weight(tile: Tile, height: int, width: int, *, overlap: int) -> Tensor:
    """How much each pixel of a tile counts, before normalisation: float32 (tile height, tile width), positive.

    It rises over ``overlap`` pixels from each edge that lies inside the picture, and is flat at the picture's own edges.
    """
    vertical = _ramp(tile.top, tile.height, height, overlap)
    horizontal = _ramp(tile.left, tile.width, width, overlap)
    return vertical[:, None] * horizontal[None, :]


def blend_tiles(pieces: Iterable[tuple[Tile, Tensor]], height: int, width: int, *, overlap: int) -> Tensor:
    """One picture (N, C, height, width) of the pieces (N, C, tile height, tile width) that tiles were turned into.

    The pieces are used one at a time, so a generator holds only one in memory. ValueError where there is none.
    """
    total: Tensor | None = None
    weights = torch.zeros(height, width)
    for tile, piece in pieces:
        if total is None:
            total = piece.new_zeros(*piece.shape[:-2], height, width)
            weights = weights.to(total)
        weight = tile_weight(tile, height, width, overlap=overlap).to(total)
        tile.cut(total).add_(piece * weight)
        tile.cut(weights).add_(weight)
    if total is None:
        raise ValueError("no tiles to blend")
    return total.div_(weights)


def map_tiles(function: Callable[[Tensor], Tensor], picture: Tensor, *, size: int, overlap: int) -> Tensor:
    """``function`` of a picture (N, C, H, W), computed tile by tile; it must keep height and width.

    With an overlap of at least twice the function's reach (receptive field less one, halved) tiles meet where both are
    right, up to the share that the outermost pixels of a tile have in the blend.
    """
    height, width = picture.shape[-2:]
    tiles = plan_tiles(height, width, size=size, overlap=overlap)
    return blend_tiles(((tile, function(tile.cut(picture))) for tile in tiles), height, width, overlap=overlap)


def _starts(length: int, size: int, overlap: int) -> tuple[int, ...]:
    """Where tiles begin along one axis, evenly spread from edge to edge."""
    if length <= size:
        return (0,)
    gaps = -(-(length - size) // (size - overlap))
    return tuple(round(index * (length - size) / gaps) for index in range(gaps + 1))


def _ramp(first: int, size: int, length: int, overlap: int) -> Tensor:
    """Weights along one axis: half a cosine from the inner edges, never quite 0 so that every pixel has a weight."""
    place = torch.arange(size, dtype=torch.float32) + 0.5
    ramp = torch.ones(size)
    span = max(overlap, 1)
    for distance, is_inside in ((place, first > 0), (place.flip(0), first + size < length)):
        if is_inside:
            ramp *= (1 - torch.cos(torch.pi * (distance / span).clamp_max(1))) / 2
    return ramp
