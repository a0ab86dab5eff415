"""Colour maps: regions painted in flat colours, one picture for each picture that is divided.

Deep Photo Style Transfer (Luan et al. 2017) uses nine colours; any other flat ones do as well. Maps may have soft edges or have
been JPEG files: only flat spots say what colour a region has, and every other pixel belongs to the nearest of them. Maps of
numbers that look alike are read by ``restyle.regions.label_maps``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch.nn import functional as F

from restyle.contract.inputs.regions import MAXIMUM_REGIONS
from restyle.pictures.image import Image
from restyle.regions import REST, Regions
from restyle.regions.label_maps import read_label_maps

__all__ = ["COLORS", "color_name", "colors_for", "own_color", "read_maps", "small_map"]

COLORS: dict[str, tuple[int, int, int]] = {
    "blue": (0, 0, 255),
    "green": (0, 255, 0),
    "black": (0, 0, 0),
    "white": (255, 255, 255),
    "red": (255, 0, 0),
    "yellow": (255, 255, 0),
    "grey": (128, 128, 128),
    "cyan": (0, 255, 255),
    "magenta": (255, 0, 255),
}
"""The paper's."""

WORKING_PX = 1024
"""Longer side at which maps are read: masks need not be exact, and are refined along the picture's edges."""

FLATNESS = 24
"""Of 255: what the channels of neighbours may differ by in a flat spot; JPEG's noise is below, edges are above."""

SAME_COLOR = 48
"""Of 255, as a distance of colours: less is noise, or a painter's hand that slipped on the colour wheel."""

LEAST_SHARE = 0.001
"""Of a map's area that a colour needs to be one of its own, and no speck."""

PAPER_SHARE = 0.9
"""Of all flat spots: where as many have the paper's colours, the map is one of the paper's kind."""

SOLID_SHARE = 0.003
"""Of a map's area: what has as much left when `SOLID_PART` of it is taken off all around was painted, and is no soft edge."""

SOLID_PART = 1 / 64
"""Of a map's longer side: half as wide as the widest soft edge."""

GREY_APART = 30
"""Of 255: greys that differ by as much are further apart than `SAME_COLOR`."""

_BIN_BITS = 4  # 16 levels a channel: a colour's noise falls into neighbouring bins, which SAME_COLOR joins
_Pixels = NDArray[np.float32]


@dataclass(frozen=True)
class _Map:
    """A map of working size: colours (H, W, 3) in 0..255, where they are flat, and where nothing was painted."""

    colors: _Pixels
    is_flat: NDArray[np.bool_]
    is_unpainted: NDArray[np.bool_]


def read_maps(maps: Sequence[Image]) -> list[Regions]:
    """The regions of maps that belong together: what has the same colour in two of them has the same name.

    Colours near one of the paper's have its name ("blue"), others are called "#rrggbb", and what is transparent is the rest. Of
    more colours than there may be regions the rarest join the most similar. Regions come in reading order. What is no map of
    colours but of numbers has its numbers for names.
    """
    small = [small_map(item) for item in maps]
    labelled = read_label_maps(small, least_share=LEAST_SHARE, same_color=SAME_COLOR)
    if labelled is not None:
        return labelled
    working = [_prepared(item) for item in small]
    palette = _palette(working)
    return [_regions(item, palette) for item in working]


def colors_for(names: Sequence[str]) -> list[tuple[int, int, int]]:
    """A colour for each name, 0..255: a colour's own where it is one, else one of the paper's, then any that differ.

    Those that stay apart in a grey image come first; they are enough for seven regions.
    """
    left = [color for name, color in COLORS.items() if name not in names]
    # The corners and centres of a cube: further colours, none near another.
    levels = (64, 192)
    left += [(red, green, blue) for red in levels for green in levels for blue in levels]
    left += [(red, green, blue) for red in (0, 128, 255) for green in (0, 128, 255) for blue in (0, 128, 255)]
    own = {name: own_color(name) for name in names}
    taken = [color for color in own.values() if color is not None]
    differing = [color for color in dict.fromkeys(left) if all(math.dist(color, other) > SAME_COLOR for other in taken)]
    apart: list[tuple[int, int, int]] = []
    for color in differing:
        if all(abs(_grey(color) - _grey(other)) >= GREY_APART for other in (*taken, *apart)):
            apart.append(color)
    free = iter(dict.fromkeys([*apart, *differing]))
    return [own[name] or next(free) for name in names]


def color_name(color: tuple[int, int, int]) -> str:
    """What ``read_maps`` calls a region of this colour, 0..255."""
    return _named(np.array(color, np.float32))[0]


def own_color(name: str) -> tuple[int, int, int] | None:
    """The colour, 0..255, that a name of ``read_maps`` says; None where it says none."""
    if name in COLORS:
        return COLORS[name]
    digits = name.removeprefix("#")
    if len(digits) != 6 or digits == name or any(digit not in "0123456789abcdef" for digit in digits):
        return None
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def _grey(color: tuple[int, int, int]) -> float:
    """What a grey image makes of a colour: its luminance (ITU-R BT.709), in sRGB's curve taken as a power of 2.2."""
    shares = zip((0.2126, 0.7152, 0.0722), color, strict=True)
    light: float = sum(share * (value / 255) ** 2.2 for share, value in shares)
    return 255 * math.pow(light, 1 / 2.2)


