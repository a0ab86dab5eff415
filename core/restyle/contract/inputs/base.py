"""InputSpec: what every kind of input says of itself, and what it may ask of those who open and prepare pictures.

Nothing else in the program asks for a kind: wire, command line, Python, dialog and the engine all go through these methods.
"""

from __future__ import annotations

import argparse
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar, cast

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from restyle.contract.errors import InvalidInput
from restyle.contract.refusals import reason_of
from restyle.contract.sentence import said

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

    from restyle.contract.inputs.regions import RegionsValue
    from restyle.pictures.image import Image
    from restyle.regions import Regions

    PictureLike = str | Path | Image | Tensor
    """A file, a picture at hand, or a mask (1, 1, H, W) in 0..1."""

__all__ = ["AnyInput", "InputSpec", "Opener", "Preparation", "Put", "Turning", "option", "parsed"]

Sent = TypeVar("Sent")
"""What stands for the input in a Request: JSON, with a ref for each picture."""

Got = TypeVar("Got")
"""What a method gets."""

Model = TypeVar("Model", bound=BaseModel)

Put = Callable[["PictureLike"], str]
"""Keeps a picture for the call and returns its ref."""


class Opener(Protocol):
    """Turns refs into pictures."""

    def picture(self, ref: str) -> Image:
        """The picture; raises InvalidImage, UnknownImage."""

    def mask(self, ref: str) -> Tensor:
        """A mask (1, 1, H, W) in 0..1: white is inside; raises InvalidImage, UnknownImage."""

    def regions(self, value: RegionsValue) -> Regions | None:
        """Regions; equal colours in the maps of one call have equal names."""


class Preparation(Protocol):
    """Makes of pictures what methods get to see: no transparency, colours in 0..1, large enough, the selected part."""

    def content(self, picture: Image) -> Image:
        """The selected part of the layer."""

    def selection(self, mask: Tensor) -> Tensor:
        """The same part of a mask over the layer."""

    def picture(self, picture: Image) -> Image:
        """All of another picture."""

    def content_regions(self, regions: Regions | None) -> Regions | None:
        """The regions of the selected part; None where there are none."""

    def regions_of(self, regions: Regions | None, picture: Image) -> Regions | None:
        """The regions of another picture, before it was prepared."""

    def place(self, x: int, y: int) -> tuple[int, int]:
        """Where the selected part begins, in pixels of what the layer lies at ``x``, ``y`` of."""


class Turning(Protocol):
    """Shows a turned, scaled part of the layer, and of what lies over it."""

    def picture(self, picture: Image) -> Image:
        """The part of the layer."""

    def mask(self, mask: Tensor) -> Tensor:
        """The part of a mask."""

    def regions(self, regions: Regions) -> Regions:
        """The part of the layer's regions."""


@dataclass(frozen=True)
class InputSpec(ABC, Generic[Sent, Got]):
    """One named input of a filter. ``kind`` is the word by which catalogue and plug-in know the class."""

    name: str
    title: str
    description: str
    minimum: int = 1
    maximum: int = 1

    kind: ClassVar[str]

    @property
    def absent(self) -> Got:
        """What a method gets where nothing was given: None, which only kinds promise that may be None."""
        return cast("Got", None)

    @property
    def singular(self) -> str:
        """The name of one of several: what options are called by."""
        return self.name.removesuffix("s")

    def describe(self) -> dict[str, Any]:
        """The input in the catalogue, JSON-ready."""
        names = ("name", "kind", "title", "description", "minimum", "maximum")
        return {name: getattr(self, name) for name in names}

    def count(self, value: Sent | Got | None) -> int:
        """How many pictures these are, whether sent or loaded."""
        if value is None:
            return 0
        return len(value) if isinstance(value, list | tuple) else 1

    @abstractmethod
    def field(self, filter_name: str) -> tuple[Any, FieldInfo]:
        """Type and field of the input in a Request; ``filter_name`` makes names of models unique."""

    @abstractmethod
    def required(self, ref: str) -> Sent | None:
        """The least that a request must give, with the same picture wherever there must be one; None where nothing must."""

    @abstractmethod
    def refs(self, value: Sent | None) -> Iterator[str]:
        """The refs of all pictures in the value, masks of regions included."""

    def guides(self, value: Sent | None) -> tuple[RegionsValue, ...]:
        """The regions in the value, in the order in which `load` asks for them."""
        return ()

    def shown_on(self, value: Sent | None) -> tuple[str, int, int] | None:
        """The ref of the picture that files show the result on, and where on it; None where they show the result alone."""
        return None

    @abstractmethod
    def load(self, value: Sent | None, opener: Opener) -> Got:
        """What a method gets, before it is prepared; raises what the opener raises."""

    @abstractmethod
    def prepare(self, loaded: Got, preparation: Preparation) -> Got:
        """What a method gets to see."""

    def check(self, loaded: Got) -> None:
        """Raises InvalidInput where what was given contradicts itself; how many there are is counted by others."""

    def turned(self, loaded: Got, turning: Turning) -> Got:
        """What a method gets that sees a turned part of the layer: what lies over it is turned, all else stays."""
        return loaded

    def beside(self, loaded: Got) -> tuple[Image, ...]:
        """The pictures beside the layer whose hues may come into what is made of it."""
        return ()

    @abstractmethod
    def from_python(self, given: Mapping[str, Any], put: Put) -> Sent | None:
        """The value for what a Python call gives by name; None where it gives nothing. Raises InvalidInput."""

    def python_names(self) -> tuple[str, ...]:
        """The names by which a Python call gives this input."""
        return (self.name,)

    @abstractmethod
    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options that give this input on the command line."""

    @abstractmethod
    def from_options(self, options: argparse.Namespace) -> Sent | None:
        """The value for these options, with paths as refs; None where they give nothing. Raises InvalidInput."""


AnyInput = InputSpec[Any, Any]
"""An input of some kind: a filter has several of different types in one tuple."""


def option(name: str) -> str:
    """A name as an option of the command line."""
    return "--" + name.replace("_", "-")


def parsed(model: type[Model], **values: Any) -> Model:
    """A model of values that a person gave; raises InvalidInput with what does not fit."""
    try:
        return model(**values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(
            said("The {where} does not fit: {reason}; give another one.", where=where, reason=reason_of(first))
        ) from error
