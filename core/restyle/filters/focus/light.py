"""Light: from a photo's encoded values to what a lens would blur, and back.

Blur mixes light, so it is done in linear light. What is brightest in a photo was brighter still in the scene, by how much white
does not say: above a knee the brightest channel is expanded by a hyperbola, which white takes to several times white, and its
inverse brings back what was blurred. What is even stays as it is; a lamp becomes a disc that can be seen.
"""

from __future__ import annotations

from torch import Tensor

from restyle.pictures.color import linear_to_srgb

__all__ = ["Light"]

KNEE = 0.4  # linear, sRGB's 168 of 255: skin and walls stay below
MOST_BEND = 0.97  # of 1, at which white would be infinitely bright: 20 times white paper


class Light:
    """How bright white was: ``highlights`` in 0..1, 0 as bright as paper."""

    def __init__(self, highlights: float) -> None:
        self._bend = MOST_BEND * (1 - (1 - highlights) ** 2)

    def of(self, linear: Tensor) -> Tensor:
        """The light (N, 3, H, W), from 0 up, of linear values in 0..1."""
        if not self._bend:
            return linear
        most = linear.amax(1, keepdim=True)
        over = (most - KNEE).clamp_min(0) / (1 - KNEE)
        bright = (KNEE + (1 - KNEE) * over / (1 - self._bend * over)) / most.clamp_min(KNEE)
        return linear * bright

    def linear(self, light: Tensor) -> Tensor:
        """Linear values, in 0..1 where the light came from such, of a mixture of light."""
        if not self._bend:
            return light
        most = light.amax(1, keepdim=True)
        over = (most - KNEE).clamp_min(0) / (1 - KNEE)
        return light * ((KNEE + (1 - KNEE) * over / (1 + self._bend * over)) / most.clamp_min(KNEE))

    @staticmethod
    def encoded(linear: Tensor) -> Tensor:
        """Encoded values in 0..1."""
        return linear_to_srgb(linear.clamp(0, 1))