def small_map(picture: Image) -> Image:
    """A map at the size at which maps are read. Colours must not mix, so pixels are picked."""
    scale = min(1.0, WORKING_PX / max(picture.height, picture.width))
    size = max(1, round(picture.height * scale)), max(1, round(picture.width * scale))
    alpha = None if picture.alpha is None else F.interpolate(picture.alpha, size=size, mode="nearest-exact")
    return Image(F.interpolate(picture.pixels, size=size, mode="nearest-exact"), alpha)


def _prepared(small: Image) -> _Map:
    colors = (small.pixels[0].clamp(0, 1).permute(1, 2, 0) * 255).round().cpu().numpy().astype(np.float32)
    contrast = ndimage.maximum_filter(colors, size=(3, 3, 1)) - ndimage.minimum_filter(colors, size=(3, 3, 1))
    is_unpainted = np.zeros(colors.shape[:2], bool) if small.alpha is None else small.alpha[0, 0].cpu().numpy() < 0.5
    is_flat = (contrast.max(2) <= FLATNESS) & ~is_unpainted
    # A map of a few pixels has nothing but edges.
    return _Map(colors, is_flat if is_flat.any() else ~is_unpainted, is_unpainted)


def _palette(maps: Sequence[_Map]) -> list[tuple[str, _Pixels]]:
    """The colours in use with their names, the most frequent first."""
    weights = np.zeros(1 << (3 * _BIN_BITS))
    sums = np.zeros((weights.size, 3))
    for item in maps:
        flat = item.colors[item.is_flat]
        codes = (flat.astype(np.int64) >> (8 - _BIN_BITS)) @ np.array([1 << (2 * _BIN_BITS), 1 << _BIN_BITS, 1])
        weights += np.bincount(codes, minlength=weights.size) / max(1, len(flat))
        for channel in range(3):
            sums[:, channel] += np.bincount(codes, flat[:, channel], minlength=weights.size) / max(1, len(flat))
    colors = {code: _named((sums[code] / weights[code]).astype(np.float32)) for code in np.flatnonzero(weights)}
    # Who paints with the paper's colours means one of them by what is between.
    by_paper = sum(weights[code] for code, (name, _) in colors.items() if name in COLORS) >= PAPER_SHARE * weights.sum()
    palette: list[tuple[str, _Pixels]] = []
    for code in sorted(colors, key=lambda code: -weights[code]):
        name, color = colors[code]
        if weights[code] < LEAST_SHARE or len(palette) == MAXIMUM_REGIONS - 1:
            break
        is_new = all(np.linalg.norm(color - other) > SAME_COLOR for _, other in palette)
        if is_new and (name in COLORS or not by_paper or any(_is_solid(color, item) for item in maps)):
            palette.append((name, color))
    return palette


def _is_solid(color: _Pixels, item: _Map) -> bool:
    """Whether a colour fills more than the strips between others."""
    is_near = item.is_flat & (np.linalg.norm(item.colors - color, axis=2) <= SAME_COLOR)
    radius = max(3, round(SOLID_PART * max(is_near.shape)))
    inside = ndimage.minimum_filter(is_near.view(np.uint8), 2 * radius + 1, mode="nearest")
    return bool(inside.mean() >= SOLID_SHARE)


def _named(color: _Pixels) -> tuple[str, _Pixels]:
    for name, reference in COLORS.items():
        if np.linalg.norm(color - np.array(reference)) <= SAME_COLOR:
            return name, np.array(reference, np.float32)
    return "#{:02x}{:02x}{:02x}".format(*color.round().astype(int)), color


def _regions(item: _Map, palette: list[tuple[str, _Pixels]]) -> Regions:
    labels = _nearest_labels(item, np.stack([color for _, color in palette])) if palette else np.zeros(item.is_flat.shape, int)
    names = [name for name, _ in palette]
    labels[item.is_unpainted] = len(names)
    names.append(REST)
    used = [i for i in np.unique(labels) if (labels == i).mean() >= LEAST_SHARE]
    masks = torch.from_numpy(np.stack([labels == i for i in used]).astype(np.float32)).unsqueeze(0)
    return Regions(tuple(names[i] for i in used), masks).in_reading_order()


def _nearest_labels(item: _Map, colors: _Pixels) -> NDArray[np.int64]:
    """For each pixel the colour of the nearest flat spot."""
    height, width = item.is_flat.shape
    flat = item.colors[item.is_flat]
    labels = np.zeros((height, width), np.int64)
    if not len(flat):
        return labels
    # |x - c|^2 without |x|^2, which is the same for every c.
    distances = (colors**2).sum(1) - 2 * flat @ colors.T
    labels[item.is_flat] = distances.argmin(1)
    rows, columns = ndimage.distance_transform_edt(~item.is_flat, return_distances=False, return_indices=True)
    nearest: NDArray[np.int64] = labels[rows, columns]
    return nearest
