"""The matting Laplacian (Levin, Lischinski, Weiss 2006) as an operator: applied by box sums, never stored.

In each window of 3x3 pixels a map that is a linear function of the photo's colours costs nothing. Luan et al. 2017 ask each
channel V of a result to be cheap, V' M V. The product M V follows from the best linear function of each window, as He, Sun
and Tang (Guided Image Filtering, 2013, eq. 20) show: a few passes over the picture, where the sparse matrix has up to 25
entries a row.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

__all__ = ["EPSILON", "MattingLaplacian"]

EPSILON = 1e-7
"""Variance of colour (range 0..1) that windows are regularised by: what Luan et al. and Levin et al. use."""

WINDOW_PX = 3
BAND_PIXELS = 32768
"""Worked on at once: the dozen maps of such a band stay in the cache; smaller ones lose time between operations."""

_AREA = WINDOW_PX**2
_CHANNELS = 3
_REACH = WINDOW_PX - 1
_CORNERS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))


class MattingLaplacian:
    """The Laplacian M of one photo (1, 3, H, W), H and W at least 3.

    What is kept are 6 numbers for each window: the inverse of its regularised covariance of colour. Sums are taken in
    float64 (float32 on devices without): the regularisation is less than float32's rounding of squared colours.
    """

    def __init__(self, photo: Tensor, epsilon: float = EPSILON) -> None:
        exact = torch.float32 if photo.device.type == "mps" else torch.float64
        self._photo = photo.detach()[0].to(exact)
        height, width = photo.shape[2:]
        self._windows = height - _REACH
        self._inverse = self._photo.new_empty(len(_CORNERS), self._windows, width - _REACH)
        for rows, windows in self._bands():
            self._inverse[:, windows] = _inverse_covariance(self._photo[:, rows], epsilon / _AREA)

    def apply(self, maps: Tensor) -> Tensor:
        """M times each channel of ``maps`` (1, C, H, W), in their dtype."""
        out = torch.zeros_like(maps, dtype=self._photo.dtype)
        for rows, windows in self._bands():
            photo, inverse = self._photo[:, rows], self._inverse[:, windows]
            means = _window_sums(photo) / _AREA
            for channel in range(maps.shape[1]):
                band = maps[0, channel, rows].to(self._photo.dtype)
                out[0, channel, rows] += _band_product(photo, means, inverse, band)
        return out.to(maps.dtype)

    def energy(self, maps: Tensor) -> Tensor:
        """The sum over channels of V' M V, without dimensions; its gradient is 2 M V."""
        energy: Tensor = _Energy.apply(maps, self)  # type: ignore[no-untyped-call]
        return energy

    def _bands(self) -> list[tuple[slice, slice]]:
        """Bands: the rows of pixels that are seen, and the rows of windows that see them."""
        step = max(_REACH, BAND_PIXELS // self._photo.shape[2])
        starts = range(0, self._windows, step)
        stops = [min(start + step, self._windows) for start in starts]
        return [(slice(start, stop + _REACH), slice(start, stop)) for start, stop in zip(starts, stops, strict=True)]


class _Energy(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, maps: Tensor, laplacian: MattingLaplacian) -> Tensor:
        product = laplacian.apply(maps)
        ctx.save_for_backward(product)
        return (product * maps).sum()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        (product,) = ctx.saved_tensors
        return 2 * gradients[0] * product, None


def _band_product(photo: Tensor, means: Tensor, inverse: Tensor, band: Tensor) -> Tensor:
    """What the windows of a band add to M V: for each the difference of V and its best linear function of colour."""
    rows, columns = band.shape
    products = photo.new_empty(_CHANNELS + 1, rows, columns)
    torch.div(band, _AREA, out=products[_CHANNELS])
    torch.mul(photo, products[_CHANNELS], out=products[:_CHANNELS])
    sums = _window_sums(products)
    mean = sums[_CHANNELS]
    covariance = sums[:_CHANNELS].addcmul_(means, mean, value=-1)
    # Slopes and offset of the linear function, with a frame of zeros: a window gives them to each of its pixels.
    framed = photo.new_zeros(_CHANNELS + 1, rows + _REACH, columns + _REACH)
    functions = framed[:, _REACH:-_REACH, _REACH:-_REACH]
    for row in range(_CHANNELS):
        entries = [inverse[_CORNERS.index((min(row, column), max(row, column)))] for column in range(_CHANNELS)]
        torch.mul(entries[0], covariance[0], out=functions[row])
        functions[row].addcmul_(entries[1], covariance[1]).addcmul_(entries[2], covariance[2])
        mean.addcmul_(functions[row], means[row], value=-1)
    functions[_CHANNELS].copy_(mean)
    spread = _window_sums(framed)
    product = (band * _windows_around(band)).sub_(spread[_CHANNELS])
    for channel in range(_CHANNELS):
        product.addcmul_(photo[channel], spread[channel], value=-1)
    return product


def _inverse_covariance(photo: Tensor, ridge: float) -> Tensor:
    """(6, n, W - 2): the upper half of the inverse of each window's covariance of colour (3, n + 2, W), regularised."""
    means = _window_sums(photo) / _AREA
    products = _window_sums(torch.stack([photo[i] * photo[j] for i, j in _CORNERS])) / _AREA
    entries = [product - means[i] * means[j] for product, (i, j) in zip(products, _CORNERS, strict=True)]
    rr, rg, rb, gg, gb, bb = (entry + ridge if i == j else entry for entry, (i, j) in zip(entries, _CORNERS, strict=True))
    first = (gg * bb - gb * gb, rb * gb - rg * bb, rg * gb - rb * gg)
    determinant = rr * first[0] + rg * first[1] + rb * first[2]
    cofactors = torch.stack((*first, rr * bb - rb * rb, rb * rg - rr * gb, rr * gg - rg * rg))
    inverse: Tensor = cofactors / determinant
    return inverse


def _window_sums(maps: Tensor) -> Tensor:
    """(C, n + 2, W) to (C, n, W - 2): the sum over each window."""
    rows = maps[:, :-2] + maps[:, 1:-1]
    rows += maps[:, 2:]
    sums = rows[..., :-2] + rows[..., 1:-1]
    sums += rows[..., 2:]
    return sums


def _windows_around(band: Tensor) -> Tensor:
    """How many windows of a band (n + 2, W) see each pixel."""
    down, across = (_spread_along(size, band) for size in band.shape)
    return down.unsqueeze(1) * across


def _spread_along(size: int, like: Tensor) -> Tensor:
    place = torch.arange(size, device=like.device)
    nearest = torch.minimum(place, place.flip(0)) + 1
    return nearest.clamp_max(min(WINDOW_PX, size - _REACH)).to(like.dtype)
