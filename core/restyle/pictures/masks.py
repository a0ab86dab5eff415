"""Masks: a picture read as where to work and where not."""

from __future__ import annotations

from torch import Tensor

from restyle.pictures.image import Image, luma

__all__ = ["mask_of"]

_ONE_COLOUR = 1 / 64
"""What the brightness of a single colour may vary by, in 0..1; the darkest mask that says anything varies by more."""


def mask_of(picture: Image) -> Tensor:
    """A picture as a mask (1, 1, H, W) in 0..1: white is inside; black, and what is transparent, is outside.

    Where all that can be seen has one colour, be it black, the picture was cut out, and its alpha alone is the mask.
    """
    brightness = luma(picture.pixels).clamp(0, 1)
    alpha = picture.alpha
    if alpha is None or bool((alpha == 1).all()):
        return brightness
    seen = brightness[alpha > 0]
    if len(seen) and seen.max() - seen.min() < _ONE_COLOUR:
        return alpha
    return brightness * alpha
