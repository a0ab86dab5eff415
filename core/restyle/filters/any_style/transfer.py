"""Style transfer of a picture's features: how every level's are moved, region by region, to where the style's are.

Where there are several styles, each place goes to the weighted mean of where each style alone would lead it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.filters.any_style.pieces import Piece, on_grid, stretched
from restyle.filters.any_style.reading import Clouds, Reading
from restyle.networks.painter import LEVELS, SEEN, Painter, Touch
from restyle.regions.pairing import Pairs
from restyle.transport import Affine, blended, transport

__all__ = ["Transfer", "guided_transfer", "plain_transfer"]

Strengths = Mapping[str, float]
Signals = Mapping[str, tuple[Tensor, Tensor]]  # means and deviations (1, C) of the features that a level shall have


@dataclass(frozen=True)
class _Zone:
    """A part of the photo, how each level's features are moved there, and to which statistics; no mask for all of it."""

    mask: Tensor | None
    maps: Mapping[str, Affine]
    signals: Signals


@dataclass(frozen=True)
class Transfer:
    """The zones of a photo; their masks (1, 1, H, W), of its size on the grid, sum to 1."""

    zones: tuple[_Zone, ...]

    def moved(self, level: str, features: Tensor, piece: Piece) -> Tensor:
        """Features (1, C, h, w) of a piece of the photo, moved; they stay non-negative, as the painter knows them."""
        return self._over_zones([zone.maps[level](features) for zone in self.zones], features, piece).relu_()

    def touch(self, level: str, painter: Painter, features: Tensor, piece: Piece) -> Touch:
        """How the painter is modulated at a level where the piece's features are these."""
        touches = [painter.touch(level, *zone.signals[level]) for zone in self.zones]
        gains, shifts = ([touch[part].to(features) for touch in touches] for part in (0, 1))
        return self._over_zones(gains, features, piece), self._over_zones(shifts, features, piece)

    def _over_zones(self, values: list[Tensor], features: Tensor, piece: Piece) -> Tensor:
        """The values of all zones, each where its mask is."""
        if self.zones[0].mask is None:
            return values[0]
        size = (features.shape[2], features.shape[3])
        masks = [F.adaptive_avg_pool2d(piece.cut(zone.mask), size) for zone in self.zones if zone.mask is not None]
        return torch.stack([value * mask.to(features) for value, mask in zip(values, masks, strict=True)]).sum(0)


def plain_transfer(photo: Reading, styles: list[tuple[float, Reading]], strengths: Strengths) -> Transfer:
    """One zone: all of the photo to all of the styles; their shares sum to 1."""
    (of_photo,) = photo.clouds([None])
    of_styles = [style.clouds([None])[0] for _, style in styles]
    shares = [share for share, _ in styles]
    zones = [_zone(None, of_photo, of_style, strengths) for of_style in of_styles]
    maps = {level: blended([zone.maps[level] for zone in zones], shares) for level in SEEN}
    signals = {level: _mean([zone.signals[level] for zone in zones], shares) for level in LEVELS}
    return Transfer((_Zone(None, maps, signals),))


def guided_transfer(
    photo: Reading, styles: list[tuple[float, Reading]], pairs: tuple[Pairs, ...], strengths: Strengths
) -> Transfer:
    """A zone for each pair of regions of each style."""
    zones: list[_Zone] = []
    for (share, style), regions in zip(styles, pairs, strict=True):
        inside = [stretched(pair.content, photo.picture) for pair in regions]
        of_photo = photo.clouds(inside)
        of_style = style.clouds([stretched(pair.style, style.picture) for pair in regions])
        for mask, first, second in zip(inside, of_photo, of_style, strict=True):
            zones.append(_zone(on_grid(mask) * share, first, second, strengths))
    return Transfer(tuple(zones))


def _zone(mask: Tensor | None, photo: Clouds, style: Clouds, strengths: Strengths) -> _Zone:
    maps = {level: transport(photo[level], style[level]).partly(strengths[level]) for level in SEEN}
    signals = {}
    for level in LEVELS:
        before, after = photo[level], style[level]
        ends = (before.mean, after.mean), (before.deviation, after.deviation)
        mean, deviation = (torch.lerp(first, second, strengths[level]) for first, second in ends)
        signals[level] = (mean, deviation)
    return _Zone(mask, maps, signals)


def _mean(signals: list[tuple[Tensor, Tensor]], shares: list[float]) -> tuple[Tensor, Tensor]:
    mean, deviation = (
        torch.stack([share * signal[part] for signal, share in zip(signals, shares, strict=True)]).sum(0) for part in (0, 1)
    )
    return mean, deviation
