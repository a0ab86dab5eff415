# -*- coding: utf-8 -*-
"""gimp.Vectors (a path) and its strokes."""

from __future__ import absolute_import, unicode_literals

from ..compat import to_text
from .backend import call
from .items import CLASSES, Item

_BEZIER = 0  # VECTORS_STROKE_TYPE_BEZIER
_REPLACE = 2  # CHANNEL_OP_REPLACE

__all__ = ["Vectors", "VectorsBezierStroke", "VectorsStroke"]


class Vectors(Item):
    """A path: gimp.Vectors(image, name) makes a new one, not yet in the image."""

    def __init__(self, image, name=None):
        if name is None and not hasattr(image, "ID"):  # of an id
            Item.__init__(self, image)
        else:
            Item.__init__(self, call("gimp-vectors-new", image.ID, to_text(name or ""))[0])

    @property
    def strokes(self):
        """The strokes it consists of."""
        return [VectorsBezierStroke.of_id(self, stroke) for stroke in call("gimp-vectors-get-strokes", self.ID)[1]]

    def remove_stroke(self, stroke):
        """Take a stroke (or the one of that id) out."""
        call("gimp-vectors-remove-stroke", self.ID, getattr(stroke, "ID", stroke))

    def to_selection(self, operation=_REPLACE, antialias=True, feather=False, feather_radius_x=0.0, feather_radius_y=0.0):
        """Select what it encloses."""
        radii = float(feather_radius_x), float(feather_radius_y)
        call("gimp-vectors-to-selection", self.ID, operation, int(antialias), int(feather), *radii)


class VectorsStroke(object):
    """A stroke of a path, by its own id."""

    def __init__(self, vectors, ID):
        self.ID, self.vectors_ID = ID, getattr(vectors, "ID", vectors)

    @classmethod
    def of_id(cls, vectors, ID):
        """Return the stroke of that id."""
        stroke = cls.__new__(cls)
        VectorsStroke.__init__(stroke, vectors, ID)
        return stroke

    def __eq__(self, other):
        return isinstance(other, VectorsStroke) and (self.vectors_ID, self.ID) == (other.vectors_ID, other.ID)

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash((self.vectors_ID, self.ID))

    type = property(lambda self: self._do("get-points")[0])

    @property
    def points(self):
        """(numbers of the control points, whether it is closed)."""
        _, _, points, closed = self._do("get-points")
        return list(points), bool(closed)

    def get_length(self, precision):
        """Return its length in pixels."""
        return self._do("get-length", float(precision))[0]

    def get_point_at_dist(self, dist, precision):
        """Return (x, y, slope, whether there is one) at a distance along it."""
        x, y, slope, valid = self._do("get-point-at-dist", float(dist), float(precision))
        return x, y, slope, bool(valid)

    def interpolate(self, precision):
        """Return (numbers of points along it, whether it is closed)."""
        _, points, closed = self._do("interpolate", float(precision))
        return list(points), bool(closed)

    def close(self):
        """Join its ends."""
        self._do("close")

    def translate(self, off_x, off_y):
        """Move it."""
        self._do("translate", int(off_x), int(off_y))

    def scale(self, scale_x, scale_y):
        """Scale it from the image's corner."""
        self._do("scale", float(scale_x), float(scale_y))

    def rotate(self, center_x, center_y, angle):
        """Turn it around a place, by degrees."""
        self._do("rotate", float(center_x), float(center_y), float(angle))

    def flip(self, flip_type, axis):
        """Mirror it at a vertical or horizontal axis."""
        self._do("flip", flip_type, float(axis))

    def flip_free(self, x1, y1, x2, y2):
        """Mirror it at a line."""
        self._do("flip-free", float(x1), float(y1), float(x2), float(y2))

    def _do(self, name, *arguments):
        return call("gimp-vectors-stroke-" + name, self.vectors_ID, self.ID, *arguments)


class VectorsBezierStroke(VectorsStroke):
    """A Bézier stroke: gimp.VectorsBezierStroke(vectors, control points, closed) adds one."""

    def __init__(self, vectors, controlpoints=(), closed=False):
        points = [float(number) for number in controlpoints]
        made = call("gimp-vectors-stroke-new-from-points", vectors.ID, _BEZIER, len(points), points, int(closed))
        VectorsStroke.__init__(self, vectors, made[0])

    @staticmethod
    def new_moveto(vectors, x0, y0):
        """Add a stroke that starts there."""
        return VectorsBezierStroke._added(vectors, "new-moveto", x0, y0)

    @staticmethod
    def new_ellipse(vectors, x0, y0, radius_x, radius_y, angle):
        """Add an ellipse."""
        return VectorsBezierStroke._added(vectors, "new-ellipse", x0, y0, radius_x, radius_y, angle)

    def lineto(self, x0, y0):
        """Go on by a line."""
        self._draw("lineto", x0, y0)

    def conicto(self, x0, y0, x1, y1):
        """Go on by a curve of one handle."""
        self._draw("conicto", x0, y0, x1, y1)

    def cubicto(self, x0, y0, x1, y1, x2, y2):
        """Go on by a curve of two handles."""
        self._draw("cubicto", x0, y0, x1, y1, x2, y2)

    def _draw(self, name, *numbers):
        call("gimp-vectors-bezier-stroke-" + name, self.vectors_ID, self.ID, *[float(number) for number in numbers])

    @staticmethod
    def _added(vectors, name, *numbers):
        made = call("gimp-vectors-bezier-stroke-" + name, vectors.ID, *[float(number) for number in numbers])
        return VectorsBezierStroke.of_id(vectors, made[0])


# Items make their objects by kind; paths know items by import, and the other way round would be a circle.
CLASSES.update({"vectors": Vectors, "path": Vectors})
