# -*- coding: utf-8 -*-
"""The style pictures that a dialog offers: those used last, the user's own, and those that come with Restyle."""

from __future__ import absolute_import, unicode_literals

import heapq
import os

from . import preferences
from .compat import decode_path, encode_path, text_type
from .home import home
from .languages import _
from .remembered import recall, remember

_OWN = "styles"
_ENDINGS = (".jpg", ".jpeg", ".png")
_FIRST = "night"
"""The one that a newcomer sees first."""
_MOST_OWN = 60
"""Of a folder; a camera's has thousands, and nobody looks through so many small pictures."""
_RECENT, _MOST_RECENT = "recent style pictures", 6

__all__ = ["note_used_picture", "offered_styles"]


def offered_styles():
    """Return ((title, path), …): those used last, latest first; the user's own by name, those in Restyle's home and of the folder
    that was settled; then those in the box, the best known first. Each is there once, and of a folder no more than 60."""
    chosen = preferences.read().styles
    own = _pictures(os.path.join(home(), _OWN)) + (_pictures(chosen) if chosen else [])
    shipped = sorted(_pictures(os.path.join(os.path.dirname(decode_path(os.path.abspath(__file__))), _OWN)), key=_order)
    known = own + [(_(stem.replace("-", " ").capitalize()), path) for stem, path in shipped]
    titles, recent = {path: title for title, path in known}, _recent()
    used = [(titles.get(path) or _stem(os.path.basename(path)), path) for path in recent]
    return tuple(used + [(title, path) for title, path in known if path not in recent])


def note_used_picture(path):
    """Remember that a picture's style was painted in."""
    others = [other for other in _recorded() if other != path]
    remember(_RECENT, ([path] + others)[:_MOST_RECENT])


def _recent():
    return [path for path in _recorded() if os.path.isfile(encode_path(path))]


def _recorded():
    found = recall(_RECENT, [])
    return [path for path in found if isinstance(path, text_type)] if isinstance(found, list) else []


def _order(picture):
    return picture[0] != _FIRST, picture[0]


def _pictures(folder):
    """Return [(name without its ending, path)] of a folder's first pictures, sorted; [] where there is none."""
    try:
        names = [decode_path(name) for name in os.listdir(encode_path(folder))]
    except OSError:
        return []
    first = heapq.nsmallest(_MOST_OWN, [name for name in names if _is_picture(name)])
    return [(_stem(name), os.path.join(folder, name)) for name in first]


def _stem(name):
    return os.path.splitext(name)[0]


def _is_picture(name):
    return not name.startswith(".") and os.path.splitext(name)[1].lower() in _ENDINGS
