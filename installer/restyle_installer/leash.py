"""A program that ends when the installer ends, however that ends: `python leash.py PROGRAM ARGUMENTS`, in a session of its own.

The installer holds the other end of this one's standard input. When that closes, which the system does even for a process that
was killed, the whole session is killed: pip, what pip has started, and this program.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

__all__ = ["main"]

NOT_FOUND = 127


def main(argv: list[str]) -> int:
    """Run the program; returns its exit code."""
    threading.Thread(target=_end_with_the_installer, daemon=True).start()
    try:
        return subprocess.call(argv, stdin=subprocess.DEVNULL)
    except OSError as error:
        sys.stderr.write("%s\n" % error)
        return NOT_FOUND


def _end_with_the_installer() -> None:
    os.read(0, 1)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
