"""Grading: exposure, the judge's curves and colours, and the look's own, as one lookup table for all colours of a photo."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.filters.enhance.local_light import exposed, ramp
from restyle.filters.enhance.looks import Look
from restyle.filters.enhance.protection import Protection
from restyle.filters.enhance.vivid import graded
from restyle.networks.development import Development, develop
from restyle.networks.enhancer import Judge, judged_size
from restyle.networks.lut import identity_lut
from restyle.pictures.image import luma

__all__ = ["NODES", "Grading"]

NODES = 33  # of the table, a side: two to each segment of a curve
WHITE = 0.85  # luma of the brightest hundredth of a photo that is fully exposed
UNDEREXPOSED = (0.55, 0.78)  # luma of that hundredth: below, all that lacks is added, above, nothing: some scenes have no white
GREATEST_EXPOSURE = 2.0  # more would show what noise there is
SHARPEST_SHOULDER = 6.0  # a power: sharper, bright parts would become one


@dataclass(frozen=True)
class Grading:
    """What is decided about a photo's colours."""

    small: Tensor
    look: Look
    amount: float
    exposure: float
    development: Development

    @classmethod
    def of(cls, small: Tensor, look: Look, amount: float, judge: Judge) -> Grading:
        """Decide from ``small`` (1, 3, h, w) in 0..1, the photo in its new light."""
        exposure = 1 + amount * look.exposure * _lacking(small)
        exposure = min(exposure, GREATEST_EXPOSURE)
        bright = exposed(small, exposure, _shoulder(exposure))
        size = judged_size(*small.shape[2:])
        seen = F.interpolate(bright, size, mode="bilinear", align_corners=False, antialias=True)
        return cls(small, look, amount, exposure, judge(seen))

    def table(self, protection: Protection) -> Tensor:
        """What every colour becomes: a table (3, n, n, n)."""
        nodes = identity_lut(NODES)
        colours = nodes.view(1, 3, NODES, -1)
        made = self._developed(colours)
        if self.look.is_vivid:
            made = graded(made, self._developed(self.small), self.amount)
        return protection.applied(colours, made).clamp(0, 1).view_as(nodes)

    def _developed(self, colours: Tensor) -> Tensor:
        bright = exposed(colours, self.exposure, _shoulder(self.exposure))
        return torch.lerp(bright, develop(bright, self.development), self.look.trust * self.amount)


def _lacking(small: Tensor) -> float:
    """How many times more light would bring the brightest hundredth to white, less 1; 0 for a photo that has white."""
    white = luma(small).flatten().quantile(0.99)
    under = 1 - float(ramp(white, *UNDEREXPOSED))
    return under * max(WHITE / max(float(white), WHITE / GREATEST_EXPOSURE) - 1, 0.0)


def _shoulder(exposure: float) -> float:
    """The sharpest that keeps the order of brightness, so that as much as can be is exposed alike."""
    return min(1 + 1 / max(exposure - 1, 1e-6), SHARPEST_SHOULDER)
