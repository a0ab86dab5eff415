"""Carry out a plan as a transaction: all of it, or nothing."""

from __future__ import annotations

import contextlib
import signal
import threading

from .errors import InstallerError

__all__ = ["ENDING_SIGNALS", "Tools", "apply"]

ENDING_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""What `kill` and a closed terminal send; Windows has no SIGHUP."""


class Tools:
    """What steps need of the world besides files. `make_environment(path)` and `stop_server(home)` are given."""

    def __init__(self, make_environment, stop_server) -> None:
        self.make_environment = make_environment
        self.stop_server = stop_server
        self.endings: list = []

    def when_done(self, function, *arguments, **options) -> None:
        """To be called after the last step has succeeded, in the order of the steps."""
        self.endings.append((function, arguments, options))


def apply(steps: list, tools: Tools, before=lambda step: None) -> None:
    """Do all steps in order. Raises what a step raised (InstallerError for OSError), after everything done was undone.

    `before` is called with each step before it is done: it tells the person, and lets tests interrupt anywhere.
    """
    with contextlib.ExitStack() as undo:
        try:
            for step in steps:
                before(step)
                step.do(tools, undo)
        except BaseException as error:
            with _no_interruption():
                undo.close()
            if isinstance(error, OSError):
                raise InstallerError("%s. Everything was put back as it was." % error) from error
            raise
        undo.pop_all()
    for function, arguments, options in tools.endings:
        function(*arguments, **options)


@contextlib.contextmanager
def _no_interruption():
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
