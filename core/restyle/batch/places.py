"""Places: which pictures a batch works on, and where the result of each goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from restyle.contract.errors import InvalidInput
from restyle.contract.sentence import said
from restyle.pictures.destination import SUFFIXES

__all__ = ["Naming", "places"]

READABLE = (*SUFFIXES, ".bmp", ".gif", ".jp2", ".tga")
"""Endings that are taken for pictures in a folder."""

_WIDE = re.compile(r"\d{4}|[{}]")
"""In how a value shall be written: more letters than any name of a file has."""


@dataclass(frozen=True)
class Naming:
    """How results are called: in ``pattern``, {name}, {filter} and {number} are filled in. ``ending``: with its dot, "" for each
    picture's own, or PNG where that cannot be written."""

    folder: Path
    filter_id: str
    pattern: str = "{name}"
    ending: str = ""

    def stem(self, source: Path, number: int) -> str:
        """The name of a result without its ending. Raises InvalidInput."""
        values = {"name": source.stem, "filter": self.filter_id, "number": number}
        try:
            fields = list(Formatter().parse(self.pattern))
            # Neither attributes of values, nor widths that fill the memory.
            if any((field and field not in values) or _WIDE.search(form or "") for _, field, form, _ in fields):
                raise ValueError
            stem = self.pattern.format(**values)
        except (KeyError, IndexError, ValueError) as error:
            raise InvalidInput(f"{self.pattern} cannot be filled in; use {{name}}, {{filter}} and {{number}}.") from error
        if not stem or stem != Path(stem).name or "\\" in stem:
            raise InvalidInput(f"{self.pattern} makes no name of a file; leave folders to -o.")
        return stem

    def suffix(self, source: Path) -> str:
        """The ending of a result."""
        own = source.suffix.lower()
        return self.ending or (own if own in SUFFIXES else ".png")


def places(given: list[Path], naming: Naming) -> list[tuple[Path, Path]]:
    """Each picture of ``given`` files and folders, and where its result goes; a name that another has already gets a number.

    Raises InvalidInput, also where there is no picture at all.
    """
    sources = list(_sources(given))
    if not sources:
        raise InvalidInput(
            said("There is no picture in {names}; name pictures, or folders of them.", names=", ".join(map(str, given)))
        )
    taken: set[str] = set()
    originals = {source.resolve() for source in sources}
    found = []
    for number, source in enumerate(sources, 1):
        output = naming.folder / _free(naming.stem(source, number), naming.suffix(source), taken)
        taken.add(output.name.lower())
        if output.resolve() in originals:
            raise InvalidInput(
                said(
                    "The result of {source} would take the place of {output}; choose another folder or --name.",
                    source=source,
                    output=output,
                )
            )
        found.append((source, output))
    return found


def _free(stem: str, suffix: str, taken: set[str]) -> str:
    count, name = 1, stem + suffix
    while name.lower() in taken:
        count += 1
        name = f"{stem}-{count}{suffix}"
    return name


def _sources(given: list[Path]) -> Iterator[Path]:
    """Files as they are named, and the pictures in folders, by name."""
    for path in given:
        if path.is_dir():
            pictures = (item for item in sorted(path.iterdir()) if item.suffix.lower() in READABLE)
            yield from (item for item in pictures if not item.name.startswith("."))
        else:
            yield path
