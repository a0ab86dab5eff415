"""Blending that keeps strokes: two paintings of one thing are mixed without the mixture getting paler than they are.

The mean of two textures that do not agree has less contrast than either (Heitz and Neyret: High-Performance By-Example Noise
using a Histogram-Preserving Blending Operator, 2018, who give a mean of two its variance back). Here frames are mixed with what
came of the ones before, again and again, so that strokes would fade to their mean; each octave of detail is given back, place by
place, the energy that it has in the frame's own painting.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["blended"]

OCTAVES = 4
"""Of detail that are given back their energy: strokes are some pixels wide, and larger forms agree."""

WINDOW_PX = 9
"""Side of the window, in pixels of each octave, in which energies are compared."""

FAINTEST = 1e-6
"""Energy below which there is nothing to give back: a thousandth of the range, squared."""

MOST_GAIN = 1.6
"""What an octave is multiplied by at most; a few times the mean of two textures that have nothing in common needs 1.4."""


def blended(own: Tensor, carried: Tensor, share: Tensor) -> Tensor:
    """``own`` (1, 3, H, W) where ``share`` (1, 1, H, W) is 0, ``carried`` where it is 1, between them both, as rich as one."""
    mixture = torch.lerp(own, carried, share)
    return _as_rich(mixture, own, OCTAVES).clamp_(0, 1)


def _as_rich(picture: Tensor, model: Tensor, octaves: int) -> Tensor:
    if not octaves or min(picture.shape[2:]) < 2 * WINDOW_PX:
        return picture
    coarse, coarse_model = (F.avg_pool2d(each, 2, ceil_mode=True, count_include_pad=False) for each in (picture, model))
    detail, detail_model = picture - _enlarged(coarse, picture), model - _enlarged(coarse_model, model)
    gain = ((_energy(detail_model) + FAINTEST) / (_energy(detail) + FAINTEST)).sqrt().clamp(1, MOST_GAIN)
    return _enlarged(_as_rich(coarse, coarse_model, octaves - 1), picture) + detail * gain


def _enlarged(coarse: Tensor, picture: Tensor) -> Tensor:
    return F.interpolate(coarse, size=picture.shape[2:], mode="bilinear", align_corners=False)


def _energy(detail: Tensor) -> Tensor:
    return F.avg_pool2d(detail.square().mean(1, keepdim=True), WINDOW_PX, 1, WINDOW_PX // 2, count_include_pad=False)
