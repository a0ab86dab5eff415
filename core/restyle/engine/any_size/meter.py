"""Work meter: how far the work is, counted in what convolutions give."""

from __future__ import annotations

import time

from restyle.contract.progress import Progress

__all__ = ["WorkMeter"]

INTERVAL_S = 0.2
"""Time between two reports: less than half a second, so that a cancelled job ends at once for a person."""

STEPS = 100


class WorkMeter:
    """Counts, and tells ``progress`` now and then; what it raises (Cancelled) ends the work."""

    def __init__(self, progress: Progress, message: str) -> None:
        self._progress, self._message = progress, message
        self._expected = self._done = 0.0
        self._last = time.monotonic()

    def expect(self, work: float) -> None:
        """So much more will be done."""
        self._expected += work

    def add(self, pixels: int, channels: int) -> None:
        """A convolution has given a band."""
        self._done += pixels * channels
        now = time.monotonic()
        if now - self._last >= INTERVAL_S:
            self._last = now
            share = min(self._done / self._expected, 1.0)
            self._progress.step(round(STEPS * share), of=STEPS, message=self._message)
