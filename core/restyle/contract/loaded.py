"""Loaded: what a method gets, by input name, typed by the input's kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from restyle.contract.inputs.base import Got, InputSpec, Sent
    from restyle.pictures.image import Image
    from restyle.regions import Regions

__all__ = ["Frame", "Guided", "Loaded", "PlacedPicture", "Style"]


@dataclass(frozen=True)
class Style:
    """A style picture, its share among several (weights are relative to their sum), and its regions.

    ``region`` is the name of the one region of the content that it shall paint, where it shall paint no other.
    """

    image: Image
    weight: float = 1.0
    regions: Regions | None = None
    region: str | None = None


@dataclass(frozen=True)
class Guided:
    """A picture with its regions, where there are any."""

    image: Image
    regions: Regions | None = None


@dataclass(frozen=True)
class PlacedPicture:
    """A picture beneath the layer, whose top left corner lies at ``x``, ``y`` of it, in its pixels."""

    image: Image
    x: int = 0
    y: int = 0


@dataclass(frozen=True)
class Frame:
    """One of several pictures in order, shown for ``duration_ms``."""

    image: Image
    duration_ms: int


@dataclass(frozen=True)
class Loaded:
    """The inputs of one call. ``loaded[STYLES]`` is what STYLES, as it is declared, gives a method."""

    values: Mapping[str, object]

    def __getitem__(self, spec: InputSpec[Sent, Got]) -> Got:
        """What the input of this name holds; what is optional and was not given is as its kind says, None or ()."""
        return cast("Got", self.values.get(spec.name, spec.absent))

    def replaced(self, spec: InputSpec[Sent, Got], value: Got) -> Loaded:
        """The same with another value of one input."""
        return Loaded({**self.values, spec.name: value})
