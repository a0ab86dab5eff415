"""Transparency: networks see no alpha, so what is transparent gets the colours of its neighbours first.

The fill is a push-pull pyramid (Gortler et al. 1996, The Lumigraph): colours weighted by alpha are averaged to ever
coarser levels, and the holes of each level are filled from the next coarser one. Its cost is linear, whatever the
size of the holes.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.contract.errors import InvalidInput
from restyle.contract.sentence import said
from restyle.pictures.image import Image

__all__ = ["as_seen", "fill_transparent", "laid_on"]

_FIRST_FACTOR = 4
"""The finest level goes down by four and up by repetition: nobody sees these pixels, and they are most of the work."""

_SEEN_SHARE = 0.5
"""Of the greatest alpha of a picture: below, more is seen of what lies behind."""

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


def as_seen(image: Image) -> Tensor:
    """The colours of ``image`` (1, 3, H, W) as far as they can be seen: each pixel's own by its alpha, for the rest those of
    what is visible around it.

    For pictures that are looked at and not painted over. Returns the very tensor of the image where everything is opaque.
    Raises InvalidInput where nothing can be seen at all.
    """
    if image.alpha is None or bool((image.alpha == 1).all()):
        return image.pixels
    if not bool((image.alpha > 0).any()):
        raise InvalidInput(said("A picture that shall be looked at is all transparent; choose another one, or make it visible."))
    # What can hardly be seen says nothing of how its surroundings look.
    weight = image.alpha * (image.alpha >= _SEEN_SHARE * image.alpha.max())
    return torch.lerp(_fill(image.pixels, weight, _FIRST_FACTOR), image.pixels, image.alpha)


def laid_on(ground: Image, picture: Image, x: int, y: int) -> Image:
    """``ground`` with ``picture``, whose corner lies at ``x``, ``y`` of it, over it (Porter and Duff 1984); what lies beside the
    ground is cut off.

    Mixed as encoded. Where the picture is transparent the ground is as it was, bit for bit.
    """
    rows, columns = _meeting(y, picture.height, ground.height), _meeting(x, picture.width, ground.width)
    if not (len(rows) and len(columns)):
        return ground
    here = (..., slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    there = (..., slice(rows[0] - y, rows[-1] + 1 - y), slice(columns[0] - x, columns[-1] + 1 - x))
    colour, cover = picture.pixels[there], 1.0 if picture.alpha is None else picture.alpha[there]
    pixels, alpha = ground.pixels.clone(), None
    shown = torch.as_tensor(cover)
    if ground.alpha is not None:
        alpha = ground.alpha.clone()
        alpha[here] = cover + alpha[here] * (1 - cover)
        shown = cover / alpha[here].clamp_min(_TINY)
    pixels[here] = torch.lerp(pixels[here], colour, shown.to(colour))
    return Image(pixels, alpha)


def _meeting(first: int, size: int, whole: int) -> range:
    """The rows or columns of 0 to ``whole`` that ``size`` ones from ``first`` on have in common with them."""
    return range(max(first, 0), min(first + size, whole))


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
