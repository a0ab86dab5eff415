"""RegionMasks: named parts of the layer, as a mask for each name or as a map in flat colours."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from restyle.contract.errors import InvalidInput
from restyle.contract.inputs.base import InputSpec, Opener, Preparation, Put, Turning, option, parsed
from restyle.contract.inputs.single import MAXIMUM_REF_LENGTH

if TYPE_CHECKING:
    from restyle.regions import Regions

__all__ = [
    "MAXIMUM_REGIONS",
    "NamedMask",
    "RegionMap",
    "RegionMasks",
    "RegionsInput",
    "RegionsValue",
    "add_region_options",
    "region_refs",
    "regions_from_options",
    "regions_from_python",
]

MAXIMUM_REGIONS = 32
"""No picture has more parts that matter apart, and each costs a mask and a share of the work."""

MAXIMUM_NAME_LENGTH = 100
"""Names of regions are for people to read."""

_NAMED_MASK = "NAME=MASK"


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class NamedMask(_Sent):
    """One region: white is inside, black outside."""

    image: str = Field(min_length=1, max_length=MAXIMUM_REF_LENGTH, description="The mask; it stretches over its picture.")
    name: str = Field(min_length=1, max_length=MAXIMUM_NAME_LENGTH, description="What it shows; equal names guide each other.")


class RegionMap(_Sent):
    """Regions painted in flat colours; what is transparent is the rest."""

    map: str = Field(min_length=1, max_length=MAXIMUM_REF_LENGTH, description="The map; it stretches over its picture.")


class RegionMasks(_Sent):
    """Regions as a mask for each."""

    masks: list[NamedMask] = Field(min_length=1, max_length=MAXIMUM_REGIONS, description="They stretch over their picture.")


RegionsValue = RegionMap | RegionMasks | None
"""The regions of one picture, or None where there are none."""


@dataclass(frozen=True)
class RegionsInput(InputSpec[RegionsValue, "Regions | None"]):
    """Named soft masks, or a map in flat colours, of the layer; methods get Regions or None.

    ``names`` are those that mean something to the filter, where not all do: the plug-in finds what is called so by itself.
    """

    minimum: int = 0
    names: tuple[str, ...] = ()

    kind: ClassVar[str] = "regions"

    def describe(self) -> dict[str, Any]:
        """Its names, too."""
        return super().describe() | {"names": list(self.names)}

    def field(self, filter_name: str) -> tuple[Any, FieldInfo]:
        """A map, masks, or null."""
        info: Any = Field(default=None, description=self.description)
        return RegionsValue, info

    def required(self, ref: str) -> RegionsValue:
        """Regions are never required."""
        return None

    def refs(self, value: RegionsValue) -> Iterator[str]:
        """The map's, or one for each mask."""
        return region_refs(value)

    def guides(self, value: RegionsValue) -> tuple[RegionsValue, ...]:
        """The one value."""
        return (value,)

    def load(self, value: RegionsValue, opener: Opener) -> Regions | None:
        """The regions."""
        return opener.regions(value)

    def prepare(self, loaded: Regions | None, preparation: Preparation) -> Regions | None:
        """Those of the selected part."""
        return preparation.content_regions(loaded)

    def turned(self, loaded: Regions | None, turning: Turning) -> Regions | None:
        """Those of the part."""
        return None if loaded is None else turning.regions(loaded)

    def from_python(self, given: Mapping[str, Any], put: Put) -> RegionsValue:
        """Regions, a map, or {name: mask}."""
        return regions_from_python(given.get(self.name), put)

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--NAMES MAP`` or ``--NAME NAME=MASK``."""
        add_region_options(parser, self.name, "the photo's")

    def from_options(self, options: argparse.Namespace) -> RegionsValue:
        """A map or masks, with paths as refs."""
        return regions_from_options(getattr(options, self.name), getattr(options, self.singular))


def region_refs(value: RegionsValue) -> Iterator[str]:
    """The refs of one picture's regions."""
    if isinstance(value, RegionMap):
        yield value.map
    elif isinstance(value, RegionMasks):
        for mask in value.masks:
            yield mask.image


def regions_from_python(given: Any, put: Put) -> RegionsValue:
    """Regions, a map's picture, {name: mask}, or None, as a value."""
    if given is None:
        return None
    if hasattr(given, "names") and hasattr(given, "mask"):
        given = {name: given.mask(name) for name in given.names}
    if isinstance(given, Mapping):
        return _masks([(name, put(mask)) for name, mask in given.items()])
    return parsed(RegionMap, map=put(given))


def add_region_options(parser: argparse.ArgumentParser, name: str, whose: str, *, each: str = "") -> None:
    """Add ``--NAMES MAP`` and ``--NAME NAME=MASK``; ``each``: several pictures have a map each, called so."""
    if each:
        text = f"the regions of each {each}, in turn"
        parser.add_argument(option(name), dest=name, action="append", default=[], metavar="MAP", help=text)
    else:
        parser.add_argument(option(name), dest=name, metavar="MAP", help=f"{whose} regions, painted in flat colours")
    parser.add_argument(
        option(name[:-1]),
        dest=name[:-1],
        type=_named_mask,
        action="append",
        default=[],
        metavar=_NAMED_MASK,
        help=f"a region, {whose}: white is inside, and equal names guide each other; once for each region",
    )


def regions_from_options(path: str | None, masks: list[tuple[str, Path]]) -> RegionsValue:
    """The value for a map's path or for masks by name; raises InvalidInput where there are both."""
    if path and masks:
        raise InvalidInput(f"There are both a map, {path}, and masks by name; give one of them.")
    if path:
        return parsed(RegionMap, map=path)
    return _masks([(name, str(mask)) for name, mask in masks])


def _masks(named: list[tuple[str, str]]) -> RegionMasks | None:
    if len(named) > MAXIMUM_REGIONS:
        raise InvalidInput(f"There are {len(named)} regions, more than {MAXIMUM_REGIONS}; join some of them.")
    masks = [parsed(NamedMask, image=ref, name=name) for name, ref in named]
    return RegionMasks(masks=masks) if masks else None


def _named_mask(text: str) -> tuple[str, Path]:
    name, separator, path = text.partition("=")
    if not (name and separator and path):
        raise argparse.ArgumentTypeError(f"{text} is not of the form {_NAMED_MASK}")
    return name, Path(path)
