"""A picture at several sizes: shallow layers of small ones reach as far as deep layers of large ones, for less arithmetic."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

__all__ = ["LEVELS", "pyramid"]

LEVELS = 3  # full, half and quarter size: from the grain of a stroke to the swirl of a sky


def pyramid(pictures: Tensor, least_px: int = 1) -> list[Tensor]:
    """Pictures (N, C, H, W) at full, half and quarter size, as far as the shorter side keeps ``least_px``."""
    levels = [pictures]
    while len(levels) < LEVELS and min(levels[-1].shape[2:]) >= 2 * least_px:
        levels.append(F.avg_pool2d(levels[-1], kernel_size=2))
    return levels
