# -*- coding: utf-8 -*-
"""What a dialog offers to bring before its filter can do what is chosen: a line, a button and a bar, whatever the toolkit."""

from __future__ import absolute_import, unicode_literals

from collections import namedtuple

from ..languages import _

DOWNLOAD = _("Download")
"""What the button mostly says."""
LOOK_MS = 150
"""How often a toolkit asks for the Offer."""

Offer = namedtuple("Offer", "sentence button share hint")
"""sentence: "" where there is nothing to offer; button: its label; share: how much is done (0..1), None where nothing is under
way; hint: why OK waits for it, "" where it does not."""

NOTHING = Offer("", "", None, "")

__all__ = ["DOWNLOAD", "LOOK_MS", "NOTHING", "Offer", "OfferPanel"]


class OfferPanel(object):
    """`supply`: what registry.describe asks for; a toolkit's own panel has a `widget` and shows."""

    def __init__(self, supply, on_change):
        """on_change: called with whether something has come, each time that OK may have to wait or no longer has to."""
        self._supply, self._on_change = supply, on_change
        self.offer, self._is_open = NOTHING, True

    def close(self):
        """End it; the widgets end with their window."""
        self._is_open = False
        self._supply.close()

    def _show(self, offer):
        """A toolkit's own: put an Offer into the widgets; they are hidden where there is nothing to offer."""

    def _press(self):
        self._supply.press()
        self._look()

    def _look(self):
        """Show what is new; False once it is closed."""
        if self._is_open:
            before, self.offer = self.offer, self._supply.look()
            if self.offer != before:
                self._show(self.offer)
                if bool(self.offer.sentence) != bool(before.sentence) or self.offer.hint != before.hint:
                    self._on_change(before.share is not None and not self.offer.sentence)
        return self._is_open
