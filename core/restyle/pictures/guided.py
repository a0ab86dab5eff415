"""Guided filters (He, Sun, Tang 2010): the best local lines from a guide's brightness to a picture, and what they say.

Where the guide varies less than what counts as flat, a line is level and says the mean; at edges it follows the guide. Fitted to
a small look, the lines serve the photo at full size (fast guided filter: He and Sun 2015), some rows at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from restyle.pictures.enlarging import enlarged_rows
from restyle.pictures.windows import box_mean_inside, wide_box_mean

__all__ = ["GuidedLines", "guided", "guided_lines"]

WIDE = 8  # radius from which on running sums are quicker; before, the last digits are worth more


def guided(guide: Tensor, picture: Tensor, radius: int, flatness: float) -> Tensor:
    """``picture`` (N, C, H, W) as the lines of its own size say it, from ``guide`` (N, 1, H, W)."""
    slope, offset = guided_lines(guide, picture, radius, flatness).chunk(2, 1)
    return torch.addcmul(offset, slope, guide)


def guided_lines(guide: Tensor, picture: Tensor, radius: int, flatness: float) -> Tensor:
    """Slopes, then offsets (N, 2 C, H, W), of lines from ``guide`` (N, 1, H, W) to ``picture`` (N, C, H, W).

    Each is the mean of those fitted in the windows of ``radius`` that hold the pixel; ``flatness`` is a variance.
    """
    box = wide_box_mean if radius >= WIDE else box_mean_inside
    mean_guide, mean = box(guide, radius), box(picture, radius)
    variance = (box(guide * guide, radius) - mean_guide * mean_guide).clamp_min(0)
    slope = (box(guide * picture, radius) - mean_guide * mean) / (variance + flatness)
    return torch.cat((box(slope, radius), box(mean - slope * mean_guide, radius)), 1)


@dataclass(frozen=True)
class GuidedLines:
    """Lines (1, 2 C, h, w) for a photo of ``height`` x ``width``; bilinear between their cells."""

    lines: Tensor
    height: int
    width: int

    def picture(self, guide: Tensor, rows: slice) -> Tensor:
        """What the lines say of these ``rows`` of the photo, (1, C, n, W), with its own brightness as ``guide`` (1, 1, n, W)."""
        slope, offset = enlarged_rows(self.lines, rows, self.height, self.width).chunk(2, 1)
        return torch.addcmul(offset, slope, guide)
