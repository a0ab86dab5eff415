# -*- coding: utf-8 -*-
"""What a window with a long text says, whatever toolkit draws it."""

from __future__ import absolute_import, unicode_literals

from ..languages import _

COPY = _("Copy report")
COPIED = _("Copied. Paste it before you close this window: some desktops forget it then.")
SIZE = (760, 520)

__all__ = ["COPIED", "COPY", "SIZE"]
