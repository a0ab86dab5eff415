"""Painting one head: from the photo in the painting's light down to the painting's strokes, part by part, held by gain maps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.context import Context
from restyle.contract.sentence import said
from restyle.contract.settings import strength_factor
from restyle.engine.optimize import STEADY, Stage, descend, plan_stages, preview_of
from restyle.filters.head_portrait import HeadPortraitParams
from restyle.filters.head_portrait.correspondence import Correspondence, correspond
from restyle.filters.head_portrait.gain import gained, shifted, toned
from restyle.filters.head_portrait.sitting import Portrait
from restyle.filters.neural_style.features import Features, Layers
from restyle.filters.neural_style.objective import LossWeights, Objective, style_targets
from restyle.pictures.color import match_moments
from restyle.pictures.full_size import carry_to_full_size
from restyle.pictures.palette import covered
from restyle.pictures.resizing import fitted, resized

__all__ = ["paint_head"]

STYLE_WEIGHT_AT_50 = 60.0  # relative losses; Neural Style has 75, with which no heads were looked at
COLOUR_SHARE = 0.25  # of the style weight
SMOOTHNESS = 5.0
HELD = 32.0  # of the content weight, added in the face at full likeness
FEATURES_HELD = 2.0  # times that, in eyes and mouth
LIGHT_WEIGHT = 60.0  # of light and colours, where the painted head corresponds
LIGHT_CELLS = 24  # of a face's side, that light is compared in: strokes are left to themselves
FACE_PARTS = 3  # eyes, mouth, face: their colours are shifted only, for a map of all their variety would swap lips and teeth
COARSE_PX = 256  # longer side at which heads are laid on one another


@dataclass(frozen=True)
class _Easel:
    """What is painted, after what, and the photo in the painted light, which painting starts from and is lit as."""

    photo: Portrait
    painted: Portrait
    correspondence: Correspondence
    lit: Tensor


def paint_head(photo: Portrait, painted: Portrait, features: Features, params: HeadPortraitParams, context: Context) -> Tensor:
    """The head of ``photo`` in the style of ``painted``, whose face is as large: (1, 3, h, w) of the photo's size, on the CPU.

    Raises Cancelled.
    """
    context.progress.step(0, of=1, message=said("Laying the heads on one another"))
    easel = _prepared(photo, painted, features, params, context)
    height, width = photo.picture.shape[2:]
    importance = _importance(photo, params)

    def objective_at(stage: Stage) -> Callable[[Tensor], Tensor]:
        return _objective(easel, importance, features, stage, params)

    def report(i: int, of: int, stage: Stage, picture: Tensor) -> None:
        message = said(
            "Painting the head at {px} px, step {step} of {of}", px=max(stage.height, stage.width), step=min(i + 1, of), of=of
        )
        context.progress.step(i, of=of, message=message, preview=preview_of(picture))

    def enlarge(picture: Tensor, stage: Stage) -> Tensor:
        before = resized(easel.lit, *picture.shape[2:]).clamp(0, 1)
        return carry_to_full_size(picture, before, resized(easel.lit, stage.height, stage.width).clamp(0, 1))

    stages = plan_stages(height, width, params.steps, STEADY)
    start = resized(easel.lit, stages[0].height, stages[0].width).clamp(0, 1)
    return descend(start, stages, objective_at, report, enlarge).clamp(0, 1).to("cpu", torch.float32)


@torch.no_grad()
def _prepared(photo: Portrait, painted: Portrait, features: Features, params: HeadPortraitParams, context: Context) -> _Easel:
    scale = min(1.0, COARSE_PX / max(photo.picture.shape[2:]))
    small, there = (_moved(portrait, scale, context) for portrait in (photo, painted))
    found = correspond(small.picture, small.face, there.picture, there.face, features.network)
    found = replace(found, trust=found.trust * (1 - fitted(small.alone, *found.trust.shape[2:]).to(found.trust)))
    device = context.device.torch_device
    picture = photo.picture.to(device)
    lit = _recoloured(photo, painted).to(device)
    local = toned(lit, painted.picture.to(device), found, photo.face.side)
    amount = params.light / 100 * found.trusted(*picture.shape[2:])
    return _Easel(photo, painted, found, torch.lerp(lit, local, amount).clamp(0, 1))


def _moved(portrait: Portrait, scale: float, context: Context) -> Portrait:
    picture, parts = portrait.at_scale(scale)
    real = picture.shape[2] / portrait.picture.shape[2]
    alone = fitted(portrait.alone, *picture.shape[2:])
    return Portrait(picture.to(context.device.torch_device), portrait.face.moved(0, 0, real), parts, alone)


def _recoloured(photo: Portrait, painted: Portrait) -> Tensor:
    """The photo with the colours of each part moved to those of the same part of the painting."""
    believed = painted.believed()
    made = torch.zeros_like(photo.picture)
    for i in range(photo.parts.shape[1]):
        mask = photo.parts[:, i : i + 1]
        if not bool((mask > 0).any()):
            continue
        if i < FACE_PARTS:
            made += mask * shifted(photo.picture, mask, painted.picture, believed[:, i : i + 1])
        else:
            palette, seen = covered(painted.picture, believed[:, i : i + 1]), covered(photo.picture, mask)
            made += mask * match_moments(photo.picture, palette, measured=seen)
    return made.clamp(0, 1)


def _importance(photo: Portrait, params: HeadPortraitParams) -> Tensor:
    """How much the photo counts in each place (1, 1, h, w): 1, and more in the face."""
    weight = HELD * (params.likeness / 100) ** 2
    eyes, mouth, face = photo.parts[:, :3].unbind(1)
    return 1 + weight * (face + FEATURES_HELD * (eyes + mouth)).unsqueeze(1)


def _objective(
    easel: _Easel, importance: Tensor, features: Features, stage: Stage, params: HeadPortraitParams
) -> Callable[[Tensor], Tensor]:
    network, device = features.network, easel.lit.device
    size = stage.height, stage.width
    photo = resized(easel.photo.picture, *size).clamp(0, 1).to(device)
    painting, _ = easel.painted.at_scale(stage.height / easel.photo.picture.shape[2])
    painting = painting.to(device)
    layers = features.layers_at(photo)
    masks = fitted(easel.photo.parts, *size).to(device)
    believed = fitted(easel.painted.believed(), *painting.shape[2:]).to(device)
    targets = style_targets(network, painting, layers.style, believed)
    with torch.no_grad():
        ours, others = network(photo, layers.content), network(painting, layers.content)
        wanted = {name: gained(ours[name], others[name], easel.correspondence) for name in layers.content}
    held = fitted(importance, *size).to(device)
    base = Objective(network, photo, targets, _weights(layers, params), masks, held, wanted)
    light = _Light(resized(easel.lit, *size), easel.correspondence.trusted(*size) * params.light / 100, easel, stage)
    return lambda picture: base(picture) + light(picture)


class _Light:
    """How far a picture's light and colours, over cells as large as strokes, are from those that are wanted."""

    def __init__(self, lit: Tensor, trust: Tensor, easel: _Easel, stage: Stage) -> None:
        cells = LIGHT_CELLS * easel.photo.picture.shape[2] / easel.photo.face.side
        self._size = max(1, min(stage.height, round(cells))), max(1, min(stage.width, round(cells * stage.width / stage.height)))
        self._wanted, self._trust = self._seen(lit), self._seen(trust)

    def __call__(self, picture: Tensor) -> Tensor:
        """Mean squared distance where it counts; float32 without dimensions."""
        return LIGHT_WEIGHT * (self._trust * (self._seen(picture) - self._wanted).square().sum(1, keepdim=True)).mean()

    def _seen(self, maps: Tensor) -> Tensor:
        return F.adaptive_avg_pool2d(maps, self._size)


def _weights(layers: Layers, params: HeadPortraitParams) -> LossWeights:
    weight = STYLE_WEIGHT_AT_50 * strength_factor(params.style_strength)
    return LossWeights(
        style_layers=layers.style,
        content_layers=layers.content,
        style=weight,
        content=1.0,
        colour=COLOUR_SHARE * weight,
        smoothness=SMOOTHNESS,
    )
