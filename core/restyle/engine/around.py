"""Around the method: what networks never see of a layer, and what they must not add to it."""

from __future__ import annotations

import torch
from torch import Tensor

from restyle.contract.filter import AnyFilter
from restyle.contract.loaded import Loaded
from restyle.pictures.color import is_grey
from restyle.pictures.image import luma

__all__ = ["carried", "greyed", "is_all_grey"]


_NEW_COLOUR = 0.5
"""Of the range: a colour of which a channel was changed by as much is another, and has nothing of its hue to keep."""


def carried(content: Tensor, made: Tensor) -> Tensor:
    """``made`` in 0..1 with what ``content``, of the same size, has beyond 0..1 put back.

    Light above white (HDR) comes back whole. Colours that sRGB does not have (wide gamut) come back as far as the method left the
    colour alone: in full on what it did not change, which is the content, bit for bit, and not at all on what it painted over.
    """
    low, high = content.aminmax()
    if low >= 0 and high <= 1:
        return made
    seen = content.clamp(0, 1)
    light = (luma(content) - 1).clamp_min(0)
    change = (made - seen).abs().amax(1, keepdim=True)
    kept = (1 - change / _NEW_COLOUR).clamp_min(0)
    # Unchanged pixels are taken as they are: the sum is rounded.
    return torch.where(change == 0, content, made + light + (content - seen - light) * kept)


def is_all_grey(declared: AnyFilter, inputs: Loaded) -> bool:
    """Whether nothing has a hue that could be painted with: neither the layer nor any of the pictures beside it."""
    if declared.layer is None:
        return False
    pictures = [picture for item in declared.inputs for picture in item.beside(inputs[item])]
    return bool(pictures) and all(is_grey(picture.pixels) for picture in (inputs[declared.layer], *pictures))


def greyed(made: Tensor) -> Tensor:
    """The brightness of ``made``, three times: networks give greys a tint of what they learned."""
    return luma(made).expand_as(made).contiguous()
