"""Bilateral grids of affine colour maps: edits that can only be photographs of what was there.

A grid has cells over space and brightness, each with a 3x4 affine map of colour (Chen, Paris, Durand 2007; Gharbi et al. 2017).
Slicing it with a photo as guide gives every pixel a map of its own that varies smoothly over places and brightness alike, so
edges and grain stay where they are. A grid may be one of several, each of which holds inside a soft mask. Slicing is linear in
the cells, with at most eight of them for a pixel and mask: forwards it sums over bags of cells, backwards over bags of pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.pictures.image import luma

__all__ = [
    "LEAST_SHARE",
    "MAP_SIZE",
    "GridShape",
    "Slicer",
    "constant_grids",
    "edit_band",
    "inversions",
    "plan_shape",
    "resampled",
    "roughness",
    "strongest",
]

MAP_SIZE = 12
"""Numbers of a 3x4 map, row by row: three gains and a shift for each channel."""

LEAST_SHARE = 1 / 512
"""Of a pixel, for one mask: less would change it by less than an 8-bit step."""

_CORNERS = 8


@dataclass(frozen=True)
class GridShape:
    """Cells of a grid: over brightness, down and across."""

    depth: int
    height: int
    width: int

    @property
    def cells(self) -> int:
        """All of them."""
        return self.depth * self.height * self.width


def plan_shape(height: int, width: int, *, longer: int, depth: int) -> GridShape:
    """A grid with ``longer`` cells along a picture's longer side, as square as they can be."""
    scale = longer / max(height, width)
    return GridShape(depth, max(1, round(height * scale)), max(1, round(width * scale)))


def constant_grids(maps: Tensor, shape: GridShape) -> Tensor:
    """Grids (R, depth, height, width, 12) that hold the same map everywhere, of ``maps`` (R, 3, 4)."""
    return maps.reshape(-1, 1, 1, 1, MAP_SIZE).repeat(1, shape.depth, shape.height, shape.width, 1)


def resampled(grids: Tensor, shape: GridShape) -> Tensor:
    """Grids of another shape that say the same as far as they can."""
    channels_first = grids.permute(0, 4, 1, 2, 3)
    # Cells lie in the middle of their share of the picture, but at the very ends of the range of brightness.
    across = F.interpolate(channels_first.flatten(1, 2), size=(shape.height, shape.width), mode="bilinear", align_corners=False)
    deep = across.view(len(grids), MAP_SIZE, grids.shape[1], -1).flatten(0, 1)
    deep = F.interpolate(deep.transpose(1, 2), size=shape.depth, mode="linear", align_corners=True)
    ordered = deep.view(len(grids), MAP_SIZE, -1, shape.depth).permute(0, 3, 2, 1)
    return ordered.reshape(-1, shape.depth, shape.height, shape.width, MAP_SIZE)


def roughness(grids: Tensor) -> Tensor:
    """How much neighbouring cells differ: the mean over cells of squared slopes, for each of the three directions and added."""
    total = grids.new_zeros(())
    cells = grids[..., 0].numel()
    for dimension in (1, 2, 3):
        # Squares of slopes over the whole picture, so that the same edit is as rough in a grid of more cells.
        total = total + grids.diff(dim=dimension).square().sum() * (grids.shape[dimension] ** 2 / cells)
    return total


def inversions(grids: Tensor) -> Tensor:
    """How much brighter greys become darker than less bright ones in the same place: the mean square over cells."""
    levels = torch.linspace(0, 1, grids.shape[1], device=grids.device).view(1, -1, 1, 1, 1)
    maps = grids.unflatten(-1, (3, 4))  # type: ignore[no-untyped-call]
    greys = maps[..., :3].sum(-1) * levels + maps[..., 3]
    brightness = luma(greys.flatten(0, 3).unsqueeze(-1).unsqueeze(-1)).view(grids.shape[:4])
    falls = brightness.diff(dim=1).clamp_max(0)
    return falls.square().sum() / max(1, falls.numel())


