"""Work: a batch from its first picture to its last. What was made before is left, what fails is told and costs no other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from restyle.batch.crew import Crew, Outcome, Task, checked
from restyle.batch.ledger import Ledger
from restyle.batch.parcel import OTHER_VERSION
from restyle.contract.errors import (
    DeviceUnavailable,
    DownloadFailed,
    HomeUnusable,
    MissingLibrary,
    OutputUnwritable,
    Refused,
    RestyleError,
    SystemRefused,
    WeightsDamaged,
    WeightsUnavailable,
)
from restyle.contract.request import Request
from restyle.contract.sentence import said
from restyle.engine.destinations import destinations_of
from restyle.engine.fingerprint import fingerprint

__all__ = ["AS_BEFORE", "DONE", "FAILED", "Batch", "Piece"]

DONE, AS_BEFORE, FAILED = "done", "as before", "failed"

COMMON = {
    error.code for error in (DeviceUnavailable, DownloadFailed, HomeUnusable, MissingLibrary, WeightsDamaged, WeightsUnavailable)
} | {
    "server-lost",
    OTHER_VERSION,
}
"""What is wrong with no picture, so that no other one would fare better: to go on would only say it a thousand times."""


@dataclass(frozen=True)
class Piece:
    """What became of one picture: ``state`` is one of the three above, ``reason`` says why it failed."""

    source: str
    output: str
    state: str
    seconds: float = 0.0
    reason: str = ""
    notes: tuple[str, ...] = ()


@dataclass
class Batch:
    """Pictures with the places of their results, what is asked of each, and who works on them.

    ``tell`` hears of each picture once, with the time that is left in seconds, None while that cannot be said.
    """

    places: list[tuple[Path, Path]]
    request_of: Callable[[Path], Request]
    crew: Crew
    tell: Callable[[Piece, float | None], None]
    is_again: bool = False

    def run(self, ledger: Ledger) -> None:
        """Work on all of them. Raises what ends a batch: RestyleError where no picture would fare better, OSError."""
        self._told, self._made, self._started = 0, 0, time.perf_counter()
        made_of: dict[int, str] = {}
        for outcome in self.crew.outcomes(self._wanted(ledger, made_of)):
            self._keep(ledger, outcome, made_of.pop(outcome.task.number))

    def _wanted(self, ledger: Ledger, made_of: dict[int, str]) -> Iterator[Task]:
        """The pictures that are to be worked on, each noted as being made when it is asked for; all others are told at once."""
        for number, (source, output) in enumerate(self.places):
            try:
                task = Task(number, source, output, self.request_of(source))
                found = self._due(ledger, task)
            except (RestyleError, OSError) as error:
                told = error if isinstance(error, RestyleError) else SystemRefused(error)
                self._tell(Piece(str(source), str(output), FAILED, reason=told.sentence))
                continue
            if found is None:
                self._tell(Piece(str(source), str(output), AS_BEFORE))
                continue
            made_of[number] = found
            ledger.begin(output.name)
            yield task

    def _due(self, ledger: Ledger, task: Task) -> str | None:
        """Of what a result would be made, None where it is there already. Raises OutputUnwritable, what `checked` raises."""
        use = checked(task.request)
        made_of, before = fingerprint(use), ledger.made.get(task.output.name)
        if not self.is_again and task.output.exists():
            if before == made_of:
                return None
            if before is None:
                raise OutputUnwritable(task.output, said("there is such a file already, and --again was not given"))
        destinations_of(use, task.output)
        return made_of

    def _keep(self, ledger: Ledger, outcome: Outcome, made_of: str) -> None:
        task = outcome.task
        if outcome.problem:
            ledger.leave(task.output.name)
        else:
            ledger.finish(task.output.name, made_of)
            self._made += 1
        if outcome.code in COMMON:
            raise Refused(outcome.code, outcome.problem)
        state = FAILED if outcome.problem else DONE
        self._tell(Piece(str(task.source), str(task.output), state, outcome.seconds, outcome.problem, outcome.notes))

    def _tell(self, piece: Piece) -> None:
        self._told += 1
        rest, passed = len(self.places) - self._told, time.perf_counter() - self._started
        self.tell(piece, passed / self._made * rest if self._made and rest else None)
