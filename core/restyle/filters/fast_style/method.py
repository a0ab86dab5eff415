"""Fast Style: one pass through a network that has learned a style, at any size of picture.

Strokes have the size in pixels that a network learned. So that a large photo gets strokes and not a texture, it is painted at a
size between its own and the networks' usual one, and carried to its full size; the stroke size moves this.
"""

from __future__ import annotations

import math
from functools import reduce

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.any_size import apply_at_any_size, measure_statistics
from restyle.color import match_histogram
from restyle.context import Context
from restyle.filters.fast_style import FastStyleParams
from restyle.filters.fast_style.onnx_network import OnnxNetwork
from restyle.filters.fast_style.painter import Painter, painters_of
from restyle.full_size import carry_to_full_size
from restyle.image import Image
from restyle.inputs import Inputs
from restyle.optimize import resized
from restyle.palette import Palette

__all__ = ["stylize"]

NATIVE_PX = 768
"""Longer side up to which a photo is painted as it is: at more, what a network has learned at 256 px is a texture."""

GROWTH = 1 / 3
"""Power by which the painted size grows beyond that; chosen by eye: strokes of a large photo shall be seen in all of it."""

SHORTEST_SIDE_PX = 64
"""The published networks mirror 40 pixels around the picture, so it must have more."""

GREATEST_ENLARGEMENT = 2.0
"""How much larger than the photo it is painted at most: finer strokes than its pixels cannot be seen."""

LOOKING_SHARE = 0.5
"""Of the work of a painter that measures a reference first: both are one pass."""

BAND_ROWS = 256
"""Rows that are blended at once: bounds the memory for copies."""


def stylize(inputs: Inputs, params: FastStyleParams, context: Context) -> Image:
    """Paint ``inputs.content``; the result has its size.

    Norms measure ``inputs.reference`` where there is one, and strokes have the size that suits it. Raises UnknownModel,
    UnusableModel, WeightsUnavailable, Cancelled.
    """
    context.progress.step(0, of=1, message="Preparing to paint")
    photo = inputs.content.pixels
    painters = painters_of(params.style_name, params.second_style, params.second_share / 100, context)
    measured = photo if inputs.reference is None else inputs.reference.pixels
    scale = painted_scale(measured.shape[2], measured.shape[3], params.stroke_size)
    small = _scaled(photo, scale)
    reference = None if inputs.reference is None else _scaled(measured, scale)
    # Each painter has its part of the progress.
    parts = [context.part(i / len(painters), (i + 1) / len(painters)) for i in range(len(painters))]
    paintings = (_painting(painter, small, reference, part) for painter, part in zip(painters, parts, strict=True))
    painted = reduce(Tensor.add_, paintings).clamp_(0, 1)
    if params.preserve_colors == "histogram":
        painted = match_histogram(painted, small).float().clamp_(0, 1)
    whole = carry_to_full_size(painted, small, photo) if painted.shape != photo.shape else painted
    whole = Palette((), params.preserve_colors).restore(whole, photo)
    return Image(_blended(photo, whole, params.strength / 100), inputs.content.alpha)


def painted_scale(height: int, width: int, stroke_size: float) -> float:
    """The size to paint at, relative to the picture's: 1 up to the networks' usual size, beyond it between both."""
    beyond = max(max(height, width) / NATIVE_PX, 1.0)
    return min(math.pow(beyond, GROWTH - 1) / stroke_size, GREATEST_ENLARGEMENT)


def _scaled(photo: Tensor, scale: float) -> Tensor:
    height, width = photo.shape[2:]
    scale = max(scale, SHORTEST_SIDE_PX / min(height, width))
    return resized(photo, max(round(height * scale), 1), max(round(width * scale), 1)).clamp(0, 1)


def _painting(painter: Painter, photo: Tensor, reference: Tensor | None, context: Context) -> Tensor:
    """What a painter adds to the result: its picture times its share, of the size of ``photo``."""
    height, width = photo.shape[2:]
    context.progress.step(0, of=1, message="Painting")
    if isinstance(painter.network, OnnxNetwork):
        return painter.network.paint(photo).mul_(painter.share)
    network, margin = painter.network.to(context.device.torch_device), painter.margin_px
    statistics = None
    if reference is not None:
        looking, context = context.part(0, LOOKING_SHARE), context.part(LOOKING_SHARE, 1)
        statistics = measure_statistics(network, _mirrored(reference, margin), looking, message="Looking at all layers")
    painted = apply_at_any_size(network, _mirrored(photo, margin), context, statistics=statistics, message="Painting")
    # Networks that halve sides give the next multiple of 4.
    inner = painted[:, :, margin : margin + height, margin : margin + width]
    return inner.contiguous().mul_(painter.share)


def _mirrored(photo: Tensor, margin: int) -> Tensor:
    return F.pad(photo, (margin,) * 4, mode="reflect") if margin else photo


def _blended(photo: Tensor, painted: Tensor, strength: float) -> Tensor:
    """``strength`` of the painting over the photo, in the painting's memory."""
    if strength < 1:
        for first in range(0, photo.shape[2], BAND_ROWS):
            rows = slice(first, first + BAND_ROWS)
            painted[:, :, rows] = torch.lerp(photo[:, :, rows], painted[:, :, rows], strength)
    return painted
