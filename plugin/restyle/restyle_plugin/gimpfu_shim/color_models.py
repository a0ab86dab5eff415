# -*- coding: utf-8 -*-
"""gimpcolor's other classes of colours, and its functions."""

from __future__ import absolute_import, unicode_literals

import colorsys

from ..compat import to_text
from .color import RGB, Components, named_components
from .color_names import NAMES, parse_css, parse_hex, parse_name

_BYTE_MAX, _PERCENT, _DEGREES = 255.0, 100.0, 360.0

__all__ = [
    "CMYK",
    "HSL",
    "HSV",
    "adaptive_supersample_area",
    "bilinear",
    "bilinear_pixels_8",
    "bilinear_rgb",
    "bilinear_rgba",
    "rgb_names",
    "rgb_parse_css",
    "rgb_parse_hex",
    "rgb_parse_name",
]


@named_components
class HSV(Components):
    """Hue, saturation, value and alpha, floats 0..1; integers given to it are degrees, percent, and 0..255 of alpha."""

    NAMES, WORDS = ("h", "s", "v", "a"), ("hue", "saturation", "value", "alpha")
    SCALES = (_DEGREES, _PERCENT, _PERCENT, _BYTE_MAX)

    def __init__(self, h=0.0, s=0.0, v=0.0, a=1.0):
        self.set(h, s, v, a)

    def to_rgb(self):
        """Return it as gimpcolor.RGB."""
        return RGB(*(colorsys.hsv_to_rgb(self.h, self.s, self.v) + (self.a,)))


@named_components
class HSL(Components):
    """Hue, saturation, lightness and alpha, floats 0..1; integers as of HSV."""

    NAMES, WORDS = ("h", "s", "l", "a"), ("hue", "saturation", "lightness", "alpha")
    SCALES = (_DEGREES, _PERCENT, _PERCENT, _BYTE_MAX)

    def __init__(self, h=0.0, s=0.0, l=0.0, a=1.0):  # noqa: E741  (gimpcolor's name)
        self.set(h, s, l, a)

    def to_rgb(self):
        """Return it as gimpcolor.RGB."""
        return RGB(*(colorsys.hls_to_rgb(self.h, self.l, self.s) + (self.a,)))


@named_components
class CMYK(Components):
    """Cyan, magenta, yellow, black and alpha, floats 0..1; integers given to it are 0..255."""

    NAMES, WORDS = ("c", "m", "y", "k", "a"), ("cyan", "magenta", "yellow", "black", "alpha")
    SCALES = (_BYTE_MAX,) * 5

    def __init__(self, c=0.0, m=0.0, y=0.0, k=0.0, a=1.0):
        self.set(c, m, y, k, a)


def _to_hsv(self):
    """Return it as gimpcolor.HSV."""
    return HSV(*(colorsys.rgb_to_hsv(self.r, self.g, self.b) + (self.a,)))


def _to_hsl(self):
    """Return it as gimpcolor.HSL."""
    hue, lightness, saturation = colorsys.rgb_to_hls(self.r, self.g, self.b)
    return HSL(hue, saturation, lightness, self.a)


def _to_cmyk(self, pullout=1.0):
    """Return it as gimpcolor.CMYK; pullout: how much of the common part becomes black."""
    inks = [1.0 - part for part in (self.r, self.g, self.b)]
    black = min(inks) * pullout
    left = [(ink - black) / (1.0 - black) if black < 1.0 else 0.0 for ink in inks]
    return CMYK(*(left + [black, self.a]))


# These classes know RGB by import; the other way round would be a circle.
RGB.to_hsv, RGB.to_hsl, RGB.to_cmyk = _to_hsv, _to_hsl, _to_cmyk


def rgb_parse_name(name):
    """Return the RGB of a CSS name; ValueError for others."""
    return RGB(*parse_name(to_text(name)))


def rgb_parse_hex(hex):  # noqa: A002  (gimpcolor's name)
    """Return the RGB of a code like "#ff8000"; ValueError for others."""
    return RGB(*parse_hex(to_text(hex)))


def rgb_parse_css(css, with_alpha=False):
    """Return the RGB of a text of CSS; ValueError for others."""
    parsed = parse_css(to_text(css))
    return RGB(*(parsed if with_alpha else parsed[:3]))


def rgb_names():
    """Return {name: RGB} of the names of CSS."""
    return {name: RGB(*color) for name, color in NAMES.items()}


def bilinear(x, y, values):
    """Return the number at (x, y) between four: (0, 0), (1, 0), (0, 1), (1, 1); only the fractions of x and y count."""
    x, y = x % 1.0, y % 1.0
    a, b, c, d = values
    return (1.0 - y) * ((1.0 - x) * a + x * b) + y * ((1.0 - x) * c + x * d)


def bilinear_rgb(x, y, values):
    """Return the RGB between four, their alpha left aside."""
    return RGB(*[bilinear(x, y, [getattr(value, name) for value in values]) for name in "rgb"])


def bilinear_rgba(x, y, values):
    """Return the RGB between four, weighted by their alpha."""
    alpha = bilinear(x, y, [value.a for value in values])
    if not alpha:
        return RGB(0.0, 0.0, 0.0, 0.0)
    return RGB(*([bilinear(x, y, [getattr(value, name) * value.a for value in values]) / alpha for name in "rgb"] + [alpha]))


def bilinear_pixels_8(x, y, values):
    """Return the byte between four."""
    return int(round(bilinear(x, y, values)))


def adaptive_supersample_area(*_arguments):
    """Refuse: this gimpfu does not render."""
    raise NotImplementedError("gimpcolor.adaptive_supersample_area is not available in this gimpfu.")
