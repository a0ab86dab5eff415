"""Matching: for each place of one picture the place of another that looks most alike in a network's eyes.

Patches of 3x3 positions of relu3_1 and relu4_1, as in the paper's mapping; but each channel counts by how much it varies in the
painting, so that what is dark and rough in a photo finds what is dark and rough there.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.features.moments import moments
from restyle.networks.features import FeatureTrunk

__all__ = ["NearestPatches", "how_often_matched", "most_alike", "patches_of"]

LAYERS = ("relu3_1", "relu4_1")
PATCH = 3
LEAST_COVER = 0.3  # of a position that belongs to the element: less says more of the background
AT_ONCE = 1024  # positions compared at once: bounds the memory for their likeness to all of the painting's
LEAST_DEVIATION = 1e-3
SEARCH_EVERY = 15  # steps: the nearest patch of most places does not change in fewer
MOST_OFFERED = 8192  # patches of the painting that strokes are compared with: more take longer and hardly come nearer


@torch.no_grad()
def how_often_matched(network: FeatureTrunk, picture: Tensor, cover: Tensor, painting: Tensor) -> Tensor:
    """How often each place of ``painting`` (1, 3, h, w) is most alike to one of ``picture`` (1, 3, H, W) under ``cover``.

    Both in 0..1, ``cover`` (1, 1, H, W); the result (1, 1, h / 8, w / 8) sums to 1, each match spread over its patch.
    """
    features = network(painting, LAYERS)
    seen, known = _described(network(picture, LAYERS), features), _described(features, features)
    counts = F.adaptive_avg_pool2d(cover, (seen.shape[2], seen.shape[3])).flatten() > LEAST_COVER
    wanted, offered = patches_of(seen), patches_of(known)
    # Of an element too small for the network all of the picture stands for it.
    wanted = wanted[counts] if bool(counts.any()) else wanted
    found = most_alike(wanted, offered)
    times = torch.bincount(found, minlength=len(offered)).to(picture.dtype)
    spread = F.avg_pool2d(F.pad(times.view(1, 1, *known.shape[2:]), (PATCH // 2,) * 4, mode="replicate"), PATCH, stride=1)
    return spread / spread.sum()


class NearestPatches:
    """How unlike the painting's patches those of a picture are, each compared with the one that is most alike.

    As in Li and Wand 2016 (Combining Markov Random Fields and Convolutional Neural Networks): where Gram matrices say which
    strokes there are, this says how each of them looks. The nearest are searched anew every `SEARCH_EVERY` calls.
    """

    def __init__(self, painting: Tensor, cover: Tensor) -> None:
        """``painting``: features (1, C, h, w); ``cover`` (1, 1, H, W) of the size of those that are measured."""
        offered = patches_of(painting)
        self._offered = offered[:: max(1, round(len(offered) / MOST_OFFERED))].contiguous()
        self._counts = cover.flatten() > LEAST_COVER
        self._nearest = self._offered
        self._calls = 0

    def __call__(self, features: Tensor) -> Tensor:
        """The mean of 1 - cosine over all places that count, for features (1, C, H, W); 0 where none do."""
        wanted = patches_of(features)[self._counts]
        if not len(wanted):
            return features.sum() * 0
        if self._calls % SEARCH_EVERY == 0:
            self._nearest = self._offered[most_alike(wanted.detach(), self._offered)]
        self._calls += 1
        return 1 - (wanted * self._nearest).sum(1, dtype=torch.float32).mean()


def _described(features: Mapping[str, Tensor], known: Mapping[str, Tensor]) -> Tensor:
    """The layers (1, C, h, w), brought to mean 0 and deviation 1 by those of the painting, at the size of the deepest."""
    size = (features[LAYERS[-1]].shape[2], features[LAYERS[-1]].shape[3])
    found = []
    for layer in LAYERS:
        mean, deviation = (moment[:, :, None, None] for moment in moments(known[layer]))
        maps = F.adaptive_avg_pool2d(features[layer].float(), size)
        found.append((maps - mean) / (deviation + LEAST_DEVIATION) * maps.shape[1] ** -0.5)
    return torch.cat(found, 1)


def patches_of(maps: Tensor) -> Tensor:
    """The patch around each position of (1, C, h, w), as unit vectors (h w, C 9)."""
    around = F.pad(maps, (PATCH // 2,) * 4, mode="replicate")
    return F.normalize(F.unfold(around, PATCH)[0].T, dim=1)


def most_alike(wanted: Tensor, offered: Tensor) -> Tensor:
    """For each of unit vectors (N, D) which of others (M, D) has the greatest cosine."""
    return torch.cat([(part @ offered.T).argmax(1) for part in wanted.split(AT_ONCE)])  # type: ignore[no-untyped-call]
