# -*- coding: utf-8 -*-
"""What the plug-in remembers of its user in Restyle's home, from one start of GIMP to the next: JSON values by name."""

from __future__ import absolute_import, unicode_literals

import io
import json
import os

from .compat import encode_path, to_text
from .home import home, private_folder

_FILE = "remembered.json"

__all__ = ["recall", "remember", "replace_file"]


def recall(name, default=None):
    """Return what was remembered under a name, the default where nothing was or the file cannot be read."""
    return _all().get(name, default)


def remember(name, value):
    """Remember a value that JSON has; a file that cannot be written is no reason to fail."""
    path = encode_path(_path())
    try:
        private_folder(home())
        with io.open(path + encode_path(".part"), "w", encoding="utf-8") as file:
            file.write(to_text(json.dumps(dict(_all(), **{str(name): value}), indent=1, sort_keys=True)))
        replace_file(path + encode_path(".part"), path)
    except (EnvironmentError, ValueError, TypeError):
        pass


def _all():
    try:
        with io.open(encode_path(_path()), encoding="utf-8") as file:
            found = json.load(file)
        return found if isinstance(found, dict) else {}
    except (EnvironmentError, ValueError):
        return {}


def _path():
    return os.path.join(home(), _FILE)


def replace_file(part, path):
    """Give a file the name of another, which may be there; both paths as text or encoded."""
    part, path = encode_path(part), encode_path(path)
    if hasattr(os, "replace"):
        os.replace(part, path)
        return
    if os.name == "nt" and os.path.exists(path):  # Python 2.7 renames onto nothing there
        os.remove(path)
    os.rename(part, path)
