"""Source: a painting that frames after it take their paint from.

What is carried from frame to frame is looked at between its pixels each time, and gets softer each time, however good the
interpolation. So the way back is added up instead, and for some frames paint comes from where it was made, looked at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from restyle.engine.sequence.flow import looked_at, sized
from restyle.engine.sequence.movement import Movement
from restyle.pictures.resizing import fitted

__all__ = ["Source"]

MOST_FRAMES = 8
"""Movements that are added up: the small errors of each are, too."""

LEAST_SHARE = 0.5
"""Of the frame: where less has been there since, a newer painting has more to give."""


@dataclass(frozen=True)
class Source:
    """``picture`` (1, 3, H, W); ``way`` (1, 2, h, w): how far each place of the present frame was to the right and down in it;
    ``is_its`` (1, 1, h, w) in 0..1: where nothing was painted anew since; ``frames``: how many there were since."""

    picture: Tensor
    way: Tensor
    is_its: Tensor
    frames: int = 0

    @classmethod
    def of(cls, picture: Tensor, like: Tensor) -> Source:
        """A painting of the present frame; ``like`` (1, 1, h, w) has the size at which movement is looked for."""
        return cls(picture, torch.zeros_like(like).repeat(1, 2, 1, 1), torch.ones_like(like))

    def after(self, movement: Movement) -> Source:
        """The same for the next frame."""
        way = movement.back + movement.moved(self.way)
        return replace(self, way=way, is_its=movement.moved(self.is_its), frames=self.frames + 1)

    def over(self, carried: Tensor) -> Tensor:
        """What was ``carried`` (1, 3, H, W) to the present frame, with the source's own paint where it is still there."""
        size = carried.shape[2:]
        return torch.lerp(carried, looked_at(self.picture, sized(self.way, *size)), fitted(self.is_its, *size).clamp(0, 1))

    def next(self, result: Tensor, lost: Tensor) -> Source:
        """What the next frame takes its paint from, after ``result``, where the places of ``lost`` (1, 1, h, w) are new."""
        is_its = self.is_its * (1 - lost)
        if self.frames >= MOST_FRAMES or float(is_its.mean()) < LEAST_SHARE:
            return Source.of(result, is_its)
        return replace(self, is_its=is_its)
