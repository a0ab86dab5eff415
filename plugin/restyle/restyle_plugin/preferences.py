# -*- coding: utf-8 -*-
"""What a person has settled once for this computer, in a file of Restyle's home that the core reads, too."""

from __future__ import absolute_import, unicode_literals

import io
import json
import os
from collections import namedtuple

from .compat import encode_path, text_type, to_text
from .home import home, private_folder, unusable
from .languages import _
from .remembered import replace_file

DEVICES = (
    ("auto", _("Automatic: the fastest that there is")),
    ("cpu", _("The processor")),
    ("cuda", _("A graphics card of NVIDIA or AMD")),
    ("mps", _("Apple's graphics")),
    ("xpu", _("Intel's graphics")),
)
"""The core's words, and what people call them."""
MOST_MEMORY_GB = 512
_FILE = "preferences.json"

Preferences = namedtuple("Preferences", "device memory_gb styles grows")
"""device: a word of DEVICES; memory_gb: the most that the work may take, 0 for what is free; styles: a folder, "" for none;
grows: whether a painting in the making is shown on the canvas."""
Preferences.__new__.__defaults__ = (True,)

__all__ = ["DEVICES", "MOST_MEMORY_GB", "Preferences", "keep", "read"]


def read():
    """Return the Preferences; what was not settled, or cannot be read, is as it is without."""
    try:
        with io.open(encode_path(_path()), encoding="utf-8") as file:
            found = json.load(file)
    except (EnvironmentError, ValueError):
        found = {}
    found = found if isinstance(found, dict) else {}
    device, memory, styles = found.get("device"), found.get("memory_gb"), found.get("styles")
    is_amount = isinstance(memory, (int, float)) and not isinstance(memory, bool) and 0 <= memory <= MOST_MEMORY_GB
    return Preferences(
        device if device in [word for word, __ in DEVICES] else DEVICES[0][0],
        float(memory) if is_amount else 0.0,
        styles if isinstance(styles, text_type) else "",
        found.get("grows") is not False,
    )


def keep(preferences):
    """Settle them from now on; PluginError where they cannot be kept."""
    private_folder(home())
    try:
        with io.open(encode_path(_path() + ".part"), "w", encoding="utf-8") as file:
            file.write(to_text(json.dumps(preferences._asdict(), indent=1, sort_keys=True)))
        replace_file(_path() + ".part", _path())
    except (IOError, OSError) as error:
        raise unusable(home(), error.strerror or to_text(error))


def _path():
    return os.path.join(home(), _FILE)
