# -*- coding: utf-8 -*-
"""What the in-memory GIMP keeps: images with their undo history, items with their pixels."""

from __future__ import absolute_import, unicode_literals

from restyle_plugin.gimpfu_shim.layers import LAYER_KINDS

from .pixels import convert, format_of, native_format

__all__ = ["MemoryImage", "MemoryItem"]


class MemoryImage(object):
    """An image. undo_steps: list of lists of (undo, redo) functions; undo_depth: open groups."""

    def __init__(self, ID, width, height, base_type, precision, filename=None):
        self.ID = ID
        self.width, self.height = width, height
        self.base_type, self.precision = base_type, precision
        self.filename = filename
        self.layers, self.channels = [], []
        self.active = 0
        self.selection = 0
        self.palette = [(0, 0, 0), (255, 255, 255)]
        self.undo_steps, self.redo_steps = [], []
        self.undo_depth = 0
        self.keeps_undo, self.undo_freezes = True, 0
        self.dirty = 0
        self._group = []

    def record(self, undo, redo):
        """Do something and remember how to undo it; inside a group it becomes part of one step."""
        redo()
        self.dirty += 1
        if not self.keeps_undo or self.undo_freezes:
            return
        del self.redo_steps[:]
        if self.undo_depth:
            self._group.append((undo, redo))
        else:
            self.undo_steps.append([(undo, redo)])

    def group_start(self):
        """Open an undo group; groups nest."""
        self.undo_depth += 1

    def group_end(self):
        """Close an undo group; the outermost makes one step, unless nothing happened in it."""
        self.undo_depth -= 1
        if not self.undo_depth and self._group:
            self.undo_steps.append(self._group)
            self._group = []

    def undo(self):
        """Undo one step, as Ctrl+Z does."""
        step = self.undo_steps.pop()
        for undo, _ in reversed(step):
            undo()
            self.dirty -= 1
        self.redo_steps.append(step)

    def redo(self):
        """Redo one step, as Ctrl+Y does."""
        step = self.redo_steps.pop()
        for _, redo in step:
            redo()
            self.dirty += 1
        self.undo_steps.append(step)


class MemoryItem(object):
    """A layer, group, text layer, mask, channel or selection; groups have no pixels of their own.

    is_unseen: whether it came while undo was frozen, so that no step of undo has anything to do with it.
    """

    def __init__(self, ID, image, kind, name, width, height, babl):
        self.ID, self.image, self.kind, self.name = ID, image, kind, name
        self.width, self.height, self.babl = width, height, babl
        self.x = self.y = 0
        self.parent = None
        self.children = []
        self.is_attached, self.is_unseen = False, False
        self.mask = 0
        self.edits_mask, self.applies_mask = False, True
        self.opacity, self.mode, self.visible = 100.0, 28, True
        self.parasites = {}
        self.data = bytearray(0 if kind == "group" else width * height * format_of(babl).size)

    @classmethod
    def layer(cls, ID, image, name, width, height, has_alpha):
        """Return a transparent (or black) layer of an image."""
        return cls(ID, image, "layer", name, width, height, native_format(image.base_type, has_alpha, image.precision))

    has_alpha = property(lambda self: format_of(self.babl).has_alpha)

    def siblings(self):
        """Return the list that the item is in."""
        if self.parent is not None:
            return self.parent.children
        return self.image.layers if self.kind in LAYER_KINDS else self.image.channels

    def read(self, x, y, width, height, babl):
        """Return the pixels of a part; what is outside is zero."""
        size = format_of(self.babl).size
        if x == 0 and width == self.width and y >= 0 and y + height <= self.height:
            stored = memoryview(self.data)[y * width * size : (y + height) * width * size]
            return stored.tobytes() if babl == self.babl else convert(stored.tobytes(), self.babl, babl)
        left, right = max(x, 0), min(x + width, self.width)
        out = bytearray(width * height * size)
        for row in range(max(y, 0), min(y + height, self.height)) if right > left else ():
            start, to = (row * self.width + left) * size, ((row - y) * width + left - x) * size
            out[to : to + (right - left) * size] = self.data[start : start + (right - left) * size]
        return convert(out, self.babl, babl)

    def write(self, x, y, width, height, data):
        """Put pixels in the item's own format into a part that lies inside."""
        size = format_of(self.babl).size
        if x == 0 and width == self.width:
            self.data[y * width * size : (y + height) * width * size] = data
            return
        for row in range(height):
            to = ((y + row) * self.width + x) * size
            self.data[to : to + width * size] = data[row * width * size : (row + 1) * width * size]

    def snap(self, data):
        """Return pixels of an indexed layer with each colour replaced by the palette's nearest."""
        size = format_of(self.babl).size
        out, nearest = bytearray(data), {}
        for i in range(0, len(out), size):
            color = tuple(out[i : i + 3])
            if color not in nearest:
                nearest[color] = min(self.image.palette, key=lambda entry: sum((a - b) ** 2 for a, b in zip(entry, color)))
            out[i : i + 3] = bytearray(nearest[color])
        return out
