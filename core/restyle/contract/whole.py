"""Whole numbers as JSON has them: other languages, and GIMP's spin buttons, give 1440.0 for 1440."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

__all__ = ["Whole", "as_whole"]


def as_whole(value: Any) -> Any:
    """The integer that a float is; everything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = Annotated[int, BeforeValidator(as_whole)]
"""An integer of a strict model."""
