"""As published (Champandard 2016): patches of deep features, joined with the plan, each drawn to the painting's most similar one.

Patches of 3 x 3 positions of relu3_1 and relu4_1 with the plan's masks beside them are matched by normalised cross-correlation,
and the picture descends to what they are matched with, from noise, coarse to fine (the patch loss of Li and Wand 2016, Combining
Markov Random Fields and Convolutional Neural Networks). Where we differ: Adam for L-BFGS, as what is matched changes every few
steps; the patches are matched through their principal components, and the sum over overlapping ones is taken once, as their mean.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.context import Context
from restyle.contract.sentence import said
from restyle.engine.optimize import Stage, descend, plan_stages, preview_of
from restyle.features.losses import content_loss, total_variation
from restyle.features.patch_match import voted
from restyle.filters.neural_doodle.guides import Plans
from restyle.networks.features import FeatureExtractor
from restyle.pictures.resizing import fitted, resized

__all__ = ["paint_as_published"]

LAYERS = ("relu3_1", "relu4_1")
STEPS = 80  # at the coarsest size
RADIUS = 1
COMPONENTS = 96  # of a patch: nearly all of its energy, for a tenth of the arithmetic
POWERS = 3
PLAN_WEIGHT = 4.0  # of the plan beside features of unit energy; with as much no patch comes from another region
MATCHED_EVERY = 8  # steps
SMOOTHNESS = 4.0
CHUNK = 2048  # places matched at once


def paint_as_published(
    plans: Plans, painting: Tensor, size: tuple[int, int], seed: int, network: FeatureExtractor, context: Context
) -> Tensor:
    """A picture (1, 3, H, W) of ``size`` of a plan, in the style of ``painting``, on its device."""
    stages = plan_stages(*size, STEPS)

    def objective_at(stage: Stage) -> _Patches:
        scale = stage.height / size[0]
        there = max(16, round(painting.shape[2] * scale)), max(16, round(painting.shape[3] * scale))
        return _Patches(network, resized(painting, *there).clamp(0, 1), plans)

    def report(i: int, of: int, stage: Stage, picture: Tensor) -> None:
        message = said("Painting at {px} px, step {step} of {of}", px=max(stage.height, stage.width), step=min(i + 1, of), of=of)
        context.progress.step(i, of=of, message=message, preview=preview_of(picture))

    generator = torch.Generator().manual_seed(seed)
    start = torch.rand(1, 3, stages[0].height, stages[0].width, generator=generator).to(painting.device)
    with torch.enable_grad():
        return descend(start, stages, objective_at, report)


class _Patches:
    """The distance of a picture's patches to those that they are matched with."""

    def __init__(self, network: FeatureExtractor, painting: Tensor, plans: Plans) -> None:
        self._network, self._plans = network, plans
        with torch.no_grad():
            self._painting = {name: maps.float() for name, maps in network(painting, LAYERS).items()}
        self._theirs: dict[str, tuple[Tensor, Tensor]] = {}
        for name, maps in self._painting.items():
            patches = _patches(maps, plans.painting)
            basis = _principal(patches)
            self._theirs[name] = basis, F.normalize(patches @ basis)
        self._calls = 0
        self._targets: Mapping[str, Tensor] = {}

    def __call__(self, picture: Tensor) -> Tensor:
        """Measure ``picture``; every few calls its patches are matched anew."""
        features = self._network(picture, LAYERS)
        if self._calls % MATCHED_EVERY == 0:
            with torch.no_grad():
                self._targets = {name: self._matched(name, maps.float()) for name, maps in features.items()}
        self._calls += 1
        loss = SMOOTHNESS * total_variation(picture)
        for name, target in self._targets.items():
            loss = loss + content_loss(features[name].float(), target)
        return loss

    def _matched(self, name: str, maps: Tensor) -> Tensor:
        """What the patches of features (1, C, h, w) are matched with, put together."""
        basis, theirs = self._theirs[name]
        ours = F.normalize(_patches(maps, self._plans.plan) @ basis)
        field = torch.cat([(part @ theirs.T).argmax(1) for part in torch.split(ours, CHUNK)])
        middles = maps.shape[2] - 2 * RADIUS, maps.shape[3] - 2 * RADIUS
        weights = torch.ones(2 * RADIUS + 1, 2 * RADIUS + 1, device=maps.device)
        return voted(field.view(middles), self._painting[name], RADIUS, weights)


def _patches(maps: Tensor, masks: Tensor) -> Tensor:
    """Patches (N, K) of features (1, C, h, w), each position of unit energy on average, with masks of any size beside them."""
    plan = fitted(masks, maps.shape[2], maps.shape[3]).to(maps.device)
    unit = maps / maps.square().sum(1).mean().sqrt().clamp_min(1e-6)
    return F.unfold(torch.cat((unit, PLAN_WEIGHT * plan), 1), 2 * RADIUS + 1)[0].T


def _principal(patches: Tensor) -> Tensor:
    """(K, COMPONENTS): an orthogonal basis of nearly all energy of patches (N, K), by power iteration from a fixed start."""
    basis = torch.randn(patches.shape[1], COMPONENTS, generator=torch.Generator().manual_seed(0)).to(patches.device)
    for _ in range(POWERS):
        basis = torch.linalg.qr(patches.T @ (patches @ basis)).Q
    return basis
