"""Any Style: any picture's style at once, by a few steps of Neural Style or by an instant painting (`instant`).

The steps are those of Gatys et al. (`filters.neural_style`), a quarter of its default. They start from the photo in the style's
colours: on three pairs at 512 px this came to a style distance of 0.28 at structure 0.38, and from the instant painting to
0.29 at 0.37. Without steps one pass of the painter is the result, at any size.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from restyle.context import Context
from restyle.errors import InvalidParameter
from restyle.filters.any_style import AnyStyleParams
from restyle.filters.any_style.instant import PIECE_PX, Strengths, paint_instantly
from restyle.filters.any_style.pieces import SIGHT_PX
from restyle.filters.neural_style import NeuralStyleParams
from restyle.filters.neural_style.method import stylize as paint_in_steps
from restyle.full_size import carry_to_full_size
from restyle.image import Image
from restyle.inputs import Inputs
from restyle.networks.painter import LEVELS
from restyle.optimize import resized
from restyle.palette import prepare_palette
from restyle.regions.pairing import pair_regions

__all__ = ["stylize", "working_bytes"]

SHORTEST_SIDE_PX = 64  # four positions in the deepest level; below, there is nothing to take statistics of
REFINED_PX = 512  # longer side at which steps are taken; the photo's detail comes in afterwards
FULL_STRENGTH = 100.0
BYTES_PER_PIXEL = 400  # of a piece, in bfloat16, measured and rounded up
REFINED_BYTES_PER_PIXEL = 1_200  # as in Neural Style


def stylize(inputs: Inputs, params: AnyStyleParams, context: Context) -> Image:
    """Paint ``inputs.content`` in the style of ``inputs.styles``; the result has the content's size.

    Raises WeightsUnavailable, WeightsDamaged, InvalidParameter, Cancelled.
    """
    context.progress.step(0, of=1, message="Preparing to paint")
    strengths = _level_strengths(params)
    painted = _refined(inputs, params, context) if params.refinement else _instant(inputs, params, strengths, context)
    return Image(_at_strength(inputs.content.pixels, painted, params.strength / FULL_STRENGTH), inputs.content.alpha)


def working_bytes(inputs: Inputs, params: AnyStyleParams, context: Context) -> int:
    """Memory that painting will take at most beyond the pictures that come and go."""
    scale = context.device.precision.itemsize / torch.bfloat16.itemsize
    height, width = _painted_size(inputs.content.height, inputs.content.width, _size(params))
    if params.refinement:
        return int(height * width * REFINED_BYTES_PER_PIXEL * scale)
    rows, columns = (min(side, PIECE_PX + 2 * SIGHT_PX) for side in (height, width))
    pictures = 3 * 3 * torch.float32.itemsize * height * width
    return int(rows * columns * BYTES_PER_PIXEL * scale) + pictures


def _size(params: AnyStyleParams) -> int:
    return min(params.working_size, REFINED_PX) if params.refinement else params.working_size


def _refined(inputs: Inputs, params: AnyStyleParams, context: Context) -> Tensor:
    steps = NeuralStyleParams.parse(
        {
            "steps": params.refinement,
            "init": "style_colors",
            "style_scale": params.style_scale,
            "preserve_colors": params.preserve_colors,
            "working_size": _size(params),
            "regions": params.regions,
        }
    )
    return paint_in_steps(inputs, steps, context).pixels


def _instant(inputs: Inputs, params: AnyStyleParams, strengths: Strengths, context: Context) -> Tensor:
    photo = inputs.content.pixels
    small = resized(photo, *_painted_size(photo.shape[2], photo.shape[3], params.working_size)).clamp(0, 1)
    counting = replace(inputs, styles=tuple(style for style in inputs.styles if style.weight > 0))
    pictures = tuple((style.weight, style.image.pixels) for style in counting.styles)
    pairs = pair_regions(counting, params.regions, context)
    palette = prepare_palette(pictures, small, params.preserve_colors)
    small = palette.prepare(small)
    painted = paint_instantly(small, palette.styles, pairs, strengths, params.style_scale, context)
    return palette.restore(carry_to_full_size(painted, small, palette.prepare(photo)), photo)


def _at_strength(photo: Tensor, painted: Tensor, strength: float) -> Tensor:
    return painted if strength == 1 else torch.lerp(photo, painted, strength)


def _painted_size(height: int, width: int, working_size: int) -> tuple[int, int]:
    """The size to paint at: the photo's, at most ``working_size`` along the longer side, at least the shortest side."""
    scale = min(1.0, working_size / max(height, width))
    scale = max(scale, SHORTEST_SIDE_PX / min(height, width))
    return round(height * scale), round(width * scale)


def _level_strengths(params: AnyStyleParams) -> dict[str, float]:
    unknown = sorted(set(params.level_strengths) - set(LEVELS))
    if unknown:
        raise InvalidParameter("level_strengths", f"there is no level {unknown[0]}, take some of {', '.join(LEVELS)}")
    return {level: params.level_strengths.get(level, 1.0) for level in LEVELS}
