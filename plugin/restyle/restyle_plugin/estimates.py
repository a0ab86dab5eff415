# -*- coding: utf-8 -*-
"""How long a filter takes here: learned from what its last paintings took, by their size and the settings that matter.

What is remembered of a painting: its work (pixels painted times steps), the words that were chosen (a mode, a network), where it
was computed, and the seconds. The next one takes as long as those did that were most like it, in proportion to the work.
"""

from __future__ import absolute_import, unicode_literals

from . import layers
from .errors import PluginError
from .languages import _
from .remembered import recall, remember
from .words import duration

_KEPT = 30
"""Of each filter; what was painted before says nothing of today's computer."""
_TAKEN = 3
"""So many of those that are most alike are asked: one alone may have waited for another program."""
_NAME = "times of "
_HERE = _("About %s here.")

__all__ = ["estimate", "estimate_words", "learn", "painted_size"]


def learn(declared, params, size, seconds, device):
    """Remember that a painting of a layer of that (width, height) took so long."""
    if seconds <= 0:
        return
    made = {"work": _work(declared, params, size), "words": _words(declared, params), "device": device, "seconds": seconds}
    remember(_NAME + declared["id"], (_known(declared) + [made])[-_KEPT:])


def estimate(declared, params, size):
    """Return the seconds that a painting takes, None where nothing like it was painted here."""
    known, work, words = _known(declared), _work(declared, params, size), _words(declared, params)
    alike = [made for made in known if made["words"] == words and made["device"] == known[-1]["device"]]
    alike.reverse()  # of equally large ones the latest
    nearest = sorted(alike, key=lambda made: max(made["work"], work) / min(made["work"], work))[:_TAKEN]
    if not nearest:
        return None
    paces = sorted(made["seconds"] * work / made["work"] for made in nearest)
    return paces[len(paces) // 2]


def estimate_words(declared, params, size):
    """Return the estimate as a sentence, "" where there is none."""
    seconds = estimate(declared, params, size)
    return "" if seconds is None else _HERE % duration(seconds)


def painted_size(gimp, image, layer):
    """Return (width, height) of what is painted of a layer: of the part that the selection's bounds enclose; (1, 1) of none."""
    if not layer:
        return 1, 1
    width, height = gimp.drawable_width(layer), gimp.drawable_height(layer)
    try:
        if layers.selection_box(gimp, image, layer) is None:
            return width, height
    except PluginError:
        return width, height  # nothing is painted then
    __, x1, y1, x2, y2 = gimp.selection_bounds(image)
    return max(1, min(width, x2 - x1)), max(1, min(height, y2 - y1))


def _known(declared):
    """Return what is remembered of a filter, as far as it has the form of today."""
    found = recall(_NAME + declared["id"], [])
    return [made for made in found if _is_whole(made)] if isinstance(found, list) else []


def _is_whole(made):
    try:
        return made["work"] > 0 and made["seconds"] > 0 and "words" in made and "device" in made
    except (KeyError, TypeError):
        return False


def _work(declared, params, size):
    """Return pixels times steps: what the time of nearly every filter is in proportion to."""
    pixels = float(max(1, size[0] * size[1]))
    for param in declared["params"]:
        value = params.get(param["name"], param["default"])
        if param["role"] == "working_size":
            pixels *= min(1.0, float(value) / max(size)) ** 2
        elif param["role"] == "steps":
            pixels *= value
    return pixels


def _words(declared, params):
    """Return the words that were chosen, by parameter: a mode or a network may take a hundred times as long as another."""
    kinds = ("choice", "bool")
    return {param["name"]: params.get(param["name"], param["default"]) for param in declared["params"] if param["type"] in kinds}