class Slicer:
    """Slices grids, and their gradients, with one photo (1, 3, H, W) as guide and masks (1, R, H, W) that sum to 1.

    One entry stands for each pixel and mask that it is in: first all pixels in the mask that has most of them, in their order,
    so that only what other masks share of some must be gathered and scattered.
    """

    def __init__(self, photo: Tensor, masks: Tensor, shape: GridShape) -> None:
        self._size = photo.shape
        shares = torch.where(masks < LEAST_SHARE, 0, masks)
        shares = (shares / shares.sum(1, keepdim=True).clamp_min(LEAST_SHARE))[0].flatten(1)
        share, owner = strongest(shares)
        others, self._shared = shares.scatter(0, owner.unsqueeze(0), 0).nonzero(as_tuple=True)
        colors = photo[0].flatten(1)
        self._colors = torch.cat((colors, colors[:, self._shared]), 1)
        self._shares = torch.cat((share, shares[others, self._shared]))
        corners, weights = _corners(photo, shape)
        first_cells = torch.cat((owner, others)).mul_(shape.cells).unsqueeze(1)
        self._cells = torch.cat((corners, corners[self._shared])).add_(first_cells)
        self._weights = torch.cat((weights, weights[self._shared]))
        # int32 sorts in half the time.
        ordered, order = self._cells.flatten().int().sort()
        self._back_entries, self._back_weights = order // _CORNERS, self._weights.flatten()[order]
        every_cell = torch.arange(len(shares) * shape.cells, dtype=torch.int32, device=photo.device)
        self._back_starts = torch.searchsorted(ordered, every_cell)

    def __call__(self, grids: Tensor) -> tuple[Tensor, Tensor]:
        """The edited photo (1, 3, H, W), not clipped; and how far each mask's share of it lies outside of 0..1.

        The photo less what lies outside is a picture whose every part was clipped before parts were mixed: what is too bright
        in one region does not shine into the next. What lies outside has no gradient.
        """
        flat, outside = _Sliced.apply(grids.reshape(-1, MAP_SIZE), self)  # type: ignore[no-untyped-call]
        return flat.view(self._size), outside.view(self._size)

    def forward(self, cells: Tensor) -> tuple[Tensor, Tensor]:
        """Colours (3, P) by the maps (K, 12) of all cells, and what of them lies outside."""
        maps = F.embedding_bag(self._cells, cells, mode="sum", per_sample_weights=self._weights)
        edited = torch.empty_like(self._colors)
        _apply(maps.T, self._colors, edited)
        outside = (edited - edited.clamp(0, 1)).mul_(self._shares)
        return self._together(edited.mul_(self._shares)), self._together(outside)

    def backward(self, gradient: Tensor) -> Tensor:
        """The gradient (K, 12) of the cells from that of the colours (3, P)."""
        shared = torch.cat((gradient, gradient[:, self._shared]), 1).mul_(self._shares)
        of_maps = gradient.new_empty(shared.shape[1], MAP_SIZE)
        for channel, part in enumerate(shared):
            for source, color in enumerate(self._colors):
                torch.mul(part, color, out=of_maps[:, 4 * channel + source])
            of_maps[:, 4 * channel + 3] = part
        return F.embedding_bag(self._back_entries, of_maps, self._back_starts, mode="sum", per_sample_weights=self._back_weights)

    def means(self, weights: Tensor) -> tuple[Tensor, Tensor]:
        """How much of ``weights`` (P,) lies in each cell: (K, 1); and their mean colour there as red, green, blue, 1: (K, 4)."""
        entries = torch.cat((weights, weights[self._shared])).mul_(self._shares)
        colors = torch.cat((self._colors * entries, entries.unsqueeze(0))).T.contiguous()
        sums = F.embedding_bag(self._back_entries, colors, self._back_starts, mode="sum", per_sample_weights=self._back_weights)
        total = sums[:, 3:]
        return total, sums / total.clamp_min(LEAST_SHARE)

    def _together(self, entries: Tensor) -> Tensor:
        """(3, P): what the entries (3, E) of each pixel sum to."""
        own = entries.shape[1] - len(self._shared)
        return entries[:, :own].index_add(1, self._shared, entries[:, own:])


def strongest(shares: Tensor) -> tuple[Tensor, Tensor]:
    """The largest of ``shares`` (R, P) of each pixel and which it is, the first among equals: (P,) both."""
    # Row by row: argmax over the slow dimension takes ten times as long.
    largest, owner = shares[0], torch.zeros(shares.shape[1], dtype=torch.int64, device=shares.device)
    for i in range(1, len(shares)):
        owner.masked_fill_(shares[i] > largest, i)
        largest = torch.maximum(largest, shares[i])
    return largest, owner


def edit_band(grids: Tensor, band: Tensor, masks: Tensor, rows: slice, height: int) -> tuple[Tensor, Tensor]:
    """Edit ``band`` (1, 3, n, W), these ``rows`` of a photo that has ``height``.

    ``masks`` (1, R, n, W) sum to 1. Returns the colours, clipped to 0..1 in each mask before they are mixed, and how much
    brighter each pixel becomes where the photo is brighter by 1 (1, 1, n, W). What a mask leaves out costs nothing.
    """
    _, count, columns = band.shape[1:]
    across = _neighbours(_places(0, columns, columns, grids.shape[3], band.device), grids.shape[3])
    down = _neighbours(_places(rows.start, count, height, grids.shape[2], band.device), grids.shape[2])
    deep = _neighbours(luma(band)[0, 0] * (grids.shape[1] - 1), grids.shape[1])
    cells, weights = _corners_of_rows(deep, across, grids.shape[1], grids.shape[3])
    colors = band[0].flatten(1)
    out, total = torch.zeros(4, count * columns, device=band.device), torch.zeros(count * columns, device=band.device)
    for grid, mask in zip(grids, masks[0].flatten(1), strict=True):
        inside = (mask >= LEAST_SHARE).nonzero().flatten()
        if not len(inside):
            continue
        table = _rows_of(grid, down)
        if len(inside) == len(mask):
            maps = F.embedding_bag(cells, table, mode="sum", per_sample_weights=weights)
            out += _edited(maps, colors).mul_(mask)
            total += mask
        else:
            maps = F.embedding_bag(cells[inside], table, mode="sum", per_sample_weights=weights[inside])
            out.index_add_(1, inside, _edited(maps, colors[:, inside]).mul_(mask[inside]))
            total.index_add_(0, inside, mask[inside])
    out /= total.clamp_min_(LEAST_SHARE)
    return out[:3].view(band.shape), out[3].view(1, 1, count, columns)


