# -*- coding: utf-8 -*-
"""Pictures small enough for a preview: a layer, what is selected of it, or a style, read from GIMP once each."""

from __future__ import absolute_import, unicode_literals

from collections import namedtuple

from . import layers, visibility
from .errors import PluginError
from .gimpfu_shim.errors import BackendError
from .languages import _

MOST = 320
"""The longer side of a preview in pixels."""
_MOST_STYLE = 1024
"""That of a style beside a photo at full size: more is seen of its strokes there."""
_MOST_PIXELS = 50000000
"""Of a photo at full size, which is in memory several times; GIMP itself goes on showing larger ones."""
_TOO_LARGE = _("This layer is too large for a preview at full size: select a part of it, and only that is shown.")
THUMBNAIL = 96
"""The side of a style's thumbnail in pixels, as of those that are shipped."""
_BABL, _BABL_OF_MAPS = "R'G'B' u8", "R'G'B'A u8"

Small = namedtuple("Small", "width height data")
"""8-bit RGB pixels, those of a mask in one channel, or of a map of regions with alpha; equal ones are one picture."""

__all__ = ["MOST", "THUMBNAIL", "Small", "SmallPictures", "fitted"]


class SmallPictures(object):
    """The pictures of one dialog; each is read when it is first asked for."""

    def __init__(self, gimp, at_full_size=False):
        """at_full_size: whether photos are as large as they are, and styles less small."""
        self._gimp, self._at_full_size = gimp, at_full_size
        self._most_style = _MOST_STYLE if at_full_size else MOST
        self._read = {}

    def photo(self, image, layer, is_cut=True):
        """Return the Small of what is selected of a layer, or of all of it: always where it is not cut. PluginError where
        there is nothing, or too much."""
        visibility.check_on_canvas(self._gimp, image, layer)
        box = (self._selected(image, layer) if is_cut else None) or self._whole(layer)
        return self._once((layer, box), lambda: self._small(layer, box, self._most_photo(box)))

    def selection(self, image, layer):
        """Return the Small, in one channel, of what is selected over all of a layer; None where nothing is selected."""
        return self._once((layer, "selection"), lambda: self._mask(image, layer))

    def square(self, layer):
        """Return the Small of the middle of a layer, for a thumbnail."""
        width, height = self._whole(layer)[2:]
        side = min(width, height)
        box = (width - side) // 2, (height - side) // 2, side, side
        return self._once((layer, "square"), lambda: self._small(layer, box, THUMBNAIL))

    def style(self, style):
        """Return the Small of a request.Style. PluginError where GIMP cannot open it."""
        if layers.is_layer(self._gimp, style.layer):
            return self._once((style.layer, None), lambda: self._styled(style.layer))
        return self._opened(style.path)[0]

    def map_over(self, layer, drawable):
        """Return the Small of what a layer of regions of the same image has at a layer's place."""
        return self._once((layer, drawable), lambda: self._map(layer, drawable))

    def map_in(self, path):
        """Return the Small of a file's own layer of regions, None where it has none. PluginError where GIMP cannot open it."""
        return self._opened(path)[1]

    def _opened(self, path):
        return self._once((path, None), lambda: self._file(path))

    def _once(self, key, read):
        if key not in self._read:
            self._read[key] = read()
        return self._read[key]

    def _file(self, path):
        try:
            image, layer, painted = layers.load_picture(self._gimp, path)
        except BackendError as error:
            raise PluginError("style-unreadable", _("GIMP cannot open this picture (%s).") % error.text.rstrip("."))
        try:
            return self._styled(layer), self._map(layer, painted) if painted else None
        finally:
            self._gimp.image_delete(image)

    def _map(self, layer, drawable):
        (left, top), (map_left, map_top) = self._gimp.drawable_offsets(layer), self._gimp.drawable_offsets(drawable)
        box = (left - map_left, top - map_top) + self._whole(layer)[2:]
        return self._small(drawable, box, self._most_style, _BABL_OF_MAPS)

    def _styled(self, layer):
        return self._small(layer, self._whole(layer), self._most_style)

    def _most_photo(self, box):
        """Return the longer side of a photo in pixels."""
        if self._at_full_size and box[2] * box[3] > _MOST_PIXELS:
            raise PluginError("too-large", _TOO_LARGE)
        return max(box[2:]) if self._at_full_size else MOST

    def _whole(self, layer):
        return 0, 0, self._gimp.drawable_width(layer), self._gimp.drawable_height(layer)

    def _selected(self, image, layer):
        """Return the part of a layer that the selection's bounds enclose, None where nothing is selected."""
        if layers.selection_box(self._gimp, image, layer) is None:
            return None
        left, top = self._gimp.drawable_offsets(layer)
        __, x1, y1, x2, y2 = self._gimp.selection_bounds(image)
        width, height = self._gimp.drawable_width(layer), self._gimp.drawable_height(layer)
        x1, y1, x2, y2 = max(0, x1 - left), max(0, y1 - top), min(width, x2 - left), min(height, y2 - top)
        return x1, y1, x2 - x1, y2 - y1

    def _mask(self, image, layer):
        selected = layers.selection_of(self._gimp, image, layer)
        if selected is None:
            return None
        data, (width, height) = bytearray(selected[0]), self._whole(layer)[2:]
        small = fitted((width, height), self._most_photo(self._whole(layer)))
        if small == (width, height):
            return Small(width, height, bytes(data))
        # Parts of a layer may lie beside the canvas, where GIMP scales no channel.
        columns = [(2 * x + 1) * width // (2 * small[0]) for x in range(small[0])]
        rows = [(2 * y + 1) * height // (2 * small[1]) * width for y in range(small[1])]
        return Small(small[0], small[1], bytes(bytearray(data[row + column] for row in rows for column in columns)))

    def _small(self, layer, box, most, babl=_BABL):
        size = fitted(box[2:], most)
        return Small(size[0], size[1], bytes(self._gimp.drawable_read_small(layer, box, size, babl)))


def fitted(size, most):
    """Return the (width, height) of a picture of a size that is at most so long."""
    scale = min(1.0, float(most) / max(size))
    return max(1, int(round(size[0] * scale))), max(1, int(round(size[1] * scale)))
