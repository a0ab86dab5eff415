"""Resizing: a picture, or masks, at another size."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

__all__ = ["fitted", "resized"]


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
