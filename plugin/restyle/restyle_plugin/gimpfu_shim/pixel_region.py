# -*- coding: utf-8 -*-
"""gimp.PixelRgn: 8-bit pixels of a part of a drawable as bytes, by index and slice."""

from __future__ import absolute_import, unicode_literals

from ..compat import integer_types
from . import backend

__all__ = ["PixelRgn", "pixel_format"]

# Like the real one, which sees every precision as 8 bits. Indexed drawables appear as their colours.
_FORMATS = {
    0: ("R'G'B' u8", 3),
    1: ("R'G'B'A u8", 4),
    2: ("Y' u8", 1),
    3: ("Y'A u8", 2),
    4: ("R'G'B' u8", 3),
    5: ("R'G'B'A u8", 4),
}
_MASK_FORMAT = ("Y u8", 1)
_MASK_KINDS = ("mask", "channel", "selection")


def pixel_format(drawable):
    """Return (babl format, bytes per pixel) in which a drawable's pixels are seen."""
    gimp = backend.current()
    if gimp.item_kind(drawable.ID) in _MASK_KINDS:
        return _MASK_FORMAT
    return _FORMATS[gimp.drawable_type(drawable.ID)]


class PixelRgn(object):
    """A part of a drawable; `rgn[x, y]` and `rgn[x1:x2, y1:y2]` are bytes, in the drawable's coordinates."""

    def __init__(self, drawable, x, y, w, h, dirty, shadow):
        self.drawable, self.dirty, self.shadow = drawable, bool(dirty), bool(shadow)
        self._format, self.bpp = pixel_format(drawable)
        self.resize(x, y, w, h)

    def resize(self, x, y, w, h):
        """Move and resize the part; ValueError if it leaves the drawable."""
        if x < 0 or y < 0 or x + w > self.drawable.width or y + h > self.drawable.height:
            raise ValueError("region %s is outside the drawable" % ((x, y, w, h),))
        self.x, self.y, self.w, self.h = x, y, w, h
        self.rowstride = w * self.bpp

    def __getitem__(self, key):
        return bytes(backend.current().drawable_read(*((self.drawable.ID,) + self._rectangle(key) + (self._format,))))

    def __setitem__(self, key, data):
        x, y, w, h = self._rectangle(key)
        if len(data) != w * h * self.bpp:
            raise TypeError("string is wrong length: %d, not %d" % (len(data), w * h * self.bpp))
        backend.current().drawable_write(self.drawable.ID, x, y, w, h, self._format, data)

    def _rectangle(self, key):
        if not isinstance(key, tuple) or len(key) != 2:
            raise TypeError("subscript must be a 2-tuple")
        x1, x2 = _range(key[0], self.x, self.x + self.w)
        y1, y2 = _range(key[1], self.y, self.y + self.h)
        return x1, y1, x2 - x1, y2 - y1


def _range(index, start, stop):
    if isinstance(index, integer_types):
        index = slice(index, index + 1)
    if index.step not in (None, 1):
        raise TypeError("step values must be 1")
    first = start if index.start is None else index.start
    last = stop if index.stop is None else index.stop
    if not start <= first < last <= stop:
        raise IndexError("subscript out of range")
    return first, last
