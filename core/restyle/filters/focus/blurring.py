"""Blurring: light spread by an aperture whose size differs from place to place, some rows of the picture at a time.

A ladder of radii is convolved by Fourier transforms, and each place takes a mixture of the two rungs that its own radius lies
between; large ones on smaller copies, where their discs still have a rim. Light has weights: what weighs nothing gives nothing
to its surroundings (normalised convolution: Knutsson and Westin 1993), so a subject does not bleed into what lies behind it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import scipy.fft
import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.filters.focus.aperture import Aperture

__all__ = ["Blurring", "scales_for"]

STEP = 1.4  # from rung to rung: a mixture of two discs so alike is seen as one with a soft rim
LEAST_RADIUS_PX = 0.75  # of a rung; below lies the photo itself
RIM_PX = 4.0  # least radius on a smaller copy: fewer pixels make no disc
LEAST_PIXELS = 700_000  # of a smaller copy: fewer save no time
CELLS = 6  # of the grid over the longer side, from node to node of which a cat's eye changes
MOST_SPECTRA = 24  # kept at once
BEYOND = 2  # rows of a copy that a cubic needs beyond those that are enlarged


def scales_for(height: int, width: int, most_radius: float) -> tuple[int, ...]:
    """The scales of the copies that a picture of this size is blurred on, powers of two from 1 up."""
    scales = [1]
    while height * width / (2 * scales[-1]) ** 2 >= LEAST_PIXELS and most_radius / (2 * scales[-1]) >= RIM_PX:
        scales.append(2 * scales[-1])
    return tuple(scales)


class Blurring:
    """Blurs up to ``most_radius``, in pixels of the picture."""

    def __init__(self, aperture: Aperture, most_radius: float, scales: tuple[int, ...], height: int, width: int) -> None:
        self._aperture, self._scales = aperture, scales
        self._height, self._width = height, width
        number = max(0, math.floor(math.log(most_radius / LEAST_RADIUS_PX, STEP)))
        self._rungs = [most_radius / STEP**i for i in range(number, -1, -1)]
        self._spectra: dict[tuple[float, int, int, float, float], Tensor] = {}

    def reach(self, radius: float) -> int:
        """Rows of the picture beyond those asked for that ``rungs`` of up to this radius need at scale 1."""
        return max((math.ceil(rung) for rung in self._rungs if self._scale(rung) == 1 and rung < radius * STEP), default=0)

    def shares(self, radii: Tensor) -> Iterator[tuple[float, Tensor]]:
        """The rungs that ``radii`` (1, 1, n, W) lie between, each with its share there; what is left is the photo's."""
        low, high = (float(end) for end in radii.aminmax())
        ladder = [0.0, *self._rungs, math.inf]
        for below, rung, above in zip(ladder, ladder[1:], ladder[2:], strict=False):
            if high <= below or low >= above:
                continue
            rising = ((radii - below) / (rung - below)).clamp(0, 1)
            # The topmost rung has nothing above it.
            falling = 1.0 if above == math.inf else ((above - radii) / (above - rung)).clamp(0, 1)
            yield rung, rising * falling

    def blurred(self, radius: float, rows: slice, around: tuple[Tensor, int], copies: Mapping[int, Tensor]) -> Tensor:
        """The light (1, 3, n, W) of these ``rows`` of the picture, which begin at a multiple of all scales.

        ``around``: the light at scale 1 of rows around them, and the first of these; ``copies``: all of it at each other scale;
        all (1, 4, h, w), weighted and with its weight.
        """
        scale = self._scale(radius)
        if scale == 1:
            light, first = around
            return self._convolved(light, radius, 1, slice(rows.start - first, rows.stop - first), first)
        copy = copies[scale]
        top, bottom = rows.start // scale - BEYOND, -(-rows.stop // scale) + BEYOND
        inner = slice(max(top, 0), min(bottom, copy.shape[2]))
        spread = self._convolved(copy, radius / scale, scale, inner, 0)
        spread = F.pad(spread, (BEYOND, BEYOND, inner.start - top, bottom - inner.stop), mode="replicate")
        large = F.interpolate(spread, scale_factor=scale, mode="bicubic", align_corners=False)
        edge = BEYOND * scale
        return large[:, :, edge : edge + rows.stop - rows.start, edge : edge + self._width].clamp_min(0)

    def _scale(self, radius: float) -> int:
        return max(scale for scale in self._scales if scale == 1 or radius / scale >= RIM_PX)

    def _convolved(self, light: Tensor, radius: float, scale: int, rows: slice, first: int) -> Tensor:
        """The light (1, 3, n, w) of these ``rows`` of a copy, whose rows begin ``first`` rows down the picture's copy."""
        if self._aperture.is_same_everywhere:
            sums = self._spread(light, radius, rows, slice(0, light.shape[3]), (0.0, 0.0))
        else:
            sums = self._spread_by_nodes(light, radius, scale, rows, first)
        return sums[:, :3] / sums[:, 3:].clamp_min(1e-6)

    def _spread_by_nodes(self, light: Tensor, radius: float, scale: int, rows: slice, first: int) -> Tensor:
        """Sums with kernels that change from node to node of a grid, linearly between them."""
        height, width = self._height / scale, self._width / scale
        cell = max(height, width) / CELLS
        half_diagonal = math.hypot(height, width) / 2
        sums = light.new_zeros(1, light.shape[1], rows.stop - rows.start, light.shape[3])
        for row in _nodes(height, cell):
            down = _hat(row, cell, height, torch.arange(rows.start, rows.stop) + first + 0.5)
            for column in _nodes(width, cell):
                across = _hat(column, cell, width, torch.arange(light.shape[3]) + 0.5)
                inside = across.nonzero().flatten()
                if not (len(inside) and bool(down.any())):
                    continue
                columns = slice(int(inside[0]), int(inside[-1]) + 1)
                place = (column - width / 2) / half_diagonal, (row - height / 2) / half_diagonal
                part = self._spread(light, radius, rows, columns, place)
                sums[:, :, :, columns] += part * across[columns] * down.unsqueeze(1)
        return sums

    def _spread(self, light: Tensor, radius: float, rows: slice, columns: slice, place: tuple[float, float]) -> Tensor:
        """The convolution of ``light`` (1, C, h, w), black beyond its edges, with the kernel at a place."""
        reach = math.ceil(radius)
        top, bottom, left, right = rows.start - reach, rows.stop + reach, columns.start - reach, columns.stop + reach
        seen = light[:, :, max(top, 0) : min(bottom, light.shape[2]), max(left, 0) : min(right, light.shape[3])]
        # Wraps around only into the margins, which are cut off.
        size = [scipy.fft.next_fast_len(side, real=True) for side in (bottom - top, right - left)]
        spectrum = torch.fft.rfft2(_placed(seen, max(-top, 0), max(-left, 0), size))
        made: Tensor = torch.fft.irfft2(spectrum * self._spectrum(radius, size, place), s=size)
        return made[:, :, reach : reach + rows.stop - rows.start, reach : reach + columns.stop - columns.start]

    def _spectrum(self, radius: float, size: list[int], place: tuple[float, float]) -> Tensor:
        key = (radius, size[0], size[1], place[0], place[1])
        if key not in self._spectra:
            kernel = self._aperture.kernel(radius, *place)
            reach = kernel.shape[0] // 2
            framed = F.pad(kernel, (0, size[1] - kernel.shape[1], 0, size[0] - kernel.shape[0]))
            if len(self._spectra) >= MOST_SPECTRA:
                self._spectra.clear()
            self._spectra[key] = torch.fft.rfft2(framed.roll((-reach, -reach), (0, 1)))
        return self._spectra[key]


def _placed(seen: Tensor, top: int, left: int, size: list[int]) -> Tensor:
    return F.pad(seen, (left, size[1] - left - seen.shape[3], top, size[0] - top - seen.shape[2]))


def _nodes(side: float, cell: float) -> list[float]:
    number = max(1, math.ceil(side / cell))
    return [side * i / number for i in range(number + 1)]


def _hat(node: float, cell: float, side: float, places: Tensor) -> Tensor:
    """How much a node counts at places along a side: 1 at its own, 0 at its neighbours."""
    step = side / max(1, math.ceil(side / cell))
    return (1 - (places - node).abs() / step).clamp_min(0)
