"""Resizing: a picture at another size."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

__all__ = ["resized"]


def resized(picture: Tensor, height: int, width: int) -> Tensor:
    """(N, C, H, W) at another size: an antialiased cubic, so that repeated scaling neither blurs nor aliases."""
    if picture.shape[-2:] == (height, width):
        return picture
    return F.interpolate(picture, size=(height, width), mode="bicubic", antialias=True, align_corners=False)
