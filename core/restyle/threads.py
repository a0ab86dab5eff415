"""Threads that wait for each other asleep, so that painting stays quick while other programs use the processor too."""

from __future__ import annotations

import os

__all__ = ["let_threads_sleep"]


def let_threads_sleep() -> None:
    """Tell OpenMP to wait without spinning; call it before PyTorch is imported, which reads it once.

    OpenMP's threads spin while they wait for the slowest of them. On a processor that is shared they spin in the time that the
    slowest needs: one picture took over 100 s instead of 27 s on two cores with four other programs at work.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
