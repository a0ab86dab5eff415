"""torchvision's descriptions of networks, beside any PyTorch; loaded when they are asked for, since that takes seconds."""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from types import ModuleType

import torch

__all__ = ["torchvision_module"]

_SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)
"""Of the operators that torchvision's Python parts look up while they are imported."""


def torchvision_module(name: str) -> ModuleType:
    """The module of this full name, below ``torchvision.models``."""
    _made_importable()
    return import_module(name)


@cache
def _made_importable() -> torch.library.Library | None:
    """What has to live as long as torchvision's modules.

    Its compiled operators do not load beside a PyTorch that was built for another device. Nothing of them is used here, but
    their schemas have to be there; they are declared only where they are missing, since they may be only once.
    """
    try:
        import_module("torchvision.models")
    except RuntimeError:
        for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
            del sys.modules[name]
        library = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
        for schema in _SCHEMAS:
            library.define(schema)  # type: ignore[no-untyped-call]
        import_module("torchvision.models")
        return library
    return None
