# -*- coding: utf-8 -*-
"""Amounts and times as a person reads them."""

from __future__ import absolute_import, unicode_literals

from .languages import _

_KB, _MB, _GB = 1e3, 1e6, 1e9
_MINUTE, _HOUR = 60, 3600
# Below it, seconds are told one by one; above, in tens, and from two minutes on in minutes.
_EXACT_S, _SHOWN_AS_MINUTES_S = 10, 120

__all__ = ["amount", "duration", "time_left"]


def amount(size_bytes):
    """Return bytes in a unit that leaves a short number: "575 MB"."""
    if size_bytes >= _GB:
        return _("%.1f GB") % (size_bytes / _GB)
    if size_bytes >= _MB:
        return _("%d MB") % int(round(size_bytes / _MB))
    return _("%d kB") % max(1, int(round(size_bytes / _KB)))


def duration(seconds):
    """Return a time as exactly as one can believe it: "6 s", "40 s", "3 min"."""
    if seconds < _EXACT_S:
        return _("%d s") % max(1, int(round(seconds)))
    if seconds < _SHOWN_AS_MINUTES_S:
        return _("%d s") % (10 * int(round(seconds / 10.0)))
    if seconds < 2 * _HOUR:
        return _("%d min") % int(round(seconds / float(_MINUTE)))
    return _("%.1f h") % (seconds / float(_HOUR))


def time_left(seconds):
    """Return what remains, to stand after a comma."""
    return _("about %s left") % duration(seconds)
