"""Neural Style by optimisation (Gatys, Ecker, Bethge: Image Style Transfer Using Convolutional Neural Networks, CVPR 2016).

Where we differ from the paper: the picture is painted from coarse to fine, not at one size; the losses are relative
(`objective`), and which layers are compared depends on the picture's size (`features`); content is compared after instance
normalisation; the photo in the style's colours and not noise is the default start; and what was painted smaller than the photo
is carried to its full size (`full_size`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.context import Context
from restyle.contract.loaded import Guided, Loaded
from restyle.contract.sentence import said
from restyle.contract.settings import (
    CONTENT,
    GREATEST_STROKE_SCALE,
    LEAST_STROKE_SCALE,
    QUICK_STEPS,
    REFERENCE,
    REGIONS,
    STYLES,
    strength_factor,
)
from restyle.engine.optimize import QUICK, STEADY, Stage, StepSchedule, descend, plan_stages, preview_of
from restyle.filters.neural_style import NeuralStyleParams
from restyle.filters.neural_style.features import Features, Layers, load_features, network_name
from restyle.filters.neural_style.objective import LossWeights, Objective, RegionTargets, blended, style_targets
from restyle.filters.neural_style.start import start_picture
from restyle.networks.features import FeatureTrunk
from restyle.pictures.full_size import SHORTEST_SIDE_PX, carry_to_full_size, reduced, size_to_paint
from restyle.pictures.image import Image
from restyle.pictures.palette import Palette, covered, prepare_palette
from restyle.pictures.resizing import fitted, resized
from restyle.regions import Regions
from restyle.regions.faces import face_mask
from restyle.regions.pairing import Pairs
from restyle.regions.sharing import coverage, share_regions

__all__ = ["paint", "stylize", "working_bytes"]

MARGIN_SHARE = 1 / 32  # of the longer side, painted around the picture and cut off: zero padding marks the border
MARGIN_UNIT_PX = 16  # the stride of relu5_1, so that margins fall on whole feature positions
STYLE_WEIGHT_AT_50 = 75.0  # relative losses: chosen by eye and figure, so that strokes and palette show and the photo is legible
COLOUR_SHARE = 0.25  # of the style weight: more leaves no local colour, less leaves the photo's cast
SMOOTHNESS_WEIGHT = 50.0
FACE_WEIGHT = 32.0  # of the content weight, added in faces at 100: at a quarter of it one knows a person, in strokes
FACE_SHARE = 0.06  # of the picture's area that faces have in full: more are added less
FINER_SHARE = 0.7  # of a scale's steps for the next finer one: many steps on a small picture only take the photo away
SCALES_FROM_BEGUN = 2  # what comes into view has no large forms as yet
_STARTS_FROM_PHOTO = ("content", "instant", "style_colors")
BYTES_PER_PIXEL = {"deep": 1_200, "vgg19": 6_000}
STYLE_SHARE = 0.12  # of that, for a pixel of a style that is measured: maps without what a way back would need


@dataclass(frozen=True)
class _Canvas:
    """What is painted on: the small photo and its reference, or None, with mirrored margins, on the device; masks of the
    photo's regions or None; and how much the photo counts where, or None for everywhere alike."""

    photo: Tensor
    reference: Tensor | None
    margin: int
    masks: Tensor | None
    importance: Tensor | None

    def inner(self, picture: Tensor) -> Tensor:
        """``picture``, the canvas at any size, without its margin."""
        down = round(self.margin * picture.shape[2] / self.photo.shape[2])
        across = round(self.margin * picture.shape[3] / self.photo.shape[3])
        return picture[:, :, down : picture.shape[2] - down, across : picture.shape[3] - across]


def stylize(inputs: Loaded, params: NeuralStyleParams, context: Context) -> Image:
    """Paint the content in the style of the styles; the result has the content's size. As `paint`, steadily."""
    schedule = replace(STEADY, finer_share=FINER_SHARE, optimizer=params.optimizer)
    return paint(inputs, params, schedule, context, begun=context.begun)


