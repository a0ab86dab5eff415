"""Files that are whole or not there: written beside their place under a name of their own, and renamed at the end."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["part_beside", "replacing"]


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """The path to write to, which takes ``target``'s name at the end of the block, in one step; where it fails nothing changes.

    Raises OSError.
    """
    part = part_beside(target)
    try:
        yield part
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def part_beside(target: Path) -> Path:
    """A new name in the same folder: short whatever ``target`` is called, and hidden from lists of what is there."""
    return target.with_name(f".restyle-{secrets.token_hex(8)}.part")
