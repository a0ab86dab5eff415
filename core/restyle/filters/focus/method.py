"""Focus: the subject as it was, before a background that is blurred as by a fast lens.

The background's light is spread by an aperture, with what belongs to the subject left out and what lies behind it filled in from
around; then the subject's own colours, freed of the background that shone through its edge (blur fusion: Forte 2021), are laid
over it by its alpha. After Wadhwa et al. 2018, who measure distances where we guess them from the ground, and find people by a
network where we ask for faces, what stands out, or the person who took the photo.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.context import Context
from restyle.contract.loaded import Loaded
from restyle.contract.sentence import said
from restyle.filters.focus import CONTENT, REGIONS, FocusParams
from restyle.filters.focus.aperture import Aperture
from restyle.filters.focus.blurring import Blurring, scales_for
from restyle.filters.focus.distance import Distance, distance_of
from restyle.filters.focus.edge import Edge
from restyle.filters.focus.light import Light
from restyle.filters.focus.matte import Matte
from restyle.filters.focus.subject import subject_of
from restyle.pictures.bands import Band, bands
from restyle.pictures.color import srgb_to_linear
from restyle.pictures.image import Image
from restyle.pictures.resizing import small_look

__all__ = ["focus", "most_radius"]

MOST_RADIUS_SHARE = 0.05  # of the diagonal: a portrait at 1.5 m by 85 mm, f/1.2, before what is far away
BAND_PIXELS = 1 << 20  # finished at once
PYRAMID_SHARE, FIRST_SHARE = 0.35, 0.15  # of the whole work, for the progress bar
LOOK_PIXELS = 512 * 384  # of the small copy in which the subject is found
FILLING = 0.01  # weight of what is filled in, beside 1 of what is seen
LEAST_SHARE = 1e-6
CERTAIN = 4  # power of how much a pixel is the background's that it counts with: half of a hair's colour is the hair's


@torch.no_grad()
def focus(inputs: Loaded, params: FocusParams, context: Context) -> Image:
    """The content with all but its subject out of focus, any size; values in 0..1.

    What is wholly the subject's stays as it is, bit for bit, and so does all at blur 0. Raises WeightsUnavailable,
    WeightsDamaged, InvalidInput where no person is found, Cancelled.
    """
    content = inputs[CONTENT]
    photo = content.pixels
    height, width = photo.shape[2:]
    radius = params.blur / 100 * most_radius(height, width)
    if radius == 0:
        return content
    context.progress.step(0, of=1, message=said("Finding the subject"))
    look = small_look(photo, LOOK_PIXELS)
    subject = subject_of(look, inputs, params, context)
    matte = Matte.of(subject, photo, look, params.edge / 100)
    distance = distance_of((height, width), subject, inputs[REGIONS], params.falloff / 100, params.ground_line / 100)
    lens = _Lens(photo, matte, distance, radius, params)
    lens.look(context.part(FIRST_SHARE, PYRAMID_SHARE))
    return content.with_pixels(lens.photographed(context.part(PYRAMID_SHARE, 1)))


def most_radius(height: int, width: int) -> float:
    """The radius in pixels, at full blur, of a disc that a point becomes which is infinitely far away.

    Of the diagonal that the picture would have were it square: a strip is not taken with a lens as large as it is long.
    """
    return MOST_RADIUS_SHARE * math.sqrt(2 * height * width)


class _Lens:
    """One photo on its way through the lens: first what lies behind the subject is gathered, and then the result is made."""

    def __init__(self, photo: Tensor, matte: Matte | None, distance: Distance, radius: float, params: FocusParams) -> None:
        self._photo, self._matte, self._distance, self._radius = photo, matte, distance, radius
        height, self._width = photo.shape[2:]
        self._scales = scales_for(height, self._width, radius)
        self._blurring = Blurring(Aperture(params.shape), radius, self._scales, height, self._width)
        self._light = Light(params.highlights / 100)
        self._edge = Edge(height, self._width)
        self._copies: dict[int, Tensor] = {}

    def look(self, context: Context) -> None:
        """Gather the background's light at all scales but the first."""
        plan = self._plan()
        found: dict[int, list[Tensor]] = {scale: [] for scale in self._scales[1:]}
        for number, band in enumerate(plan):
            context.progress.step(number, of=len(plan), message=said("Looking at the background"))
            linear = srgb_to_linear(self._photo[:, :, band.rows])
            copy = self._weighted(linear, band.rows)
            self._edge.see(linear, copy, self._alpha(band.rows))
            for copies in found.values():
                copy = F.avg_pool2d(copy, 2, ceil_mode=True, count_include_pad=False)
                copies.append(copy)
        self._edge.finish()
        for scale, copies in found.items():
            whole = torch.cat(copies, 2)
            copies.clear()
            self._copies[scale] = _filled(whole, self._edge.filling(*whole.shape[2:]))

    def photographed(self, context: Context) -> Tensor:
        """The whole picture (1, 3, H, W)."""
        made = torch.empty_like(self._photo)
        plan = self._plan()
        for number, band in enumerate(plan):
            context.progress.step(number, of=len(plan), message=said("Blurring"))
            made[:, :, band.rows] = self._band(band.rows)
        return made

    def _plan(self) -> list[Band]:
        height, width = self._photo.shape[2:]
        return list(bands(height, max(BAND_PIXELS // width, round(self._radius)), unit=max(self._edge.scale, *self._scales)))

    def _band(self, rows: slice) -> Tensor:
        photo = self._photo[:, :, rows]
        linear = srgb_to_linear(photo)
        spread, share = self._spread(rows)
        spread = self._light.linear(spread)
        alpha = self._alpha(rows)
        is_kept = share == 0
        if alpha is not None:
            behind = self._light.linear(self._edge.behind(rows))
            own = self._edge.freed(linear, alpha, behind, rows)
            spread = torch.lerp(spread, own, alpha)
            is_kept = is_kept | (alpha == 1)
        made = Light.encoded(torch.lerp(linear, spread, share))
        return torch.where(is_kept, photo, made)

    def _spread(self, rows: slice) -> tuple[Tensor, Tensor]:
        """The blurred light behind the subject (1, 3, n, W), and its share in the result (1, 1, n, W or 1)."""
        radii = self._distance.rows(rows) * self._radius
        rungs = list(self._blurring.shares(radii))
        total = torch.zeros_like(radii)
        spread = torch.zeros_like(self._photo[:, :, rows])
        around = self._around(rows, max((radius for radius, _ in rungs), default=0.0))
        for radius, share in rungs:
            spread += share * self._blurring.blurred(radius, rows, around, self._copies)
            total = total + share
        return spread / total.clamp_min(LEAST_SHARE), total.clamp_max(1)

    def _around(self, rows: slice, radius: float) -> tuple[Tensor, int]:
        """Weighted light of these rows and those around that are needed at scale 1, and the first of them."""
        reach = self._blurring.reach(radius)
        if not reach:
            return self._photo[:, :, :0], rows.start
        wide = slice(max(rows.start - reach, 0), min(rows.stop + reach, self._photo.shape[2]))
        weighted = self._weighted(srgb_to_linear(self._photo[:, :, wide]), wide)
        return _filled(weighted, self._edge.behind(wide)), wide.start

    def _weighted(self, linear: Tensor, rows: slice) -> Tensor:
        """The background's light with its weight, (1, 4, n, W)."""
        light = self._light.of(linear)
        if self._matte is None:
            return F.pad(light, (0, 0, 0, 0, 0, 1), value=1.0)
        weight = self._matte.behind(rows, self._width) ** CERTAIN
        return torch.cat((light * weight, weight), 1)

    def _alpha(self, rows: slice) -> Tensor | None:
        """The matte of these rows; None where nothing of the subject is in them."""
        if self._matte is None:
            return None
        alpha = self._matte.rows(self._photo[:, :, rows], rows)
        return alpha if bool(alpha.any()) else None


def _filled(weighted: Tensor, filling: Tensor) -> Tensor:
    """Weighted light with a little of the ``filling`` everywhere, so that there is light where all weights are 0."""
    return weighted + FILLING * F.pad(filling, (0, 0, 0, 0, 0, 1), value=1.0)
