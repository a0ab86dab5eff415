"""Neural Doodle (Champandard 2016: Semantic Style Transfer and Turning Two-Bit Doodles into Fine Artworks).

The plan's regions are paired with those of the painting (`pairing`), the picture is pieced together from patches of the painting,
coarse to fine, guided by both plans (`piecing`, `patch_match`, `guides`), and worked over until each region's Gram matrices are
the painting's (`brushwork`). Where we differ from the paper: patches are of pixels, and features have their say afterwards, which
keeps strokes sharp and takes seconds; the plan says how far borders are, too (as in Ulyanov's fast-neural-doodle, 2016).
A network that has learned a painting with its plan paints in one pass instead (`learned`).
"""

from __future__ import annotations

import math

import torch

from restyle.context import Context
from restyle.contract.errors import MissingInput
from restyle.contract.loaded import Loaded, Style
from restyle.contract.sentence import said
from restyle.features.perceptual import load_perceptual
from restyle.filters.neural_doodle import PLAN, STYLES, NeuralDoodleParams
from restyle.filters.neural_doodle.brushwork import work_over
from restyle.filters.neural_doodle.guides import Plans
from restyle.filters.neural_doodle.learned import learned_painter
from restyle.filters.neural_doodle.pairing import pair_plans
from restyle.filters.neural_doodle.piecing import Piecing, piece_together, pieced_at_full_size
from restyle.filters.neural_doodle.published import paint_as_published
from restyle.pictures.full_size import SHORTEST_SIDE_PX, size_to_paint
from restyle.pictures.image import Image
from restyle.pictures.resizing import resized

__all__ = ["paint_plan", "working_bytes"]

EVENNESS_AT_50 = 0.002  # of squared colour: about what two neighbouring strokes differ by
GUIDE_PER_DOUBLING = 25.0
STEPS_AT_50 = 20
PIECING_SHARE, WORKING_SHARE = 0.45, 0.95  # of the whole work, for the progress bar
BYTES_PER_PIXEL = 2_400
STYLE_SHARE = 0.25


@torch.no_grad()
def paint_plan(inputs: Loaded, params: NeuralDoodleParams, context: Context) -> Image:
    """A painting of the plan, of its size.

    Raises InvalidInput, MissingInput, UnknownModel, UnusableModel, WeightsUnavailable, WeightsDamaged, Cancelled.
    """
    plan = inputs[PLAN]
    if params.painter:
        return _by_network(plan, params, context)
    if not inputs[STYLES]:
        raise MissingInput(STYLES.title, 1, 1)
    return _by_painting(plan, inputs[STYLES][0], params, context)


def _by_network(plan: Image, params: NeuralDoodleParams, context: Context) -> Image:
    context.progress.step(0, of=1, message=said("Preparing to paint"))
    size = size_to_paint(plan.height, plan.width, params.working_size)
    made = learned_painter(params.painter, context).paint(plan, size, params.style_scale, params.seed, context)
    return Image(resized(made, plan.height, plan.width).clamp(0, 1))


def _by_painting(plan: Image, style: Style, params: NeuralDoodleParams, context: Context) -> Image:
    device = context.device.torch_device
    paired = pair_plans(plan, style, context)
    plans = Plans.of(paired.regions, 2 ** ((params.plan_strength - 50) / GUIDE_PER_DOUBLING), paired.shades)
    size = size_to_paint(plan.height, plan.width, params.working_size)
    painting = resized(style.image.pixels, *_style_size(style.image, size, params.style_scale)).clamp(0, 1).to(device)
    if params.mode == "published":
        network = load_perceptual("deep", context)
        made = paint_as_published(plans, painting, size, params.seed, network, context).clamp(0, 1).to("cpu", torch.float32)
        return Image(resized(made, plan.height, plan.width).clamp(0, 1))
    settings = Piecing(EVENNESS_AT_50 * params.variety / 50, params.seed)
    pieced = piece_together(plans, painting, size, settings, context.part(0, PIECING_SHARE))
    steps = round(STEPS_AT_50 * params.brushwork / 50)
    finished = pieced.picture
    if steps:
        network = load_perceptual("deep", context)
        finished = work_over(finished, painting, plans, network, steps, context.part(PIECING_SHARE, WORKING_SHARE))
    if (plan.height, plan.width) == size:
        return Image(finished.clamp(0, 1).to("cpu", torch.float32))
    context.progress.step(19, of=20, message=said("Painting at full size"))
    large = style.image.pixels
    large = resized(large, *_style_size(style.image, (plan.height, plan.width), params.style_scale)).clamp(0, 1)
    return Image(pieced_at_full_size(pieced, finished, large, (plan.height, plan.width)))


def working_bytes(inputs: Loaded, params: NeuralDoodleParams, context: Context) -> int:
    """Memory that painting will take at most, measured per painted pixel and rounded up."""
    height, width = size_to_paint(inputs[PLAN].height, inputs[PLAN].width, params.working_size)
    return int(height * width * BYTES_PER_PIXEL * (1 + STYLE_SHARE * params.style_scale**2))


def _style_size(style: Image, size: tuple[int, int], scale: float) -> tuple[int, int]:
    """The size at which the painting's strokes are as large beside a picture of ``size`` as ``scale`` says."""
    factor = scale * math.sqrt(size[0] * size[1] / (style.height * style.width))
    factor = max(factor, SHORTEST_SIDE_PX / min(style.height, style.width))
    return round(style.height * factor), round(style.width * factor)
