"""Realism: what a photo must keep, as terms that can be minimised.

Structure is the similarity (SSIM; Wang et al. 2004) of the gradient magnitudes of photo and result, each relative to its
own strongest: an edge may gain or lose with all others, but not appear, vanish or outgrow them. It takes the place of the
paper's content loss: a deep layer keeps objects, this keeps every edge.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.pictures.image import luma

__all__ = ["Structure", "clipping", "edges_of"]

WINDOW_PX, WINDOW_DEVIATION_PX = 11, 1.5  # Wang et al. 2004, as are the constants (0.01 and 0.03 of the range, squared)
MEAN_CONSTANT, VARIANCE_CONSTANT = 1e-4, 9e-4
ROUNDING = 1e-8  # under the root of gradients, whose derivative is infinite at 0
SOBEL_SUM = 8.0
_WEIGHTS = [math.exp(-((place - WINDOW_PX // 2) ** 2) / (2 * WINDOW_DEVIATION_PX**2)) for place in range(WINDOW_PX)]
BELL = tuple(weight / sum(_WEIGHTS) for weight in _WEIGHTS)


class Structure:
    """Compares pictures with one photo (1, 3, H, W)."""

    def __init__(self, photo: Tensor) -> None:
        self._edges = _relative_edges(photo)
        self._mean = _blurred(self._edges)
        self._variance = _blurred(self._edges.square()) - self._mean.square()

    def __call__(self, picture: Tensor) -> Tensor:
        """The similarity of ``picture`` (1, 3, H, W), at most 1."""
        edges = _relative_edges(picture)
        blurred = _blurred(torch.cat((edges, edges.square(), edges * self._edges)))
        mean, square, product = blurred[0:1], blurred[1:2], blurred[2:3]
        variance, covariance = square - mean.square(), product - mean * self._mean
        alike = (2 * mean * self._mean + MEAN_CONSTANT) * (2 * covariance + VARIANCE_CONSTANT)
        energy = (mean.square() + self._mean.square() + MEAN_CONSTANT) * (variance + self._variance + VARIANCE_CONSTANT)
        similarity: Tensor = (alike / energy).mean()
        return similarity


def clipping(picture: Tensor) -> Tensor:
    """The mean square of what lies outside of 0..1."""
    return (picture - picture.clamp(0, 1)).square().mean()


def edges_of(picture: Tensor) -> Tensor:
    """Gradient magnitude (1, 1, H, W) of the brightness of (1, 3, H, W), from pixel to pixel (Sobel)."""
    padded = F.pad(luma(picture), (1, 1, 1, 1), mode="reflect")
    rows = padded[..., :-2, :] + 2 * padded[..., 1:-1, :] + padded[..., 2:, :]
    columns = padded[..., :-2] + 2 * padded[..., 1:-1] + padded[..., 2:]
    across = (rows[..., 2:] - rows[..., :-2]) / SOBEL_SUM
    down = (columns[..., 2:, :] - columns[..., :-2, :]) / SOBEL_SUM
    return (across.square() + down.square() + ROUNDING).sqrt()


class _Blur(torch.autograd.Function):
    """A Gaussian window over maps (N, 1, H, W), zero beyond their borders; being symmetric, it is its own derivative.

    As sums of shifted maps: convolutions of one channel take ten times as long, which was nearly half of all of Photo Style.
    """

    @staticmethod
    def forward(ctx: Any, maps: Tensor) -> Tensor:
        return _along(_along(maps, 3), 2)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        return _along(_along(gradients[0], 3), 2)


def _blurred(maps: Tensor) -> Tensor:
    result: Tensor = _Blur.apply(maps)  # type: ignore[no-untyped-call]
    return result


def _along(maps: Tensor, dim: int) -> Tensor:
    half, length = WINDOW_PX // 2, maps.shape[dim]
    padded = F.pad(maps, (half, half) if dim == 3 else (0, 0, half, half))
    result = padded.narrow(dim, half, length) * BELL[half]
    for place, share in enumerate(BELL):
        if place != half:
            result.add_(padded.narrow(dim, place, length), alpha=share)
    return result


def _relative_edges(picture: Tensor) -> Tensor:
    """The edges of a picture, the strongest being 1."""
    edges = edges_of(picture)
    relative: Tensor = edges / edges.amax()
    return relative
