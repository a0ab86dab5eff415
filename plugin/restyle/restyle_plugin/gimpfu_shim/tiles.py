# -*- coding: utf-8 -*-
"""gimp.Tile and gimp.PixelFetcher: a drawable's 8-bit pixels by squares, and one by one."""

from __future__ import absolute_import, unicode_literals

from ..compat import integer_types
from .pixel_region import PixelRgn

TILE_SIZE = 64

__all__ = ["TILE_SIZE", "PixelFetcher", "Tile"]


class Tile(object):
    """A square of a drawable (smaller at its right and lower edge): `tile[x, y]` or `tile[index]` are a pixel's bytes."""

    def __init__(self, drawable, shadow, row, column):
        self.drawable, self.shadow, self.dirty, self.ref_count = drawable, bool(shadow), False, 1
        left, top = column * TILE_SIZE, row * TILE_SIZE
        self.ewidth, self.eheight = min(TILE_SIZE, drawable.width - left), min(TILE_SIZE, drawable.height - top)
        self._region = PixelRgn(drawable, left, top, self.ewidth, self.eheight, True, False)
        self.bpp = self._region.bpp

    uses_short = property(lambda self: False)

    def __len__(self):
        return self.ewidth * self.eheight

    def __getitem__(self, place):
        return self._region[self._place(place)]

    def __setitem__(self, place, data):
        self._region[self._place(place)] = data
        self.dirty = True

    def flush(self):
        """Do nothing: every write is flushed at once."""

    def _place(self, place):
        x, y = (place % self.ewidth, place // self.ewidth) if isinstance(place, integer_types) else place
        if not (0 <= x < self.ewidth and 0 <= y < self.eheight):
            raise IndexError("index out of range")
        return self._region.x + x, self._region.y + y


class PixelFetcher(object):
    """A drawable's pixels one by one; edge_mode: PIXEL_FETCHER_EDGE_*, what lies outside."""

    NONE, WRAP, SMEAR, BLACK, BACKGROUND = range(5)

    def __init__(self, drawable, shadow=False):
        self.drawable, self.shadow, self.edge_mode, self.bg_color = drawable, bool(shadow), self.NONE, (0, 0, 0)
        self._region = PixelRgn(drawable, 0, 0, drawable.width, drawable.height, True, False)
        self.bpp = self._region.bpp

    def get_pixel(self, x, y):
        """Return the bytes of a pixel."""
        place = self._inside(x, y)
        if place is not None:
            return self._region[place]
        return bytes(bytearray(list(self.bg_color)[: self.bpp] if self.edge_mode == self.BACKGROUND else [0] * self.bpp))

    def put_pixel(self, x, y, pixel):
        """Set the bytes of a pixel; those outside are left."""
        if 0 <= x < self.drawable.width and 0 <= y < self.drawable.height:
            self._region[x, y] = pixel

    __getitem__ = lambda self, place: self.get_pixel(*place)  # noqa: E731

    def __setitem__(self, place, pixel):
        self.put_pixel(place[0], place[1], pixel)

    def _inside(self, x, y):
        width, height = self.drawable.width, self.drawable.height
        if self.edge_mode == self.WRAP:
            return x % width, y % height
        if self.edge_mode == self.SMEAR:
            return min(max(x, 0), width - 1), min(max(y, 0), height - 1)
        return (x, y) if 0 <= x < width and 0 <= y < height else None
