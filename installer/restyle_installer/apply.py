"""Carry out a plan as a transaction: all of it, or nothing."""

from __future__ import annotations

import contextlib
import signal
import threading
from pathlib import Path
from typing import Callable, Iterator, Sequence

from .advice import advice
from .errors import InstallerError
from .journal import Journal
from .steps import Step, TidyFolder
from .words import _

__all__ = ["ENDING_SIGNALS", "Tools", "apply"]

ENDING_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""What `kill` and a closed terminal send; Windows has no SIGHUP."""


class Tools:
    """What steps need of the world besides files. `make_environment(path, scratch)` and `stop_server(home)` are given."""

    def __init__(self, make_environment: Callable[[Path, Path], None], stop_server: Callable[[Path], None]) -> None:
        self.make_environment = make_environment
        self.stop_server = stop_server


def apply(home: Path, steps: Sequence[Step], tools: Tools, before: Callable[[Step], None] = lambda step: None) -> None:
    """Do all steps in order. Raises what a step raised (InstallerError for OSError), after everything done was undone.

    `before` is called with each step before it is done: it tells the person, and lets tests interrupt anywhere.
    """
    if not steps:
        return
    journal = Journal.begin(home, [step.path for step in steps if isinstance(step, TidyFolder)])
    try:
        for step in steps:
            before(step)
            journal.intend(step.undo())
            step.do(tools)
        journal.commit([ending for ending in (step.ending() for step in steps) if ending])
    except BaseException as error:
        with _no_interruption():
            journal.settle()
        if isinstance(error, OSError):
            said = _("%s. Everything was put back as it was.") % error
            raise InstallerError(" ".join(part for part in (said, advice(str(error))) if part)) from error
        raise
    journal.settle()


@contextlib.contextmanager
def _no_interruption() -> Iterator[None]:
    """A second Ctrl-C must not stop what the first one asked for."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, *ENDING_SIGNALS)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
