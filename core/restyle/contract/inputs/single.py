"""Single: an input that is one picture, which may be optional; the base of several kinds."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Field
from pydantic.fields import FieldInfo

from restyle.contract.inputs.base import Got, InputSpec, Put, option

__all__ = ["MAXIMUM_REF_LENGTH", "Single", "ref_field"]

MAXIMUM_REF_LENGTH = 4096
"""Uploads have ids of 64 characters, files have paths; what is longer is refused before it is looked up."""


@dataclass(frozen=True)
class Single(InputSpec[str, Got]):
    """One picture, by its ref."""

    def field(self, filter_name: str) -> tuple[Any, FieldInfo]:
        """A ref, or null where the input is optional."""
        return (str, ref_field(self.description)) if self.minimum else (str | None, ref_field(self.description, None))

    def required(self, ref: str) -> str | None:
        """The ref, if there must be one."""
        return ref if self.minimum else None

    def refs(self, value: str | None) -> Iterator[str]:
        """The one ref."""
        if value is not None:
            yield value

    def from_python(self, given: Mapping[str, Any], put: Put) -> str | None:
        """The picture of this name."""
        picture = given.get(self.name)
        return None if picture is None else put(picture)

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--NAME PICTURE``."""
        parser.add_argument(
            option(self.name), dest=self.name, metavar="PICTURE", required=bool(self.minimum), help=self.description
        )

    def from_options(self, options: argparse.Namespace) -> str | None:
        """The path that was given."""
        path: str | None = getattr(options, self.name)
        return path


def ref_field(description: str, default: Any = ...) -> FieldInfo:
    """The field of one ref."""
    info: FieldInfo = Field(default, min_length=1, max_length=MAXIMUM_REF_LENGTH, description=description)
    return info
