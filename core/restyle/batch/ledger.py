"""Ledger: what a batch has made in a folder, and of what, so that it is not made again.

A line for each thing that happens, written behind those that are there: of a million pictures, the last costs no more than the
first, and a program that is killed leaves at worst half a line, which counts for nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from restyle.contract.errors import OutputUnwritable
from restyle.contract.sentence import said
from restyle.host.lock import Lock
from restyle.host.replacing import replacing

__all__ = ["NAME", "Ledger"]

NAME = ".restyle-batch.jsonl"
"""In the folder of the results."""

LOCK = ".restyle-batch.lock"
"""Beside it, held while a batch works there."""

BEING_MADE = "being made"
"""Stands for a fingerprint while a result is made: a batch that was stopped then may have left a file, which is its own."""


@dataclass
class Ledger:
    """By the name of each result in its folder, the fingerprint of what it was made of."""

    made: dict[str, str]
    _file: TextIO
    _before: dict[str, str | None] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def open(cls, folder: Path) -> Iterator[Ledger]:
        """The folder's, for this program alone; what is damaged of it is not known to be ours.

        Raises OutputUnwritable where another batch works there, OSError.
        """
        lock = Lock(folder / LOCK)
        if not lock.acquire():
            raise OutputUnwritable(folder, said("another batch is at work there; wait for it"))
        try:
            made = _read(folder / NAME)
            _write_anew(folder / NAME, made)
            with (folder / NAME).open("a", encoding="utf-8") as file:
                yield cls(made, file)
        finally:
            lock.release()

    def begin(self, name: str) -> None:
        """Keep that ``name`` is being made. Raises OSError."""
        self._before[name] = self.made.get(name)
        self._note(name, BEING_MADE)

    def finish(self, name: str, made_of: str) -> None:
        """Keep of what it was made. Raises OSError."""
        self._before.pop(name, None)
        self._note(name, made_of)

    def leave(self, name: str) -> None:
        """Nothing came of it: what was known of it before holds again. Raises OSError."""
        self._note(name, self._before.pop(name, None))

    def _note(self, name: str, made_of: str | None) -> None:
        if made_of is None:
            self.made.pop(name, None)
        else:
            self.made[name] = made_of
        self._file.write(_line(name, made_of))
        self._file.flush()


def _line(name: str, made_of: str | None) -> str:
    return json.dumps([name, made_of]) + "\n"


def _read(path: Path) -> dict[str, str]:
    made: dict[str, str] = {}
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return made
    for line in lines:
        with suppress(ValueError, TypeError):
            name, made_of = json.loads(line)
            if isinstance(name, str) and isinstance(made_of, str):
                made[name] = made_of
            elif isinstance(name, str) and made_of is None:
                made.pop(name, None)
    return made


def _write_anew(path: Path, made: dict[str, str]) -> None:
    """One line for each result, and an end to a line that was torn."""
    with replacing(path) as part:
        part.write_text("".join(_line(*item) for item in made.items()), encoding="utf-8")
