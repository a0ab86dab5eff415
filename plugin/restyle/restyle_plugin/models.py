# -*- coding: utf-8 -*-
"""The models that a filter can choose from: names and thumbnails of those in the box and of the user's own."""

from __future__ import absolute_import, unicode_literals

import os

from .compat import decode_path, encode_path
from .home import home

_ENDING = ".safetensors"
_PICTURE = ".jpg"
_FOLDER = "fast_style"

__all__ = ["own_models", "thumbnails"]


def own_models(folder=None):
    """Return the names of the models in a folder below the user's models, sorted; none where there is no such folder."""
    found = [name[: -len(_ENDING)] for name in _files(_place(folder)) if name.endswith(_ENDING) and not name.startswith(".")]
    return sorted(found, key=lambda name: (name.lower(), name))


def thumbnails(names, folder=None):
    """Return {name: path} of the pictures that there are for models."""
    found = {}
    for place in (os.path.join(os.path.dirname(decode_path(os.path.abspath(__file__))), "thumbnails"), _place(folder)):
        files = set(_files(place))
        found.update((name, os.path.join(place, name + _PICTURE)) for name in names if name + _PICTURE in files)
    return found


def _place(folder):
    return os.path.join(home(), "models", folder or _FOLDER)


def _files(place):
    try:
        return [decode_path(name) for name in os.listdir(encode_path(place))]
    except OSError:
        return []
