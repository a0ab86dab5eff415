"""Grading: exposure, the judge's curves and colours, and the look's own, as one lookup table for all colours of a photo."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.filters.enhance.cast import shadow_cast, without_cast
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
FOG = (2.5, 4.5)  # of the brightest to the darkest hundredth: in fog there is no white to reach
GREATEST_EXPOSURE = 2.0  # more would show what noise there is
BLACK = 0.02  # luma of the darkest hundredth of a photo that has depth
VEILED = 0.4  # brightness up to which a veil is taken away
GREATEST_VEIL = 0.15  # less than half of what is veiled: the order of brightness stays
SHARPEST_SHOULDER = 4.0  # a power: sharper, bright parts would become one


@dataclass(frozen=True)
class Grading:
    """What is decided about a photo's colours."""

    lit: Tensor
    look: Look
    amount: float
    veil: float
    exposure: float
    cast: Tensor
    development: Development

    @classmethod
    def of(cls, small: Tensor, lit: Tensor, look: Look, amount: float, judge: Judge) -> Grading:
        """Decide from ``small`` (1, 3, h, w) in 0..1, the photo as it was, and ``lit``, the same in its new light."""
        # What shadows that were opened are brighter than black is no veil.
        veil = min(amount * look.depth * _veil(small), GREATEST_VEIL)
        exposure = min(1 + amount * look.exposure * _lacking(lit), GREATEST_EXPOSURE)
        bright = _exposed(lit, veil, exposure)
        size = judged_size(*lit.shape[2:])
        seen = F.interpolate(bright, size, mode="bilinear", align_corners=False, antialias=True)
        return cls(lit, look, amount, veil, exposure, shadow_cast(bright), judge(seen))

    def table(self, protection: Protection) -> Tensor:
        """What every colour becomes: a table (3, n, n, n)."""
        nodes = identity_lut(NODES)
        colours = nodes.view(1, 3, NODES, -1)
        made = self._developed(colours)
        if self.look.is_vivid:
            made = graded(made, self._developed(self.lit), self.amount)
        return protection.applied(colours, made).clamp(0, 1).view_as(nodes)

    def _developed(self, colours: Tensor) -> Tensor:
        bright = _exposed(colours, self.veil, self.exposure)
        bright = without_cast(bright, self.cast, min(self.look.neutrality * self.amount, 1.0))
        return torch.lerp(bright, develop(bright, self.development), self.look.trust * self.amount)


def _lacking(small: Tensor) -> float:
    """How much more light would bring the brightest hundredth to white; 0 for a photo that has white, or is of fog."""
    dark, white = luma(small).flatten().quantile(torch.tensor([0.01, 0.99]))
    under = (1 - ramp(white, *UNDEREXPOSED)) * ramp(white / dark.clamp_min(BLACK), *FOG)
    return float(under) * max(WHITE / max(float(white), WHITE / GREATEST_EXPOSURE) - 1, 0.0)


def _veil(small: Tensor) -> float:
    """How much brighter than black the darkest hundredth is."""
    return max(float(luma(small).flatten().quantile(0.01)) - BLACK, 0.0)


def _exposed(colours: Tensor, veil: float, exposure: float) -> Tensor:
    """Colours without the veil, which lies on dark ones alone, and exposed by the sharpest shoulder that keeps their order."""
    strongest = colours.amax(1, keepdim=True)
    deep = (strongest - veil * (1 - strongest / VEILED).clamp_min(0).square()).clamp_min(0)
    power = min(1 + 1 / max(exposure - 1, 1e-6), SHARPEST_SHOULDER)
    return exposed(colours * (deep / strongest.clamp_min(1e-6)), exposure, power)
