"""Resizing: a picture, or masks, at another size."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["fitted", "mirrored_to", "resized", "small_look"]

MAXIMUM_ASPECT = 8  # of a small look: a strip of any length


def resized(picture: Tensor, height: int, width: int) -> Tensor:
    """(N, C, H, W) at another size: an antialiased cubic, so that repeated scaling neither blurs nor aliases."""
    if picture.shape[-2:] == (height, width):
        return picture
    return F.interpolate(picture, size=(height, width), mode="bicubic", antialias=True, align_corners=False)


def fitted(masks: Tensor, height: int, width: int) -> Tensor:
    """Masks (N, R, h, w) at another size: averaged where it is smaller, softened where it is larger; sums stay as they are."""
    if masks.shape[-2:] == (height, width):
        return masks
    return F.interpolate(masks, size=(height, width), mode="bilinear", antialias=True, align_corners=False)


def small_look(photo: Tensor, area: int) -> Tensor:
    """The photo with about ``area`` pixels; a smaller one as it is."""
    height, width = photo.shape[2:]
    if height * width <= area:
        return photo
    # Means of whole blocks first: they are read once, while a wide antialiasing kernel reads all pixels many times.
    block = min(max(1, int((height * width / area) ** 0.5 / 2)), height, width)
    means = F.avg_pool2d(photo, block) if block > 1 else photo
    scale = (area / (height * width)) ** 0.5
    size = [max(1, round(side * scale)) for side in (height, width)]
    longest = MAXIMUM_ASPECT * max(min(size), round(area**0.5 / MAXIMUM_ASPECT))
    return F.interpolate(means, [min(side, longest) for side in size], mode="bilinear", align_corners=False, antialias=True)


def mirrored_to(planes: Tensor, height: int, width: int) -> Tensor:
    """Planes (…, H, W) continued to the right and below by mirror images to at least this size."""
    while planes.shape[-1] < width or planes.shape[-2] < height:
        # One mirroring can add no more than the picture has, so tiny pictures take a few.
        right = min(max(width - planes.shape[-1], 0), planes.shape[-1])
        below = min(max(height - planes.shape[-2], 0), planes.shape[-2])
        planes = torch.cat((planes, planes[..., :, planes.shape[-1] - right :].flip(-1)), -1)
        planes = torch.cat((planes, planes[..., planes.shape[-2] - below :, :].flip(-2)), -2)
    return planes
