# -*- coding: utf-8 -*-
"""A preview in a dialog: what is shown of it, which of it is before and which after, whatever the toolkit."""

from __future__ import absolute_import, unicode_literals

from collections import namedtuple

from ..languages import _

View = namedtuple("View", "revision size before after sentence")
"""What a preview shows now. revision: another one for another view; size: (width, height); before, after: 8-bit RGB bytes, after
None where there is none yet; sentence: what is going on or wrong, "" for nothing."""

TITLE, FULL_SIZE = _("Preview"), _("Full size")
HELP = _("Drag across the picture: before on the left, after on the right.")
HELP_FULL_SIZE = _("Drag the line to compare before and after; drag the picture to see another part of it.")
FULL_SIZE_HELP = _("A part as large as it will be, painted with the whole photo; that may take nearly as long as OK does.")
LOOK_MS = 60
"""How often a toolkit asks a preview for its View; an eye takes less for no delay."""

_LINE = b"\xff\xff\xff"
_THE_LINE = "line"
_GRIP = 12  # pixels on either side of the line where one takes hold of it

__all__ = ["FULL_SIZE", "FULL_SIZE_HELP", "HELP", "HELP_FULL_SIZE", "LOOK_MS", "TITLE", "SplitPanel", "View", "split"]


def split(view, place):
    """Return RGB bytes of a View: before to the left of a white line at `place` (0..1), after to its right."""
    if view.after is None:
        return bytes(view.before)
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
        self._paint(split(view, self._place), view.size, view.sentence)
