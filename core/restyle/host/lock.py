"""Lock: one process at a time, by an advisory lock on a file; the system drops it when the process ends in whatever way."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["Lock"]


class Lock:
    """A lock on a file, which is made where there is none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Take the lock; False when it is taken already, by this process or another."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            lock_without_waiting(descriptor)
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Let others take it. The file stays: removing it would let two processes lock two files of one name."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


if sys.platform == "win32":
    import msvcrt

    def lock_without_waiting(descriptor: int) -> None:
        """Lock an open file; OSError where it is locked."""
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def lock_without_waiting(descriptor: int) -> None:
        """Lock an open file; OSError where it is locked."""
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
