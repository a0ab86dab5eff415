"""Realism: what a photo must keep, as terms that can be minimised.

Structure is the similarity (SSIM; Wang et al. 2004) of the gradient magnitudes of photo and result, each relative to its
own strongest: an edge may gain or lose with all others, but not appear, vanish or outgrow them. It takes the place of the
paper's content loss: a deep layer keeps objects, this keeps every edge.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.pictures.image import luma

__all__ = ["Structure", "clipping"]

WINDOW_PX, WINDOW_DEVIATION_PX = 11, 1.5  # Wang et al. 2004, as are the constants (0.01 and 0.03 of the range, squared)
MEAN_CONSTANT, VARIANCE_CONSTANT = 1e-4, 9e-4
ROUNDING = 1e-8  # under the root of gradients, whose derivative is infinite at 0
SOBEL_SUM = 8.0


class Structure:
    """Compares pictures with one photo (1, 3, H, W)."""

    def __init__(self, photo: Tensor) -> None:
        place = torch.arange(WINDOW_PX, device=photo.device) - WINDOW_PX // 2
        bell = torch.exp(-(place**2) / (2 * WINDOW_DEVIATION_PX**2))
        self._bell = bell / bell.sum()
        self._edges = _relative_edges(photo)
        self._mean = self._blurred(self._edges)
        self._variance = self._blurred(self._edges.square()) - self._mean.square()

    def __call__(self, picture: Tensor) -> Tensor:
        """The similarity of ``picture`` (1, 3, H, W), at most 1."""
        edges = _relative_edges(picture)
        blurred = self._blurred(torch.cat((edges, edges.square(), edges * self._edges)))
        mean, square, product = blurred[0:1], blurred[1:2], blurred[2:3]
        variance, covariance = square - mean.square(), product - mean * self._mean
        alike = (2 * mean * self._mean + MEAN_CONSTANT) * (2 * covariance + VARIANCE_CONSTANT)
        energy = (mean.square() + self._mean.square() + MEAN_CONSTANT) * (variance + self._variance + VARIANCE_CONSTANT)
        similarity: Tensor = (alike / energy).mean()
        return similarity

    def _blurred(self, maps: Tensor) -> Tensor:
        half = WINDOW_PX // 2
        across = F.conv2d(maps, self._bell.view(1, 1, 1, -1), padding=(0, half))
        return F.conv2d(across, self._bell.view(1, 1, -1, 1), padding=(half, 0))


def clipping(picture: Tensor) -> Tensor:
    """The mean square of what lies outside of 0..1."""
    return (picture - picture.clamp(0, 1)).square().mean()


def _relative_edges(picture: Tensor) -> Tensor:
    """Gradient magnitude (1, 1, H, W) of brightness (Sobel), the strongest being 1."""
    padded = F.pad(luma(picture), (1, 1, 1, 1), mode="reflect")
    rows = padded[..., :-2, :] + 2 * padded[..., 1:-1, :] + padded[..., 2:, :]
    columns = padded[..., :-2] + 2 * padded[..., 1:-1] + padded[..., 2:]
    across = (rows[..., 2:] - rows[..., :-2]) / SOBEL_SUM
    down = (columns[..., 2:, :] - columns[..., :-2, :]) / SOBEL_SUM
    edges = (across.square() + down.square() + ROUNDING).sqrt()
    relative: Tensor = edges / edges.amax()
    return relative
