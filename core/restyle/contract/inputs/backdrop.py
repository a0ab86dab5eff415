"""Backdrop: what lies beneath the layer, with the layer's place on it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from restyle.contract.errors import InvalidInput
from restyle.contract.inputs.base import InputSpec, Opener, Preparation, Put, option, parsed
from restyle.contract.inputs.single import MAXIMUM_REF_LENGTH
from restyle.contract.loaded import PlacedPicture
from restyle.contract.sentence import said
from restyle.contract.whole import Whole

if TYPE_CHECKING:
    from restyle.pictures.image import Image

__all__ = ["Backdrop", "PlacedRef"]

MOST_OFFSET_PX = 1 << 20
"""Twice GIMP's largest image: what lies farther away cannot be beneath."""


class PlacedRef(BaseModel):
    """A picture, and where on it the layer's top left corner lies, in its pixels; that may be outside."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    image: str = Field(min_length=1, max_length=MAXIMUM_REF_LENGTH, description="What lies beneath, as composed.")
    x: Whole = Field(default=0, ge=-MOST_OFFSET_PX, le=MOST_OFFSET_PX, description="Pixels from its left edge to the layer's.")
    y: Whole = Field(default=0, ge=-MOST_OFFSET_PX, le=MOST_OFFSET_PX, description="Pixels from its upper edge to the layer's.")
    layer: bool = Field(default=False, description="Whether files show the layer alone, and not lying on this picture.")


@dataclass(frozen=True)
class Backdrop(InputSpec[PlacedRef, "PlacedPicture | None"]):
    """What is seen beneath the layer: a painting, for instance. Methods get a PlacedPicture.

    Where it ``carries`` the result, files show the one lying on the other, and GIMP hides the layer that it stands for.
    """

    carries: bool = False

    kind: ClassVar[str] = "backdrop"

    def describe(self) -> dict[str, Any]:
        """Whether it carries the result, too."""
        return super().describe() | {"carries": self.carries}

    def field(self, filter_name: str) -> tuple[Any, FieldInfo]:
        """A placed ref, or null where the input is optional."""
        if self.minimum:
            return PlacedRef, Field(description=self.description)
        info: Any = Field(default=None, description=self.description)
        return PlacedRef | None, info

    def required(self, ref: str) -> PlacedRef | None:
        """The picture at its corner, if there must be one."""
        return PlacedRef(image=ref) if self.minimum else None

    def refs(self, value: PlacedRef | None) -> Iterator[str]:
        """The one ref."""
        if value is not None:
            yield value.image

    def shown_on(self, value: PlacedRef | None) -> tuple[str, int, int] | None:
        """Itself, where it carries the result and the layer alone was not asked for."""
        return (value.image, value.x, value.y) if self.carries and value is not None and not value.layer else None

    def load(self, value: PlacedRef | None, opener: Opener) -> PlacedPicture | None:
        """The picture with the layer's place."""
        return None if value is None else PlacedPicture(opener.picture(value.image), value.x, value.y)

    def prepare(self, loaded: PlacedPicture | None, preparation: Preparation) -> PlacedPicture | None:
        """All of it, filled where it is transparent and with its alpha, and the place of the selected part.

        Raises InvalidInput where nothing of it can be seen.
        """
        if loaded is None:
            return None
        alpha = loaded.image.alpha
        if alpha is not None and not bool((alpha > 0).any()):
            raise InvalidInput(said("Nothing can be seen beneath the layer: make what it shall lie on visible, and below it."))
        seen = preparation.picture(loaded.image)
        if (seen.height, seen.width) == (loaded.image.height, loaded.image.width):
            seen = replace(seen, alpha=alpha)
        return PlacedPicture(seen, *preparation.place(loaded.x, loaded.y))

    def from_python(self, given: Mapping[str, Any], put: Put) -> PlacedRef | None:
        """The picture of this name; ``at`` is the place, (0, 0) where it is not given."""
        picture: str | Image | None = given.get(self.name)
        at = given.get("at") or (0, 0)
        if not isinstance(at, tuple | list) or len(at) != 2:
            raise InvalidInput(f"The place {at} does not fit; give two whole numbers of pixels, (X, Y).")
        return None if picture is None else parsed(PlacedRef, image=put(picture), x=at[0], y=at[1])

    def python_names(self) -> tuple[str, ...]:
        """The picture's name and ``at``."""
        return self.name, "at"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--NAME PICTURE --at X,Y``, and ``--layer`` where it carries the result."""
        parser.add_argument(
            option(self.name), dest=self.name, metavar="PICTURE", required=bool(self.minimum), help=self.description
        )
        text = f"where on the {self.name} the input's top left corner lies, in pixels (--at=-5,0 outside of it)"
        parser.add_argument("--at", type=_place, default=(0, 0), metavar="X,Y", help=text)
        if self.carries:
            alone = f"write the painted layer alone, with its transparency, and not lying on the {self.name}"
            parser.add_argument("--layer", action="store_true", help=alone)

    def from_options(self, options: argparse.Namespace) -> PlacedRef | None:
        """The path with the place."""
        path, (x, y) = getattr(options, self.name), options.at
        return None if path is None else parsed(PlacedRef, image=path, x=x, y=y, layer=self.carries and options.layer)


def _place(text: str) -> tuple[int, int]:
    try:
        x, y = (int(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not of the form X,Y") from None
    return x, y