def paint(
    inputs: Loaded,
    params: NeuralStyleParams,
    schedule: StepSchedule,
    context: Context,
    face_weight: float = FACE_WEIGHT,
    begun: Image | None = None,
) -> Image:
    """Paint by this schedule of steps; the result has the content's size. ``face_weight`` is of the content weight, at 100.

    The selection is not asked for: ``run`` hands over the part that it touches, and all of that is painted. Where there is an
    reference, colours are moved as its are, and strokes have its size. From ``begun``, of the content's size, only the finest
    scales are left to do; where its alpha is 0 it is not believed. Raises WeightsUnavailable, WeightsDamaged,
    InvalidParameter, Cancelled.
    """
    params = _in_proportion(inputs, params)
    context.progress.step(0, of=1, message=said("Preparing to paint"))
    features = load_features(params, context)
    photo = inputs[CONTENT].pixels
    small = resized(photo, *size_to_paint(photo.shape[2], photo.shape[3], params.working_size)).clamp(0, 1)
    styles = tuple(style for style in inputs[STYLES] if style.weight > 0)
    guides = share_regions(Guided(inputs[CONTENT], inputs[REGIONS]), styles, params.regions, params.mixing, context)
    # At no stage more of a style is looked at than this.
    most = params.style_scale**2 * small.shape[2] * small.shape[3]
    pictures = tuple((style.weight, reduced(style.image.pixels, most)) for style in styles)
    reference = inputs[REFERENCE]
    seen = None if reference is None else reduced(reference.pixels, small.shape[2] * small.shape[3])
    palette = prepare_palette(
        pictures, small if seen is None else seen, params.preserve_colors, [coverage(pairs) for pairs in guides]
    )
    small = palette.prepare(small)
    importance = _importance(photo, inputs[REGIONS], face_weight * (params.keep_faces / 100) ** 2)
    canvas = _canvas(small, None if seen is None else palette.prepare(seen), guides[0], importance, context)
    before = None if begun is None else _begun_on(canvas, begun, palette)
    shown = context.shown(lambda look: Image(palette.restore(look.pixels, resized(photo, look.height, look.width).clamp(0, 1))))
    painted = _painted(canvas, palette, guides, features, params, schedule, shown, before)
    whole = carry_to_full_size(painted, small, palette.prepare(photo))
    return Image(palette.restore(whole, photo), inputs[CONTENT].alpha)


def working_bytes(inputs: Loaded, params: NeuralStyleParams, context: Context) -> int:
    """Memory that painting will take at most, measured per painted pixel and rounded up."""
    height, width = size_to_paint(inputs[CONTENT].height, inputs[CONTENT].width, params.working_size)
    scale = context.device.precision.itemsize / torch.bfloat16.itemsize
    styles = _in_proportion(inputs, params).style_scale ** 2 * STYLE_SHARE
    return int(height * width * BYTES_PER_PIXEL[network_name(params, context)] * (1 + styles) * scale)


def _in_proportion(inputs: Loaded, params: NeuralStyleParams) -> NeuralStyleParams:
    """The settings, with strokes as large in the content as they are in the reference, as far as settings go."""
    reference = inputs[REFERENCE]
    if reference is None:
        return params
    areas = [picture.height * picture.width for picture in (reference, inputs[CONTENT])]
    scale = params.style_scale * math.sqrt(areas[0] / areas[1])
    return params.model_copy(update={"style_scale": min(max(scale, LEAST_STROKE_SCALE), GREATEST_STROKE_SCALE)})


def _importance(photo: Tensor, regions: Regions | None, weight: float) -> Tensor | None:
    """How much the photo counts in each place (1, 1, h, w), at some size: 1, and ``weight`` more in faces; None without faces."""
    faces = face_mask(photo, regions) if weight > 0 else None
    if faces is None:
        return None
    # The larger a face is beside the strokes, the better it holds by itself.
    return 1 + weight * min(1.0, FACE_SHARE / float(faces.mean())) * faces


def _canvas(small: Tensor, seen: Tensor | None, pairs: Pairs, importance: Tensor | None, context: Context) -> _Canvas:
    margin = _margin_px(small)
    # The content's regions are the same for every style.
    masks = _masks([pair.content for pair in pairs], small)
    device = context.device.torch_device
    mirrored = None if masks is None else _mirrored(masks, margin).to(device)
    weights = None if importance is None else _mirrored(fitted(importance, *small.shape[2:]), margin).to(device)
    photo = _mirrored(small, margin).to(device)
    reference = None if seen is None else _mirrored(seen, _margin_px(seen)).to(photo.device)
    return _Canvas(photo, reference, margin, mirrored, weights)


def _begun_on(canvas: _Canvas, begun: Image, palette: Palette) -> Image:
    """What is begun, as the canvas has the photo."""
    height, width = (side - 2 * canvas.margin for side in canvas.photo.shape[2:])
    small = palette.prepare(resized(begun.pixels, height, width).clamp(0, 1))
    alpha = torch.ones_like(small[:, :1]) if begun.alpha is None else fitted(begun.alpha, height, width)
    device = canvas.photo.device
    return Image(_mirrored(small, canvas.margin).to(device), _mirrored(alpha, canvas.margin).to(device))


def _onto(start: Tensor, begun: Image) -> Tensor:
    """What is begun, as far as it is believed, on ``start``, and of its size."""
    pixels = resized(begun.pixels, *start.shape[2:]).clamp(0, 1)
    return pixels if begun.alpha is None else start.lerp(pixels, fitted(begun.alpha, *start.shape[2:]))


def _masks(masks: Sequence[Tensor], picture: Tensor) -> Tensor | None:
    """Masks (1, R, h, w) of the size of ``picture``; None where a single one is everything."""
    if len(masks) == 1 and bool((masks[0] == 1).all()):
        return None
    return torch.cat([fitted(mask, *picture.shape[2:]) for mask in masks], 1)


def _margin_px(picture: Tensor) -> int:
    height, width = picture.shape[2:]
    units = max(1, round(max(height, width) * MARGIN_SHARE / MARGIN_UNIT_PX))
    return min(units * MARGIN_UNIT_PX, min(height, width) - 1)


