"""What a painted element is measured by: the painting's strokes and colours inside it, and its own forms.

As in the paper, style is compared with those places of the painting that the element was matched to: a Gram matrix of mapped
features is one of the painting's features weighted by how often each is matched. Only what lies inside the soft mask is free;
all around is the painting, and networks see across the border, so strokes go on there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.engine.optimize import Stage
from restyle.features.gram import extended_gram, gram_distance, head_root, position_weights, relative_root
from restyle.features.losses import total_variation
from restyle.features.moments import instance_normalized, moments
from restyle.filters.harmonize.matching import NearestPatches
from restyle.networks.features import FeatureTrunk
from restyle.pictures.full_size import SHORTEST_SIDE_PX, carry_to_full_size
from restyle.pictures.image import luma
from restyle.pictures.resizing import fitted, resized

__all__ = ["HarmonyObjective", "Scene", "Weights", "at_scale", "at_stage", "sized"]

STYLE_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu3_4", "relu4_1")
PATCH_LAYER = "relu3_1"
HUE_SMOOTHNESS = 1.0  # networks see hues less well than brightness, and would leave specks of them
STROKE_PX = 4
LEAST_POSITIONS = 16.0  # fewer say nothing of a texture


@dataclass(frozen=True)
class Weights:
    """How much each term counts; ``content`` by layer."""

    style: float
    patches: float
    colour: float
    smoothness: float
    light: float
    edge: float
    content: Mapping[str, float]


@dataclass(frozen=True)
class Scene:
    """All at one size: the element in the painting's colours on it, the painting here (1, 3, H, W each), what of it is free
    and what belongs to the element (1, 1, H, W each); then the painting to learn from (1, 3, h, w), and how much each of its
    places counts (1, 1, any size)."""

    pasted: Tensor
    ground: Tensor
    free: Tensor
    cover: Tensor
    painting: Tensor
    counts: Tensor

    def composed(self, picture: Tensor) -> Tensor:
        """``picture`` where it is free, the painting all around."""
        return torch.lerp(self.ground, picture, self.free)

    def change_beyond(self, composed: Tensor) -> Tensor:
        """How far the painting is changed where strokes may go across the element's edge: else a halo stays there."""
        beyond = (self.free - self.cover).clamp_min(0)
        missed = ((composed - self.ground).square() * beyond).mean()
        return missed / self.free.mean().clamp_min(1e-3)

    def enlarged(self, picture: Tensor, stage: Stage) -> Tensor:
        """What was painted at a coarser stage, at this one, with the finest forms of what was pasted: deep layers know none."""
        before = resized(self.pasted, picture.shape[2], picture.shape[3]).clamp(0, 1)
        return carry_to_full_size(picture, before, resized(self.pasted, stage.height, stage.width).clamp(0, 1))


