"""VGG-19 as torchvision describes it: which of the tensors that it publishes belongs to which layer.

torchvision is loaded when it is asked, and not before: it takes seconds, and only who fetched VGG-19 needs it.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from types import ModuleType

import torch
from torch import nn

__all__ = ["convolution_places"]

_SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)
"""Of the operators that torchvision's Python parts look up while they are imported."""


@cache
def convolution_places() -> dict[str, int]:
    """The number among torchvision's `features` of the convolution before each activation: `relu1_1` is features.0."""
    vgg, _ = _torchvision_vgg()
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


@cache
def _torchvision_vgg() -> tuple[ModuleType, torch.library.Library | None]:
    """torchvision's module, and what has to live as long as it.

    Its compiled operators do not load beside a PyTorch that was built for another device. Nothing of them is used here, but
    their schemas have to be there; they are declared only where they are missing, since they may be only once.
    """
    try:
        return import_module("torchvision.models.vgg"), None
    except RuntimeError:
        for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
            del sys.modules[name]
        library = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
        for schema in _SCHEMAS:
            library.define(schema)  # type: ignore[no-untyped-call]
        return import_module("torchvision.models.vgg"), library
