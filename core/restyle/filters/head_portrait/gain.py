"""Gain maps: the photo's features as strong, place by place, as the painting's (Selim, Elgharib, Doyle 2016).

Where we differ: features are compared by their energy over small windows, not one by one, so that a place that is a little off
does not double an outline; and what lies where nothing corresponds keeps its own strength. The same is done to light and
colours before painting begins, by means and deviations over windows (Shih et al.: Style Transfer for Headshot Portraits, 2014).
"""

from __future__ import annotations

import torch
from torch import Tensor

from restyle.features.moments import moments
from restyle.filters.head_portrait.correspondence import Correspondence
from restyle.pictures.image import luma
from restyle.pictures.windows import box_mean, tent_mean

__all__ = ["LEAST_GAIN", "MOST_GAIN", "gained", "shifted", "toned"]

LEAST_GAIN, MOST_GAIN = 0.7, 5.0  # the paper's
WINDOW = 1  # positions of a layer around each whose energy counts
FAINT = 0.1  # of a channel's energy over the picture: what is fainter has no gain of its own
TONE_WINDOW = 0.18  # of a face's side: radius over which light and colours are taken as one
LEAST_CONTRAST, MOST_CONTRAST = 0.7, 1.4  # more and the painting's strokes would come out as the photo's pores
STEADY = 0.02**2  # variance below which there is no contrast to speak of


def gained(ours: Tensor, theirs: Tensor, correspondence: Correspondence) -> Tensor:
    """Features ``ours`` (1, C, h, w) of the photo, as strong as ``theirs`` of the painting where it corresponds; float32."""
    height, width = ours.shape[2:]
    mine, seen = ours.float(), correspondence.seen(theirs.float(), height, width)
    faint = FAINT * mine.square().mean((2, 3), keepdim=True) + 1e-8
    energy, wanted = (box_mean(maps.square(), WINDOW) + faint for maps in (mine, seen))
    gain = (wanted / energy).sqrt().clamp(LEAST_GAIN, MOST_GAIN)
    return mine * torch.lerp(torch.ones_like(gain), gain, correspondence.trusted(height, width))


def toned(photo: Tensor, painting: Tensor, correspondence: Correspondence, side: float) -> Tensor:
    """``photo`` (1, 3, H, W) with the light and colours of ``painting`` where it corresponds, in 0..1.

    ``side`` is the face's, in pixels of the photo.
    """
    height, width = photo.shape[2:]
    seen, trust = correspondence.seen(painting, height, width), correspondence.trusted(height, width)
    radius = max(1, round(TONE_WINDOW * side))

    def mean(maps: Tensor) -> Tensor:
        # What cannot be trusted has no say in what is around it either.
        weight = trust + 1e-3
        return tent_mean(maps * weight, radius) / tent_mean(weight, radius)

    def deviation(picture: Tensor) -> Tensor:
        light = luma(picture)
        return ((mean(light * light) - mean(light).square()).clamp_min(0) + STEADY).sqrt()

    contrast = (deviation(seen) / deviation(photo)).clamp(LEAST_CONTRAST, MOST_CONTRAST)
    lit = mean(seen) + contrast * (photo - mean(photo))
    return torch.lerp(photo, lit, trust).clamp(0, 1)


def shifted(photo: Tensor, mask: Tensor, painting: Tensor, other: Tensor) -> Tensor:
    """``photo`` (1, 3, H, W) so that what is under ``mask`` has the mean colour of ``painting`` under ``other``.

    It has its contrast as well, within bounds.
    """
    mean, deviation = moments(photo, mask)
    wanted, contrast = moments(painting, other)
    gain = (contrast.norm() / deviation.norm()).clamp(LEAST_CONTRAST, MOST_CONTRAST)
    moved: Tensor = torch.addcmul(wanted[:, :, None, None], photo - mean[:, :, None, None], gain)
    return moved
