"""What the person sees: phases, each with its time."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import Callable, Iterator, TextIO

from .words import _

__all__ = ["Console"]


class Console:
    """Writes phases and remarks to a text stream and remembers how long each phase took."""

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._started = clock()
        self.phases: list[tuple[str, float]] = []

    def say(self, text: str = "") -> None:
        """Write one line at once, so that the order holds beside programs that write to the same terminal."""
        stream = self._stream or sys.stdout
        stream.write(text + "\n")
        stream.flush()

    def note(self, text: str) -> None:
        """A remark within a phase."""
        for line in text.splitlines() or [""]:
            self.say("   " + line)

    @contextmanager
    def phase(self, title: str) -> Iterator[None]:
        """Say what begins, and when it ends how long it took; a phase that raises is recorded too."""
        self.say("== " + title)
        started = self._clock()
        try:
            yield
        finally:
            seconds = self._clock() - started
            self.phases.append((title, seconds))
            self.note(_time(seconds))

    def times(self) -> list[str]:
        """One line per phase, and the sum."""
        rows = [*self.phases, (_("in all"), self._clock() - self._started)]
        return ["%10s  %s" % (_time(seconds), title) for title, seconds in rows]


def _time(seconds: float) -> str:
    return _("%.1f s") % seconds