class _Sliced(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, cells: Tensor, slicer: Slicer) -> tuple[Tensor, Tensor]:
        ctx.slicer = slicer
        edited, outside = slicer.forward(cells)
        ctx.mark_non_differentiable(outside)
        return edited, outside

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        slicer: Slicer = ctx.slicer
        return slicer.backward(gradients[0].contiguous()), None


def _edited(maps: Tensor, colors: Tensor) -> Tensor:
    """(4, P): colours (3, P) by maps (P, 12), clipped, and how much brighter a grey becomes where it is brighter by 1."""
    table = maps.T
    out = torch.empty(4, colors.shape[1], device=colors.device)
    _apply(table, colors, out)
    out[:3].clamp_(0, 1)
    gains = [table[4 * channel] + table[4 * channel + 1] + table[4 * channel + 2] for channel in range(3)]
    out[3] = luma(torch.stack(gains).unsqueeze(0).unsqueeze(2)).flatten()
    return out


def _apply(table: Tensor, colors: Tensor, out: Tensor) -> None:
    """Write the colours (3, P) by the maps (12, P) into the first three rows of ``out``."""
    for channel in range(3):
        red, green, blue, shift = table[4 * channel : 4 * channel + 4]
        torch.addcmul(shift, red, colors[0], out=out[channel])
        out[channel].addcmul_(green, colors[1]).addcmul_(blue, colors[2])


def _rows_of(grid: Tensor, down: _Neighbours) -> Tensor:
    """The small tables of a band's rows: each pixel then has four neighbours in its row's instead of eight in the grid."""
    (above, above_weight), (below, below_weight) = ((index, weight.view(-1, 1, 1, 1)) for index, weight in down)
    tables = grid[:, above].transpose(0, 1) * above_weight + grid[:, below].transpose(0, 1) * below_weight
    return tables.reshape(-1, MAP_SIZE)


_Neighbours = tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]


def _corners(photo: Tensor, shape: GridShape) -> tuple[Tensor, Tensor]:
    """For each pixel the eight cells around it, and how much each counts: (P, 8) both."""
    device, height, width = photo.device, photo.shape[2], photo.shape[3]
    down = _neighbours(_places(0, height, height, shape.height, device), shape.height)
    across = _neighbours(_places(0, width, width, shape.width, device), shape.width)
    deep = _neighbours(luma(photo)[0, 0] * (shape.depth - 1), shape.depth)
    cells, weights = [], []
    for vertical, vertical_weight in down:
        for horizontal, horizontal_weight in across:
            place = vertical.unsqueeze(1) * shape.width + horizontal
            place_weight = vertical_weight.unsqueeze(1) * horizontal_weight
            for level, level_weight in deep:
                cells.append((level * (shape.height * shape.width) + place).flatten())
                weights.append((level_weight * place_weight).flatten())
    return torch.stack(cells, 1), torch.stack(weights, 1)


def _corners_of_rows(deep: _Neighbours, across: _Neighbours, depth: int, width: int) -> tuple[Tensor, Tensor]:
    """For each pixel the four cells around it in tables (depth, width) of its row: (P, 4) both."""
    rows, columns = deep[0][0].shape
    cells = torch.empty(rows, columns, 4, dtype=torch.int64, device=deep[0][0].device)
    weights = torch.empty(rows, columns, 4, device=cells.device)
    starts = torch.arange(rows, device=cells.device).view(-1, 1) * (depth * width)
    for i, (level, level_weight) in enumerate(deep):
        place = level * width + starts
        for j, (horizontal, horizontal_weight) in enumerate(across):
            torch.add(place, horizontal, out=cells[..., 2 * i + j])
            torch.mul(level_weight, horizontal_weight, out=weights[..., 2 * i + j])
    return cells.view(-1, 4), weights.view(-1, 4)


def _places(first: int, count: int, size: int, cells: int, device: torch.device) -> Tensor:
    """Where the pixels from ``first`` on, of a side of ``size``, lie among ``cells``, whose middles are whole numbers."""
    return (torch.arange(first, first + count, device=device) + 0.5) * (cells / size) - 0.5


def _neighbours(place: Tensor, count: int) -> _Neighbours:
    """The two cells of a row of ``count`` around each place, with their weights; places outside are at the end."""
    place = place.clamp(0, count - 1)
    below = place.floor().clamp_max(max(count - 2, 0))
    share = place - below
    index = below.long()
    return (index, 1 - share), ((index + 1).clamp_max(count - 1), share)
