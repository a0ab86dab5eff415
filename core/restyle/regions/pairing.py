"""Pairing: from a filter's inputs to pairs of regions, whether regions were given or have to be found."""

from __future__ import annotations

from restyle.context import Context
from restyle.guidance import RegionSource
from restyle.image import Image
from restyle.inputs import Inputs
from restyle.regions import Regions
from restyle.regions.matching import RegionPair, match, whole

__all__ = ["Pairs", "pair_regions"]

Pairs = tuple[RegionPair, ...]


def pair_regions(inputs: Inputs, source: RegionSource, context: Context) -> tuple[Pairs, ...]:
    """The pairs of regions for each of ``inputs.styles``; one pair that covers everything where there is no guidance.

    Where a picture has no regions but the other has, or where ``source`` is "auto", its regions are found.
    """
    return tuple(_pairs(inputs.content, inputs.regions, style.image, style.regions) for style in inputs.styles)


def _pairs(content: Image, content_regions: Regions | None, style: Image, style_regions: Regions | None) -> Pairs:
    if content_regions is None or style_regions is None:
        return whole()
    return match(content_regions, style_regions, content.pixels, style.pixels)
