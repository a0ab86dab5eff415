# -*- coding: utf-8 -*-
"""Presets and history in a dialog, whatever toolkit draws them: what a click does, and the sentence that tells how it went."""

from __future__ import absolute_import, unicode_literals

import os

from ..compat import to_text
from ..languages import _
from .errors import error

LABEL, HISTORY = _("Preset:"), _("Used before\u2026")
SAVE, DELETE, OPEN = _("Save"), _("Delete"), _("Open\u2026")
OPEN_TITLE = _("Open a Preset")
NAME_HELP = _("Choose a preset, or type a name to save these settings under.")
SAVE_HELP = _("Keep these settings under the name on the left: a file in %s, to be given to others.")
DELETE_HELP = _("Delete the preset of the name on the left.")
OPEN_HELP = _("Take the settings from a preset's file, as somebody has given it to you.")
HISTORY_HELP = _("Take the settings of one of the last times.")

__all__ = ["DELETE", "HISTORY", "LABEL", "NAME_HELP", "OPEN", "OPEN_TITLE", "SAVE", "PresetChoice", "stem_of"]


class PresetChoice(object):
    """`presets`: what registry.describe asks for; `model`: the dialog's; `take`: a function of {parameter: backend value}."""

    def __init__(self, presets, model, take):
        self._presets, self._model, self._take = presets, model, take

    def names(self):
        """Return the presets' names."""
        return self._presets.names()

    def recent(self):
        """Return the titles of the last settings, the newest first."""
        return self._presets.recent()

    def choose(self, name):
        """Take a preset's settings; return a sentence, "" where all is well, as all below do."""
        return self._try(lambda: self._take(self._presets.values_of(name)))

    def recall(self, number):
        """Take one of the last settings."""
        return self._try(lambda: self._take(self._presets.recent_values(number)))

    def open(self, path):
        """Take the settings in a file."""
        return self._try(lambda: self._take(self._presets.values_in(path)))

    def save(self, name):
        """Save the dialog's settings under a name."""
        return self._try(lambda: self._presets.save(name, self._model.chosen()), _("Saved as \u201c%s\u201d.") % name.strip())

    def delete(self, name):
        """Delete a preset."""
        return self._try(lambda: self._presets.delete(name), _("Deleted \u201c%s\u201d.") % name.strip())

    def helps(self):
        """Return the sentences that explain saving, deleting, opening and the history."""
        return SAVE_HELP % self._presets.folder, DELETE_HELP, OPEN_HELP, HISTORY_HELP

    def _try(self, step, sentence=""):
        try:
            step()
        except error as problem:
            return to_text(problem.args[0])
        return sentence


def stem_of(path):
    """Return what the preset of a file would be called."""
    return os.path.splitext(os.path.basename(path))[0]
