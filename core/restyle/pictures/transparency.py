"""Transparency: networks see no alpha, so what is transparent gets the colours of its neighbours first.

The fill is a push-pull pyramid (Gortler et al. 1996, The Lumigraph): colours weighted by alpha are averaged to ever
coarser levels, and the holes of each level are filled from the next coarser one. Its cost is linear, whatever the
size of the holes.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.pictures.image import Image

__all__ = ["fill_transparent"]

_FIRST_FACTOR = 4
"""The finest level goes down by four and up by repetition: nobody sees these pixels, and they are most of the work."""

_TINY = 1e-12
"""Divides colours that have no weight, and are 0; far below the weight of one pixel among 400 million."""


def fill_transparent(image: Image) -> Tensor:
    """The colours of ``image`` (1, 3, H, W) with those of fully transparent pixels taken from what is visible around
    them.

    Returns the very tensor of the image where nothing is fully transparent, or where nothing is visible at all.
    """
    if image.alpha is None:
        return image.pixels
    # Straight colours hold even where alpha is low; only under alpha 0 they may be anything.
    visible = image.alpha > 0
    if bool(visible.all()) or not bool(visible.any()):
        return image.pixels
    return _fill(image.pixels, visible.to(image.pixels.dtype), _FIRST_FACTOR)


def _fill(colour: Tensor, weight: Tensor, factor: int = 2) -> Tensor:
    """``colour`` with the pixels of ``weight`` 0 taken from the level that is coarser by ``factor``.

    The depth of the recursion is log2 of the size; ``weight`` holds at least one positive number.
    """
    if bool((weight > 0).all()):
        return colour
    # Channel by channel, to hold one plane more and not four. ceil_mode keeps what is left over at the last edges.
    sums = [_pooled(plane * weight, factor) for plane in colour.split(1, dim=1)]  # type: ignore[no-untyped-call]
    coarse_weight = _pooled(weight, factor)
    coarse = _fill(torch.cat(sums, 1) / coarse_weight.clamp_min(_TINY), coarse_weight)
    mode = "nearest" if factor == _FIRST_FACTOR else "bilinear"
    return torch.where(weight > 0, colour, F.interpolate(coarse, size=colour.shape[-2:], mode=mode))


def _pooled(plane: Tensor, factor: int) -> Tensor:
    return F.avg_pool2d(plane, factor, ceil_mode=True, count_include_pad=False)
