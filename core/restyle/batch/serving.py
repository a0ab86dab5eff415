"""Serving: the program that a worker of `Processes` is. Started by it alone: ``python -m restyle.batch.serving``.

It reads from its standard input what its client is, then one task after the other, and writes how each ended, all as pickles of
its own kin. It ends with its input, so that no worker outlives the batch that it belongs to.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from contextlib import suppress
from typing import BinaryIO

from restyle.batch.crew import attempt
from restyle.host.threads import let_threads_sleep

__all__ = ["READY"]

READY = "ready"
"""What it says first: one that ends before was never able to work."""


def main() -> None:
    """Work until there is no more."""
    signal.signal(signal.SIGTERM, _leave)
    let_threads_sleep()
    # Whatever else prints shall not come between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    questions = sys.stdin.buffer
    # Both ends are this program's own.
    client = pickle.load(questions)  # noqa: S301
    with suppress(EOFError, BrokenPipeError):  # the batch has ended
        _say(READY, answers)
        while True:
            _say(attempt(client, pickle.load(questions)), answers)  # noqa: S301


def _say(value: object, answers: BinaryIO) -> None:
    pickle.dump(value, answers)
    answers.flush()


def _leave(number: int, frame: object) -> None:
    """End as a program does that takes away what it has half written."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    main()
