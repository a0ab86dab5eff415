"""Aperture: what a point of light becomes that is out of focus, an image of the lens's opening.

A round opening gives a disc, one of blades a polygon whose sides bulge a little. Towards the corners a lens's barrel cuts the
disc: what is left is the meeting of two discs, a cat's eye, the narrower the farther out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from restyle.filters.focus import Shape

__all__ = ["Aperture"]

BULGE = 0.35  # of the way from a straight side to the circle: blades are curved
CUT = 0.85  # radii that the second disc of a cat's eye is moved by in a corner
SAMPLES = 48  # of a radius at least, so that the rim has as many shades as 8 bits show


@dataclass(frozen=True)
class Aperture:
    """The opening of a lens."""

    shape: Shape

    @property
    def is_same_everywhere(self) -> bool:
        """Whether it looks the same from all places of the picture."""
        return self.shape != "cats-eye"

    def kernel(self, radius: float, right: float = 0.0, down: float = 0.0) -> Tensor:
        """The image of a point, (k, k) with k odd, its sum 1, of this ``radius`` in pixels.

        ``right`` and ``down``: where in the picture, in shares of half its diagonal from its middle.
        """
        reach = math.ceil(radius)
        samples = max(1, math.ceil(SAMPLES / max(radius, 1.0)))
        size = 2 * reach + 1
        place = ((torch.arange(size * samples) + 0.5) / samples - size / 2) / max(radius, 1e-6)
        y, x = torch.meshgrid(place, place, indexing="ij")
        inside = self._inside(x, y, right, down).float()
        drawn = inside.view(size, samples, size, samples).mean((1, 3))
        if not drawn.sum() > 0:
            drawn[reach, reach] = 1
        return drawn / drawn.sum()

    def _inside(self, x: Tensor, y: Tensor, right: float, down: float) -> Tensor:
        distance = torch.hypot(x, y)
        if self.shape == "round":
            return distance <= 1
        if self.shape == "cats-eye":
            return (distance <= 1) & (torch.hypot(x - CUT * right, y - CUT * down) <= 1)
        half = math.pi / int(self.shape)
        # Turned so that no side is level: nobody holds a camera that straight, and edges of the picture would echo it.
        angle = torch.remainder(torch.atan2(y, x) + half / 2, 2 * half) - half
        return distance <= torch.lerp(math.cos(half) / angle.cos(), torch.ones_like(angle), BULGE)
