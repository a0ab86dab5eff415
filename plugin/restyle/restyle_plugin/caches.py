# -*- coding: utf-8 -*-
"""The caches in Restyle's home: what is made again when it is needed. Models, styles and what was made are none."""

from __future__ import absolute_import, unicode_literals

import os
import shutil

from .compat import decode_path, encode_path
from .home import home

_FOLDER = "cache"

__all__ = ["clear", "size_bytes"]


def size_bytes():
    """Return how much room the caches take."""
    total = 0
    for folder, __, names in os.walk(encode_path(_path())):
        for name in names:
            try:  # noqa: SIM105  (Python 2.7 has no suppress)
                total += os.lstat(os.path.join(folder, name)).st_size
            except OSError:
                pass  # it went meanwhile
    return total


def clear():
    """Remove what can be removed of the caches; return how much room that gave."""
    before = size_bytes()
    for name in _names():
        path = os.path.join(encode_path(_path()), encode_path(name))
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path, ignore_errors=True)
        else:
            _remove(path)
    return before - size_bytes()


def _remove(path):
    try:  # noqa: SIM105  (Python 2.7 has no suppress)
        os.remove(path)
    except OSError:
        pass


def _names():
    try:
        return [decode_path(name) for name in os.listdir(encode_path(_path()))]
    except OSError:
        return []


def _path():
    return os.path.join(home(), _FOLDER)
