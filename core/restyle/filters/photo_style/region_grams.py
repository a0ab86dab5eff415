"""Gram matrices of narrow features under several masks at once, as the wide network would see them.

`restyle.filters.neural_style.statistics` explains the form: features extended by a channel of ones, so that a linear head is one
matrix. Masks count squared, as in the augmented style loss of Luan et al. 2017, whose features are multiplied by the mask.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from restyle.filters.neural_style.statistics import head_root
from restyle.filters.photo_style.scene import Scene, fitted
from restyle.networks.features import FeatureExtractor

__all__ = ["RegionStyle", "region_grams"]

Spans = tuple[slice, ...]

EPSILON = 1e-8
ROUNDING = 1e-4  # under the roots of relative distances squared: a hundredth of a Gram matrix is as near as they come
LEAST_DISTANCE = 0.1  # of a region and layer; photos nearer than that to their style have nothing to be relative to


class RegionStyle:
    """How far a picture of the photo's regions is from the style, relative to the photo itself: about 1 unchanged, 0 reached.

    The sum over regions and layers of the distances of Gram matrices, each relative to the style's own.
    """

    def __init__(self, network: FeatureExtractor, layers: Sequence[str], scene: Scene) -> None:
        self._network, self._layers = network, tuple(layers)
        self._roots: dict[str, Tensor] = {}
        self._targets: dict[str, Tensor] = {}
        self._weights: dict[str, Tensor] = {}
        self._scales: dict[str, Tensor] = {}
        self._spans: dict[str, Spans] = {}
        with torch.no_grad():
            wanted, present = network(scene.style.pixels, self._layers), network(scene.photo.pixels, self._layers)
            for layer in self._layers:
                root = head_root(network.head(layer), wanted[layer].shape[1]).to(wanted[layer].device)
                target = region_grams(wanted[layer], _position_weights(scene.style.masks, wanted[layer]))
                self._roots[layer], self._targets[layer] = root, target
                self._weights[layer] = _position_weights(scene.photo.masks, present[layer])
                self._spans[layer] = _spans(self._weights[layer])
                self._scales[layer] = (root @ target @ root.T).square().sum((1, 2)).clamp_min(EPSILON)
            least = LEAST_DISTANCE * len(self._layers) * scene.photo.masks.shape[1]
            self._unchanged = max(float(self._total(present)), least)

    def __call__(self, picture: Tensor) -> Tensor:
        """Measure a picture (1, 3, H, W) of the photo's size; float32 without dimensions."""
        return self._total(self._network(picture, self._layers)) / self._unchanged

    def _total(self, features: dict[str, Tensor]) -> Tensor:
        total = next(iter(self._roots.values())).new_zeros(())
        for layer, root in self._roots.items():
            difference = region_grams(features[layer], self._weights[layer], self._spans[layer]) - self._targets[layer]
            relative = (root @ difference @ root.T).square().sum((1, 2)) / self._scales[layer]
            total = total + (relative + ROUNDING).sqrt().sum()
        return total


def region_grams(features: Tensor, weights: Tensor, spans: Spans | None = None) -> Tensor:
    """Gram matrices (R, C + 1, C + 1), float32, of features (1, C, h, w) extended by ones; ``weights`` (R, h w) sum to 1 each.

    ``spans`` say from where to where each weight is not 0; who has them at hand saves looking.
    """
    grams: Tensor = _RegionGrams.apply(features, weights, spans or _spans(weights))  # type: ignore[no-untyped-call]
    return grams


class _RegionGrams(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, features: Tensor, weights: Tensor, spans: Spans) -> Tensor:
        vectors = _vectors(features)
        channels = vectors.shape[1]
        out = torch.ones(len(weights), channels + 1, channels + 1, device=vectors.device)
        for gram, weight, span in zip(out, weights, spans, strict=True):
            weighted = vectors[span] * weight[span].unsqueeze(1).to(vectors.dtype)
            gram[:channels, :channels] = (weighted.T @ vectors[span]).float()
            mean = weighted.sum(0, dtype=torch.float32)
            gram[channels, :channels] = gram[:channels, channels] = mean
        ctx.save_for_backward(features, weights)
        ctx.spans = spans
        return out

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        features, weights = ctx.saved_tensors
        vectors = _vectors(features)
        channels = vectors.shape[1]
        back = torch.zeros_like(vectors)
        for gradient, weight, span in zip(gradients[0], weights, ctx.spans, strict=True):
            symmetric = (gradient + gradient.T).to(vectors.dtype)
            part = torch.addmm(symmetric[channels, :channels], vectors[span], symmetric[:channels, :channels])
            back[span].addcmul_(part, weight[span].unsqueeze(1).to(vectors.dtype))
        _, _, height, width = features.shape
        return back.view(1, height, width, channels).permute(0, 3, 1, 2), None, None


def _spans(weights: Tensor) -> Spans:
    """From the first to the last position that counts: regions lie in bands of rows, and the rest need not be read."""
    inside = [weight.nonzero().flatten() for weight in weights]
    return tuple(slice(int(item[0]), int(item[-1]) + 1) if len(item) else slice(0, 0) for item in inside)


def _vectors(features: Tensor) -> Tensor:
    """(1, C, H, W) as (H W, C): no copy where memory is channels-last."""
    return features.permute(0, 2, 3, 1).reshape(-1, features.shape[1])


def _position_weights(masks: Tensor, features: Tensor) -> Tensor:
    """(R, h w) for the positions of a layer, summing to 1."""
    squared = fitted(masks, features.shape[2], features.shape[3])[0].flatten(1).square()
    return squared / squared.sum(1, keepdim=True).clamp_min(EPSILON)