def _mirrored(picture: Tensor, margin: int) -> Tensor:
    return F.pad(picture, (margin,) * 4, mode="reflect")


def _painted(
    canvas: _Canvas,
    palette: Palette,
    guides: Sequence[Pairs],
    features: Features,
    params: NeuralStyleParams,
    schedule: StepSchedule,
    context: Context,
    begun: Image | None,
) -> Tensor:
    """The painting (1, 3, h, w) of the size of the small photo, on the CPU."""

    def objective_at(stage: Stage) -> Objective:
        photo = _at_stage(canvas, stage)
        area, layers = canvas.inner(photo), features.layers_at(photo)

        def measured(style: Tensor, pairs: Pairs) -> tuple[RegionTargets, ...]:
            return _targets(style.to(photo.device), pairs, area, features.network, layers.style, params)

        targets = [
            ([pair.share for pair in pairs], measured(style, pairs))
            for (_, style), pairs in zip(palette.styles, guides, strict=True)
            if any(pair.share for pair in pairs)
        ]
        masks, importance = (
            None if maps is None else F.interpolate(maps, size=photo.shape[2:], mode="area")
            for maps in (canvas.masks, canvas.importance)
        )
        return Objective(features.network, photo, blended(targets), _loss_weights(layers, params), masks, importance)

    def report(i: int, of: int, stage: Stage, picture: Tensor) -> None:
        inner = canvas.inner(picture.detach())
        message = said("Painting at {px} px, step {step} of {of}", px=max(inner.shape[2:]), step=min(i + 1, of), of=of)
        context.progress.step(i, of=of, message=message, preview=preview_of(inner))

    def enlarge(picture: Tensor, stage: Stage) -> Tensor:
        before = resized(canvas.photo, picture.shape[2], picture.shape[3]).clamp(0, 1)
        return carry_to_full_size(picture, before, _at_stage(canvas, stage))

    stages = _stages(canvas, params, schedule)[slice(None) if begun is None else slice(-SCALES_FROM_BEGUN, None)]
    first = _at_stage(canvas, stages[0])
    seen = first if canvas.reference is None else canvas.reference
    start = start_picture(first, seen, _palettes(canvas, palette, guides), params)
    if begun is not None:
        start = _onto(start, begun)
    # What starts without the photo shall not get its detail between stages either.
    between = enlarge if params.init in _STARTS_FROM_PHOTO else None
    painted = descend(start, stages, objective_at, report, between)
    return canvas.inner(painted).clamp(0, 1).to("cpu", torch.float32)


def _stages(canvas: _Canvas, params: NeuralStyleParams, schedule: StepSchedule) -> tuple[Stage, ...]:
    height, width = canvas.photo.shape[2:]
    stages = plan_stages(height, width, params.steps, schedule)
    if params.init != "instant":
        return stages
    # An instant painting has the large shapes already.
    return *plan_stages(height, width, QUICK_STEPS, QUICK), stages[-1]


def _palettes(canvas: _Canvas, palette: Palette, guides: Sequence[Pairs]) -> list[tuple[Tensor, Tensor]]:
    """The pixels of each style's regions that count, after where on the canvas they do, and how much."""
    masks = torch.ones(1, 1, 1, 1) if canvas.masks is None else canvas.masks
    return [
        (masks[:, i : i + 1] * pair.share, covered(style, pair.style))
        for (_, style), pairs in zip(palette.styles, guides, strict=True)
        for i, pair in enumerate(pairs)
        if pair.share
    ]


def _at_stage(canvas: _Canvas, stage: Stage) -> Tensor:
    """The canvas's photo at the size of a stage."""
    return resized(canvas.photo, stage.height, stage.width).clamp(0, 1)


def _targets(
    style: Tensor, pairs: Pairs, photo: Tensor, network: FeatureTrunk, layers: Mapping[str, float], params: NeuralStyleParams
) -> tuple[RegionTargets, ...]:
    """Measure a style at the size where its strokes are as large as they shall be in ``photo``, the picture at this stage."""
    area = photo.shape[2] * photo.shape[3]
    scale = params.style_scale * math.sqrt(area / (style.shape[2] * style.shape[3]))
    scale = max(scale, SHORTEST_SIDE_PX / 2 / min(style.shape[2:]))
    height, width = round(style.shape[2] * scale), round(style.shape[3] * scale)
    # With a margin as the photo has, so that borders weigh alike in both.
    at_scale = resized(style, height, width).clamp(0, 1)
    margin = _margin_px(at_scale)
    masks = _masks([pair.style for pair in pairs], at_scale)
    masks = None if masks is None else _mirrored(masks, margin).to(style.device)
    return style_targets(network, _mirrored(at_scale, margin), layers, masks)


def _loss_weights(layers: Layers, params: NeuralStyleParams) -> LossWeights:
    style = STYLE_WEIGHT_AT_50 * strength_factor(params.style_strength)
    return LossWeights(
        style_layers=layers.style,
        content_layers=layers.content,
        style=style,
        content=1.0,
        colour=COLOUR_SHARE * style,
        smoothness=SMOOTHNESS_WEIGHT * params.smoothness / 100,
    )
