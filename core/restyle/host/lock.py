"""Lock: one process at a time, by an advisory lock on a file; the system drops it when the process ends in whatever way."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["Lock", "holder_of"]


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

    def sign(self) -> None:
        """Write this process's id into the file, for `holder_of`."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            # Behind the first byte, which Windows locks against readers, too.
            os.lseek(self._descriptor, 0, os.SEEK_SET)
            os.write(self._descriptor, f" {os.getpid()}".encode())
            os.lseek(self._descriptor, 0, os.SEEK_SET)

    def is_in_place(self) -> bool:
        """Whether the lock is held, and the file at its path is still the one that is locked."""
        if self._descriptor is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._descriptor), self._path.stat())
        except OSError:
            return False

    def release(self) -> None:
        """Let others take it. The file stays: removing it would let two processes lock two files of one name."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def holder_of(path: Path) -> int | None:
    """The process that holds the lock at ``path``, 0 where it did not sign; None where nobody holds it.

    Nobody can take the lock while this looks, so whoever takes one tries for longer than a moment.
    """
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return None
    try:
        lock_without_waiting(descriptor)
    except OSError:
        return _signature(descriptor)
    else:
        return None
    finally:
        os.close(descriptor)


def _signature(descriptor: int) -> int:
    os.lseek(descriptor, 1, os.SEEK_SET)
    text = os.read(descriptor, 20)
    return int(text) if text.isdigit() else 0


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
