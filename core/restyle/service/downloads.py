"""Downloads: published models that come to this computer, each in a thread of its own, beside whatever is painted.

A download that nobody asks after is left, as a job is, and goes on from there when it is asked for again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from pydantic import BaseModel

from restyle.contract.errors import Cancelled, RestyleError, SystemRefused
from restyle.contract.progress import CallbackProgress, Progress, Report
from restyle.models.entries import WeightsEntry
from restyle.service.problems import Problem, problem_of

__all__ = ["Downloads", "ModelStatus", "Shelf"]

_log = logging.getLogger(__name__)


class Shelf(Protocol):
    """What is asked of a `restyle.models.store.Store`."""

    def entry(self, weights_id: str) -> WeightsEntry:
        """What is known of them; raises UnknownWeights."""

    def has(self, weights_id: str) -> bool:
        """Whether they are here; raises UnknownWeights."""

    def gathered_bytes(self, weights_id: str) -> int:
        """How much of them an earlier download has left here; raises UnknownWeights."""

    def fetch(self, weights_id: str, progress: Progress) -> Path:
        """Bring them; raises RestyleError."""


class ModelStatus(BaseModel):
    """A published model, and how its download stands. ``size_bytes`` is 0 where its size is not known before."""

    id: str
    title: str
    licence: str
    state: Literal["away", "coming", "here"]
    have_bytes: int
    size_bytes: int
    problem: Problem | None
    """Of the last download, where it failed."""


@dataclass
class _Download:
    entry: WeightsEntry
    have_bytes: int
    size_bytes: int
    seen_at: float
    is_left: bool = False


class Downloads:
    """What comes now. Safe to use from several threads; ``open_shelf`` is called in those that may take their time."""

    def __init__(self, open_shelf: Callable[[], Shelf], lease_s: float, clock: Callable[[], float]) -> None:
        self._open_shelf = open_shelf
        self._lease_s = lease_s
        self._clock = clock
        self._lock = threading.Lock()
        self._coming: dict[str, _Download] = {}
        self._problems: dict[str, Problem] = {}

    def status(self, weights_id: str) -> ModelStatus:
        """How it stands with a model; raises UnknownWeights."""
        with self._lock:
            coming = self._coming.get(weights_id)
            if coming is not None:
                coming.seen_at = self._clock()
                return _status(coming.entry, "coming", coming.have_bytes, coming.size_bytes)
        shelf = self._open_shelf()
        entry = shelf.entry(weights_id)
        if shelf.has(weights_id):
            return _status(entry, "here", entry.size_bytes, entry.size_bytes)
        problem = self._problems.get(weights_id)
        return _status(entry, "away", shelf.gathered_bytes(weights_id), entry.size_bytes, problem)

    def begin(self, weights_id: str) -> ModelStatus:
        """Fetch a model, unless it comes already or is here; raises UnknownWeights."""
        found, entry = self.status(weights_id), self._open_shelf().entry(weights_id)
        with self._lock:
            if weights_id in self._coming:
                self._coming[weights_id].is_left = False  # it was told to end, and has not yet
            elif found.state == "away":
                coming = _Download(entry, found.have_bytes, found.size_bytes, self._clock())
                self._problems.pop(weights_id, None)
                self._coming[weights_id] = coming
                threading.Thread(target=self._bring, args=(coming,), name=f"download {weights_id}", daemon=True).start()
        return self.status(weights_id)

    def leave(self, weights_id: str) -> None:
        """End a download, if there is one; what came stays for the next."""
        self._open_shelf().entry(weights_id)
        with self._lock:
            if weights_id in self._coming:
                self._coming[weights_id].is_left = True

    def expire(self) -> None:
        """Leave the downloads that nobody asks after."""
        with self._lock:
            for coming in self._coming.values():
                if coming.seen_at + self._lease_s <= self._clock():
                    coming.is_left = True

    def leave_all(self) -> None:
        """End all, because the server ends."""
        with self._lock:
            for coming in self._coming.values():
                coming.is_left = True

    def _bring(self, coming: _Download) -> None:
        weights_id, whole = coming.entry.id, 0  # bytes of the files that are here: a set of several tells of each by itself

        def on_report(report: Report) -> None:
            nonlocal whole
            with self._lock:
                coming.have_bytes = whole + report.step
                coming.size_bytes = coming.entry.size_bytes or report.of
                whole += report.step if report.step == report.of else 0

        problem = None
        try:
            self._open_shelf().fetch(weights_id, CallbackProgress(on_report, lambda: coming.is_left))
        except Cancelled:
            pass
        except (RestyleError, OSError) as error:
            problem = problem_of(error if isinstance(error, RestyleError) else SystemRefused(error))
            _log.warning("%s did not come: %s", weights_id, error)
        finally:
            with self._lock:
                if problem is not None:
                    self._problems[weights_id] = problem
                self._coming.pop(weights_id, None)


def _status(
    entry: WeightsEntry, state: Literal["away", "coming", "here"], have: int, size: int, problem: Problem | None = None
) -> ModelStatus:
    return ModelStatus(
        id=entry.id,
        title=entry.title,
        licence=entry.licence,
        state=state,
        have_bytes=have,
        size_bytes=size,
        problem=problem,
    )