class HarmonyObjective:
    """The loss of a picture of the scene's size, (1, 3, H, W)."""

    def __init__(self, network: FeatureTrunk, scene: Scene, weights: Weights) -> None:
        self._network, self._scene, self._weights = network, scene, weights
        self._layers = {*STYLE_LAYERS, *weights.content}
        with torch.no_grad():
            pasted, painting = network(scene.pasted, self._layers), network(scene.painting, STYLE_LAYERS)
            self._content = {layer: instance_normalized(pasted[layer]) for layer in weights.content}
            self._importance = {layer: sized(scene.free, pasted[layer]) for layer in weights.content}
            covers = {layer: sized(scene.cover, pasted[layer]) for layer in STYLE_LAYERS}
            self._covers = {
                layer: position_weights(cover) for layer, cover in covers.items() if float(cover.sum()) >= LEAST_POSITIONS
            }
            self._grams = {layer: _weighted_gram(painting[layer], scene.counts) for layer in self._covers}
            self._roots = {layer: self._root(layer, pasted[layer]) for layer in self._covers}
            inside = sized(scene.cover, pasted[PATCH_LAYER])
            self._patches = NearestPatches(painting[PATCH_LAYER], inside)
            self._colours = moments(scene.painting, fitted(scene.counts, *scene.painting.shape[2:]).clamp_min(0))

    def __call__(self, picture: Tensor) -> Tensor:
        """Measure ``picture``; the result has no dimensions and is float32."""
        composed = self._scene.composed(picture)
        features = self._network(composed, self._layers)
        # What is free is a part of the picture, and everything else does not vary.
        varied = total_variation(composed) + HUE_SMOOTHNESS * total_variation(composed - luma(composed))
        smoothness = varied / self._scene.free.mean().clamp_min(1e-3)
        return (
            self._weights.style * self._style(features)
            + self._weights.patches * self._patches(features[PATCH_LAYER])
            + self._weights.colour * self._colour(composed)
            + self._weights.smoothness * smoothness
            + self._weights.light * self._light(composed)
            + self._weights.edge * self._scene.change_beyond(composed)
            + self._content_term(features)
        )

    def _style(self, features: Mapping[str, Tensor]) -> Tensor:
        loss = torch.zeros((), device=self._scene.ground.device)
        for layer, cover in self._covers.items():
            measured = extended_gram(features[layer], cover)
            loss = loss + gram_distance(measured, self._grams[layer], self._roots[layer]).sum() / len(STYLE_LAYERS)
        return loss

    def _root(self, layer: str, pasted: Tensor) -> Tensor:
        root = head_root(self._network.head(layer), pasted.shape[1]).to(pasted.device)
        return relative_root(root, self._grams[layer], extended_gram(pasted, self._covers[layer]))

    def _colour(self, composed: Tensor) -> Tensor:
        mean, deviation = moments(composed, self._scene.cover)
        wanted_mean, wanted_deviation = self._colours
        return (mean - wanted_mean).square().sum() + (deviation - wanted_deviation).square().sum()

    def _light(self, composed: Tensor) -> Tensor:
        """How far light and shade, at a stroke's size, are from the element's: networks that look for strokes turn them round."""
        missed = F.avg_pool2d(luma(composed - self._scene.pasted) * self._scene.cover, STROKE_PX, ceil_mode=True).square().mean()
        return missed / self._scene.cover.mean().clamp_min(1e-3)

    def _content_term(self, features: Mapping[str, Tensor]) -> Tensor:
        loss = torch.zeros((), device=self._scene.ground.device)
        for layer, weight in self._weights.content.items():
            target, importance = self._content[layer], self._importance[layer]
            missed = ((instance_normalized(features[layer]) - target).square() * importance).sum()
            loss = loss + weight * missed / (target.square() * importance).sum().clamp_min(1e-6)
        return loss


def at_stage(scene: Scene, stage: Stage) -> Scene:
    """The scene at the size of a stage, with as much of the painting's strokes in it."""
    height, width = stage.height, stage.width
    pasted, ground = (resized(picture, height, width).clamp(0, 1) for picture in (scene.pasted, scene.ground))
    free, cover = (fitted(mask, height, width).clamp(0, 1) for mask in (scene.free, scene.cover))
    return Scene(pasted, ground, free, cover, at_scale(scene.painting, height / scene.ground.shape[2]), scene.counts)


def at_scale(picture: Tensor, scale: float) -> Tensor:
    """A picture (1, 3, H, W) enlarged so many times, at least to what statistics can be taken of."""
    scale = max(scale, SHORTEST_SIDE_PX / min(picture.shape[2:]))
    return resized(picture, round(picture.shape[2] * scale), round(picture.shape[3] * scale)).clamp(0, 1)


def sized(mask: Tensor, features: Tensor) -> Tensor:
    """A mask averaged down to the size of ``features``."""
    return F.adaptive_avg_pool2d(mask, (features.shape[2], features.shape[3]))


def _weighted_gram(features: Tensor, counts: Tensor) -> Tensor:
    return extended_gram(features, position_weights(fitted(counts, *features.shape[2:]).clamp_min(0)))
