"""Lifetime: when a server has had its time, by request, by signal or by idleness."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from restyle.service.jobs import JobQueue
from restyle.service.worker import LEFT_BEHIND_S

__all__ = ["IDLE_EXIT_S", "Lifetime"]

IDLE_EXIT_S = 900.0
"""A quarter of an hour: longer than most pauses between two tries, short enough to give the memory back."""

STOP_GRACE_S = LEFT_BEHIND_S + 1.0
"""How long a server that was told to end waits for its job: the worker has left it behind by then, if it does not end."""


class Lifetime:
    """Counts requests, and knows when to go. Used from the event loop alone.

    ``on_leave`` is called once, when the server begins to leave: from then on it must not be found any more.
    """

    def __init__(
        self,
        jobs: JobQueue,
        on_leave: Callable[[], None],
        idle_exit_s: float = IDLE_EXIT_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._jobs = jobs
        self._on_leave = on_leave
        self._idle_exit_s = idle_exit_s
        self._clock = clock
        self._used_at = clock()
        self._open_requests = 0
        self._stops_at = float("inf")
        self.is_leaving = False

    @contextmanager
    def request(self) -> Iterator[None]:
        """The server is in use while a request is open."""
        self._open_requests += 1
        try:
            yield
        finally:
            self._open_requests -= 1
            self._used_at = self._clock()

    def leave(self, *, at_once: bool = False) -> None:
        """Take no more jobs and go when all have ended and were collected; ``at_once`` cancels them and waits for nobody."""
        if not self.is_leaving:
            self.is_leaving = True
            self._jobs.close()
            self._on_leave()
        if at_once and self._stops_at == float("inf"):
            self._stops_at = self._clock() + STOP_GRACE_S
            self._jobs.cancel_all()

    def is_over(self) -> bool:
        """Whether the server shall end now; begins to leave when it has been idle for long enough."""
        if self._stops_at < float("inf"):
            return not self._jobs.active_count or self._clock() >= self._stops_at
        is_busy = bool(self._open_requests or self._jobs.active_count)
        if not is_busy and self._clock() - self._used_at >= self._idle_exit_s:
            self.leave()
        return self.is_leaving and not is_busy and not self._jobs.has_uncollected
