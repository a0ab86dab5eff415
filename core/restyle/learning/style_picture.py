"""A style's picture at the size that it is learned at."""

from __future__ import annotations

import math

from torch import Tensor

from restyle.pictures.resizing import resized

__all__ = ["scaled_style"]

LEAST_SIDE_PX = 64  # at a quarter of less, the deepest features have no neighbours to reflect
MOST_STRIP_PIXELS = 1e6  # more of a strip that is enlarged to that side repeats itself, and takes memory


def scaled_style(picture: Tensor, size: float) -> Tensor:
    """Return a picture (1, 3, H, W) of about ``size`` squared pixels in all, or more of a narrow strip: its middle."""
    scale = max(size / math.sqrt(picture.shape[2] * picture.shape[3]), LEAST_SIDE_PX / min(picture.shape[2:]))
    most = max(size**2, MOST_STRIP_PIXELS) / (scale**2 * min(picture.shape[2:]))
    for side in (2, 3):
        length = min(picture.shape[side], max(round(most), min(picture.shape[2:])))
        picture = picture.narrow(side, (picture.shape[side] - length) // 2, length)
    height, width = (max(round(side * scale), 1) for side in picture.shape[2:])
    # A triangle's blur alone is a fifth of the way back to the photo in the shallowest Gram matrices.
    return resized(picture, height, width).clamp(0, 1)
