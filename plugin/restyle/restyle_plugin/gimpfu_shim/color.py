# -*- coding: utf-8 -*-
"""gimpcolor.RGB: a colour as gimpfu's functions get it."""

from __future__ import absolute_import, unicode_literals

from ..compat import integer_types

__all__ = ["RGB"]

_BYTE_MAX = 255.0


class RGB(object):
    """A colour; components are floats 0..1 (`r`, `red`, …); integers given to it are 0..255, as gimpcolor has it."""

    def __init__(self, r, g, b, a=1.0):
        self.set(r, g, b, a)

    def set(self, r=None, g=None, b=None, a=None):
        """Change the components that are given."""
        for name, value in zip("rgba", (r, g, b, a)):
            if value is not None:
                setattr(self, str(name), _component(value))

    red = property(lambda self: self.r, lambda self, value: self.set(r=value))
    green = property(lambda self: self.g, lambda self, value: self.set(g=value))
    blue = property(lambda self: self.b, lambda self, value: self.set(b=value))
    alpha = property(lambda self: self.a, lambda self, value: self.set(a=value))

    def _tuple(self):
        return (self.r, self.g, self.b, self.a)

    def __len__(self):
        return 4

    def __getitem__(self, index):
        # gimpcolor's sequence has bytes where its attributes have floats.
        value = self._tuple()[index]
        return tuple(int(round(v * _BYTE_MAX)) for v in value) if isinstance(value, tuple) else int(round(value * _BYTE_MAX))

    def __eq__(self, other):
        return isinstance(other, RGB) and self._tuple() == other._tuple()

    def __ne__(self, other):
        return not self == other

    __hash__ = None

    def __repr__(self):
        return "RGB (%g, %g, %g, %g)" % self._tuple()

    def max(self):
        """Return the largest of red, green and blue."""
        return max(self._tuple()[:3])

    def min(self):
        """Return the smallest of red, green and blue."""
        return min(self._tuple()[:3])

    def clamp(self):
        """Bring every component into 0..1."""
        self.r, self.g, self.b, self.a = (min(1.0, max(0.0, v)) for v in self._tuple())

    def luminance(self):
        """Return the luminance with the sRGB weights that libgimpcolor uses."""
        return 0.2126 * self.r + 0.7152 * self.g + 0.0722 * self.b


def _component(value):
    if isinstance(value, integer_types) and not isinstance(value, bool):
        return value / _BYTE_MAX
    return float(value)
