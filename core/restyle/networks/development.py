"""Development: what the enhancer decides about light and colour, and the table that it amounts to.

Each channel has a monotone curve from 0 to 0 and from 1 to 1, so black stays black, white stays white and nothing is clipped; a
small matrix then turns and stretches chroma about luma. Light is adapted locally by x + a x (1 - x) (Zero-DCE, Guo et al. 2020),
where `a` depends on place and brightness. All channels share `a`, and the curves of red and blue differ from green's as far as
the photo has colour: greys of a grey photo stay grey.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.pictures.image import luma

__all__ = ["KNOTS", "Development", "develop", "hats"]

KNOTS = 16  # segments of a curve
LEAST_SLOPE = 0.1  # of a curve: no two brightnesses become one


@dataclass(frozen=True)
class Development:
    """Decisions for N photos: `curves` (N, 3, KNOTS) rises of each segment, summing to 1; `chroma` (N, 3, 2, 2) matrices on
    (red, blue) less luma for dark, middle and bright colours."""

    curves: Tensor
    chroma: Tensor


def develop(pixels: Tensor, development: Development) -> Tensor:
    """Curves and chroma of RGB (N, 3, H, W) in 0..1."""
    return _saturated(_curved(pixels, development.curves), development.chroma)


def hats(values: Tensor, count: int) -> Tensor:
    """Weights (N, count, H, W) of `count` even levels from 0 to 1 for values (N, 1, H, W); they sum to 1."""
    levels = torch.linspace(0, 1, count, device=values.device).view(1, count, 1, 1)
    return (1 - (values.clamp(0, 1) - levels).abs() * (count - 1)).clamp_min(0)


def _curved(pixels: Tensor, rises: Tensor) -> Tensor:
    """Each channel through its piecewise linear curve."""
    rises = _smoothed(rises)
    place = pixels.clamp(0, 1) * KNOTS
    index = place.detach().floor().clamp_max(KNOTS - 1)
    starts = F.pad(rises.cumsum(2), (1, 0))[:, :, :KNOTS]
    flat = index.flatten(2).long()
    return (starts.gather(2, flat) + rises.gather(2, flat) * (place - index).flatten(2)).view_as(pixels)


def _smoothed(rises: Tensor) -> Tensor:
    """Neighbouring slopes mixed, so that a curve has no kinks that a smooth gradient would show; the sum stays 1."""
    padded = F.pad(rises, (1, 1), mode="replicate")
    return (padded[:, :, :-2] + 2 * rises + padded[:, :, 2:]) / 4


def _saturated(pixels: Tensor, chroma: Tensor) -> Tensor:
    """Chroma about luma through its matrix, paled where it would leave 0..1."""
    light = luma(pixels)
    weights = hats(light, chroma.shape[1])
    matrix = torch.einsum("nlij,nlhw->nijhw", chroma, weights)
    given = torch.stack((pixels[:, 0:1] - light, pixels[:, 2:3] - light), 2)
    wanted = (matrix * given).sum(2)
    green = (wanted[:, 0:1] * 0.2126 + wanted[:, 1:2] * 0.0722) / -0.7152
    change = torch.cat((wanted[:, 0:1], green, wanted[:, 1:2]), 1)
    room = torch.where(change > 0, 1 - light, light).clamp_min(0)
    fitting = (room / change.abs().clamp_min(1e-6)).amin(1, keepdim=True).clamp_max(1)
    return light + change * fitting
