"""Movement between two frames: what of the one before is still to be seen, where it is now, and how sure that is.

Places that one frame shows and the other hides are found by going there and back (Sundaram, Brox, Keutzer: Dense Point
Trajectories, ECCV 2010), as Ruder, Dosovitskiy, Brox (Artistic Style Transfer for Videos, 2016) do; what looks different counts
as well, but for the light of all that is around. Where they say yes or no, this is gradual, so that several small doubts in a
row count as much as a large one.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.engine.sequence.flow import Grey, as_seen_by_flow, flow_between, looked_at, sized
from restyle.pictures.windows import wide_box_mean

__all__ = ["Movement"]

STRAY_SHARE, STRAY_PX2 = 0.01, 0.5
"""Of a flow's square, and in squared pixels: how far off its start going there and back may end (Ruder et al., equation 5)."""

LIGHT_OFF = 0.08
"""Difference of light, of a range of 1, at which a place hardly counts as the same: a few times a camera's noise."""

SOFTNESS_PX = 3
"""Side of the window that differences of light are averaged over: single pixels are noise, or the flow's rounding."""

STILL_PX = 0.1
"""Of the flow's pixels: less is nothing but noise, and to move by it would blur what stands still."""

LIGHT_SHARE = 1 / 16
"""Of the longer side: radius of the windows over which a change of light is told from things that changed."""

CUT_CONFIDENCE = 0.25
"""Mean confidence below which the frames show different scenes: of one scene it is above 0.8, of two below 0.05."""


@dataclass(frozen=True)
class Movement:
    """From one frame to the next; all in the size at which movement is looked for.

    ``back``: for each place of the later frame how far to the right and down it was in the earlier (1, 2, h, w), in pixels of
    that size. ``confidence`` (1, 1, h, w) in 0..1: how sure it is that the earlier frame shows the same there. ``light``: by how
    much all around became lighter (1, 1, h, w).
    """

    back: Tensor
    confidence: Tensor
    light: Tensor

    @classmethod
    def between(cls, before: Tensor, now: Tensor) -> Movement:
        """Of two frames (1, 3, H, W) of one size, in 0..1."""
        earlier, later = as_seen_by_flow(before), as_seen_by_flow(now)
        back, forth = flow_between(later, earlier), flow_between(earlier, later)
        back = torch.where(back.square().sum(1, keepdim=True) < STILL_PX**2, 0, back)
        difference, there = _difference(earlier, later, back), _returning(back, forth) * _inside(back)
        light = _light(difference, there * _alike(difference))
        return cls(back, there * _alike(difference - light), light)

    @property
    def is_cut(self) -> bool:
        """Whether the frames show different scenes."""
        return float(self.confidence.mean()) < CUT_CONFIDENCE

    @property
    def is_still(self) -> Tensor:
        """Where nothing moves: bool (1, 1, h, w)."""
        return (self.back == 0).all(1, keepdim=True)

    def moved(self, picture: Tensor) -> Tensor:
        """``picture`` (1, C, H, W) of the earlier frame, of any size, with everything where the later frame has it."""
        return looked_at(picture, sized(self.back, *picture.shape[2:]))


def _returning(back: Tensor, forth: Tensor) -> Tensor:
    """How near to where it began each place ends that goes back and forth again: 1 there, 0 far."""
    came = looked_at(forth, back)
    stray = (back + came).square().sum(1, keepdim=True)
    length = back.square().sum(1, keepdim=True) + came.square().sum(1, keepdim=True)
    return torch.exp(-stray / (STRAY_SHARE * length + STRAY_PX2))


def _difference(earlier: Grey, later: Grey, back: Tensor) -> Tensor:
    """By how much each place of the later frame is lighter (1, 1, h, w)."""
    first, second = (torch.from_numpy(grey)[None, None].float() / 255 for grey in (earlier, later))
    return second - looked_at(first, back)


def _alike(difference: Tensor) -> Tensor:
    """1 where the light is the same, near 0 where it is not."""
    off = F.avg_pool2d(difference.abs(), SOFTNESS_PX, 1, SOFTNESS_PX // 2, count_include_pad=False)
    return torch.exp(-(off / LIGHT_OFF).square())


def _light(difference: Tensor, confidence: Tensor) -> Tensor:
    """The difference around each place, of what is certain to be the same."""
    radius = max(1, round(LIGHT_SHARE * max(difference.shape[2:])))
    known = wide_box_mean(confidence, radius)
    return wide_box_mean(difference * confidence, radius) / known.clamp_min(1e-3)


def _inside(back: Tensor) -> Tensor:
    """1 where the place lies within the earlier frame."""
    height, width = back.shape[2:]
    rows, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    across, down = columns + back[0, 0], rows + back[0, 1]
    return ((across >= -0.5) & (across <= width - 0.5) & (down >= -0.5) & (down <= height - 0.5)).float()[None, None]
