"""Harmonize as published: the two passes of the paper, for comparison.

Where we differ: the network is the one in the box, whose deepest layer is relu5_1; losses are relative and each pass goes from
coarse to fine, for a tenth of the paper's steps; how painterly a painting is is read off its roughness, and not by a
classifier of styles. Chrominance denoising and patch synthesis (`synthesis`) come after.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from restyle.engine.optimize import STEADY, Stage, descend, plan_stages
from restyle.features.gram import PositionWeights, extended_gram, gram_distance, head_root, position_weights, relative_root
from restyle.features.losses import total_variation
from restyle.filters.harmonize.mapping import nearest
from restyle.filters.harmonize.objective import Scene, at_stage, sized
from restyle.networks.features import FeatureTrunk
from restyle.pictures.image import luma
from restyle.pictures.resizing import resized

__all__ = ["Report", "painted_in_two_passes", "painterliness"]

FIRST_STYLE = ("relu3_1", "relu4_1", "relu5_1")
SECOND_STYLE = ("relu1_1", "relu2_1", "relu3_1", "relu4_1")
REFERENCE = "relu4_1"  # where the consistent mapping is found
CONTENT = "relu4_1"
HISTOGRAMS = ("relu1_1", "relu4_1")
STYLE_WEIGHT, HISTOGRAM_WEIGHT, SMOOTHNESS_WEIGHT, EDGE_WEIGHT = 4.0, 0.1, 5.0, 30.0
ROUGH = 0.02  # the median step between neighbouring pixels of a painting of clear strokes; the old masters' have a fifth of it
LEAST_COVER = 0.3

Report = Callable[[int, int, Stage, Tensor], None]


@dataclass(frozen=True)
class _Style:
    """One layer's Gram matrix to be reached, how to see it, and where."""

    gram: Tensor
    root: Tensor
    cover: PositionWeights


def painted_in_two_passes(scene: Scene, network: FeatureTrunk, strength: float, steps: int, report: Report) -> Tensor:
    """The element of ``scene`` painted, (1, 3, h, w) in 0..1 of its size; ``pasted`` has the photo's own colours.

    ``strength`` multiplies the style's weight. ``report`` is called before each step and may raise.
    """
    height, width = scene.ground.shape[2:]
    stages = plan_stages(height, width, steps, STEADY)
    total = sum(stage.steps for stage in stages)

    def first(stage: Stage) -> Callable[[Tensor], Tensor]:
        return _Pass(network, at_stage(scene, stage), strength, None)

    def report_first(i: int, of: int, stage: Stage, picture: Tensor) -> None:
        if i < of:
            report(i, 2 * total, stage, picture)

    rough = descend(_at(scene.pasted, stages[0]), stages, first, report_first, scene.enlarged)

    def second(stage: Stage) -> Callable[[Tensor], Tensor]:
        return _Pass(network, at_stage(scene, stage), strength, _at(rough, stage))

    fine = (stages[-1],)
    done = 2 * total - fine[0].steps
    return descend(rough, fine, second, lambda i, of, stage, picture: report(done + i, 2 * total, stage, picture))


class _Pass:
    """The loss of the first pass, or of the second where the first one's result is given."""

    def __init__(self, network: FeatureTrunk, scene: Scene, strength: float, rough: Tensor | None) -> None:
        self._network, self._scene = network, scene
        self._is_second = rough is not None
        self._layers = {*(SECOND_STYLE if self._is_second else FIRST_STYLE), CONTENT, *(HISTOGRAMS if self._is_second else ())}
        roughness = painterliness(scene.painting)
        self._style_weight = STYLE_WEIGHT * strength * (roughness if self._is_second else 1)
        self._histogram_weight = HISTOGRAM_WEIGHT * (2 - roughness)
        # Smooth paintings stay smooth (the paper's equation 11, as far as it goes without a classifier).
        self._smoothness = SMOOTHNESS_WEIGHT * (1 - roughness) if self._is_second else 0.0
        with torch.no_grad():
            pasted, painting = network(scene.pasted, self._layers), network(scene.painting, self._layers)
            seen = pasted if rough is None else network(scene.composed(rough), self._layers)
            self._content = pasted[CONTENT].float()
            self._importance = sized(scene.cover, pasted[CONTENT])
            self._styles, self._sorted = self._measured(seen, painting)

    def __call__(self, picture: Tensor) -> Tensor:
        composed = self._scene.composed(picture)
        features = self._network(composed, self._layers)
        missed = (features[CONTENT].float() - self._content).square() * self._importance
        loss: Tensor = missed.sum() / (self._content.square() * self._importance).sum().clamp_min(1e-6)
        for layer, style in self._styles.items():
            distance = gram_distance(extended_gram(features[layer], style.cover), style.gram, style.root).sum()
            loss = loss + self._style_weight / len(self._styles) * distance
        for layer, (inside, values) in self._sorted.items():
            loss = loss + self._histogram_weight * _histogram_distance(features[layer][0].float()[:, inside], values)
        loss = loss + EDGE_WEIGHT * self._scene.change_beyond(composed)
        return loss + self._smoothness * total_variation(composed) / self._scene.free.mean().clamp_min(1e-3)

    def _measured(
        self, seen: Mapping[str, Tensor], painting: Mapping[str, Tensor]
    ) -> tuple[dict[str, _Style], dict[str, tuple[Tensor, Tensor]]]:
        """The styles, and for each layer of `HISTOGRAMS` which places count and the values (C, N) to be reached, sorted."""
        consistent = nearest(seen[REFERENCE], painting[REFERENCE]).consistent(painting[REFERENCE])
        styles, values = {}, {}
        for layer in SECOND_STYLE if self._is_second else FIRST_STYLE:
            features, offered = seen[layer], painting[layer]
            cover = sized(self._scene.cover, features)
            inside = cover[0, 0] > LEAST_COVER
            if not bool(inside.any()):
                continue
            mapping = consistent.at(features, offered) if self._is_second else nearest(features, offered, inside)
            counts = mapping.counts(inside, once=self._is_second)
            gram = extended_gram(offered, position_weights(counts))
            places = position_weights(cover)
            root = head_root(self._network.head(layer), features.shape[1]).to(features.device)
            styles[layer] = _Style(gram, relative_root(root, gram, extended_gram(features, places)), places)
            if self._is_second and layer in HISTOGRAMS:
                values[layer] = inside, offered[0].float()[:, counts[0, 0] > 0].sort(1).values
        return styles, values


def painterliness(painting: Tensor) -> float:
    """How rough a painting (1, 3, H, W) is, 0 to 1: what the paper asks a classifier of styles."""
    brightness = luma(painting)
    steps = (brightness[..., 1:] - brightness[..., :-1]).abs()
    return 1 - math.exp(-float(steps.median()) / ROUGH)


def _histogram_distance(features: Tensor, values: Tensor) -> Tensor:
    """The mean squared distance of features (C, M) to themselves with the distribution of ``values`` (C, N), sorted, relative
    to the mean square of these (Risser, Wilmot, Barnes 2017)."""
    count = features.shape[1]
    ranks = torch.linspace(0, values.shape[1] - 1, count, device=features.device).round().long()
    with torch.no_grad():
        wanted = torch.empty_like(features).scatter_(1, features.argsort(1), values[:, ranks])
    return (features - wanted).square().mean() / values.square().mean().clamp_min(1e-6)


def _at(picture: Tensor, stage: Stage) -> Tensor:
    return resized(picture, stage.height, stage.width).clamp(0, 1)
