"""Any Style: any picture's style at once, by a handful of steps of Neural Style at each scale.

Networks that paint any style in one pass (Huang and Belongie 2017, Li et al. 2017, Ghiasi et al. 2017, Wang et al. 2023) were
measured beside it: a dozen steps over the compact encoder, at a pace of their own, come nearer to the style and keep more of
the photo in about the time of one such pass on a CPU (docs/benchmarks.md), and no style has to resemble those of a training.
"""

from __future__ import annotations

import torch
from torch import Tensor

from restyle.context import Context
from restyle.filters.any_style import AnyStyleParams
from restyle.filters.neural_style import NeuralStyleParams
from restyle.filters.neural_style import method as neural_style
from restyle.image import Image
from restyle.inputs import Inputs
from restyle.optimize import QUICK

__all__ = ["stylize", "working_bytes"]

FULL_STRENGTH = 100.0


def stylize(inputs: Inputs, params: AnyStyleParams, context: Context) -> Image:
    """Paint ``inputs.content`` in the style of ``inputs.styles``; the result has the content's size.

    Raises WeightsUnavailable, WeightsDamaged, Cancelled.
    """
    painted = neural_style.paint(inputs, _steps(params), QUICK, context).pixels
    return Image(_at_strength(inputs.content.pixels, painted, params.strength / FULL_STRENGTH), inputs.content.alpha)


def working_bytes(inputs: Inputs, params: AnyStyleParams, context: Context) -> int:
    """Memory that painting will take at most beyond the pictures that come and go."""
    return neural_style.working_bytes(inputs, _steps(params), context)


def _steps(params: AnyStyleParams) -> NeuralStyleParams:
    shared = params.model_dump(include={"style_scale", "preserve_colors", "working_size", "steps", "regions"})
    return NeuralStyleParams(init="style_colors", **shared)


def _at_strength(photo: Tensor, painted: Tensor, strength: float) -> Tensor:
    return painted if strength == 1 else torch.lerp(photo, painted, strength)
