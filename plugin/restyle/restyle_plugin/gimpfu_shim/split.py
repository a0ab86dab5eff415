# -*- coding: utf-8 -*-
"""A preview in a dialog: what is shown of it, which of it is before and which after, whatever the toolkit."""

from __future__ import absolute_import, unicode_literals

from collections import namedtuple

from ..languages import _

View = namedtuple("View", "revision size before after sentence")
"""What a preview shows now. revision: another one for another view; size: (width, height); before, after: 8-bit RGB bytes, after
None where there is none yet; sentence: what is going on or wrong, "" for nothing."""

TITLE, FULL_SIZE = _("Preview"), _("Full size")
NAME = _("The photo before and after: the arrow keys move the line between them.")
HELP = _("Drag across the picture: before on the left, after on the right.")
HELP_FULL_SIZE = _("Drag the line to compare before and after; drag the picture to see another part of it.")
FULL_SIZE_HELP = _("A part as large as it will be, painted with the whole photo; that may take nearly as long as OK does.")
LOOK_MS = 60
"""How often a toolkit asks a preview for its View; an eye takes less for no delay."""

_LINE = b"\xff\xff\xff"
_THE_LINE = "line"
_GRIP = 12  # pixels on either side of the line where one takes hold of it
_FRAME = 2  # pixels of the frame that shows where the keyboard's focus is
# What keys do, by the names that X, GTK 2 and GTK 3 have for them: the line's way, as a share of the picture.
_STEPS = {"Left": -0.05, "Right": 0.05, "Home": -1.0, "End": 1.0}
# With Ctrl, the way of a picture that is shown in part.
_MOVES = {"Left": (24, 0), "Right": (-24, 0), "Up": (0, 24), "Down": (0, -24)}

__all__ = ["FULL_SIZE", "FULL_SIZE_HELP", "HELP", "HELP_FULL_SIZE", "LOOK_MS", "NAME", "TITLE", "SplitPanel", "View", "split"]


def split(view, place, is_focused=False):
    """Return RGB bytes of a View: before to the left of a white line at `place` (0..1), after to its right, in a frame where the
    keyboard is."""
    pixels = bytes(view.before) if view.after is None else _halves(view, place)
    return _framed(pixels, view.size) if is_focused else pixels


def _framed(pixels, size):
    width, height = size
    row, edge = 3 * width, _LINE * _FRAME
    inner = [
        edge + pixels[start + len(edge) : start + row - len(edge)] + edge
        for start in range(_FRAME * row, (height - _FRAME) * row, row)
    ]
    ends = _LINE * width * _FRAME
    return b"".join([ends] + inner + [ends])


def _halves(view, place):
    width, height = view.size
    column = min(width - 1, max(0, int(place * width)))
    row, cut = 3 * width, 3 * column
    line = _LINE if column else b""
    before, after, parts = bytes(view.before), bytes(view.after), []
    for start in range(0, row * height, row):
        parts += [before[start : start + cut], line, after[start + cut + len(line) : start + row]]
    return b"".join(parts)


class SplitPanel(object):
    """A column beside the rows; `preview`: what registry.describe asks for. A toolkit's own panel has a `widget` and paints."""

    def __init__(self, preview):
        self._preview = preview
        self._revision, self._place, self._is_open = None, 0.5, True
        self._is_focused = False
        self._held = None  # _THE_LINE, or where the picture itself is held, while the button is down

    def repaint(self, values):
        """Show the result of a dialog's values, by name, once more: it may be another one now."""
        self._preview.change(values)

    def close(self):
        """End it; the widgets end with their window."""
        self._is_open = False
        self._preview.close()

    def _paint(self, data, size, sentence):
        """A toolkit's own: put 8-bit RGB bytes of a (width, height) and a sentence into the widgets."""

    def _switch_to(self, is_on):
        self._preview.switch(bool(is_on))
        self._show(self._preview.look())

    def _switch_to_full_size(self, is_on):
        self._preview.show_at_full_size(bool(is_on))
        self._show(self._preview.look())

    def _press_at(self, x, y):
        """Take hold of the line; of the picture beside it where a part of it is shown."""
        view = self._preview.look()
        is_line = view.after is not None and abs(x - self._place * view.size[0]) <= _GRIP
        self._held = (x, y) if self._preview.is_at_full_size and not is_line else _THE_LINE
        self._drag_to(x, y)

    def _drag_to(self, x, y):
        """Put the line to a column of the picture, or what is held of the picture to a place."""
        if self._held is None:
            return  # a pointer that only passes by: a widget with a tooltip is told of that, too
        if self._held == _THE_LINE:
            self._place = min(1.0, max(0.0, float(x) / self._preview.look().size[0]))
        else:
            self._preview.move(x - self._held[0], y - self._held[1])
            self._held = x, y
        self._show(self._preview.look())

    def _let_go(self):
        self._held = None

    def _focus(self, is_focused):
        """Show whether the keyboard is here."""
        self._is_focused = is_focused
        self._show(self._preview.look())

    def _key(self, name, is_control):
        """Do what a key of that name does, with or without Ctrl; return whether it does anything here."""
        if is_control and name in _MOVES and self._preview.is_at_full_size:
            self._preview.move(*_MOVES[name])
        elif not is_control and name in _STEPS:
            self._place = min(1.0, max(0.0, self._place + _STEPS[name]))
        else:
            return False
        self._show(self._preview.look())
        return True

    def _look(self):
        """Show what is new; False once it is closed."""
        if self._is_open:
            view = self._preview.look()
            if view.revision != self._revision:
                self._show(view)
        return self._is_open

    def _show(self, view):
        self._revision = view.revision
        if not self._preview.is_on:
            view = view._replace(after=None, sentence="")
        self._paint(split(view, self._place, self._is_focused), view.size, view.sentence)
