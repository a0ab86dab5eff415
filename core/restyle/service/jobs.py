"""JobQueue: what clients asked for, in the order they asked; one job runs at a time.

The HTTP side submits, watches and cancels from the event loop; the worker's thread takes, reports and ends. Each job
has a lease: when nobody asks after it for ``lease_s``, it is cancelled, since GIMP ends a cancelled plug-in without a
word.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from restyle.contract.errors import Cancelled, RestyleError, ServerLeaving, TooManyJobs, UnknownJob
from restyle.contract.filter import Filter
from restyle.contract.params import Params
from restyle.contract.progress import Report
from restyle.service.images import ImageStore
from restyle.service.job import Job, Source
from restyle.service.wire import JobState, JobStatus

if TYPE_CHECKING:
    from restyle.pictures.image import Image

__all__ = ["JobQueue"]

LEASE_S = 10.0
"""Clients ask at least every few seconds; a long poll renews the lease all the while."""

KEPT_S = 300.0
"""An ended job, with its result, waits this long for its client."""

MAXIMUM_ACTIVE = 16
"""Jobs running and waiting; more would wait longer than anybody does."""

REPORT_INTERVAL_S = 0.1
"""Reports are shown no more often: progress bars gain nothing, and each costs the method's thread a wake-up of the event loop."""

PREVIEW_INTERVAL_S = 0.5
"""Previews cost memory traffic, so only one in a while is kept."""


