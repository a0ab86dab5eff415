# -*- coding: utf-8 -*-
"""A preview in a dialog: what an object that makes one must have, and the picture of its halves before and after."""

from __future__ import absolute_import, unicode_literals

from collections import namedtuple

View = namedtuple("View", "revision size before after sentence")
"""What a preview shows now. revision: another one for another view; size: (width, height); before, after: 8-bit RGB bytes, after
None where there is none yet; sentence: what is going on or wrong, "" for nothing."""

TITLE = "Preview"
HELP = "Drag across the picture: before on the left, after on the right."
LOOK_MS = 60
"""How often a toolkit asks a preview for its View; an eye takes less for no delay."""

_LINE = b"\xff\xff\xff"

__all__ = ["HELP", "LOOK_MS", "TITLE", "View", "split"]


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
