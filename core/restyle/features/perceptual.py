"""The networks whose features say what a picture is like, by the name that a person chooses them by."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from restyle.context import Context
from restyle.models.cache import Placement
from restyle.models.foreign.readers import read_state_dict
from restyle.networks.encoder import CompactEncoder
from restyle.networks.features import FeatureTrunk, Padding, Pooling
from restyle.networks.vgg import vgg19_from_state_dict

__all__ = ["PerceptualName", "automatic_network", "load_perceptual"]

PerceptualName = Literal["compact", "deep", "vgg19"]
"""The compact encoder tells strokes and palette, the deep one forms as well; VGG-19 is what both imitate, and must be fetched."""


def automatic_network(context: Context) -> PerceptualName:
    """VGG-19 where it has been fetched, and else the deep one in the box."""
    return "vgg19" if context.store.has("vgg19") else "deep"


def load_perceptual(
    name: PerceptualName,
    context: Context,
    *,
    pooling: Pooling = "max",
    padding: Padding = "zeros",
    place: Placement | None = None,
) -> FeatureTrunk:
    """The network in its ``place``, or as the context's device prefers it; shared with all who load it, so nobody changes it.

    Raises WeightsUnavailable, WeightsDamaged.
    """
    place, store = place or Placement.of(context.device), context.store

    def narrow(path: Path) -> FeatureTrunk:
        return CompactEncoder.from_file(path, pooling, padding)

    def vgg19(path: Path) -> FeatureTrunk:
        return vgg19_from_state_dict(read_state_dict(path), pooling, padding=padding)

    if name == "vgg19":
        return store.network("vgg19", ("VGG-19", pooling, padding), vgg19, place)
    return store.network(f"{name}-encoder", (f"{name} encoder", pooling, padding), narrow, place)
