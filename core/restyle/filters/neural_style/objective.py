"""What a painted picture is measured by: style, content and smoothness, over a pyramid of the picture.

Gatys et al. 2016 compare the Gram matrices of one size through conv5_1. We compare those of shallower layers on the picture at
full, half and quarter size: the same reach over the picture for a fraction of the arithmetic. A term on the mean and
deviation of colour helps small networks, whose Gram matrices tell hues apart less well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.filters.neural_style.statistics import gram_distance, head_root, relative_root, statistics
from restyle.losses import content_loss, moments, total_variation
from restyle.networks.features import FeatureExtractor

__all__ = ["LossWeights", "Objective", "StyleTargets", "blended", "style_targets"]

LEVELS = 3  # full, half and quarter size
SMALLEST_LEVEL_PX = 32  # a shorter side below this leaves the deep layers with a handful of positions
REACH_PX = 9  # window that widens the selection by four pixels, so that its edge is painted in full
NORMALIZING_EPSILON = 1e-2


@dataclass(frozen=True)
class LossWeights:
    """How much each term counts; layers by name."""

    style_layers: Mapping[str, float]
    content_layers: Mapping[str, float]
    style: float
    content: float
    colour: float
    smoothness: float


@dataclass(frozen=True)
class StyleTargets:
    """What the result shall have in common with the style: Gram matrices by level and layer, and the moments of its colours."""

    grams: tuple[Mapping[str, Tensor], ...]
    colour_mean: Tensor
    colour_deviation: Tensor


@torch.no_grad()
def style_targets(network: FeatureExtractor, picture: Tensor, layers: Mapping[str, float]) -> StyleTargets:
    """Measure one style picture (1, 3, H, W)."""
    grams = []
    for level in _levels(picture):
        features = network(level, layers)
        grams.append({layer: statistics(features[layer]) for layer in layers})
    return StyleTargets(tuple(grams), *moments(picture))


def blended(targets: list[tuple[float, StyleTargets]]) -> StyleTargets:
    """The weighted mean of several styles' targets; weights are relative to their sum.

    The weighted sum of the squared distances to several Gram matrices and the squared distance to their weighted mean differ by a
    constant alone, so blending (as in neural-style's style_blend_weights) is the same as summing the losses, at the cost of one.
    """
    total = sum(weight for weight, _ in targets)
    shares = [(weight / total, target) for weight, target in targets]
    levels = min(len(target.grams) for _, target in targets)
    grams = tuple(
        {
            layer: sum((share * target.grams[level][layer] for share, target in shares), torch.zeros(()))
            for layer in shares[0][1].grams[level]
        }
        for level in range(levels)
    )
    mean = sum((share * target.colour_mean for share, target in shares), torch.zeros(()))
    deviation = sum((share * target.colour_deviation for share, target in shares), torch.zeros(()))
    return StyleTargets(grams, mean, deviation)


class Objective:
    """The loss of a picture (1, 3, H, W), against one content of the same size and blended styles.

    ``mask`` (1, 1, H, W) or None says where statistics are taken and content is kept; well outside of it nothing pulls.
    """

    def __init__(
        self, network: FeatureExtractor, content: Tensor, targets: StyleTargets, weights: LossWeights, mask: Tensor | None
    ) -> None:
        self._network = network
        self._targets = targets
        self._weights = weights
        self._mask = mask
        self._photo = content
        self._reach = None if mask is None else F.max_pool2d((mask > 0).float(), REACH_PX, stride=1, padding=REACH_PX // 2)
        self._masks: dict[tuple[int, int], Tensor] = {}
        with torch.no_grad():
            features = network(content, weights.content_layers)
            self._content = {layer: _normalized(features[layer]) for layer in weights.content_layers}
            pairs = zip(_levels(content), targets.grams, strict=False)
            self._roots = [self._relative_roots(level, grams) for level, grams in pairs]

    def __call__(self, picture: Tensor) -> Tensor:
        """Measure ``picture``; the result has no dimensions and is float32."""
        weights = self._weights
        if self._reach is not None:
            # Deep layers look far beyond the selection: there they shall find the photo, not pixels bent to please them.
            picture = self._photo + (picture - self._photo) * self._reach
        loss = weights.smoothness * total_variation(picture)
        mean, deviation = moments(picture, self._mask)
        loss = loss + weights.colour * (
            (mean - self._targets.colour_mean).square().sum() + (deviation - self._targets.colour_deviation).square().sum()
        )
        layers = {*weights.style_layers, *weights.content_layers}
        for i, (level, _) in enumerate(zip(_levels(picture), self._roots, strict=False)):
            features = self._network(level, layers if i == 0 else set(weights.style_layers))
            loss = loss + weights.style * self._style(features, i)
            if i == 0:
                loss = loss + weights.content * self._content_term(features)
        return loss

    def _style(self, features: Mapping[str, Tensor], i: int) -> Tensor:
        loss = torch.zeros((), device=self._photo.device)
        for layer, weight in self._weights.style_layers.items():
            measured = statistics(features[layer], self._mask_like(features[layer]))
            loss = loss + weight * gram_distance(measured, self._targets.grams[i][layer], self._roots[i][layer])
        return loss / len(self._roots)

    def _relative_roots(self, level: Tensor, targets: Mapping[str, Tensor]) -> dict[str, Tensor]:
        roots = {}
        for layer, features in self._network(level, self._weights.style_layers).items():
            root = head_root(self._network.head(layer), features.shape[1]).to(features.device)
            roots[layer] = relative_root(root, targets[layer], statistics(features, self._mask_like(features)))
        return roots

    def _content_term(self, features: Mapping[str, Tensor]) -> Tensor:
        loss = torch.zeros((), device=next(iter(features.values())).device)
        for layer, weight in self._weights.content_layers.items():
            loss = loss + weight * content_loss(
                _normalized(features[layer]), self._content[layer], None, self._mask_like(features[layer])
            )
        return loss

    def _mask_like(self, features: Tensor) -> Tensor | None:
        if self._mask is None:
            return None
        size = (features.shape[2], features.shape[3])
        if size not in self._masks:
            self._masks[size] = F.adaptive_avg_pool2d(self._mask, size)
        return self._masks[size]


def _levels(picture: Tensor) -> list[Tensor]:
    """The picture at full, half and quarter size, as far as it stays large enough."""
    levels = [picture]
    while len(levels) < LEVELS and min(levels[-1].shape[2:]) >= 2 * SMALLEST_LEVEL_PX:
        levels.append(F.avg_pool2d(levels[-1], kernel_size=2))
    return levels


def _normalized(features: Tensor) -> Tensor:
    """Features less their mean over the picture, by their deviation: structure without overall colour and contrast.

    Gatys compares the features as they are, so content and style pull at the same statistics. With instance normalisation
    (Ulyanov et al. 2016) content says only where things are.
    """
    wide = features.float()
    deviation, mean = torch.std_mean(wide, dim=(2, 3), keepdim=True, correction=0)
    return (wide - mean) / (deviation + NORMALIZING_EPSILON)
