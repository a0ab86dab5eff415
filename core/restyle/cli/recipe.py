"""Recipe: a request that "restyle FILTER … --save-request FILE" has written, for other pictures than its own."""

from __future__ import annotations

import argparse
from pathlib import Path

from pydantic import ValidationError

from restyle.cli.apply_filter import request_of
from restyle.contract.errors import InvalidInput
from restyle.contract.request import Request
from restyle.pictures.paths import ref_of

__all__ = ["read_recipe", "request_for"]


def read_recipe(file: str) -> Request:
    """The request that a file holds. Raises InvalidInput, OSError."""
    try:
        return Request.model_validate_json(Path(file).read_text(encoding="utf-8"))
    except (ValidationError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{file} holds no request; write one with --save-request.") from error


def request_for(source: Path, layer: str, options: argparse.Namespace, recipe: Request | None) -> Request:
    """The recipe, or what the options ask for, of ``source`` as the input ``layer``."""
    if recipe is not None:
        return recipe.model_copy(update={"inputs": {**recipe.inputs, layer: ref_of(source)}})
    return request_of(argparse.Namespace(**{**vars(options), layer: str(source)}))
