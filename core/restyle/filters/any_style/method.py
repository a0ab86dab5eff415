"""Any Style: any picture's style at once, by a handful of steps of Neural Style at each scale, or by a published network.

Networks that paint any style in one pass (Ghiasi et al. 2017, Huang and Belongie 2017, Li et al. 2017, Wang et al. 2023) were
measured beside it: a dozen steps over the compact encoder, at a pace of their own, come nearer to the style and keep more of
the photo in about the time of one such pass on a CPU (docs/benchmarks.md), and no style has to resemble those of a training.
"""

from __future__ import annotations

import torch
from torch import Tensor

from restyle.context import Context
from restyle.filters.any_style import AnyStyleParams
from restyle.filters.any_style.published import PublishedName, paint_published
from restyle.filters.neural_style import NeuralStyleParams
from restyle.filters.neural_style import method as neural_style
from restyle.full_size import carry_to_full_size, size_to_paint
from restyle.image import Image
from restyle.inputs import Inputs
from restyle.optimize import QUICK, resized
from restyle.palette import prepare_palette

__all__ = ["stylize", "working_bytes"]

FULL_STRENGTH = 100.0
PUBLISHED_BYTES_PER_PIXEL = 600  # 32 channels in float32 at full size, and what a norm or a convolution makes beside them


def stylize(inputs: Inputs, params: AnyStyleParams, context: Context) -> Image:
    """Paint ``inputs.content`` in the style of ``inputs.styles``; the result has the content's size.

    Raises WeightsUnavailable, WeightsDamaged, Cancelled.
    """
    context.progress.step(0, of=1, message="Preparing to paint")
    if params.painter == "restyle":
        painted = neural_style.paint(inputs, _steps(params), QUICK, context).pixels
    else:
        painted = _published(params.painter, inputs, params, context)
    return Image(_at_strength(inputs.content.pixels, painted, params.strength / FULL_STRENGTH), inputs.content.alpha)


def working_bytes(inputs: Inputs, params: AnyStyleParams, context: Context) -> int:
    """Memory that painting will take at most beyond the pictures that come and go."""
    if params.painter == "restyle":
        return neural_style.working_bytes(inputs, _steps(params), context)
    height, width = size_to_paint(inputs.content.height, inputs.content.width, params.working_size)
    return height * width * PUBLISHED_BYTES_PER_PIXEL


def _steps(params: AnyStyleParams) -> NeuralStyleParams:
    shared = params.model_dump(include={"style_scale", "preserve_colors", "working_size", "steps", "mixing", "regions"})
    return NeuralStyleParams(init="style_colors", **shared)


def _published(name: PublishedName, inputs: Inputs, params: AnyStyleParams, context: Context) -> Tensor:
    photo = inputs.content.pixels
    small = resized(photo, *size_to_paint(photo.shape[2], photo.shape[3], params.working_size)).clamp(0, 1)
    pictures = tuple((style.weight, style.image.pixels) for style in inputs.styles if style.weight > 0)
    palette = prepare_palette(pictures, small, params.preserve_colors)
    small = palette.prepare(small)
    painted = paint_published(name, small, palette.styles, params.style_scale, context)
    return palette.restore(carry_to_full_size(painted, small, palette.prepare(photo)), photo)


def _at_strength(photo: Tensor, painted: Tensor, strength: float) -> Tensor:
    return painted if strength == 1 else torch.lerp(photo, painted, strength)
