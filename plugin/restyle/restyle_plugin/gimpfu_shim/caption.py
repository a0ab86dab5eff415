# -*- coding: utf-8 -*-
"""The name below a small picture, in two short lines; whatever the toolkit."""

from __future__ import absolute_import, unicode_literals

import unicodedata

_MORE = "…"
_WIDE = ("W", "F")  # what East Asian scripts give the room of two letters

__all__ = ["caption"]


def caption(title, columns):
    """Return a title as two lines of at most so many letters, broken between words where that can be.

    What stands in brackets at its end goes first where there is no room for all; a line is never empty but the second of a
    short title, so that all captions are as high.
    """
    lines = _two_lines(title, columns)
    if lines[1].endswith(_MORE) and title.endswith((")", "）")):
        lines = _two_lines(title[: _bracket(title)].strip() or title, columns)
    return "\n".join(lines)


def _two_lines(title, columns):
    first, rest = _line(title.strip(), columns)
    return first, rest if _width(rest) <= columns else _fitted(rest, columns - 1).rstrip() + _MORE


def _line(text, columns):
    """Return (what fits in a line, the rest of a text)."""
    if _width(text) <= columns:
        return text, ""
    fits = _fitted(text, columns)
    if text[len(fits)] == " ":
        return fits.rstrip(), text[len(fits) :].lstrip()
    if _bracket(fits) > 0:
        return fits[: _bracket(fits)].rstrip(), text[_bracket(fits) :]
    cut = max(fits.rfind(" "), fits.rfind("-")) + 1
    if cut:
        return fits[:cut].rstrip(), text[cut:].lstrip()
    hyphen = "" if _width(fits) > len(fits) else "-"
    cut = len(fits) - len(hyphen)
    return fits[:cut] + hyphen, text[cut:]


def _bracket(text):
    """Return where the last bracket opens, -1 for nowhere."""
    return max(text.rfind("("), text.rfind("（"))


def _fitted(text, columns):
    """Return as much of a text's beginning as there is room for."""
    while _width(text) > columns:
        text = text[:-1]
    return text


def _width(text):
    return sum(2 if unicodedata.east_asian_width(letter) in _WIDE else 1 for letter in text)
