"""Any Style: any picture's style at once, by a handful of steps of Neural Style at each scale, or by a published network.

Networks that paint any style in one pass (Ghiasi et al. 2017, Huang and Belongie 2017, Li et al. 2017, Wang et al. 2023) were
measured beside it: a dozen steps over the deep encoder, at a pace of their own, come nearer to the style at no less structure
(docs/benchmarks.md), and no style has to resemble those of a training. They take a second, several times what one such pass
takes at the size that they work at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from restyle.context import Context
from restyle.contract.loaded import Guided, Loaded, Style
from restyle.contract.sentence import said
from restyle.contract.settings import CONTENT, REGIONS, STYLES
from restyle.engine.optimize import QUICK
from restyle.filters.any_style import AnyStyleParams
from restyle.filters.any_style.one_pass import PublishedName, paint_published, painted_scale
from restyle.filters.neural_style import NeuralStyleParams
from restyle.filters.neural_style import method as neural_style
from restyle.pictures.full_size import at_strength, carry_to_full_size, size_to_paint
from restyle.pictures.image import Image
from restyle.pictures.palette import Palette, prepare_palette
from restyle.pictures.resizing import fitted, resized
from restyle.regions.faces import face_mask, with_features
from restyle.regions.pairing import Pairs
from restyle.regions.sharing import Shares, areas, coverage, share_regions

__all__ = ["stylize", "working_bytes"]

QUICK_STRENGTH = 57.5  # of Neural Style: more pull than its default's, for steps are too few to go as far
QUICK_FACE_WEIGHT = 128.0  # in place of Neural Style's, for the same reason
PUBLISHED_BYTES_PER_PIXEL = 600  # 32 channels in float32 at full size, and what a norm or a convolution makes beside them


def stylize(inputs: Loaded, params: AnyStyleParams, context: Context) -> Image:
    """Paint the content in the style of the styles; the result has the content's size.

    Raises WeightsUnavailable, WeightsDamaged, Cancelled.
    """
    if params.strength == 0:
        return inputs[CONTENT]
    context.progress.step(0, of=1, message=said("Preparing to paint"))
    if params.painter == "restyle":
        painted = neural_style.paint(inputs, _steps(params), QUICK, context, QUICK_FACE_WEIGHT).pixels
    else:
        painted = _published(params.painter, inputs, params, context)
    return Image(at_strength(inputs[CONTENT].pixels, painted, params.strength / 100), inputs[CONTENT].alpha)


def working_bytes(inputs: Loaded, params: AnyStyleParams, context: Context) -> int:
    """Memory that painting will take at most beyond the pictures that come and go."""
    if params.painter == "restyle":
        return neural_style.working_bytes(inputs, _steps(params), context)
    height, width = size_to_paint(inputs[CONTENT].height, inputs[CONTENT].width, params.working_size)
    scale = painted_scale(height, width, params.style_scale)
    return int(height * width * scale**2 * PUBLISHED_BYTES_PER_PIXEL)


def _steps(params: AnyStyleParams) -> NeuralStyleParams:
    shared = params.model_dump(include=set(AnyStyleParams.model_fields) & set(NeuralStyleParams.model_fields))
    return NeuralStyleParams(init="style_colors", features="compact", style_strength=QUICK_STRENGTH, **shared)


def _published(name: PublishedName, inputs: Loaded, params: AnyStyleParams, context: Context) -> Tensor:
    photo = inputs[CONTENT].pixels
    small = resized(photo, *size_to_paint(photo.shape[2], photo.shape[3], params.working_size)).clamp(0, 1)
    counting = tuple(replace(style, regions=None) for style in inputs[STYLES] if style.weight > 0)
    guides = _guides(inputs, counting, params, context)
    pictures = tuple((style.weight, style.image.pixels) for style in counting)
    palette = prepare_palette(pictures, small, params.preserve_colors, [coverage(pairs) for pairs in guides])
    small = palette.prepare(small)
    painted = _by_areas(name, small, palette, areas(guides), params.style_scale, context)
    faces = face_mask(photo, inputs[REGIONS]) if params.keep_faces > 0 else None
    if faces is not None:
        painted = with_features(painted, small, faces, params.keep_faces / 100)
    return palette.restore(carry_to_full_size(painted, small, palette.prepare(photo)), photo)


def _guides(inputs: Loaded, styles: Sequence[Style], params: AnyStyleParams, context: Context) -> tuple[Pairs, ...]:
    """Which style paints where. That a part of a style guides a part of the photo is beyond these networks."""
    if params.mixing == "regions" or any(style.region is not None for style in styles):
        return share_regions(Guided(inputs[CONTENT], inputs[REGIONS]), styles, params.regions, params.mixing, context)
    return share_regions(Guided(inputs[CONTENT]), styles, "given", "blend", context)


def _by_areas(
    name: PublishedName,
    photo: Tensor,
    palette: Palette,
    painted: list[tuple[Shares, Tensor]],
    style_scale: float,
    context: Context,
) -> Tensor:
    """One pass for each area that has styles of its own."""
    result = torch.zeros_like(photo)
    for i, (shares, mask) in enumerate(painted):
        part = context.part(i / len(painted), (i + 1) / len(painted))
        pictures = [(share, style) for share, (_, style) in zip(shares, palette.styles, strict=True) if share]
        where = fitted(mask, *photo.shape[2:])
        result += paint_published(name, photo, pictures, style_scale, part) * where
    return result.clamp_(0, 1)
