"""Recipe files: requests that are written to be read again, for other pictures than their own."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from restyle.contract.errors import InvalidInput, OutputUnwritable
from restyle.contract.request import Request
from restyle.pictures.destination import writable
from restyle.pictures.paths import readable

__all__ = ["check_recipe_place", "read_recipe", "write_recipe"]

MOST_BYTES = 1 << 20
"""A request with four styles of 32 masks each takes a tenth, with the longest paths."""


def read_recipe(file: Path) -> Request:
    """The request that a file holds. Raises InvalidInput, OSError."""
    try:
        if readable(file).st_size > MOST_BYTES:
            raise ValueError
        return Request.model_validate_json(file.read_text(encoding="utf-8"))
    except (ValidationError, ValueError) as error:
        raise InvalidInput(f"{file} holds no request; write one with --save-request.") from error


def check_recipe_place(file: Path, output: Path) -> None:
    """Raises OutputUnwritable where a recipe cannot be written, or would take the place of something else."""
    if writable(file) == writable(output, probe=False):
        raise OutputUnwritable(file, "the result goes there")
    if file.exists():
        try:
            read_recipe(file)
        except (InvalidInput, OSError) as error:
            raise OutputUnwritable(file, "the file that is there holds no request") from error


def write_recipe(request: Request, file: Path) -> None:
    """Write a request to be read again. Raises OSError."""
    file.write_text(request.model_dump_json(indent=1) + "\n", encoding="utf-8")
