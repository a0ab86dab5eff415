"""The cast of shadows: a small sensor's dark greys are green or blue, which nobody sees until they are opened.

The cast is the mean colour of what is dark and nearly grey (the grey-world assumption, where it holds best): leaves and bricks
are too colourful to count, and too colourful to be changed.
"""

from __future__ import annotations

from torch import Tensor

from restyle.filters.enhance.local_light import ramp
from restyle.pictures.image import luma

__all__ = ["shadow_cast", "without_cast"]

DARK = (0.15, 0.55)  # luma up to which a colour is in the shadows, and from which it is not at all
NEARLY_GREY = 0.35  # strongest chroma relative to luma from which a colour is meant
_LEAST = 1e-3


def shadow_cast(small: Tensor) -> Tensor:
    """The mean chroma relative to luma (1, 3, 1, 1) of the nearly grey shadows of ``small`` (1, 3, h, w); no luma is in it."""
    light = luma(small)
    relative = (small - light) / light.clamp_min(_LEAST)
    weight = _greyness(relative) * (1 - ramp(light, *DARK)) * light
    return (weight * relative).sum((2, 3), keepdim=True) / weight.sum((2, 3), keepdim=True).clamp_min(_LEAST)


def without_cast(colours: Tensor, cast: Tensor, share: float) -> Tensor:
    """``colours`` (1, 3, h, w) with ``share`` of the cast taken from what is dark and nearly grey; luma stays."""
    light = luma(colours)
    relative = (colours - light) / light.clamp_min(_LEAST)
    return (colours - share * cast * light * _greyness(relative) * (1 - ramp(light, *DARK))).clamp(0, 1)


def _greyness(relative: Tensor) -> Tensor:
    return 1 - ramp(relative.abs().amax(1, keepdim=True), 0.0, NEARLY_GREY)
