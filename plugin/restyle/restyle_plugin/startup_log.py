# -*- coding: utf-8 -*-
"""What a server says while it starts: a file, for Python's own words (no such module, a broken library), and its last ones."""

from __future__ import absolute_import, unicode_literals

import io
import json
import os

from .compat import encode_path, to_text
from .home import unusable
from .sentences import translated

# A block of a disk: what a server says that finds it full has room there.
_RESERVED_BYTES = 4096

__all__ = ["StartupLog"]


class StartupLog(object):
    """The log in a server's folder."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "startup.log")
        self._of_server = os.path.join(folder, "server.log")

    def reserve(self):
        """Begin it with empty lines, which are written over; PluginError where there is no room."""
        try:
            with open(encode_path(self.path), "wb") as output:
                output.write(b"\n" * _RESERVED_BYTES)
        except (IOError, OSError) as error:
            raise unusable(os.path.dirname(self.path), error.strerror or to_text(error))

    def last_words(self):
        """Return the last line, "" where there is none; in the person's language where the one before says how."""
        lines = self._lines()
        try:
            return translated(lines[-1], json.loads(lines[-2]))
        except (IndexError, ValueError):
            return lines[-1] if lines else ""

    def telling_file(self):
        """Return the path of the log that says more: this one where anything is in it, else the server's own."""
        return self.path if self._lines() or not os.path.exists(encode_path(self._of_server)) else self._of_server

    def _lines(self):
        try:
            with io.open(encode_path(self.path), encoding="utf-8", errors="replace") as file:
                return [line.strip() for line in file if line.strip()]
        except (IOError, OSError):
            return []
