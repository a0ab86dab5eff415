"""VGG-19 as torchvision describes it: which of the tensors that it publishes belongs to which layer."""

from __future__ import annotations

from functools import cache

import torch
from torch import nn

from restyle.networks.torchvision_parts import torchvision_module

__all__ = ["convolution_places"]


@cache
def convolution_places() -> dict[str, int]:
    """The number among torchvision's `features` of the convolution before each activation: `relu1_1` is features.0."""
    vgg = torchvision_module("torchvision.models.vgg")
    with torch.device("meta"):
        layers: nn.Sequential = vgg.make_layers(vgg.cfgs["E"], batch_norm=False)
    places, block, number = {}, 1, 0
    for place, layer in enumerate(layers):
        if isinstance(layer, nn.MaxPool2d):
            block, number = block + 1, 0
        elif isinstance(layer, nn.Conv2d):
            number += 1
            places[f"relu{block}_{number}"] = place
    return places
