"""Which network dreams, and which of its layers sees what."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from torch import Tensor

from restyle.context import Context
from restyle.features.perceptual import PerceptualName, automatic_network, load_perceptual
from restyle.filters.deep_dream import DeepDreamParams, Seen
from restyle.models.cache import Placement
from restyle.models.foreign.readers import read_state_dict
from restyle.networks.googlenet import GoogLeNet, googlenet_from_state_dict

__all__ = ["Dreamer", "dreamer_name", "load_dreamer"]

Network = Callable[[Tensor, Collection[str]], dict[str, Tensor]]
DreamerName = PerceptualName | Literal["googlenet"]

# Chosen by eye, of the deep encoder's layers.
_VGG_LAYERS: dict[Seen, str] = {
    "strokes": "relu2_2",
    "eddies": "relu3_2",
    "weave": "relu3_4",
    "scales": "relu4_2",
    "folds": "relu4_4",
    "forms": "relu5_1",
}
# As the first dreams were shown: conv2/3x3 for strokes, inception_3b for patterns, inception_4c for eyes and animals.
_GOOGLENET_LAYERS: dict[Seen, str] = {
    "strokes": "conv3",
    "eddies": "inception3a",
    "weave": "inception3b",
    "scales": "inception4b",
    "folds": "inception4c",
    "forms": "inception4d",
}
PACE: dict[Seen, float] = {"strokes": 0.5, "eddies": 0.7, "weave": 0.9, "scales": 1.0, "folds": 1.0, "forms": 1.1}
"""Of a step: what is small has its full contrast sooner."""


@dataclass(frozen=True)
class Dreamer:
    """A network on its device, the layer that sees what is dreamt of, and how long its steps are, about 1."""

    network: Network
    layer: str
    pace: float

    def see(self, picture: Tensor) -> Tensor:
        """The layer's activations (1, C, h, w) in float32 of a picture (1, 3, H, W) in 0..1."""
        return self.network(picture, (self.layer,))[self.layer].float()


def dreamer_name(params: DeepDreamParams, context: Context) -> DreamerName:
    """The network that ``params`` ask for: automatic is GoogLeNet where it is here, else VGG-19, else the one in the box."""
    if params.features == "automatic":
        return "googlenet" if context.store.has("googlenet") else automatic_network(context)
    return "deep" if params.features == "compact" else params.features


def load_dreamer(params: DeepDreamParams, context: Context) -> Dreamer:
    """The network and the layer that ``params`` ask for; raises WeightsUnavailable, WeightsDamaged."""
    name = dreamer_name(params, context)
    pace = PACE[params.seen]
    if name == "googlenet":
        return Dreamer(_load_googlenet(context), _GOOGLENET_LAYERS[params.seen], pace)
    return Dreamer(load_perceptual(name, context), _VGG_LAYERS[params.seen], pace)


def _load_googlenet(context: Context) -> GoogLeNet:
    def build(path: Path) -> GoogLeNet:
        return googlenet_from_state_dict(read_state_dict(path))

    return context.store.network("googlenet", ("GoogLeNet",), build, Placement.of(context.device))
