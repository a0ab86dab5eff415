"""How a feed-forward network of styles paints: at the size that suits its strokes, carried to the photo's own.

Strokes have the size in pixels that a network learned. So that a large photo gets strokes and not a texture, it is painted at a
size between its own and the networks' usual one.
"""

from __future__ import annotations

import math

from torch import Tensor
from torch.nn import functional as F

from restyle.context import Context
from restyle.contract.sentence import said
from restyle.engine.any_size import Statistics, apply_at_any_size
from restyle.networks.blocks import Sequence
from restyle.pictures.full_size import SHORTEST_SIDE_PX, carry_to_full_size
from restyle.pictures.resizing import resized

__all__ = ["MARGIN_PX", "at_photo_size", "mirrored", "paint", "painted_scale", "scaled"]

NATIVE_PX = 768
"""Longer side up to which a photo is painted as it is: at more, what a network has learned at 256 px is a texture."""

GROWTH = 1 / 3
"""Power by which the painted size grows beyond that; chosen by eye: strokes of a large photo shall be seen in all of it."""

GREATEST_ENLARGEMENT = 2.0
"""How much larger than the photo it is painted at most: finer strokes than its pixels cannot be seen."""

MARGIN_PX = 16
"""A multiple of the stride (4): networks that mirror a picture at each layer leave a faint frame half as wide."""


def painted_scale(height: int, width: int, stroke_size: float = 1.0) -> float:
    """The size to paint at, relative to the picture's: 1 up to the networks' usual size, beyond it between both."""
    beyond = max(max(height, width) / NATIVE_PX, 1.0)
    return min(math.pow(beyond, GROWTH - 1) / stroke_size, GREATEST_ENLARGEMENT)


def scaled(photo: Tensor, scale: float) -> Tensor:
    """The photo at a size relative to its own, or as large as networks must have it that mirror 40 pixels around it."""
    height, width = photo.shape[2:]
    scale = max(scale, SHORTEST_SIDE_PX / min(height, width))
    return resized(photo, max(round(height * scale), 1), max(round(width * scale), 1)).clamp(0, 1)


def mirrored(photo: Tensor, margin: int) -> Tensor:
    """The photo with ``margin`` pixels around it that mirror it."""
    return F.pad(photo, (margin,) * 4, mode="reflect") if margin else photo


def paint(
    network: Sequence,
    photo: Tensor,
    margin: int,
    context: Context,
    statistics: Statistics | None = None,
    message: str = said("Painting"),
) -> Tensor:
    """What a network of one style makes of a photo, of its size; ``margin`` pixels around it are painted and cut off."""
    height, width = photo.shape[2:]
    network = network.to(context.device.torch_device)
    painted = apply_at_any_size(network, mirrored(photo, margin), context, statistics=statistics, message=message)
    # Networks that halve sides give the next multiple of 4.
    return painted[:, :, margin : margin + height, margin : margin + width].contiguous()


def at_photo_size(painted: Tensor, small: Tensor, photo: Tensor) -> Tensor:
    """The painting of ``small`` carried to the size of the photo that this was scaled from."""
    return carry_to_full_size(painted, small, photo) if painted.shape != photo.shape else painted
