"""Threads that wait for each other awake for a moment and then asleep: quick on idle processors and on busy ones."""

from __future__ import annotations

import os

__all__ = ["let_threads_sleep", "usable_processors"]

# GNU's OpenMP counts turns of a loop, 50,000 being a fraction of a millisecond; LLVM's and Intel's count milliseconds. A step of
# Neural Style at 544 px on two cores took, in seconds, idle / beside four busy programs: 0.19 / 1.23 as GNU's OpenMP waits by
# itself, 0.25 / 0.86 where threads sleep at once (OMP_WAIT_POLICY=PASSIVE), 0.19 / 0.70 with 50,000 turns.
_PATIENCE = {"GOMP_SPINCOUNT": "50000", "KMP_BLOCKTIME": "1"}


def let_threads_sleep() -> None:
    """Tell OpenMP how long to wait spinning; call it before PyTorch is imported, which reads it once.

    OpenMP's threads spin while they wait for the slowest of them. On a processor that is shared they spin in the time that the
    slowest needs. Asleep they take long to wake up, and between a network's small layers there is a wait every few microseconds.
    """
    if "OMP_WAIT_POLICY" not in os.environ:
        for name, value in _PATIENCE.items():
            os.environ.setdefault(name, value)


def usable_processors() -> int:
    """How many processors this process may use, which in a container are fewer than the machine's."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
