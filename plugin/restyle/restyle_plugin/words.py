# -*- coding: utf-8 -*-
"""Amounts and times as a person reads them."""

from __future__ import absolute_import, unicode_literals

_KB, _MB, _GB = 1e3, 1e6, 1e9
_MINUTE, _HOUR = 60, 3600
# Below it, seconds are told one by one; above, in tens, and from two minutes on in minutes.
_EXACT_S, _SHOWN_AS_MINUTES_S = 10, 120

__all__ = ["amount", "duration", "time_left"]


def amount(size_bytes):
    """Return bytes in a unit that leaves a short number: "575 MB"."""
    if size_bytes >= _GB:
        return "%.1f GB" % (size_bytes / _GB)
    if size_bytes >= _MB:
        return "%d MB" % int(round(size_bytes / _MB))
    return "%d kB" % max(1, int(round(size_bytes / _KB)))


def duration(seconds):
    """Return a time as exactly as one can believe it: "6 s", "40 s", "3 min"."""
    if seconds < _EXACT_S:
        return "%d s" % max(1, int(round(seconds)))
    if seconds < _SHOWN_AS_MINUTES_S:
        return "%d s" % (10 * int(round(seconds / 10.0)))
    if seconds < 2 * _HOUR:
        return "%d min" % int(round(seconds / float(_MINUTE)))
    return "%.1f h" % (seconds / float(_HOUR))


def time_left(seconds):
    """Return what remains, to stand after a comma."""
    return "about %s left" % duration(seconds)
