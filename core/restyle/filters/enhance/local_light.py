"""Local light: shadows opened under a bright sky, by as much as the photo asks for; nothing of it is learned.

A guided filter (He, Sun, Tang 2010) on a small look tells the light of a place from what is seen in it. Each place is exposed
anew by a shift of the log-odds of brightness, x -> g x / (1 + (g - 1) x), the same for all that shares its light: black stays
black and white white, nothing is clipped, hues and the contrasts of texture stay. Edges of light are the filter's, so there are
no halos. What varies no more than noise around the local light is not made stronger; what varies more gets some contrast back.
Exposure fusion (Mertens, Kautz, Van Reeth 2007) and local Laplacian filters (Paris, Hasinoff, Kautz 2011) are what it was
measured against: docs/benchmarks.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from restyle.filters.enhance.looks import Look
from restyle.pictures.guided import GuidedLines, guided_lines
from restyle.pictures.image import luma

__all__ = ["LIGHT_AREA", "LocalLight", "darkest_third", "exposed", "ramp"]

LIGHT_AREA = 256 * 192  # pixels of the small look that light is told from
RADIUS = 0.07  # of the guided filter, in roots of the look's area: what shares its light is larger than a leaf
FLATNESS = 0.02  # variance below which differences are texture, above which they are an edge of light
DARK = 0.46  # light from which on a place is left alone
BACKLIGHT = (0.5, 0.72)  # luma of the brightest tenth: with less in it, dark is the mood of the photo; with more, backlight
GREATEST_SHIFT = 2.0  # of the log-odds: 7.4 times the light of deep shadows
NOISE_SPAN = 2.2  # deviations of the noise that count as noise, not as texture
THINNING = 2  # of the small look's rows and columns where only the mean of its shadows is asked
HALVINGS = 10  # of the interval in which the shift is sought
_TINY = 1e-12


@dataclass(frozen=True)
class LocalLight:
    """The light of a photo's places, as colours that lines tell from luma, and what is made of it."""

    lines: GuidedLines
    shift: float
    noise: float
    clarity: float

    @classmethod
    def of(cls, small: Tensor, size: tuple[int, int], look: Look, amount: float, noise: float) -> LocalLight:
        """Light for a photo of ``size`` (height, width) that looks like ``small`` (1, 3, h, w).

        ``amount`` is 1 for the look as it is meant, ``noise`` the deviation of luma's in the shadows.
        """
        radius = max(1, round(RADIUS * (small.shape[2] * small.shape[3]) ** 0.5))
        lines = guided_lines(luma(small), small, radius, FLATNESS)
        openness = _openness(luma(GuidedLines(lines, *small.shape[2:]).picture(luma(small), slice(0, small.shape[2]))))
        fewer, open_fewer = (maps[:, :, ::THINNING, ::THINNING] for maps in (small, openness))

        def shadows(shift: float) -> float:
            return darkest_third(exposed(fewer, (shift * open_fewer).exp()))

        shift = _sought(shadows, _wanted_shadows(fewer, look)) * amount
        return cls(GuidedLines(lines, *size), shift, noise * NOISE_SPAN, look.clarity * amount)

    def over(self, small: Tensor) -> LocalLight:
        """The same light for the small look itself."""
        return replace(self, lines=GuidedLines(self.lines.lines, small.shape[2], small.shape[3]))

    def applied(self, piece: Tensor, rows: slice) -> Tensor:
        """These ``rows`` of the photo, ``piece`` (1, 3, n, W) in 0..1, in the new light."""
        if self.shift == 0:
            return piece
        light = self.lines.picture(luma(piece), rows)
        gain = (self.shift * _openness(luma(light))).exp_()
        # One minus the gain's inverse is 0 where nothing is opened, so there the texture stays as it is.
        texture = piece - light
        energy = texture.square().sum(1, keepdim=True)
        share = (energy / (energy + (3 * self.noise**2 + _TINY))).square_()
        kept = torch.lerp(gain.reciprocal(), 1 + self.clarity * (1 - gain.reciprocal()), share)
        return exposed(light.addcmul_(texture, kept).clamp_(0, 1), gain)


def exposed(pixels: Tensor, gain: Tensor | float, power: float = 1) -> Tensor:
    """Colours (N, 3, H, W) in 0..1 with ``gain`` times the light in the shadows and white left white; hues are kept.

    A higher ``power`` of the shoulder keeps the gain up to brighter colours. The order of brightness is kept as long as
    (power - 1) (gain - 1) is not above 1.
    """
    strongest = pixels.amax(1, keepdim=True)
    return pixels * (gain / (1 + (gain - 1) * strongest**power))


def darkest_third(pixels: Tensor) -> float:
    """Mean luma of the darkest third of the pixels (N, 3, H, W)."""
    ordered = luma(pixels).flatten().sort().values
    return float(ordered[: max(1, len(ordered) // 3)].mean())


def ramp(values: Tensor, low: float, high: float) -> Tensor:
    """0 below ``low``, 1 above ``high``, smooth between."""
    share = ((values - low) / (high - low)).clamp(0, 1)
    return share * share * (3 - 2 * share)


def _openness(light: Tensor) -> Tensor:
    """How much of the shift a place gets: all in the dark, nothing from `DARK` on."""
    return 1 - ramp(light, 0.0, DARK)


def _wanted_shadows(small: Tensor, look: Look) -> float:
    """What the darkest third shall be on the mean."""
    bright = luma(small).flatten().quantile(0.9)
    backlit = look.mood_opened + (1 - look.mood_opened) * float(ramp(bright, *BACKLIGHT))
    given = darkest_third(small)
    return given + backlit * look.opening * max(look.shadows - given, 0.0)


def _sought(shadows: Callable[[float], float], wanted: float) -> float:
    """The least shift that brings the shadows to what is wanted, or the greatest that there is."""
    low, high = 0.0, GREATEST_SHIFT
    if shadows(low) >= wanted:
        return low
    if shadows(high) <= wanted:
        return high
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if shadows(middle) < wanted else (low, middle)
    return high
