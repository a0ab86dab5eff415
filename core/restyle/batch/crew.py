"""Crew: those who work on a batch's pictures, here or elsewhere, one or many; and what each of them does with one picture."""

from __future__ import annotations

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from restyle.contract.errors import Cancelled, InternalError, RestyleError, SystemRefused
from restyle.contract.progress import SilentProgress
from restyle.contract.request import Request, Use, check
from restyle.contract.sentence import said
from restyle.filters import find_filter
from restyle.service.clients import Client

__all__ = ["Alone", "Crew", "Outcome", "Task", "attempt", "checked"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Task:
    """What is to be made of one picture: ``request`` has paths as refs. ``number`` tells it from the batch's others."""

    number: int
    source: Path
    output: Path
    request: Request


@dataclass(frozen=True)
class Outcome:
    """How a task ended: with a ``problem`` in one sentence and its ``code``, or with none; ``notes`` are sentences, too."""

    task: Task
    seconds: float = 0.0
    problem: str = ""
    code: str = ""
    notes: tuple[str, ...] = ()


class Crew(ABC):
    """Works on tasks; what goes wrong with one is told in its outcome and costs no other."""

    @abstractmethod
    def outcomes(self, tasks: Iterator[Task]) -> Iterator[Outcome]:
        """Take a task whenever somebody has room for it, and tell how each of them ended, in any order.

        Left in the middle, nobody works on any more. Raises RestyleError where nobody can work on.
        """


class Alone(Crew):
    """One client, which works on one task after the other."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def outcomes(self, tasks: Iterator[Task]) -> Iterator[Outcome]:
        """One by one, in their order."""
        return (attempt(self._client, task) for task in tasks)


def attempt(client: Client, task: Task) -> Outcome:
    """Work on one task. Whatever goes wrong is in the outcome; only to be stopped is none."""
    started, progress, problem, code = time.perf_counter(), SilentProgress(), "", ""
    try:
        client.perform(checked(task.request), task.output, progress)
    except Cancelled:
        raise
    except RestyleError as error:
        problem, code = error.sentence, error.code
    except OSError as error:
        problem, code = SystemRefused(error).sentence, SystemRefused.code
    except Exception as error:  # a job's worker: a picture that nobody has thought of ends no batch
        _log.exception("%s", task.source)
        log = said("on standard error ({error})", error=f"{type(error).__name__}: {error}")
        problem, code = InternalError(log).sentence, InternalError.code
    return Outcome(task, round(time.perf_counter() - started, 3), problem, code, tuple(progress.notes))


def checked(request: Request) -> Use[Any]:
    """The request as a use, of whatever filter. Raises what ``check`` raises, UnknownFilter."""
    return check(find_filter(request.filter), request)
