"""Painter: the thread in which methods run. It can be interrupted wherever it is in Python code, and left behind where not.

A method learns at its next step that it was cancelled, and ends in order. Between two steps there may be seconds: a network is
loaded, a large picture is read, thousands of small sums are made. CPython can raise an exception in another thread, at the
next instruction of its Python code; that is how an impatient worker ends what does not come to a step. Such an exception must
not meet code that holds a lock which others need, so this thread shares nothing with the rest but two queues written in C,
and is let be where it is importing or logging.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Generic, TypeVar

from restyle.contract.errors import Cancelled

__all__ = ["Outcome", "Painter"]

T = TypeVar("T")
E = TypeVar("E")

DELICATE = ("<frozen importlib._bootstrap>", "logging/__init__.py", "threading.py")
"""Ends of the names of files whose code must not be torn: modules half imported, locks taken and not yet to be given back."""


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """How a piece of work ended: with a value or with an error."""

    value: T | None = None
    error: BaseException | None = None


class Painter(Generic[T, E]):
    """One thread that does one piece of work at a time; what it tells meanwhile are values of E, how it ends is an Outcome.

    Its methods are for one other thread, the worker's; ``tell`` is for the work itself.
    """

    def __init__(self) -> None:
        self._given: SimpleQueue[tuple[int, Callable[[], T]] | None] = SimpleQueue()
        self._told: SimpleQueue[tuple[int, E | Outcome[T]]] = SimpleQueue()
        self._number = 0
        self._done = 0
        # A daemon: work that never ends must not keep the process alive.
        self._thread = threading.Thread(target=self._work, name="painter", daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether the thread still runs."""
        return self._thread.is_alive()

    def wait(self, timeout_s: float) -> None:
        """Wait for the thread's end after it was dismissed or abandoned."""
        self._thread.join(timeout_s)

    def begin(self, work: Callable[[Callable[[E], None]], T]) -> None:
        """Start ``work(tell)``."""
        # One that was meant for the work before and came too late.
        self._raise(None)
        self._number += 1
        number = self._number

        def tell(event: E) -> None:
            self._told.put((number, event))

        self._given.put((number, lambda: work(tell)))

    def next_event(self, timeout_s: float) -> E | Outcome[T] | None:
        """What the work told next, or how it ended; None where nothing happens for ``timeout_s``."""
        try:
            number, event = self._told.get(timeout=timeout_s)
        except Empty:
            return None
        return event if number == self._number else None

    def interrupt(self) -> bool:
        """Raise Cancelled in the work, at the next instruction of its Python code; False, and nothing done, where that would do
        harm just now."""
        frame = sys._current_frames().get(self._thread.ident or 0)
        if any(file.replace("\\", "/").endswith(DELICATE) for file in _files(frame)):
            return False
        self._raise(Cancelled)
        return True

    def dismiss(self) -> None:
        """Let the thread end after its work."""
        self._raise(None)
        self._given.put(None)

    def abandon(self) -> None:
        """Leave the thread to itself: whatever its work sits in, it ends as soon as that returns."""
        self._given.put(None)
        self._raise(Cancelled)

    def _raise(self, error: type[BaseException] | None) -> None:
        thread = ctypes.c_ulong(self._thread.ident or 0)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, None if error is None else ctypes.py_object(error))

    def _work(self) -> None:
        is_wanted = True
        while is_wanted:
            try:
                is_wanted = self._do_next()
            except Cancelled as error:
                # An interrupt between the end of the work and the word of it; where that is out already, this one is ignored.
                self._told.put((self._done, Outcome(error=error)))

    def _do_next(self) -> bool:
        given = self._given.get()
        if given is None:
            return False
        self._done, work = given
        self._told.put((self._done, _outcome_of(work)))
        return True


def _outcome_of(work: Callable[[], T]) -> Outcome[T]:
    try:
        return Outcome(work())
    except BaseException as error:  # whatever ends the work, the thread goes on and the worker decides
        return Outcome(error=error)


def _files(frame: FrameType | None) -> Iterator[str]:
    """The files whose code is being run, from the innermost out to the work; none where there is no work."""
    while frame is not None and frame.f_code is not Painter._do_next.__code__:
        yield frame.f_code.co_filename
        frame = frame.f_back
