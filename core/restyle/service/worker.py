"""Worker: runs one job after the other, and sees to it that a cancelled one makes way.

It never computes itself: a painter does, in a thread of its own, the only one that starts PyTorch. A cancelled job ends at its
next step. Where none comes the painter is interrupted, which ends whatever is in Python code. What sits in a library's code
that never comes back is left behind with its painter, and another painter takes the next job.
"""

from __future__ import annotations

import errno
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from restyle.contract.errors import Cancelled, InternalError, OutOfMemory, RestyleError, SystemRefused
from restyle.contract.progress import CallbackProgress, Report
from restyle.contract.result import Result
from restyle.service.job import Job
from restyle.service.jobs import JobQueue
from restyle.service.painter import Outcome, Painter
from restyle.service.runner import Runner

if TYPE_CHECKING:
    from restyle.pictures.image import Image

__all__ = ["LEFT_BEHIND_S", "Worker"]

INTERRUPT_AFTER_S = (0.5, 2.0)
"""After a job is cancelled: most come to a step sooner. The second is for what took the first for a failure of its own; between
them a training can keep what it has learned."""

LEFT_BEHIND_S = 4.0
"""After a job is cancelled: what is still not back then may never be."""

LINGERING_S = 15.0
"""A painter that was left behind for this long takes a processor from all later jobs, so the server had better end."""

POLL_S = 0.1
"""How often a running job is looked after."""

REPORT_INTERVAL_S = 0.1
"""Reports are shown no more often: progress bars gain nothing, and each costs the method's thread a wake-up of two others."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Told:
    """A report of the running job, with a picture where somebody wants one."""

    report: Report
    preview: Image | None


@dataclass(frozen=True)
class _Painted:
    result: Result
    notes: list[str]


_Work = Callable[[Callable[[_Told], None]], "_Painted | str"]
_Painter = Painter["_Painted | str", _Told]
_Outcome = Outcome["_Painted | str"]


class Worker:
    """Takes jobs from the queue until it is stopped. ``log`` is what a user is asked to send after an unforeseen failure."""

    def __init__(self, jobs: JobQueue, runner: Runner, log: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._jobs = jobs
        self._runner = runner
        self._log_path = log
        self._clock = clock
        self._thread = threading.Thread(target=self._work, name="worker", daemon=True)
        self._left_behind: list[tuple[float, _Painter]] = []
        self.device: str | None = None
        self.is_warm = False

    def start(self) -> None:
        """Warm up, then run what comes."""
        self._thread.start()

    def stop(self, timeout_s: float) -> bool:
        """Cancel all and wait for the threads; False when one, or a painter that was left behind, is still busy after that."""
        end = time.monotonic() + timeout_s
        self._jobs.stop()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        for _, painter in self._left_behind:
            painter.wait(max(end - time.monotonic(), 0.0))
        return not self._thread.is_alive() and not any(painter.is_alive for _, painter in self._left_behind)

    @property
    def is_burdened(self) -> bool:
        """Whether work that cannot be ended has gone on beside all that came later for a while."""
        now = self._clock()
        return any(painter.is_alive and now - since >= LINGERING_S for since, painter in self._left_behind)

    def _work(self) -> None:
        painter: _Painter = Painter()
        self._warm_up(painter)
        while (job := self._jobs.take()) is not None:
            if not self._see_through(job, painter):
                painter.abandon()
                self._left_behind.append((self._clock(), painter))
                painter = Painter()
        painter.dismiss()

    def _warm_up(self, painter: _Painter) -> None:
        painter.begin(lambda tell: self._runner.warm_up(lambda: self._jobs.active_count > 0))
        event = None
        # It cannot be interrupted: half of PyTorch would be imported.
        while not isinstance(event, Outcome):
            if self._jobs.is_stopped:
                self._left_behind.append((self._clock(), painter))
                return
            event = painter.next_event(POLL_S)
        if isinstance(event.value, str):
            self.device = event.value
        elif event.error is not None:
            _log.error("the warm-up failed", exc_info=event.error)
        self.is_warm = True

    def _see_through(self, job: Job, painter: _Painter) -> bool:
        """Have the job done and say how it ended; False where its painter may still be at it."""
        try:
            outcome = self._outcome_of(job, painter)
            if outcome is None:
                _log.error("a cancelled job of %s did not end; another thread takes its place", job.use.filter.id)
            self._conclude(job, outcome)
        except Exception:
            # A fault of ours: without this thread no job would ever run again.
            _log.exception("the worker failed")
            self._jobs.fail(job, InternalError(self._log_path))
            return False
        return outcome is not None

    def _outcome_of(self, job: Job, painter: _Painter) -> _Outcome | None:
        """Have the job painted; None where it was cancelled and does not end."""
        self._jobs.set_device(job, self.device)
        painter.begin(self._painting(job))
        interrupts = 0
        while True:
            event = painter.next_event(POLL_S)
            if isinstance(event, Outcome):
                return event
            if event is not None:
                self._jobs.report(job, event.report, event.preview)
            waited = self._clock() - job.cancelled_at if job.cancelled_at is not None else 0.0
            if waited >= LEFT_BEHIND_S:
                return None
            if interrupts < len(INTERRUPT_AFTER_S) and waited >= INTERRUPT_AFTER_S[interrupts] and painter.interrupt():
                interrupts += 1

    def _painting(self, job: Job) -> _Work:
        def paint(tell: Callable[[_Told], None]) -> _Painted:
            told_at = float("-inf")

            def on_report(report: Report) -> None:
                nonlocal told_at
                now = self._clock()
                preview = report.preview() if report.preview is not None and job.wants_preview(now) else None
                if preview is not None or now - told_at >= REPORT_INTERVAL_S or report.step >= report.of:
                    told_at = now
                    tell(_Told(report, preview))

            progress = CallbackProgress(on_report, lambda: job.is_cancelled)
            if job.terms.files is not None:
                self._runner.on_files(job.use, job.terms.files, progress)
                return _Painted(Result({}), progress.notes)
            if job.terms.sequence:
                # Nobody goes on with another one's frames.
                sequence = f"{job.terms.user} {job.terms.sequence}"
                return _Painted(self._runner.next_frame(job.use, job.images, progress, sequence), progress.notes)
            return _Painted(self._runner(job.use, job.images, progress), progress.notes)

        return paint

    def _conclude(self, job: Job, outcome: _Outcome | None) -> None:
        if outcome is not None and isinstance(outcome.value, _Painted):
            self._jobs.succeed(job, outcome.value.result, outcome.value.notes)
        else:
            self._jobs.fail(job, Cancelled() if outcome is None or outcome.error is None else self._error_of(outcome.error))

    def _error_of(self, error: BaseException) -> RestyleError:
        """What was raised, as one of ours, without the frames that hold the method's memory."""
        if isinstance(error, Cancelled):
            return Cancelled()
        if isinstance(error, RestyleError):
            _log.warning("a job failed: %s: %s", error.code, error)
            error.__traceback__ = error.__cause__ = error.__context__ = None
            return error
        _log.error("a job failed", exc_info=error)
        if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
            return OutOfMemory()
        return SystemRefused(error) if isinstance(error, OSError) else InternalError(self._log_path)
