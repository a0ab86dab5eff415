# -*- coding: utf-8 -*-
"""The menu's entries that look after Restyle itself, and need no image."""

from __future__ import absolute_import, unicode_literals

from collections import namedtuple

from .entry import safely
from .languages import N_

DOCTOR, SETTINGS = "python-fu-restyle-doctor", "python-fu-restyle-settings"
Entry = namedtuple("Entry", "name label summary look_after")
"""look_after: a function of GIMP's backend."""

__all__ = ["DOCTOR", "ENTRIES", "SETTINGS", "Entry", "function_of"]


def function_of(gimpfu, entry):
    """Return the function that gimpfu calls."""

    def function():
        def run():
            from .pixels import gimp  # late, as in entry.guarded

            entry.look_after(gimp())

        safely(gimpfu, run)

    return function


def _settle(gimp):
    from . import settings_dialog

    settings_dialog.settle(gimp)


def _examine(gimp):
    from . import doctor

    doctor.examine(gimp)


ENTRIES = (
    Entry(SETTINGS, N_("Settings…"), N_("Say where Restyle computes, with what, and from where styles come."), _settle),
    Entry(
        DOCTOR, N_("Doctor…"), N_("Find out what is wrong with Restyle and what to do about it, as a report to copy."), _examine
    ),
)