class JobQueue:
    """The jobs of all clients. Safe to use from several threads."""

    def __init__(self, images: ImageStore, lease_s: float = LEASE_S, clock: Callable[[], float] = time.monotonic) -> None:
        self._images = images
        self._lease_s = lease_s
        self._clock = clock
        self._changed = threading.Condition(threading.RLock())
        self._jobs: dict[str, Job] = {}
        self._is_closed = False
        self._is_stopped = False

    # For the HTTP side

    def submit(self, declared: Filter, sources: dict[str, list[Source]], params: Params) -> JobStatus:
        """Append a job; it releases its sources when it ends. Raises ServerLeaving, TooManyJobs."""
        with self._changed:
            if self._is_closed:
                raise ServerLeaving
            if self._active_count() >= MAXIMUM_ACTIVE:
                raise TooManyJobs
            job = Job(declared, sources, params, seen_at=self._clock())
            self._jobs[job.id] = job
            self._changed.notify_all()
            return self._status(job)

    def status(self, job_id: str) -> JobStatus:
        """How the job stands; raises UnknownJob."""
        with self._changed:
            return self._status(self._find(job_id))

    @contextmanager
    def watch(self, job_id: str, wake: Callable[[], None]) -> Iterator[None]:
        """Call ``wake`` (from any thread) at each visible change, and keep the lease meanwhile; raises UnknownJob."""
        with self._changed:
            job = self._find(job_id)
            job.watchers.add(wake)
        try:
            yield
        finally:
            with self._changed:
                job.watchers.discard(wake)
                job.seen_at = self._clock()

    def delete(self, job_id: str) -> None:
        """Cancel the job, or forget it with its pictures where it has ended; nothing happens where it is unknown."""
        with self._changed:
            job = self._jobs.get(job_id)
            if job is not None and job.is_active:
                self._cancel(job)
            elif job is not None:
                self._forget(job)

    def expire(self) -> None:
        """Cancel the jobs that nobody asks after; forget those that ended some minutes ago."""
        with self._changed:
            now = self._clock()
            for job in list(self._jobs.values()):
                if job.is_active and self._is_abandoned(job):
                    self._cancel(job)
                if job.ended_at is not None and job.ended_at + KEPT_S <= now:
                    self._forget(job)

    # For whoever ends the server

    @property
    def active_count(self) -> int:
        """Jobs that wait or run."""
        with self._changed:
            return self._active_count()

    @property
    def has_uncollected(self) -> bool:
        """Whether a result waits for a client that still asks."""
        with self._changed:
            return any(job.result is not None and not self._is_abandoned(job) for job in self._jobs.values())

    def close(self) -> None:
        """Take no more jobs."""
        with self._changed:
            self._is_closed = True

    def cancel_all(self) -> None:
        """Cancel every job that waits or runs."""
        with self._changed:
            for job in self._jobs.values():
                if job.is_active:
                    self._cancel(job)

    def stop(self) -> None:
        """Take no more jobs, cancel all, and send the worker home."""
        self.close()
        self.cancel_all()
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()

    # For the worker

    def take(self) -> Job | None:
        """Wait for the next job and mark it as running; None once the queue is stopped."""
        with self._changed:
            while not self._is_stopped:
                job = next((job for job in self._jobs.values() if job.state == "queued"), None)
                if job is not None:
                    job.state, job.started_at = "running", self._clock()
                    self._bump(job)
                    return job
                self._changed.wait()
            return None

    def set_device(self, job: Job, device: str | None) -> None:
        """Tell where the job runs."""
        with self._changed:
            job.device = device
            self._bump(job)

    def report(self, job: Job, report: Report) -> None:
        """Show a report of the running job, unless the last one was shown just now; the job's very last step is always shown."""
        with self._changed:
            now = self._clock()
            if now - job.reported_at < REPORT_INTERVAL_S and report.step < report.of:
                return
            if report.preview is not None and now - job.previewed_at >= PREVIEW_INTERVAL_S:
                self._images.drop(job.preview)
                job.preview, job.previewed_at = self._images.add_result(report.preview).id, now
            job.report, job.reported_at = Report(report.step, report.of, report.message), now
            self._bump(job)

    def succeed(self, job: Job, image: Image, notes: list[str]) -> None:
        """End the job with its result; where pictures take too much memory, drop the oldest that nobody asks after."""
        with self._changed:
            if job.is_cancelled:
                # The method was past its last step when the client left.
                self.fail(job, Cancelled())
                return
            job.result, job.notes = self._images.add_result(image).id, notes
            self._end(job, "done")
            # One job runs at a time, so those that were submitted first ended first.
            others = [other for other in self._jobs.values() if other.result is not None and other is not job]
            older = [other for other in others if self._is_abandoned(other)]
            while older and self._images.is_full:
                self._forget(older.pop(0))

    def fail(self, job: Job, error: RestyleError) -> None:
        """End the job without a result; Cancelled is no failure."""
        with self._changed:
            job.error = error
            self._end(job, "cancelled" if isinstance(error, Cancelled) else "failed")

    # Under the lock

    def _find(self, job_id: str) -> Job:
        if job_id not in self._jobs:
            raise UnknownJob
        job = self._jobs[job_id]
        job.seen_at = self._clock()
        return job

    def _is_abandoned(self, job: Job) -> bool:
        return not job.watchers and job.seen_at + self._lease_s <= self._clock()

    def _active_count(self) -> int:
        return sum(job.is_active for job in self._jobs.values())

    def _cancel(self, job: Job) -> None:
        job.is_cancelled = True
        if job.state == "queued":
            job.error = Cancelled()
            self._end(job, "cancelled")

    def _end(self, job: Job, state: JobState) -> None:
        job.state, job.ended_at = state, self._clock()
        for image in (image for group in job.sources.values() for source in group for image in source.images):
            self._images.release(image)
        job.sources = {}
        if state != "done":
            self._images.drop(job.preview)
            job.preview = None
        # Those behind move up.
        self._bump(job, *(other for other in self._jobs.values() if other.state == "queued"))

    def _forget(self, job: Job) -> None:
        self._images.drop(job.preview)
        self._images.drop(job.result)
        self._jobs.pop(job.id, None)

    def _bump(self, *jobs: Job) -> None:
        for job in jobs:
            job.revision += 1
            for wake in job.watchers:
                wake()

    def _status(self, job: Job) -> JobStatus:
        active = [other for other in self._jobs.values() if other.is_active]
        return job.status(active.index(job) if job.state == "queued" else 0, self._clock())
