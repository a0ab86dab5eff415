# -*- coding: utf-8 -*-
"""gimpcolor.RGB: a colour as gimpfu's functions get it."""

from __future__ import absolute_import, unicode_literals

import math

from ..compat import integer_types, text_type, to_text
from .color_names import parse_css, parse_hex, parse_name

__all__ = ["RGB", "Components", "components", "named_components"]

_BYTE_MAX = 255.0
# libgimpcolor's weights (ITU-R BT.709).
_LUMINANCE = (0.2126, 0.7152, 0.0722)
_NONE, _NORMAL, _BEHIND = 0, 1, 2  # RGB_COMPOSITE_*


def components(value):
    """Return (r, g, b, a) in 0..1 of whatever stands for a colour: RGB, a text, or a sequence (integers are 0..255)."""
    if hasattr(value, "r") and hasattr(value, "a"):
        return value.r, value.g, value.b, value.a
    if isinstance(value, (bytes, text_type)):
        return parse_css(to_text(value))
    parts = [_component(part) for part in value]
    if len(parts) not in (3, 4):
        raise TypeError("a colour has three or four components, not %d" % len(parts))
    return tuple(parts + [1.0])[:4]


class Components(object):
    """What all of gimpcolor's classes share: named components, and a sequence of integers."""

    NAMES, WORDS, SCALES = (), (), ()

    def set(self, *values, **named):
        """Change the components that are given."""
        if len(values) > len(self.NAMES) or set(named) - set(self.NAMES):
            raise TypeError("set takes %s" % ", ".join(self.NAMES))
        given = dict(zip(self.NAMES, values), **named)
        for name, scale in zip(self.NAMES, self.SCALES):
            if given.get(name) is not None:
                setattr(self, str(name), _component(given[name], scale))

    def set_alpha(self, a):
        """Change the alpha alone."""
        self.a = _component(a)

    def _tuple(self):
        return tuple(getattr(self, name) for name in self.NAMES)

    def __len__(self):
        return len(self.NAMES)

    def __getitem__(self, index):
        # gimpcolor's sequence has integers where its attributes have floats.
        values = [int(round(value * scale)) for value, scale in zip(self._tuple(), self.SCALES)]
        return tuple(values[index]) if isinstance(index, slice) else values[index]

    def __setitem__(self, index, value):
        self.set(**{str(self.NAMES[index]): value})

    def __eq__(self, other):
        return type(self) is type(other) and self._tuple() == other._tuple()

    def __ne__(self, other):
        return not self == other

    __hash__ = None

    def __reduce__(self):
        return type(self), self._tuple()

    def __repr__(self):
        return "%s (%s)" % (type(self).__name__, ", ".join("%g" % value for value in self._tuple()))

    def clamp(self):
        """Bring every component into 0..1."""
        for name in self.NAMES:
            setattr(self, str(name), min(1.0, max(0.0, getattr(self, name))))


def named_components(kind):
    """Give a class of Components its long names: `red` beside `r`."""

    def named(name):
        return property(lambda self: getattr(self, name), lambda self, value: self.set(**{str(name): value}))

    for name, word in zip(kind.NAMES, kind.WORDS):
        setattr(kind, str(word), named(name))
    return kind


@named_components
class RGB(Components):
    """A colour; components are floats 0..1 (`r`, `red`, …); integers given to it are 0..255, as gimpcolor has it."""

    NAMES, WORDS, SCALES = ("r", "g", "b", "a"), ("red", "green", "blue", "alpha"), (_BYTE_MAX,) * 4

    def __init__(self, r=0.0, g=0.0, b=0.0, a=1.0):
        self.set(r, g, b, a)

    def max(self):
        """Return the largest of red, green and blue."""
        return max(self._tuple()[:3])

    def min(self):
        """Return the smallest of red, green and blue."""
        return min(self._tuple()[:3])

    def luminance(self):
        """Return the luminance with the sRGB weights that libgimpcolor uses."""
        return sum(weight * part for weight, part in zip(_LUMINANCE, self._tuple()))

    def add(self, color, with_alpha=False):
        """Add another colour."""
        self._combine(color, with_alpha, lambda mine, other: mine + other)

    def subtract(self, color, with_alpha=False):
        """Subtract another colour."""
        self._combine(color, with_alpha, lambda mine, other: mine - other)

    def multiply(self, factor, with_alpha=False):
        """Multiply by a number."""
        self._combine((float(factor),) * 4, with_alpha, lambda mine, other: mine * other)

    def gamma(self, gamma):
        """Raise red, green and blue to 1/gamma."""
        exponent = 1.0 / gamma if gamma else 0.0
        self._combine((exponent,) * 4, False, math.pow)

    def distance(self, color, alpha=True):
        """Return the sum of the components' differences (libgimpcolor's city-block distance)."""
        return sum(abs(mine - other) for mine, other in list(zip(self._tuple(), components(color)))[: 4 if alpha else 3])

    def composite(self, color, mode=_NORMAL):
        """Put another colour over it, or behind it."""
        if mode == _NONE:
            return
        mine, other = self._tuple(), components(color)
        below, above = (other, mine) if mode == _BEHIND else (mine, other)
        alpha = above[3] + below[3] * (1.0 - above[3])
        if alpha:
            mixed = [(above[3] * over + below[3] * (1.0 - above[3]) * under) / alpha for under, over in zip(below, above)]
            self.r, self.g, self.b = mixed[:3]
        self.a = alpha

    def parse_name(self, name):
        """Become the colour of a CSS name; ValueError for others."""
        self.r, self.g, self.b = parse_name(to_text(name))

    def parse_hex(self, hex):  # noqa: A002  (gimpcolor's name)
        """Become the colour of a code like "#ff8000"; ValueError for others."""
        self.r, self.g, self.b = parse_hex(to_text(hex))

    def parse_css(self, css, with_alpha=False):
        """Become the colour of a text of CSS; ValueError for others."""
        parsed = parse_css(to_text(css))
        self.r, self.g, self.b = parsed[:3]
        self.a = parsed[3] if with_alpha else self.a

    def _combine(self, color, with_alpha, operation):
        for name, other in list(zip(self.NAMES, components(color)))[: 4 if with_alpha else 3]:
            setattr(self, str(name), operation(getattr(self, name), other))

    def _new(self, operation, other):
        made = RGB(*self._tuple())
        operation(made, other)
        return made

    def __add__(self, other):
        return self._new(RGB.add, other)

    def __sub__(self, other):
        return self._new(RGB.subtract, other)

    def __mul__(self, other):
        return self._new(RGB.multiply, other)


def _component(value, scale=_BYTE_MAX):
    if isinstance(value, integer_types) and not isinstance(value, bool):
        return value / scale
    return float(value)
