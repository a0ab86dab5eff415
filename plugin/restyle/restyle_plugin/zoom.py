# -*- coding: utf-8 -*-
"""A preview at full size: the part of a large picture that a small window shows, and where it is moved to."""

from __future__ import absolute_import, unicode_literals

from .small import MOST, fitted

__all__ = ["Zoom"]


class Zoom(object):
    """Which part of a View is shown; the window is as large as the whole View would be when it is small."""

    def __init__(self):
        self.is_on, self._middle = False, (0.5, 0.5)

    def turn(self, is_on):
        """Show a part at full size, at first the middle, or all of it again."""
        self.is_on, self._middle = is_on, (0.5, 0.5)

    def move(self, view, x, y):
        """Move the picture under the window by so many pixels, as far as there is any."""
        left, top, width, height = self._box(view.size)
        left, top = _within(left - x, view.size[0] - width), _within(top - y, view.size[1] - height)
        self._middle = (left + width / 2.0) / view.size[0], (top + height / 2.0) / view.size[1]

    def of(self, view):
        """Return the View of the part of a View that is shown now."""
        if not self.is_on:
            return view
        box = self._box(view.size)
        before, after = [data if data is None else _cut(data, view.size[0], box) for data in (view.before, view.after)]
        return view._replace(revision=(view.revision, box), size=box[2:], before=before, after=after)

    def _box(self, size):
        """Return (left, top, width, height) of what is shown of a picture of a size."""
        width, height = fitted(size, MOST)
        left, top = [int(round(size[i] * self._middle[i] - (width, height)[i] / 2.0)) for i in (0, 1)]
        return _within(left, size[0] - width), _within(top, size[1] - height), width, height


def _within(place, most):
    return min(most, max(0, int(place)))


def _cut(data, row, box):
    """Return the RGB bytes of a box of a picture whose rows have so many pixels."""
    left, top, width, height = box
    starts = [3 * (row * y + left) for y in range(top, top + height)]
    return b"".join(bytes(data[start : start + 3 * width]) for start in starts)
