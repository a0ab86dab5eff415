"""Frames: ordered pictures with the time that each is shown."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from restyle.contract.inputs.base import InputSpec, Opener, Preparation, Put, option, parsed
from restyle.contract.inputs.single import MAXIMUM_REF_LENGTH
from restyle.contract.loaded import Frame
from restyle.contract.whole import Whole

__all__ = ["FrameRef", "Frames"]

DEFAULT_DURATION_MS = 100
"""GIMP's own for layers that name none."""

MOST_DURATION_MS = 3_600_000


class FrameRef(BaseModel):
    """One frame."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    image: str = Field(min_length=1, max_length=MAXIMUM_REF_LENGTH, description="The frame, as composed.")
    duration_ms: Whole = Field(default=DEFAULT_DURATION_MS, ge=0, le=MOST_DURATION_MS, description="How long it is shown.")


@dataclass(frozen=True)
class Frames(InputSpec[list[FrameRef], tuple[Frame, ...]]):
    """Pictures in their order; methods get Frame values."""

    maximum: int = 1000

    kind: ClassVar[str] = "frames"

    @property
    def absent(self) -> tuple[Frame, ...]:
        """None of them."""
        return ()

    def field(self, filter_name: str) -> tuple[Any, FieldInfo]:
        """A list of frames."""
        default: Any = ... if self.minimum else []
        bounds: Any = {"min_length": self.minimum, "max_length": self.maximum}
        return list[FrameRef], Field(default, description=self.description, **bounds)

    def required(self, ref: str) -> list[FrameRef] | None:
        """As many frames as there must be."""
        return [FrameRef(image=ref)] * self.minimum or None

    def refs(self, value: list[FrameRef] | None) -> Iterator[str]:
        """One for each frame."""
        for frame in value or ():
            yield frame.image

    def load(self, value: list[FrameRef] | None, opener: Opener) -> tuple[Frame, ...]:
        """The frames."""
        return tuple(Frame(opener.picture(frame.image), frame.duration_ms) for frame in value or ())

    def prepare(self, loaded: tuple[Frame, ...], preparation: Preparation) -> tuple[Frame, ...]:
        """All of each."""
        return tuple(Frame(preparation.picture(frame.image), frame.duration_ms) for frame in loaded)

    def from_python(self, given: Mapping[str, Any], put: Put) -> list[FrameRef] | None:
        """Pictures, or pairs of a picture and its duration in milliseconds."""
        frames = given.get(self.name)
        return None if frames is None else [_frame(frame, put) for frame in frames]

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--NAME PICTURE PICTURE … --duration MS``."""
        parser.add_argument(option(self.name), dest=self.name, nargs="+", default=[], metavar="PICTURE", help=self.description)
        parser.add_argument("--duration", type=int, default=DEFAULT_DURATION_MS, metavar="MS", help="how long each is shown")

    def from_options(self, options: argparse.Namespace) -> list[FrameRef] | None:
        """The paths, all with one duration."""
        return [parsed(FrameRef, image=path, duration_ms=options.duration) for path in getattr(options, self.name)] or None


def _frame(frame: Any, put: Put) -> FrameRef:
    picture, duration_ms = frame if isinstance(frame, tuple) and len(frame) == 2 else (frame, DEFAULT_DURATION_MS)
    return parsed(FrameRef, image=put(picture), duration_ms=duration_ms)
