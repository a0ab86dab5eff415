"""Processes: several workers on this computer, each a process of its own with its part of the processors and of the memory."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, Any

from restyle.batch.crew import Crew, Outcome, Task
from restyle.batch.serving import READY
from restyle.contract.errors import Refused
from restyle.contract.sentence import said
from restyle.host.threads import usable_processors
from restyle.service.clients import Client

__all__ = ["Processes"]

TRIES = 2
"""A process may end for what another program has done; a picture that costs two of them is to blame itself."""

GRACE_S = 5.0
"""To take away what is half written."""

LISTEN_S = 0.5
"""Then a look at whether this program shall stop: a thread that waits without end is not told."""

_ENDED = None
"""What is heard of a worker last."""


@dataclass(eq=False)
class _Worker:
    """A process, and the task that it has; ``heard`` is where all of them tell what they say."""

    process: subprocess.Popen[bytes]
    heard: SimpleQueue[tuple[_Worker, Any]]
    task: Task | None = None
    is_ready: bool = False

    def say(self, value: object) -> None:
        """Send it; one that has ended is heard of as such."""
        with suppress(OSError):
            pickle.dump(value, _pipe(self.process.stdin))
            _pipe(self.process.stdin).flush()

    def listen(self) -> None:
        """Be a thread that waits for what it says."""
        with suppress(EOFError, OSError, pickle.UnpicklingError):
            while True:
                # It is this program's own, started by it.
                self.heard.put((self, pickle.load(_pipe(self.process.stdout))))  # noqa: S301
        self.heard.put((self, _ENDED))

    def end(self) -> None:
        """No process stays behind."""
        self.process.terminate()
        try:
            self.process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                _pipe(pipe).close()


@dataclass
class Processes(Crew):
    """``count`` processes, each with a copy of ``client``. A process that ends is replaced."""

    count: int
    client: Client
    _workers: list[_Worker] = field(default_factory=list)
    _heard: SimpleQueue[tuple[_Worker, Any]] = field(default_factory=SimpleQueue)
    _again: deque[Task] = field(default_factory=deque)
    _tries: dict[int, int] = field(default_factory=dict)

    def outcomes(self, tasks: Iterator[Task]) -> Iterator[Outcome]:
        """As they come."""
        try:
            while self._hand_out(tasks):
                try:
                    worker, said = self._heard.get(timeout=LISTEN_S)
                except Empty:
                    continue
                if said is _ENDED:
                    yield from self._lost(worker)
                elif said == READY:
                    worker.is_ready = True
                else:
                    worker.task = None
                    yield said
        finally:
            for worker in self._workers:
                worker.end()
            self._workers.clear()

    def _hand_out(self, tasks: Iterator[Task]) -> bool:
        """Give a task to each that has none, with as many workers as there is work for; whether any has one now."""
        for place in range(self.count):
            if place < len(self._workers) and self._workers[place].task is not None:
                continue
            task = self._again.popleft() if self._again else next(tasks, None)
            if task is None:
                break
            if place == len(self._workers):
                self._workers.append(self._started())
            self._workers[place].task = task
            self._workers[place].say(task)
        return any(worker.task is not None for worker in self._workers)

    def _lost(self, worker: _Worker) -> Iterator[Outcome]:
        """Put another in the place of a worker that has ended, and its task back; tell of a task that has cost too many."""
        status, task = worker.process.wait(), worker.task
        worker.end()
        self._workers.remove(worker)
        if not worker.is_ready:
            sentence = f"A worker ended while it started (status {status}); try again with --workers 1."
            raise Refused("worker-lost", sentence)
        if task is None:
            return
        self._tries[task.number] = self._tries.get(task.number, 0) + 1
        if self._tries[task.number] < TRIES:
            self._again.append(task)
            return
        problem = said(
            "The program that worked on it ended twice (status {status}), maybe for want of memory; try with --workers 1.",
            status=status,
        )
        yield Outcome(task, problem=problem, code="worker-lost")

    def _started(self) -> _Worker:
        threads = os.environ.get("OMP_NUM_THREADS") or max(usable_processors() // self.count, 1)
        process = subprocess.Popen(
            [sys.executable, "-m", "restyle.batch.serving"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "OMP_NUM_THREADS": str(threads)},
            # Ctrl+C reaches all of a terminal's processes; the batch's own tells its workers what to do.
            start_new_session=True,
        )
        worker = _Worker(process, self._heard)
        worker.say(self.client)
        Thread(target=worker.listen, daemon=True).start()
        return worker


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    """A pipe that was asked for is there."""
    if pipe is None:
        raise OSError
    return pipe
