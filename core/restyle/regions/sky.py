"""Sky, found by what skies have in common: smooth, blue or as bright as anything in the photo, and reaching the upper edge."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor

from restyle.pictures.image import luma

__all__ = ["LOOKED_AT", "find_sky"]

LOOKED_AT = 256 * 192
"""Pixels of the small look in which the sky is found."""

SKY_LUMA = (0.35, 0.8)
"""Least brightness of a white or grey sky, and the least share of that of the brightest tenth: it is the light of the photo."""

BLUE_LUMA, BLUENESS = 0.1, 0.1
"""Least brightness of a blue sky, and of blue over red from where on it is one, however dark."""

GREATEST_WARMTH = 0.06
"""Of red over blue; an evening's glow has more, but no sky that anybody wants apart is only glow."""

SMOOTH, SMOOTH_PX = 0.065, 3
"""Deviation of colours around a place of the small look; clouds stay below, leaves and walls do not."""

LEAST_SKY = 0.02
"""Of the area, and of the upper edge: less is a lamp."""

ALIKE = 0.12
"""Distance of colours between the sky and a part of it that is seen between branches."""

_Plane = NDArray[np.float32]


def find_sky(small: Tensor) -> Tensor:
    """Where the sky is in ``small`` (1, 3, h, w) in 0..1: (1, 1, h, w) of 0 and 1."""
    colors, light = small[0].numpy(), luma(small)[0, 0].numpy()
    red, green, blue = colors
    is_blue = (blue - red > BLUENESS) & (blue >= green) & (light > BLUE_LUMA)
    is_bright = (light > max(SKY_LUMA[0], SKY_LUMA[1] * float(np.quantile(light, 0.9)))) & (red - blue < GREATEST_WARMTH)
    likely = (is_blue | is_bright) & (_deviation(colors) < SMOOTH)
    sky = _reaching_up(likely, is_blue, colors)
    # Its edges are no longer smooth, but sky all the same; what is not is left to the photo's own edges.
    sky = ndimage.binary_dilation(sky, iterations=SMOOTH_PX // 2 + 1, mask=is_blue | is_bright)
    return torch.from_numpy(sky.astype(np.float32))[None, None]


def _deviation(colors: _Plane) -> _Plane:
    """Of the colours (3, h, w) around each place, of a channel on the mean."""
    window = (1, SMOOTH_PX, SMOOTH_PX)
    mean = ndimage.uniform_filter(colors, window)
    return np.asarray(np.sqrt(np.maximum(ndimage.uniform_filter(colors**2, window) - mean**2, 0).mean(0)))


def _reaching_up(likely: NDArray[np.bool_], is_blue: NDArray[np.bool_], colors: _Plane) -> NDArray[np.bool_]:
    """Those connected parts that reach the upper edge, with those above their lowest row that look like them.

    Of what is not blue the brightest is the sky: a white wall below a white sky is darker.
    """
    parts, count = ndimage.label(likely)
    numbers = np.arange(count + 1)
    # Where all is likely none is part 0.
    sizes = np.maximum(np.bincount(parts.ravel(), minlength=count + 1), 1)
    means = np.stack([np.bincount(parts.ravel(), channel.ravel()) / sizes for channel in colors], 1)
    at_top = (np.bincount(parts[0], minlength=count + 1) > 0) & (numbers > 0)
    blue = np.bincount(parts.ravel(), is_blue.ravel()) / sizes > 1 / 2
    if not at_top.any():
        return np.zeros_like(likely)
    brightest = means[at_top][means[at_top].sum(1).argmax()]
    is_sky = at_top & (blue | (np.linalg.norm(means - brightest, axis=1) < ALIKE))
    sky = is_sky[parts]
    if sky[0].mean() < LEAST_SKY or sky.mean() < LEAST_SKY:
        return np.zeros_like(likely)
    typical = np.median(colors[:, sky], axis=1)
    is_sky |= (np.linalg.norm(means - typical, axis=1) < ALIKE) & (numbers > 0)
    lowest = int(np.flatnonzero(sky.any(1)).max())
    return np.asarray(is_sky[parts] & (np.arange(len(parts)) <= lowest)[:, None])
