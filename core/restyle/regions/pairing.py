"""Pairing: from pictures to pairs of their regions, whether regions were given or have to be found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from torch import Tensor

from restyle.context import Context
from restyle.contract.loaded import Guided, Style
from restyle.contract.sentence import said
from restyle.contract.settings import RegionSource
from restyle.features.perceptual import load_perceptual
from restyle.models.cache import ON_CPU
from restyle.networks.features import FeatureTrunk
from restyle.regions import Regions
from restyle.regions.automatic import find_regions
from restyle.regions.labels import Labeller, load_labellers
from restyle.regions.matching import RegionPair, match, whole
from restyle.regions.patches import Floats, Patches, cut_into_patches
from restyle.regions.similarity import distances

__all__ = ["Eyes", "Pairs", "content_regions", "load_eyes", "pair_regions"]

Pairs = tuple[RegionPair, ...]


@dataclass(frozen=True)
class Eyes:
    """What pictures are seen by: the network of textures, and those that know names."""

    textures: FeatureTrunk
    labellers: tuple[Labeller, ...]


class _Sight:
    """A picture (1, 3, H, W) as it is divided and described, as far as that is asked for; ``part`` names what has no name."""

    def __init__(self, pixels: Tensor, given: Regions | None, eyes: Eyes, part: str) -> None:
        self._pixels = pixels
        self._given = given
        self._eyes = eyes
        self._part = part

    @cached_property
    def regions(self) -> Regions:
        """The given regions, or those that are found."""
        return self._given or find_regions(self.patches, part=self._part)

    @cached_property
    def patches(self) -> Patches:
        """The picture in superpixels."""
        return cut_into_patches(self._pixels, self._eyes.textures, self._eyes.labellers)


def pair_regions(content: Guided, styles: Sequence[Style], source: RegionSource, context: Context) -> tuple[Pairs, ...]:
    """The pairs of regions of ``content`` and each of ``styles``, with the same regions of the content for all of them.

    Where regions are given for some pictures, those of the others are found; where for none, ``source`` says whether
    they are found or all styles get one pair that covers everything. Raises WeightsUnavailable, WeightsDamaged.
    """
    is_given = any(regions is not None for regions in (content.regions, *(style.regions for style in styles)))
    if not is_given and source == "given":
        return tuple(whole() for _ in styles)
    eyes = _open_eyes(context)
    sight = _sight_of_content(content, eyes)
    return tuple(_pairs(sight, _Sight(style.image.pixels, style.regions, eyes, "style part")) for style in styles)


def content_regions(content: Guided, context: Context) -> Regions:
    """The regions of the content: those that are given, or those that are found, in reading order.

    Raises WeightsUnavailable, WeightsDamaged.
    """
    return content.regions or _sight_of_content(content, _open_eyes(context)).regions.in_reading_order()


def load_eyes(context: Context) -> Eyes:
    """The networks that see regions: small enough for the CPU, whatever else the filter uses."""
    return Eyes(load_perceptual("compact", context, place=ON_CPU), load_labellers(context.store))


def _open_eyes(context: Context) -> Eyes:
    context.progress.step(0, of=1, message=said("Finding regions"))
    return load_eyes(context)


def _sight_of_content(content: Guided, eyes: Eyes) -> _Sight:
    # Numbers mean nothing from picture to picture, so the parts of styles are called otherwise.
    return _Sight(content.image.pixels, content.regions, eyes, "part")


def _pairs(content: _Sight, style: _Sight) -> Pairs:
    def unlikeness(first: Regions, second: Regions) -> Floats:
        return distances(first, content.patches, second, style.patches)

    return match(content.regions, style.regions, unlikeness)
