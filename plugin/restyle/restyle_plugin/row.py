# -*- coding: utf-8 -*-
"""Row: one line of a filter's dialog, as gimpfu and the shim's `describe` take it."""

from __future__ import absolute_import, unicode_literals

from .compat import native_text, to_text

__all__ = ["Row"]


class Row(object):
    """One row: `gimpfu`, the tuple that gimpfu takes, and `hint`, what its `describe` takes."""

    def __init__(self, name, title, pf_type, default, extra=None, **hint):
        front = (pf_type, native_text(name), native_text(title), default)
        self.name = name
        self.gimpfu = front if extra is None else front + (extra,)
        self.hint = hint

    def with_unit(self):
        """Return the gimpfu tuple for one that knows no units: the label tells."""
        unit = self.hint.get("unit")
        if not unit:
            return self.gimpfu
        return self.gimpfu[:2] + (native_text("%s (%s)" % (to_text(self.gimpfu[2]), unit)),) + self.gimpfu[3:]
