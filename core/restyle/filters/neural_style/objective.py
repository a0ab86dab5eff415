"""What a painted picture is measured by: style, content and smoothness.

A term on the mean and deviation of colour helps small networks, whose Gram matrices tell hues apart less well.

With regions each has Gram matrices of its own (Gatys et al. 2017, Controlling Perceptual Factors in Neural Style Transfer);
masks are averaged down to a layer's size, and not multiplied with its features. Those of smaller layers are one position
narrower all around: what lies at a border there sees both of its sides, and would bring the colours of the one into the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.features.gram import PositionWeights, extended_gram, gram_distance, head_root, position_weights, relative_root
from restyle.features.losses import content_loss, total_variation
from restyle.features.moments import instance_normalized, moments
from restyle.networks.features import FeatureExtractor

__all__ = ["LossWeights", "Objective", "RegionTargets", "blended", "style_targets"]

LEAST_POSITIONS = 16  # as many as a picture of the shortest side has in the deepest layer; fewer say nothing of a texture


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
class RegionTargets:
    """What a region shall have in common with the style: Gram matrices by layer, and the moments of its colours.

    Layers where the style's region has too few positions are left out.
    """

    grams: Mapping[str, Tensor]
    colour_mean: Tensor
    colour_deviation: Tensor


@torch.no_grad()
def style_targets(
    network: FeatureExtractor, picture: Tensor, layers: Mapping[str, float], masks: Tensor | None = None
) -> tuple[RegionTargets, ...]:
    """Measure one style picture (1, 3, H, W): as a whole, or under each of ``masks`` (1, R, H, W)."""
    areas = _Areas(masks)
    features = network(picture, layers)

    def grams(i: int) -> Mapping[str, Tensor]:
        counting = [layer for layer in layers if areas.counts(i, features[layer])]
        return {layer: extended_gram(features[layer], areas.weights(i, features[layer])) for layer in counting}

    return tuple(RegionTargets(grams(i), *moments(picture, areas.mask(i, picture))) for i in range(areas.number))


def blended(targets: Sequence[tuple[Sequence[float], tuple[RegionTargets, ...]]]) -> tuple[RegionTargets, ...]:
    """The weighted mean of several styles' targets, region by region; each style comes with its share of each region.

    The weighted sum of the squared distances to several Gram matrices and the squared distance to their weighted mean differ by a
    constant alone, so blending (as in neural-style's style_blend_weights) is the same as summing the losses, at the cost of one.
    """
    by_style = [list(zip(shares, regions, strict=True)) for shares, regions in targets]
    return tuple(_mean([(share, region) for share, region in styles if share > 0]) for styles in zip(*by_style, strict=True))


class Objective:
    """The loss of a picture (1, 3, H, W), against one content of the same size and blended styles.

    ``masks`` (1, R, H, W) say where each of ``targets`` holds, and sum to 1; None where there is one target for everything.
    ``importance`` (1, 1, H, W) says how much the content counts in each place; None for 1. ``wanted`` are features, by layer,
    that the picture is held to in place of the content's own; None for these.
    """

    def __init__(
        self,
        network: FeatureExtractor,
        content: Tensor,
        targets: Sequence[RegionTargets],
        weights: LossWeights,
        masks: Tensor | None = None,
        importance: Tensor | None = None,
        wanted: Mapping[str, Tensor] | None = None,
    ) -> None:
        self._network = network
        self._importance = importance
        self._targets = targets
        self._weights = weights
        self._areas = _Areas(masks)
        self._layers = {*weights.content_layers, *weights.style_layers}
        with torch.no_grad():
            features = network(content, self._layers)
            held = features if wanted is None else wanted
            self._content = {layer: instance_normalized(held[layer]) for layer in weights.content_layers}
            self._roots = self._relative_roots(features)

    def __call__(self, picture: Tensor) -> Tensor:
        """Measure ``picture``; the result has no dimensions and is float32."""
        weights, features = self._weights, self._network(picture, self._layers)
        loss = weights.smoothness * total_variation(picture) + weights.colour * self._colour(picture)
        return loss + weights.style * self._style(features) + weights.content * self._content_term(features)

    def _colour(self, picture: Tensor) -> Tensor:
        loss = torch.zeros((), device=picture.device)
        for i, target in enumerate(self._targets):
            mean, deviation = moments(picture, self._areas.mask(i, picture))
            distance = (mean - target.colour_mean).square().sum() + (deviation - target.colour_deviation).square().sum()
            loss = loss + self._areas.share(i) * distance
        return loss

    def _style(self, features: Mapping[str, Tensor]) -> Tensor:
        loss = torch.zeros((), device=next(iter(features.values())).device)
        for (i, layer), root in self._roots.items():
            measured = extended_gram(features[layer], self._areas.weights(i, features[layer]))
            weight = self._weights.style_layers[layer] * self._areas.share(i)
            loss = loss + weight * gram_distance(measured, self._targets[i].grams[layer], root).sum()
        return loss

    def _relative_roots(self, measured: Mapping[str, Tensor]) -> dict[tuple[int, str], Tensor]:
        """For each region and layer with enough positions in both pictures; ``measured`` are the content's features."""
        roots = {}
        for layer in self._weights.style_layers:
            features = measured[layer]
            root = head_root(self._network.head(layer), features.shape[1]).to(features.device)
            for i, target in enumerate(self._targets):
                if layer in target.grams and self._areas.counts(i, features):
                    measured_here = extended_gram(features, self._areas.weights(i, features))
                    roots[i, layer] = relative_root(root, target.grams[layer], measured_here)
        return roots

    def _content_term(self, features: Mapping[str, Tensor]) -> Tensor:
        loss = torch.zeros((), device=next(iter(features.values())).device)
        for layer, weight in self._weights.content_layers.items():
            target = self._content[layer]
            difference = instance_normalized(features[layer]) - target
            if self._importance is not None:
                size = (difference.shape[2], difference.shape[3])
                difference = difference * F.adaptive_avg_pool2d(self._importance, size).sqrt()
            loss = loss + weight * content_loss(target + difference, target)
        return loss


class _Areas:
    """The regions of a picture at the sizes of its layers; without ``masks`` one that is everything."""

    def __init__(self, masks: Tensor | None) -> None:
        self._masks = masks
        self._at_size: dict[tuple[int, int], Tensor] = {}
        self._weights: dict[tuple[int, int, int], PositionWeights] = {}
        self._shares = [1.0] if masks is None else masks.mean((0, 2, 3)).tolist()

    @property
    def number(self) -> int:
        """How many there are."""
        return len(self._shares)

    def share(self, i: int) -> float:
        """Of the picture's area."""
        return self._shares[i]

    def mask(self, i: int, features: Tensor) -> Tensor | None:
        """Where the i-th region is in ``features`` (1, C, h, w), as (1, 1, h, w)."""
        if self._masks is None:
            return None
        size = (features.shape[2], features.shape[3])
        if size not in self._at_size:
            is_full = size == self._masks.shape[2:]
            self._at_size[size] = self._masks if is_full else _narrowed(F.adaptive_avg_pool2d(self._masks, size))
        return self._at_size[size][:, i : i + 1]

    def weights(self, i: int, features: Tensor) -> PositionWeights | None:
        """How much each position of ``features`` (1, C, h, w) counts for the i-th region."""
        mask = self.mask(i, features)
        if mask is None:
            return None
        place = (i, features.shape[2], features.shape[3])
        if place not in self._weights:
            self._weights[place] = position_weights(mask)
        return self._weights[place]

    def counts(self, i: int, features: Tensor) -> bool:
        """Whether the i-th region has enough positions in ``features``."""
        mask = self.mask(i, features)
        return mask is None or float(mask.sum()) >= LEAST_POSITIONS


def _narrowed(masks: Tensor) -> Tensor:
    """Masks (1, R, h, w) one position narrower along borders, but not along the picture's edge; as they are if little is left."""
    narrow = -F.max_pool2d(F.pad(-masks, (1,) * 4, mode="replicate"), kernel_size=3, stride=1)
    return torch.where(narrow.sum((2, 3), keepdim=True) >= LEAST_POSITIONS, narrow, masks)


def _mean(styles: Sequence[tuple[float, RegionTargets]]) -> RegionTargets:
    """One region's targets from several styles with their shares; only layers that all of them have."""
    shares, regions = [share for share, _ in styles], [region for _, region in styles]

    def mean(tensors: list[Tensor]) -> Tensor:
        return torch.stack([share * tensor for share, tensor in zip(shares, tensors, strict=True)]).sum(0)

    common = [layer for layer in regions[0].grams if all(layer in region.grams for region in regions)]
    grams = {layer: mean([region.grams[layer] for region in regions]) for layer in common}
    colours = mean([region.colour_mean for region in regions]), mean([region.colour_deviation for region in regions])
    return RegionTargets(grams, *colours)
