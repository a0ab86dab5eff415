"""How far regions of a photo are from the style's: the augmented style loss of Luan et al. 2017, in relative form.

The paper multiplies features by the masks, so that these count squared and positions that regions share count little.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from restyle.features.gram import PositionWeights, extended_gram, gram_distance, gram_energy, head_root, position_weights
from restyle.filters.photo_style.scene import Scene
from restyle.networks.features import FeatureExtractor
from restyle.pictures.resizing import fitted

__all__ = ["RegionStyle"]

EPSILON = 1e-8
ROUNDING = 1e-4  # under the roots of relative distances squared: a hundredth of a Gram matrix is as near as they come
ENOUGH_POSITIONS = 256 * 256  # of a layer: Gram matrices of more say the same
LEAST_DISTANCE = 0.1  # of a region and layer; photos nearer than that to their style have nothing to be relative to


class RegionStyle:
    """How far a picture of the photo's regions is from the style, relative to the photo itself: about 1 unchanged, 0 reached.

    The sum over regions and layers of the distances of Gram matrices, each relative to the style's own.
    """

    def __init__(self, network: FeatureExtractor, layers: Sequence[str], scene: Scene) -> None:
        self._network, self._layers = network, tuple(layers)
        self._roots: dict[str, Tensor] = {}
        self._targets: dict[str, Tensor] = {}
        self._weights: dict[str, PositionWeights] = {}
        self._scales: dict[str, Tensor] = {}
        with torch.no_grad():
            wanted, present = network(scene.style.pixels, self._layers), network(scene.photo.pixels, self._layers)
            for layer in self._layers:
                wanted[layer], present[layer] = _thinned(wanted[layer]), _thinned(present[layer])
                root = head_root(network.head(layer), wanted[layer].shape[1]).to(wanted[layer].device)
                target = extended_gram(wanted[layer], _weights(scene.style.masks, wanted[layer]))
                self._roots[layer], self._targets[layer] = root, target
                self._weights[layer] = _weights(scene.photo.masks, present[layer])
                self._scales[layer] = gram_energy(target, root).clamp_min(EPSILON)
            least = LEAST_DISTANCE * len(self._layers) * scene.photo.masks.shape[1]
            self._unchanged = max(float(self._total(present)), least)

    def __call__(self, picture: Tensor) -> Tensor:
        """Measure a picture (1, 3, H, W) of the photo's size; float32 without dimensions."""
        return self._total(self._network(picture, self._layers)) / self._unchanged

    def _total(self, features: dict[str, Tensor]) -> Tensor:
        total = next(iter(self._roots.values())).new_zeros(())
        for layer, root in self._roots.items():
            measured = extended_gram(_thinned(features[layer]), self._weights[layer])
            relative = gram_distance(measured, self._targets[layer], root) / self._scales[layer]
            total = total + (relative + ROUNDING).sqrt().sum()
        return total


def _thinned(features: Tensor) -> Tensor:
    """Every n-th position each way of a large layer (1, C, h, w)."""
    spacing = max(1, round(math.sqrt(features.shape[2] * features.shape[3] / ENOUGH_POSITIONS)))
    if spacing == 1:
        return features
    thinned: Tensor = _Thinned.apply(features, spacing)  # type: ignore[no-untyped-call]
    return thinned


class _Thinned(torch.autograd.Function):
    """A slice whose gradient is laid out as the features are: adding one that is not takes longer than all Gram matrices."""

    @staticmethod
    def forward(ctx: Any, features: Tensor, spacing: int) -> Tensor:
        ctx.spacing = spacing
        ctx.save_for_backward(features)
        return features[..., ::spacing, ::spacing].clone()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        whole = torch.zeros_like(ctx.saved_tensors[0])
        whole[..., :: ctx.spacing, :: ctx.spacing] = gradients[0]
        return whole, None


def _weights(masks: Tensor, features: Tensor) -> PositionWeights:
    return position_weights(fitted(masks, features.shape[2], features.shape[3]).clamp(0, 1).square(), features)
