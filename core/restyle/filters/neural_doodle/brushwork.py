"""Brushwork: a picture is worked over until each region's Gram matrices are those of the painting's.

Unlike Neural Style's (`restyle.filters.neural_style.objective`) the loss has no content, and sums distances, not their squares:
each layer of each region is nearly right from the start, and what is nearest would be forgotten. Small regions count by the root
of their area.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.context import Context
from restyle.contract.sentence import said
from restyle.engine.optimize import Stage, StepSchedule, descend, preview_of
from restyle.features.gram import PositionWeights, extended_gram, gram_distance, head_root, position_weights, relative_root
from restyle.filters.neural_doodle.guides import Plans
from restyle.networks.features import FeatureExtractor
from restyle.pictures.full_size import SHORTEST_SIDE_PX
from restyle.pictures.resizing import resized

__all__ = ["RegionGrams", "work_over"]

LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu3_4")
"""What strokes and canvas are seen in; forms are there, and deeper layers would bend them."""

SCHEDULE = StepSchedule(learning_rate=0.02, finer_share=1.0, faintest=0.01)
"""Half of a painting's own rate: little is left to do."""

LEAST_POSITIONS = 16
FLAT = 1e-6  # below a thousandth of a Gram matrix nothing is seen, and a root's slope has no bound


def work_over(picture: Tensor, painting: Tensor, plans: Plans, network: FeatureExtractor, steps: int, context: Context) -> Tensor:
    """Take ``steps`` at half size, where a region's palette is soon put right, and as many at full size.

    ``picture`` (1, 3, H, W) and ``painting`` are in 0..1 on one device; the result has the size of ``picture``.
    """
    sizes = [(picture.shape[2], picture.shape[3])]
    if min(picture.shape[2:]) >= 2 * SHORTEST_SIDE_PX and min(painting.shape[2:]) >= 2 * SHORTEST_SIDE_PX:
        sizes.insert(0, (picture.shape[2] // 2, picture.shape[3] // 2))
    start = 0.0
    for number, size in enumerate(sizes, 1):
        end = 1.0 if number == len(sizes) else 0.2
        before = resized(picture, *size).clamp(0, 1)
        scale = size[0] / picture.shape[2]
        style = resized(painting, round(painting.shape[2] * scale), round(painting.shape[3] * scale)).clamp(0, 1)
        grams = RegionGrams(network, before, style, plans)
        after = _descended(before, grams, steps, context.part(start, end))
        # What changed is carried over: the finer picture keeps its strokes.
        picture = after if number == len(sizes) else (picture + resized(after - before, *sizes[-1])).clamp(0, 1)
        start = end
    return picture


@dataclass(frozen=True)
class _Layer:
    """What a layer shall be like, and where in the picture which region is, for those that have enough positions."""

    grams: Tensor
    roots: Tensor
    positions: PositionWeights
    shares: Tensor


class RegionGrams:
    """The distance of a picture's regions to those of a painting; both (1, 3, H, W), ``like`` of the picture's size."""

    def __init__(self, network: FeatureExtractor, like: Tensor, painting: Tensor, plans: Plans) -> None:
        self._network = network
        sizes = (like.shape[2], like.shape[3]), (painting.shape[2], painting.shape[3])
        plan_masks, masks = plans.masks(*sizes, like.device)
        with torch.no_grad():
            wanted, seen = network(painting, LAYERS), network(like, LAYERS)
            found = {layer: self._layer(layer, wanted[layer], seen[layer], masks, plan_masks) for layer in LAYERS}
        self._layers: Mapping[str, _Layer] = {name: layer for name, layer in found.items() if layer is not None}

    def __call__(self, picture: Tensor) -> Tensor:
        """Measure ``picture``; 0 is the painting's, 1 as far from it as a black one."""
        loss = torch.zeros((), device=picture.device)
        features = self._network(picture, self._layers)
        for name, layer in self._layers.items():
            distance = gram_distance(extended_gram(features[name], layer.positions), layer.grams, layer.roots)
            loss = loss + (layer.shares * (distance + FLAT).sqrt()).sum() / len(self._layers)
        return loss

    def _layer(self, name: str, wanted: Tensor, seen: Tensor, masks: Tensor, plan_masks: Tensor) -> _Layer | None:
        theirs = F.adaptive_avg_pool2d(masks, (wanted.shape[2], wanted.shape[3]))
        ours = F.adaptive_avg_pool2d(plan_masks, (seen.shape[2], seen.shape[3]))
        enough = (theirs.sum((0, 2, 3)) >= LEAST_POSITIONS) & (ours.sum((0, 2, 3)) >= LEAST_POSITIONS)
        if not enough.any():
            return None
        # Squares, as Photo Style's paper has them: what lies astride a border counts less.
        grams = extended_gram(wanted, position_weights(theirs[:, enough].square()))
        root = head_root(self._network.head(name), wanted.shape[1]).to(wanted.device)
        roots = torch.stack([relative_root(root, gram.unsqueeze(0)) for gram in grams])
        shares = ours[:, enough].mean((0, 2, 3)).sqrt()
        return _Layer(grams, roots, position_weights(ours[:, enough].square()), shares / shares.sum())


def _descended(picture: Tensor, grams: RegionGrams, steps: int, context: Context) -> Tensor:
    def report(i: int, of: int, stage: Stage, picture: Tensor) -> None:
        message = said(
            "Working over at {px} px, step {step} of {of}", px=max(stage.height, stage.width), step=min(i + 1, of), of=of
        )
        context.progress.step(i, of=of, message=message, preview=preview_of(picture))

    stage = Stage(picture.shape[2], picture.shape[3], steps, SCHEDULE)
    with torch.enable_grad():
        return descend(picture, [stage], lambda _: grams, report)
