"""Guidance: what a filter declares that takes regions, said once for all of them."""

from typing import Any, Literal

from restyle.contract.filter import Input, InputKind
from restyle.contract.params import choice

__all__ = ["REGIONS_INPUT", "Mixing", "RegionSource", "region_source", "style_mixing"]

Mixing = Literal["blend", "regions"]
RegionSource = Literal["auto", "given"]

REGIONS_INPUT = Input(
    "regions",
    InputKind.REGIONS,
    "Regions",
    "Named parts of the photo and of each style: what is sky there guides what is sky here. A colour map or named masks.",
    minimum=0,
)


def region_source(default: RegionSource) -> Any:
    """The setting that says what happens where no regions are given; ``regions`` in every filter that has it."""
    return choice(
        default,
        title="Regions",
        description="Where no regions are given, find them automatically, or treat each picture as a whole.",
        labels={"auto": "Found automatically where none are given", "given": "Only those that are given"},
        dialog=False,
    )


def style_mixing() -> Any:
    """The setting that says how several styles share the photo; ``mixing`` in every filter that has it."""
    return choice(
        "blend",
        title="Several styles",
        description=(
            "Whether several styles are mixed, or each has regions of the photo to itself: in the order of the regions, and the "
            "last style paints what is left."
        ),
        labels={"blend": "All styles mixed everywhere, by their weights", "regions": "Each style in a region of its own"},
    )
