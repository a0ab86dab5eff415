"""FramesBefore: of each sequence under way the last frame with what was made of it, which the next one is held to."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from restyle.engine.sequence import Made

__all__ = ["FramesBefore"]

MOST = 4
"""Sequences under way at a time: each keeps three pictures in memory."""

KEPT_S = 120.0
"""After its last frame: whoever goes on later gets a frame of its own. Clients that end say nothing."""


class FramesBefore:
    """By the name of a sequence. Safe to use from several threads; it takes no lock, since what paints can be torn away."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[float, Made]] = {}

    def of(self, sequence: str) -> Made | None:
        """The frame before; None for the first of a sequence, and where it was let go."""
        kept = self._kept.get(sequence)
        return None if kept is None else kept[1]

    def keep(self, sequence: str, made: Made | None) -> None:
        """The next frame is held to this one."""
        others = [item for item in self._kept.items() if item[0] != sequence]
        newest = sorted(others, key=lambda item: item[1][0])[1 - MOST :]
        self._kept = dict(newest) if made is None else {**dict(newest), sequence: (self._clock(), made)}

    def expire(self) -> None:
        """Let go what nobody went on with."""
        now = self._clock()
        self._kept = {name: kept for name, kept in self._kept.items() if now - kept[0] < KEPT_S}
