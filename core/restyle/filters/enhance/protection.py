"""Protection of skin and highlights: what may change less, told by colour alone, so that it can be part of a lookup table."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from restyle.filters.enhance import EnhancePhotoParams
from restyle.filters.enhance.local_light import ramp
from restyle.pictures.image import luma

__all__ = ["Protection", "skin_likeness"]

# Skin of all tones lies between red and orange; red is above green and green above blue. Ranges as (none, full, full, none):
# angle of hue in sixths of the circle from red to yellow, saturation, and luma. By Kovac et al. 2003's rules, softened.
_SKIN_HUE = (-0.05, 0.12, 0.55, 0.75)
_SKIN_SATURATION = (0.1, 0.2, 0.6, 0.8)
_SKIN_LUMA = (0.1, 0.25, 0.85, 0.97)
_HIGHLIGHT = (0.7, 0.95)  # luma from which brightening is held back, and from which fully
_LEAST_CHROMA = 1e-4


@dataclass(frozen=True)
class Protection:
    """How much skin and highlights are protected, 0..1 each."""

    skin: float
    highlights: float

    @classmethod
    def of(cls, params: EnhancePhotoParams) -> Protection:
        """What the settings ask for."""
        return cls(params.protect_skin / 100, params.protect_highlights / 100)

    def applied(self, photo: Tensor, enhanced: Tensor) -> Tensor:
        """``enhanced`` with less change where ``photo`` (both (1, 3, H, W) in 0..1) shows skin or highlights."""
        if self.skin > 0:
            enhanced = self._calm_skin(photo, enhanced)
        if self.highlights > 0:
            held = self.highlights * ramp(luma(photo), *_HIGHLIGHT)
            enhanced = enhanced - held * (luma(enhanced) - luma(photo)).clamp_min(0)
        return enhanced

    def _calm_skin(self, photo: Tensor, enhanced: Tensor) -> Tensor:
        """Skin takes on light and hue, but its colour grows no stronger."""
        before, light = photo - luma(photo), luma(enhanced)
        after = enhanced - light
        growth = _strength(after) / _strength(before).clamp_min(_LEAST_CHROMA)
        held = self.skin * skin_likeness(photo)
        return light + after * torch.lerp(torch.ones_like(growth), growth.clamp_min(1).reciprocal(), held)


def skin_likeness(pixels: Tensor) -> Tensor:
    """How much a colour could be skin's: (N, 3, H, W) in 0..1 to (N, 1, H, W) in 0..1."""
    red, green, blue = pixels[:, 0:1], pixels[:, 1:2], pixels[:, 2:3]
    # Black has no saturation to speak of.
    spread = (red - blue).clamp_min(_LEAST_CHROMA)
    hue = (green - blue) / spread
    saturation = (red - torch.minimum(green, blue)) / red.clamp_min(0.05)
    return _hill(hue, *_SKIN_HUE) * _hill(saturation, *_SKIN_SATURATION) * _hill(luma(pixels), *_SKIN_LUMA)


def _strength(chroma: Tensor) -> Tensor:
    return chroma.square().sum(1, keepdim=True).sqrt()


def _hill(values: Tensor, low: float, rising: float, falling: float, high: float) -> Tensor:
    return ramp(values, low, rising) * (1 - ramp(values, falling, high))
