"""Ledger: what a batch has made in a folder, and of what, so that it is not made again."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from restyle.contract.request import Use
from restyle.pictures.paths import path_of
from restyle.version import VERSION

__all__ = ["Ledger", "fingerprint"]

NAME = ".restyle-batch.json"
"""In the folder of the results."""

BEING_MADE = "being made"
"""Stands for a fingerprint while a result is made: a batch that was killed then has left a file that is its own."""


@dataclass
class Ledger:
    """By the name of each result in its folder, the fingerprint of what it was made of."""

    path: Path
    made: dict[str, str]

    @classmethod
    def of(cls, folder: Path) -> Ledger:
        """The folder's; an empty one where there is none, or it is damaged: then nothing that lies there is known to be ours."""
        path = folder / NAME
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            found = {}
        entries = found.items() if isinstance(found, dict) else ()
        return cls(path, {name: value for name, value in entries if isinstance(value, str)})

    @contextmanager
    def making(self, name: str, made_of: str) -> Iterator[None]:
        """Keep that ``name`` is being made, and at the end that it was, or what was known before. Raises OSError."""
        before = self.made.get(name)
        self._note(name, BEING_MADE)
        try:
            yield
        except BaseException:
            self._note(name, before)
            raise
        self._note(name, made_of)

    def _note(self, name: str, made_of: str | None) -> None:
        """At once and whole."""
        if made_of is None:
            del self.made[name]
        else:
            self.made[name] = made_of
        part = self.path.with_name(self.path.name + ".part")
        part.write_text(json.dumps(self.made, indent=1), encoding="utf-8")
        os.replace(part, self.path)


def fingerprint(use: Use[Any]) -> str:
    """Of what a use asks for, the pictures' files (by place, size and time), and this version. Raises OSError."""
    files = [(str(path.resolve()), path.stat().st_size, path.stat().st_mtime_ns) for path in map(path_of, use.refs())]
    asked = json.dumps([use.request().model_dump(mode="json"), files, VERSION], sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()
