"""Around the method: what networks never see of a layer, and what they must not add to it."""

from __future__ import annotations

import torch
from torch import Tensor

from restyle.contract.filter import AnyFilter
from restyle.contract.inputs import Pictures
from restyle.contract.loaded import Loaded
from restyle.pictures.color import is_grey
from restyle.pictures.image import luma

__all__ = ["carried", "greyed", "is_all_grey"]


def carried(content: Tensor, made: Tensor) -> Tensor:
    """``made`` in 0..1 with what ``content``, of the same size, has beyond 0..1 (wide gamut, HDR) put back.

    Where the method changed nothing it is the content, bit for bit.
    """
    low, high = content.aminmax()
    if low >= 0 and high <= 1:
        return made
    seen = content.clamp(0, 1)
    # Not just made + beyond: that sum is rounded.
    return torch.where(made == seen, content, made + (content - seen))


def is_all_grey(declared: AnyFilter, inputs: Loaded) -> bool:
    """Whether nothing has a hue that could be painted with: neither the layer nor any of the pictures that stand beside it."""
    if declared.layer is None:
        return False
    pictures = [style.image for item in declared.inputs if isinstance(item, Pictures) for style in inputs[item]]
    return bool(pictures) and all(is_grey(picture.pixels) for picture in (inputs[declared.layer], *pictures))


def greyed(made: Tensor) -> Tensor:
    """The brightness of ``made``, three times: networks give greys a tint of what they learned."""
    return luma(made).expand_as(made).contiguous()
