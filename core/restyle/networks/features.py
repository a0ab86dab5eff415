"""VGG-19's first thirteen layers as named features, for any set of widths (Simonyan and Zisserman 2014, model E).

Layers are named after the activation, `relu1_1` ... `relu5_1`, where Gatys et al. write conv1_1 ... conv5_1. Convolutions pad
with zeros as VGG does: it is the fastest form and leaves teacher and student alike at the borders. Who minds the border
reflects the picture first and crops afterwards.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal, NamedTuple, Protocol, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

LAYERS = (
    "relu1_1", "relu1_2",
    "relu2_1", "relu2_2",
    "relu3_1", "relu3_2", "relu3_3", "relu3_4",
    "relu4_1", "relu4_2", "relu4_3", "relu4_4",
    "relu5_1",
)  # fmt: skip
IMAGENET_MEAN = (0.485, 0.456, 0.406)  # torchvision's normalisation of RGB in 0..1
IMAGENET_STD = (0.229, 0.224, 0.225)

Pooling = Literal["max", "average"]
Padding = Literal["zeros", "reflect"]


class Head(NamedTuple):
    """A 1x1 convolution from narrow to wide features: weight (wide, narrow), bias (wide,)."""

    weight: Tensor
    bias: Tensor


class FeatureExtractor(Protocol):
    """What losses and optimisation ask of a network."""

    def __call__(self, image: Tensor, layers: Collection[str]) -> dict[str, Tensor]:
        """Map RGB (N, 3, H, W) in 0..1 to the named activations, going no deeper than the deepest of them."""

    def head(self, layer: str) -> Head | None:
        """Return what leads from this layer's features to VGG-19's, or None where they are VGG-19's already."""


class FeatureTrunk(nn.Module):
    """Named activations of a VGG-shaped stack of 3x3 convolutions.

    `widths` gives the channels of each of `LAYERS` up to the last one built. The picture is normalised in its own dtype
    and then takes that of the weights, so that a bfloat16 network can be driven by a float32 picture. With `padding` "reflect"
    the border looks like the inside, for a few percent of the time.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, widths: Mapping[str, int], pooling: Pooling = "max", padding: Padding = "zeros") -> None:
        super().__init__()
        self.layers = tuple(widths)
        self.pooling = pooling
        self.convolutions = nn.ModuleDict()
        previous = 3
        for layer, width in widths.items():
            self.convolutions[layer] = nn.Conv2d(previous, width, kernel_size=3, padding=1, padding_mode=padding)
            previous = width
        self.register_buffer("mean", torch.tensor(IMAGENET_MEAN).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(IMAGENET_STD).view(1, 3, 1, 1))

    def forward(self, image: Tensor, layers: Collection[str]) -> dict[str, Tensor]:
        """Map RGB (N, 3, H, W) in 0..1 to the named activations (N, C, H / 2^k, W / 2^k); KeyError for an unknown name."""
        wanted = set(layers)
        if unknown := wanted.difference(self.layers):
            raise KeyError(f"no such layer in this network: {', '.join(sorted(unknown))}")
        features: dict[str, Tensor] = {}
        hidden = image
        for layer in self.layers:
            if len(features) == len(wanted):
                break
            hidden = F.relu(self.convolution(layer)(self.entering(layer, hidden)))
            if layer in wanted:
                features[layer] = hidden
        return features

    def entering(self, layer: str, before: Tensor) -> Tensor:
        """Return what the layer's convolution sees of the features of the layer before it, or of a picture for the first."""
        if layer == self.layers[0]:
            return self._normalized(before)
        return self._pooled(before) if layer.endswith("_1") else before

    def head(self, layer: str) -> Head | None:
        """Return what leads from this layer's features to VGG-19's, or None where they are VGG-19's already."""
        return None

    def convolution(self, layer: str) -> nn.Conv2d:
        """Return the convolution whose activation `layer` is."""
        return cast("nn.Conv2d", self.convolutions[layer])

    def _normalized(self, image: Tensor) -> Tensor:
        weight = next(iter(self.convolutions.parameters()))
        return ((image - self.mean.to(image.dtype)) / self.std.to(image.dtype)).to(weight.dtype)

    def _pooled(self, hidden: Tensor) -> Tensor:
        pool = F.max_pool2d if self.pooling == "max" else F.avg_pool2d
        return pool(hidden, kernel_size=2, stride=2)


def widths_until(last: str, widths: Mapping[str, int]) -> dict[str, int]:
    """Return the widths of the layers up to and including `last`; ValueError if it is none of them."""
    names = list(widths)
    return {name: widths[name] for name in names[: names.index(last) + 1]}


__all__ = ["LAYERS", "FeatureExtractor", "FeatureTrunk", "Head", "Padding", "Pooling", "widths_until"]
