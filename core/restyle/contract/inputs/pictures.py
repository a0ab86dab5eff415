"""Pictures: files or layers beside the active one, each with a weight, regions and a region to paint, as a filter takes them."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from numbers import Real
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic.fields import FieldInfo

from restyle.contract.errors import InvalidInput
from restyle.contract.inputs.base import InputSpec, Opener, Preparation, Put, option, parsed
from restyle.contract.inputs.regions import (
    MAXIMUM_NAME_LENGTH,
    RegionsValue,
    add_region_options,
    region_refs,
    regions_from_options,
    regions_from_python,
)
from restyle.contract.inputs.single import MAXIMUM_REF_LENGTH
from restyle.contract.loaded import Style
from restyle.contract.sentence import said

if TYPE_CHECKING:
    from restyle.pictures.image import Image

__all__ = ["PictureRef", "Pictures"]

MAXIMUM_WEIGHT = 1e6
"""Weights are relative to their sum; more would drown the others in rounding errors."""

_NOTHING_WEIGHS = said("All styles have the weight 0; give at least one of them more.")


class PictureRef(BaseModel):
    """One picture among several, with all that any filter may take of it."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    image: str = Field(min_length=1, max_length=MAXIMUM_REF_LENGTH, description="The picture.")
    weight: float = Field(
        default=1.0, gt=0, le=MAXIMUM_WEIGHT, allow_inf_nan=False, description="Its share, relative to the sum of all."
    )
    regions: RegionsValue = Field(default=None, description="Its regions: what has the name of one of the photo's guides that.")
    region: str | None = Field(
        default=None,
        min_length=1,
        max_length=MAXIMUM_NAME_LENGTH,
        description="The name of the one region of the photo that it shall paint; the other pictures take those that are left.",
    )


