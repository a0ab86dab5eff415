# -*- coding: utf-8 -*-
"""The style pictures that a dialog offers: those that come with Restyle, and the user's own."""

from __future__ import absolute_import, unicode_literals

import os

from . import preferences
from .compat import decode_path, encode_path
from .home import home

_OWN = "styles"
_ENDINGS = (".jpg", ".jpeg", ".png")
_FIRST = "night"
"""The one that a newcomer sees first."""

__all__ = ["offered_styles"]


def offered_styles():
    """Return ((title, path), …): the user's own by name, those in Restyle's home and of the folder that was settled, then those
    in the box, the best known first."""
    chosen = preferences.read().styles
    own = _pictures(os.path.join(home(), _OWN)) + (_pictures(chosen) if chosen else [])
    shipped = sorted(_pictures(os.path.join(os.path.dirname(decode_path(os.path.abspath(__file__))), _OWN)), key=_order)
    return tuple(own + [(stem.replace("-", " ").capitalize(), path) for stem, path in shipped])


def _order(picture):
    return picture[0] != _FIRST, picture[0]


def _pictures(folder):
    """Return [(name without its ending, path)] of a folder's pictures, sorted; [] where there is none."""
    try:
        names = sorted(decode_path(name) for name in os.listdir(encode_path(folder)))
    except OSError:
        return []
    return [(os.path.splitext(name)[0], os.path.join(folder, name)) for name in names if _is_picture(name)]


def _is_picture(name):
    return not name.startswith(".") and os.path.splitext(name)[1].lower() in _ENDINGS
