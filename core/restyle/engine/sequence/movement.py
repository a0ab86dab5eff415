"""Movement between two frames: what of the one before is still to be seen, where it is now, and how sure that is.

Places that one frame shows and the other hides are found by going there and back (Sundaram, Brox, Keutzer: Dense Point
Trajectories, ECCV 2010), as Ruder, Dosovitskiy, Brox (Artistic Style Transfer for Videos, 2016) do. Where they say yes or no,
this is gradual, and light that changed counts as well: both keep borders of the decision from being seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.engine.sequence.flow import Grey, as_seen_by_flow, flow_between, sized
from restyle.pictures.resizing import fitted

__all__ = ["Movement", "moved"]

STRAY_SHARE, STRAY_PX2 = 0.01, 0.5
"""Of a flow's square, and in squared pixels: how far off its start going there and back may end (Ruder et al., equation 5)."""

LIGHT_OFF = 0.08
"""Difference of light, of a range of 1, at which a place hardly counts as the same: a few times a camera's noise."""

SOFTNESS_PX = 3
"""Side of the window that differences of light are averaged over: single pixels are noise, or the flow's rounding."""

STILL_PX = 0.1
"""Of the flow's pixels: less is nothing but noise, and to move by it would blur what stands still."""

CUT_CONFIDENCE = 0.25
"""Mean confidence below which the frames show different scenes; see docs/benchmarks.md."""


@dataclass(frozen=True)
class Movement:
    """From one frame to the next.

    ``back``: for each place of the later frame how far to the right and down it was in the earlier (1, 2, h, w), in pixels of
    that size. ``confidence`` (1, 1, h, w) in 0..1: how sure it is that the earlier frame shows the same there.
    """

    back: Tensor
    confidence: Tensor

    @classmethod
    def between(cls, before: Tensor, now: Tensor) -> Movement:
        """Of two frames (1, 3, H, W) of one size, in 0..1."""
        earlier, later = as_seen_by_flow(before), as_seen_by_flow(now)
        back, forth = flow_between(later, earlier), flow_between(earlier, later)
        back = torch.where(back.square().sum(1, keepdim=True) < STILL_PX**2, 0, back)
        return cls(back, _returning(back, forth) * _alike(earlier, later, back) * _inside(back))

    @property
    def is_cut(self) -> bool:
        """Whether the frames show different scenes."""
        return float(self.confidence.mean()) < CUT_CONFIDENCE

    def moved(self, picture: Tensor) -> Tensor:
        """``picture`` (1, C, H, W) of the earlier frame with everything where the later frame has it."""
        return moved(picture, sized(self.back, *picture.shape[2:]))

    def confidence_at(self, height: int, width: int) -> Tensor:
        """The confidence at a frame's full size (1, 1, H, W)."""
        return fitted(self.confidence, height, width).clamp(0, 1)


def moved(picture: Tensor, flow: Tensor) -> Tensor:
    """``picture`` (1, C, H, W) looked at where ``flow`` (1, 2, H, W) points: cubic, since linear would blur more with each frame.

    Cubic overshoots; the result stays within the picture's range.
    """
    height, width = picture.shape[2:]
    rows, columns = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
    across = (columns + flow[0, 0]) * (2 / width) - 1
    down = (rows + flow[0, 1]) * (2 / height) - 1
    places = torch.stack([across, down], 2)[None].to(picture.dtype)
    seen = F.grid_sample(picture, places, mode="bicubic", padding_mode="border", align_corners=False)
    return torch.where((flow == 0).all(1, keepdim=True), picture, seen.clamp(*map(float, picture.aminmax())))


def _returning(back: Tensor, forth: Tensor) -> Tensor:
    """How near to where it began each place ends that goes back and forth again: 1 there, 0 far."""
    came = moved(forth, back)
    stray = (back + came).square().sum(1, keepdim=True)
    length = back.square().sum(1, keepdim=True) + came.square().sum(1, keepdim=True)
    return torch.exp(-stray / (STRAY_SHARE * length + STRAY_PX2))


def _alike(earlier: Grey, later: Grey, back: Tensor) -> Tensor:
    """1 where the light is the same, near 0 where it is not."""
    first, second = (torch.from_numpy(grey)[None, None].float() / 255 for grey in (earlier, later))
    off = (moved(first, back) - second).abs()
    off = F.avg_pool2d(off, SOFTNESS_PX, 1, SOFTNESS_PX // 2, count_include_pad=False)
    return torch.exp(-(off / LIGHT_OFF).square())


def _inside(back: Tensor) -> Tensor:
    """1 where the place lies within the earlier frame."""
    height, width = back.shape[2:]
    rows, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    across, down = columns + back[0, 0], rows + back[0, 1]
    return ((across >= -0.5) & (across <= width - 0.5) & (down >= -0.5) & (down <= height - 0.5)).float()[None, None]
