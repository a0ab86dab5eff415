"""Closed form: one affine map of colour for each pair of regions (Monge-Kantorovich; Pitié and Kokaram 2007)."""

from __future__ import annotations

import torch
from torch import Tensor

from restyle.filters.photo_style.scene import Scene, Side
from restyle.pictures.color import monge_kantorovich_map

__all__ = ["region_maps"]

NOISE_VARIANCE = 0.01**2  # two and a half 8-bit steps: a direction of colour with less has no spread to be stretched
GREATEST_GAIN = 4.0  # beyond, noise and JPEG blocks of dull regions come to light


@torch.no_grad()
def region_maps(scene: Scene, greatest_gain: float = GREATEST_GAIN) -> Tensor:
    """Affine maps (R, 3, 4) that give each of the photo's regions the mean and covariance of the style's.

    float32, on the CPU. No direction of colour is stretched more than ``greatest_gain`` times.
    """
    maps = []
    for (mean, covariance), (wanted_mean, wanted) in zip(_moments(scene.photo), _moments(scene.style), strict=True):
        matrix = _bounded(monge_kantorovich_map(covariance, wanted), greatest_gain)
        maps.append(torch.cat((matrix, (wanted_mean - matrix @ mean).unsqueeze(1)), 1))
    return torch.stack(maps).float()


def _moments(side: Side) -> list[tuple[Tensor, Tensor]]:
    """Mean (3,) and covariance (3, 3) of each region's colours."""
    colors = side.pixels[0].flatten(1).to("cpu", torch.float64)
    moments = []
    for mask in side.masks[0].flatten(1).to("cpu", torch.float64):
        weights = mask / mask.sum().clamp_min(torch.finfo(torch.float32).tiny)
        mean = colors @ weights
        centred = colors - mean.unsqueeze(1)
        moments.append((mean, (centred * weights) @ centred.T + NOISE_VARIANCE * torch.eye(3, dtype=torch.float64)))
    return moments


def _bounded(matrix: Tensor, greatest_gain: float) -> Tensor:
    """A symmetric matrix with its gains (eigenvalues) at most ``greatest_gain``."""
    gains, directions = torch.linalg.eigh(matrix)
    bounded: Tensor = directions @ gains.clamp_max(greatest_gain).diag() @ directions.T
    return bounded
