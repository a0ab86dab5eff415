"""JobQueue: what clients asked for; one job runs at a time.

The HTTP side submits, watches and cancels from the event loop; the worker's thread takes, reports and ends. Each job
has a lease: when nobody asks after it for ``lease_s``, it is cancelled, since GIMP ends a cancelled plug-in without a
word.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from restyle.contract.errors import (
    Cancelled,
    QuotaExceeded,
    RestyleError,
    ServerLeaving,
    ServerStopped,
    TooManyJobs,
    UnknownImage,
    UnknownJob,
)
from restyle.contract.progress import Report
from restyle.contract.request import Use
from restyle.contract.result import Result
from restyle.contract.sentence import said
from restyle.service.images import ImageStore, StoredImage
from restyle.service.job import RESULT, Job, Shown, Terms
from restyle.service.order import Turns, superseded
from restyle.service.users import HERE
from restyle.service.wire import JobState, JobStatus

if TYPE_CHECKING:
    from restyle.pictures.image import Image

__all__ = ["JobQueue"]

LEASE_S = 10.0
"""Clients ask at least every few seconds; a long poll renews the lease all the while."""

KEPT_S = 300.0
"""An ended job, with its result, waits this long for its client to ask for it."""

MAXIMUM_ACTIVE = 16
"""Jobs running and waiting; more would wait longer than anybody does."""


class JobQueue:
    """The jobs of all clients. Safe to use from several threads."""

    def __init__(
        self,
        images: ImageStore,
        lease_s: float = LEASE_S,
        clock: Callable[[], float] = time.monotonic,
        most_of_a_member: int = MAXIMUM_ACTIVE,
    ) -> None:
        self._images = images
        self._most_of_a_member = most_of_a_member
        self._turns = Turns()
        self._lease_s = lease_s
        self._clock = clock
        self._changed = threading.Condition(threading.RLock())
        self._jobs: dict[str, Job] = {}
        self._is_closed = False
        self._is_stopped = False

    # For the HTTP side

    def submit(self, use: Use[Any], images: dict[str, StoredImage], terms: Terms = RESULT) -> JobStatus:
        """Append a job; it releases its images when it ends. The previews that it supersedes are cancelled.

        Raises ServerLeaving, TooManyJobs, QuotaExceeded.
        """
        with self._changed:
            self._check_room(terms.user)
            job = Job(use, images, self._clock(), terms)
            for other in superseded(job, self._jobs.values()):
                self._cancel(other, Cancelled())
            self._jobs[job.id] = job
            self._changed.notify_all()
            return self._status(job)

    def status(self, job_id: str) -> JobStatus:
        """How the job stands; raises UnknownJob."""
        with self._changed:
            return self._status(self._find(job_id))

    def file(self, job_id: str, name: str) -> bytes:
        """A file that the job made; raises UnknownJob, UnknownImage."""
        with self._changed:
            files = self._find(job_id).files
            if name not in files:
                raise UnknownImage
            return files[name]

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

    def hang_up(self, job_id: str) -> None:
        """Whoever watched the job has left without a word: its lease ends soon, so that others need not wait for that."""
        with self._changed:
            if job_id in self._jobs:
                self._jobs[job_id].be_left(self._clock(), self._lease_s)

    def preview(self, job_id: str) -> Shown:
        """The latest picture of what is being painted, if there is any; asking has more made. Raises UnknownJob."""
        with self._changed:
            job = self._find(job_id)
            job.want_preview(self._clock())
            return job.shown

    def delete(self, job_id: str) -> None:
        """Cancel the job, or forget it with its pictures where it has ended; nothing happens where it is unknown."""
        with self._changed:
            job = self._jobs.get(job_id)
            if job is not None and job.is_active:
                self._cancel(job, Cancelled())
            elif job is not None:
                self._forget(job)

    def expire(self) -> None:
        """Cancel the jobs that nobody asks after; forget those that ended some minutes ago."""
        with self._changed:
            now = self._clock()
            for job in list(self._jobs.values()):
                if job.is_active and self._is_abandoned(job):
                    self._cancel(job, Cancelled())
                if job.ended_at is not None and max(job.ended_at, job.seen_at) + KEPT_S <= now:
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
            return any(job.pictures and not self._is_abandoned(job) for job in self._jobs.values())

    def close(self) -> None:
        """Take no more jobs."""
        with self._changed:
            self._is_closed = True

    def cancel_all(self) -> None:
        """End every job that waits or runs, because the server is stopped."""
        with self._changed:
            for job in self._jobs.values():
                if job.is_active:
                    self._cancel(job, ServerStopped())

    def stop(self) -> None:
        """Take no more jobs, cancel all, and send the worker home."""
        self.close()
        self.cancel_all()
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()

    @property
    def is_stopped(self) -> bool:
        """Whether the worker shall go home."""
        return self._is_stopped

    # For the worker

    def take(self) -> Job | None:
        """Wait for the next job and mark it as running; None once the queue is stopped."""
        with self._changed:
            while not self._is_stopped:
                if waiting := self._waiting():
                    job = self._turns.take(waiting)
                    job.state, job.started_at = "running", self._clock()
                    self._bump(*waiting)
                    return job
                self._changed.wait()
            return None

    def set_device(self, job: Job, device: str | None) -> None:
        """Tell where the job runs."""
        with self._changed:
            job.device = device
            self._bump(job)

    def report(self, job: Job, report: Report, preview: Image | None = None) -> None:
        """Show a report of the running job; the ``preview`` takes the place of the one before."""
        with self._changed:
            if not job.is_active:
                return
            job.report = Report(report.step, report.of, report.message)
            self._bump(job)
            if preview is not None:
                self._images.drop(job.shown.image)
                stored, job.previewed_at = self._images.add_result(preview, job.terms.user), self._clock()
                job.shown = Shown(stored.id, job.revision, report.frame)

    def succeed(self, job: Job, result: Result, notes: list[str]) -> None:
        """End the job with what it made; where pictures take too much memory, drop the oldest that nobody asks after."""
        with self._changed:
            if job.is_cancelled:
                # The method was past its last step when the client left.
                self.fail(job, Cancelled())
                return
            if not job.is_active:
                return
            made = result.pictures.items()
            job.pictures = {name: self._images.add_result(picture, job.terms.user) for name, picture in made}
            job.files, job.notes = dict(result.files), notes
            self._end(job, "done")
            # One job runs at a time, so those that were submitted first ended first.
            older = [other for other in self._jobs.values() if other.pictures and other is not job and self._is_abandoned(other)]
            while older and self._images.is_full:
                self._forget(older.pop(0))

    def fail(self, job: Job, error: RestyleError) -> None:
        """End the job without a result; Cancelled is no failure, unless it was the server that was stopped."""
        with self._changed:
            if job.is_active:
                job.error = (job.cause or error) if isinstance(error, Cancelled) else error
                self._end(job, "cancelled" if isinstance(job.error, Cancelled) else "failed")

    # Under the lock

    def _check_room(self, user: str) -> None:
        if self._is_closed:
            raise ServerLeaving
        if user != HERE and self._active_count(user) >= self._most_of_a_member:
            raise QuotaExceeded(said("{count} jobs", count=self._most_of_a_member))
        # One place is left for whom the server belongs to: members alone never fill it.
        if self._active_count() >= (MAXIMUM_ACTIVE if user == HERE else MAXIMUM_ACTIVE - 1):
            raise TooManyJobs

    def _find(self, job_id: str) -> Job:
        if job_id not in self._jobs:
            raise UnknownJob
        job = self._jobs[job_id]
        job.seen_at = self._clock()
        return job

    def _is_abandoned(self, job: Job) -> bool:
        return not job.watchers and job.seen_at + self._lease_s <= self._clock()

    def _active_count(self, user: str | None = None) -> int:
        return sum(job.is_active and user in (None, job.terms.user) for job in self._jobs.values())

    def _waiting(self) -> list[Job]:
        return [job for job in self._jobs.values() if job.state == "queued"]

    def _cancel(self, job: Job, cause: RestyleError) -> None:
        if not job.is_cancelled:
            job.cancelled_at, job.cause = self._clock(), cause
        if job.state == "queued":
            self.fail(job, Cancelled())

    def _end(self, job: Job, state: JobState) -> None:
        job.state, job.ended_at = state, self._clock()
        for image in job.images.values():
            self._images.release(image)
        job.images = {}
        self._images.drop(job.shown.image)
        job.shown = job.shown._replace(image=None)
        # Those behind move up.
        self._bump(job, *self._waiting())

    def _forget(self, job: Job) -> None:
        for picture in job.pictures.values():
            self._images.drop(picture.id)
        self._jobs.pop(job.id, None)

    def _bump(self, *jobs: Job) -> None:
        for job in jobs:
            job.revision += 1
            for wake in job.watchers:
                wake()

    def _status(self, job: Job) -> JobStatus:
        position = 0
        if job.state == "queued":
            running = sum(other.state == "running" for other in self._jobs.values())
            position = running + self._turns.order(self._waiting()).index(job)
        return job.status(position, self._clock())
