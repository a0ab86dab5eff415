"""Worker: the one thread that runs jobs, one after the other, and the only one that starts PyTorch."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from restyle.contract.errors import Cancelled, InternalError, OutOfMemory, RestyleError
from restyle.contract.progress import CallbackProgress
from restyle.service.job import Job
from restyle.service.jobs import JobQueue
from restyle.service.runner import Runner

__all__ = ["Worker"]

_log = logging.getLogger(__name__)


class Worker:
    """Takes jobs from the queue until it is stopped. ``log`` is what a user is asked to send after an unforeseen failure."""

    def __init__(self, jobs: JobQueue, runner: Runner, log: Path) -> None:
        self._jobs = jobs
        self._runner = runner
        self._log_path = log
        # A daemon: a method that does not come to its next step must not keep the process alive.
        self._thread = threading.Thread(target=self._work, name="worker", daemon=True)
        self.device: str | None = None
        self.is_warm = False

    def start(self) -> None:
        """Warm up, then run what comes."""
        self._thread.start()

    def stop(self, timeout_s: float) -> bool:
        """Cancel all and wait for the thread; False when it is still busy after ``timeout_s``."""
        self._jobs.stop()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _work(self) -> None:
        error = self._guarded(self._warm_up)
        if error is not None:
            _log.error("the warm-up failed: %s", error)
        self.is_warm = True
        while (job := self._jobs.take()) is not None:
            self._run(job)

    def _warm_up(self) -> None:
        self.device = self._runner.warm_up(lambda: self._jobs.active_count > 0)

    def _run(self, job: Job) -> None:
        def paint() -> None:
            self._jobs.set_device(job, self.device)
            progress = CallbackProgress(lambda report: self._jobs.report(job, report), lambda: job.is_cancelled)
            image = self._runner(job.filter, job.sources, job.params, progress)
            self._jobs.succeed(job, image, progress.notes)

        error = self._guarded(paint)
        if error is not None:
            self._jobs.fail(job, error)

    def _guarded(self, work: Callable[[], None]) -> RestyleError | None:
        """Do the work; what it raised, as one of ours."""
        try:
            work()
        except Cancelled as error:
            return error
        except RestyleError as error:
            _log.warning("a job failed: %s: %s", error.code, error)
            return error
        except MemoryError:
            _log.exception("too little memory")
            return OutOfMemory()
        except Exception:
            _log.exception("a job failed")
            return InternalError(self._log_path)
        return None
