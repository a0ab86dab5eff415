# -*- coding: utf-8 -*-
"""A lock that two GIMPs compete for before they start the server; the system frees it when its holder dies."""

from __future__ import absolute_import, unicode_literals

import os

from .compat import encode_path

__all__ = ["StartLock"]


class StartLock(object):
    """`with StartLock(folder) as lock:` tries once; `lock.is_held` tells."""

    def __init__(self, folder):
        self._folder = folder
        self._file = None
        self.is_held = False

    def __enter__(self):
        # A new process must not inherit the file, for it would keep the lock.
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOINHERIT", 0)
        self._file = os.open(encode_path(os.path.join(self._folder, "start.lock")), flags, 0o600)
        self.is_held = _lock(self._file)
        return self

    def __exit__(self, *exception):
        os.close(self._file)
        self.is_held = False


def _lock(file):
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except (IOError, OSError):
        return False
