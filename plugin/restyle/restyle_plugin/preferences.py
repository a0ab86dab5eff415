# -*- coding: utf-8 -*-
"""What a person has settled once for this computer, in a file of Restyle's home that the core reads, too."""

from __future__ import absolute_import, unicode_literals

from collections import namedtuple

from .compat import text_type
from .languages import _
from .remembered import read_file, write_file

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
    found = read_file(_FILE)
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
    write_file(_FILE, preferences._asdict())
