"""Destinations: where the pictures of a use go. It loads no PyTorch, so that what cannot be written is said at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from restyle.contract.request import Use
from restyle.pictures.destination import Destination

__all__ = ["destinations_of"]


def destinations_of(use: Use[Any], output: Path) -> dict[str, Destination]:
    """Where each picture goes, by its name: the first as ``output``, all others beside it, with their names in the file's.

    Raises OutputUnwritable, before anything else is done.
    """
    names = [made.name for made in use.filter.outputs if made.kind == "picture"]
    paths = [output, *(output.with_stem(f"{output.stem}-{name}") for name in names[1:])]
    return {name: Destination.at(path) for name, path in zip(names, paths, strict=False)}
