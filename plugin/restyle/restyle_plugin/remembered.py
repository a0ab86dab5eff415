# -*- coding: utf-8 -*-
"""What the plug-in keeps in Restyle's home from one start of GIMP to the next: JSON in files, in one of them by name."""

from __future__ import absolute_import, unicode_literals

import io
import json
import os

from .compat import encode_path, to_text
from .errors import PluginError
from .home import home, private_folder, unusable

_FILE = "remembered.json"

__all__ = ["path_of", "read_file", "recall", "remember", "replace_file", "write_file"]


def recall(name, default=None):
    """Return what was remembered under a name, the default where nothing was or the file cannot be read."""
    return read_file(_FILE).get(name, default)


def remember(name, value):
    """Remember a value that JSON has; a file that cannot be written is no reason to fail."""
    try:  # noqa: SIM105  (Python 2.7 has no suppress)
        write_file(_FILE, dict(read_file(_FILE), **{str(name): value}))
    except (PluginError, ValueError, TypeError):
        pass


def path_of(name):
    """Return where a file of Restyle's home is."""
    return os.path.join(home(), name)


def read_file(name):
    """Return the object in a file of Restyle's home; {} where there is none or it cannot be read."""
    try:
        with io.open(encode_path(path_of(name)), encoding="utf-8") as file:
            found = json.load(file)
    except (EnvironmentError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_file(name, values):
    """Keep an object in a file of Restyle's home, which the user alone may read; PluginError where it cannot be kept."""
    private_folder(home())
    text, part = to_text(json.dumps(values, indent=1, sort_keys=True)), path_of(name) + ".part"
    try:
        descriptor = os.open(encode_path(part), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with io.open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        replace_file(part, path_of(name))
    except EnvironmentError as error:
        raise unusable(home(), error.strerror or to_text(error))


def replace_file(part, path):
    """Give a file the name of another, which may be there; both paths as text or encoded."""
    part, path = encode_path(part), encode_path(path)
    if hasattr(os, "replace"):
        os.replace(part, path)
        return
    if os.name == "nt" and os.path.exists(path):  # Python 2.7 renames onto nothing there
        os.remove(path)
    os.rename(part, path)