@dataclass(frozen=True)
class Pictures(InputSpec[list[PictureRef], tuple[Style, ...]]):
    """``minimum`` to ``maximum`` pictures; methods get Style values.

    ``weighted``: each has a weight. ``guided``: each may have regions. ``shared``: each may name the region that it paints.
    ``offered``: Restyle has pictures of its own to choose from. ``unless``: a parameter with whose choice none is needed; one is
    without, whatever ``minimum`` says.
    """

    weighted: bool = False
    guided: bool = False
    shared: bool = False
    offered: bool = False
    unless: str = ""

    kind: ClassVar[str] = "pictures"

    @property
    def absent(self) -> tuple[Style, ...]:
        """None of them."""
        return ()

    def describe(self) -> dict[str, Any]:
        """With what each picture may have."""
        has = {"weighted": self.weighted, "guided": self.guided, "shared": self.shared, "offered": self.offered}
        return super().describe() | has | ({"unless": self.unless} if self.unless else {})

    def field(self, filter_name: str) -> tuple[Any, FieldInfo]:
        """A list of pictures, each with just what this filter takes."""
        default: Any = ... if self.minimum else []
        bounds: Any = {"min_length": self.minimum, "max_length": self.maximum}
        return list[self._form(filter_name)], Field(default, description=self.description, **bounds)  # type: ignore[misc]

    def required(self, ref: str) -> list[PictureRef] | None:
        """As many pictures as there must be."""
        return [PictureRef(image=ref)] * self.minimum or None

    def refs(self, value: list[PictureRef] | None) -> Iterator[str]:
        """Each picture's, and those of its regions."""
        for picture in value or ():
            yield picture.image
            yield from region_refs(_regions(picture))

    def guides(self, value: list[PictureRef] | None) -> tuple[RegionsValue, ...]:
        """The regions of each picture."""
        return tuple(_regions(picture) for picture in value or ())

    def load(self, value: list[PictureRef] | None, opener: Opener) -> tuple[Style, ...]:
        """The pictures."""
        return tuple(
            Style(
                opener.picture(picture.image),
                getattr(picture, "weight", 1.0),
                opener.regions(_regions(picture)),
                getattr(picture, "region", None),
            )
            for picture in value or ()
        )

    def prepare(self, loaded: tuple[Style, ...], preparation: Preparation) -> tuple[Style, ...]:
        """All of each, with its regions."""
        return tuple(
            replace(style, image=preparation.picture(style.image), regions=preparation.regions_of(style.regions, style.image))
            for style in loaded
        )

    def check(self, loaded: tuple[Style, ...]) -> None:
        """Weights have to be numbers from 0 up, and one of them more."""
        weights = [style.weight for style in loaded]
        if not all(math.isfinite(weight) and weight >= 0 for weight in weights):
            raise InvalidInput(said("A style's weight is no number from 0 up; give each style another weight."))
        if weights and not sum(weights) > 0:
            raise InvalidInput(_NOTHING_WEIGHS)

    def beside(self, loaded: tuple[Style, ...]) -> tuple[Image, ...]:
        """All of them."""
        return tuple(style.image for style in loaded)

    def from_python(self, given: Mapping[str, Any], put: Put) -> list[PictureRef] | None:
        """Pictures or Style values; ``SINGULAR_regions`` are regions for each in turn."""
        if given.get(self.name) is None:
            return None
        pictures, guides = _several(given[self.name]), _several(given.get(self._guides) or ())
        if len(guides) > len(pictures):
            raise InvalidInput(f"There are {len(pictures)} {self.name} and regions for {len(guides)}; leave some out.")
        padded = [*guides, *[None] * (len(pictures) - len(guides))]
        return _counting([_from_python(picture, guide, put) for picture, guide in zip(pictures, padded, strict=True)])

    def python_names(self) -> tuple[str, ...]:
        """The pictures' name and their regions'."""
        return (self.name, self._guides) if self.guided else (self.name,)

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--SINGULAR PICTURE``, repeated, with weights, regions and a region to paint where the filter takes them."""
        one, several = self.singular, f"; up to {self.maximum} times" if self.maximum > 1 else ""
        text = f"{self.description.rstrip('.')}{several}"
        parser.add_argument(option(one), dest=self.name, action="append", default=[], metavar="PICTURE", help=text)
        if self.weighted:
            text = f"weight of each {option(one)}, in turn"
            name = f"{one}_weight"
            parser.add_argument(option(name), dest=name, type=float, action="append", default=[], metavar="WEIGHT", help=text)
        if self.guided:
            add_region_options(parser, self._guides, "the style's", each=option(one))
        if self.shared:
            text = f"the region of the photo that each {option(one)} alone paints, in turn; further ones take those that are left"
            parser.add_argument(option(f"{one}_in"), dest=f"{one}_in", action="append", default=[], metavar="REGION", help=text)

    def from_options(self, options: argparse.Namespace) -> list[PictureRef] | None:
        """The pictures with what was given for each, paths as refs."""
        paths: list[str] = getattr(options, self.name)
        weights = self._weights(options, len(paths))
        guides = self._guides_from_options(options, len(paths))
        own = getattr(options, f"{self.singular}_in", [])
        if len(own) > len(paths):
            flag = option(f"{self.singular}_in")
            raise InvalidInput(f"There are {len(paths)} {self.name} and {len(own)} {flag}; give each one region at most.")
        own = [*own, *[None] * (len(paths) - len(own))]
        rows = zip(paths, weights, guides, own, strict=True)
        return _counting([_parsed(path, weight, guide, region) for path, weight, guide, region in rows]) or None

    @property
    def _guides(self) -> str:
        return f"{self.singular}_regions"

    def _form(self, filter_name: str) -> type[BaseModel]:
        """A model with just the fields that this filter takes of a picture."""
        wanted = {"image": True, "weight": self.weighted, "regions": self.guided, "region": self.shared}
        fields: dict[str, Any] = {name: (info.annotation, info) for name, info in PictureRef.model_fields.items() if wanted[name]}
        title = f"{filter_name}{self.name.title().replace('_', '')}"
        return create_model(title, __config__=PictureRef.model_config, **fields)

    def _weights(self, options: argparse.Namespace, count: int) -> list[float]:
        flag = option(f"{self.singular}_weight")
        weights: list[float] = getattr(options, f"{self.singular}_weight", [])
        if weights and len(weights) != count:
            one = option(self.singular)
            raise InvalidInput(f"There are {count} {self.name} and {len(weights)} weights; give each {one} one {flag}.")
        return weights or [1.0] * count

    def _guides_from_options(self, options: argparse.Namespace, count: int) -> list[RegionsValue]:
        if not self.guided:
            return [None] * count
        maps, masks = getattr(options, self._guides), getattr(options, self._guides[:-1])
        if maps and len(maps) != count:
            one = option(self.singular)
            raise InvalidInput(f"There are {count} {self.name} and {len(maps)} maps; give each {one} one {option(self._guides)}.")
        if masks and count != 1:
            flag = option(self._guides)
            raise InvalidInput(f"Masks by name are for a single {self.singular}; give several their regions by {flag}.")
        return [regions_from_options(path, masks) for path in maps or [None] * count]


def _regions(picture: Any) -> RegionsValue:
    value: RegionsValue = getattr(picture, "regions", None)
    return value


def _parsed(ref: str, weight: float, regions: RegionsValue, region: str | None) -> PictureRef | None:
    """One picture, None where its weight is 0."""
    if not isinstance(weight, Real) or not 0 <= weight <= MAXIMUM_WEIGHT:
        raise InvalidInput(f"The weight {weight} is no number from 0 to {MAXIMUM_WEIGHT:g}; give another weight.")
    return parsed(PictureRef, image=ref, weight=float(weight), regions=regions, region=region) if weight else None


def _counting(pictures: list[PictureRef | None]) -> list[PictureRef]:
    """Those that have any weight."""
    counting = [picture for picture in pictures if picture is not None]
    if pictures and not counting:
        raise InvalidInput(_NOTHING_WEIGHS)
    return counting


def _several(given: Any) -> Sequence[Any]:
    """The pictures of a Python call, where one may stand for a list of one; a path is no list of letters."""
    return given if isinstance(given, list | tuple) else (given,)


def _from_python(given: Any, regions: Any, put: Put) -> PictureRef | None:
    style = given if isinstance(given, Style) else Style(given)
    guide = regions_from_python(style.regions if regions is None else regions, put)
    return _parsed(put(style.image), style.weight, guide, style.region)
