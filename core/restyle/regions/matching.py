"""Matching: which region of the style guides which region of the content.

As in Deep Photo Style Transfer (Luan et al. 2017), a label guides its equal, and a region that only the content has takes
the style's most similar one. Where no label is common, as in regions that were found, they are assigned to one another so that
all together are as much alike as can be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from scipy.optimize import linear_sum_assignment
from torch import Tensor

from restyle.contract.inputs.regions import MAXIMUM_REGIONS
from restyle.regions import REST, Regions

__all__ = ["RegionPair", "Unlikeness", "completed", "match", "whole"]

LEAST_SHARE = 0.005
"""Of the picture's area: a smaller region has no statistics to speak of (the paper's own measure leaves them out, too)."""

MOST_GUIDED = 2
"""Regions of the content that one of the style may guide where no name is common: with one alone the last to choose gets what
is left, without a bound everything may fall to a single one."""

Unlikeness = Callable[[Regions, Regions], NDArray[np.float32]]
"""How unlike each of R regions of one picture and each of S of another are, (R, S); see ``restyle.regions.similarity``."""


@dataclass(frozen=True)
class RegionPair:
    """A region of the content and the one of the style that guides it; masks (1, 1, h, w) stretch over their pictures.

    The content's masks of all pairs have one size, and sum to 1 everywhere. ``share`` is how much the style counts there among
    several: the shares of all styles sum to 1 in each region.
    """

    name: str
    content: Tensor
    style: Tensor
    share: float = 1.0


def whole() -> tuple[RegionPair, ...]:
    """The one pair where pictures are not divided."""
    return (RegionPair(REST, torch.ones(1, 1, 1, 1), torch.ones(1, 1, 1, 1)),)


def match(content: Regions, style: Regions, unlikeness: Unlikeness) -> tuple[RegionPair, ...]:
    """Pair the regions of two pictures; there is at least one pair.

    Masks that overlap share what they overlap, and what none covers is a region called "rest". Regions too small to have
    statistics are dropped, and those around take their place. ``unlikeness`` is asked only where names do not say all.
    """
    content, style = completed(content), completed(style)
    partners = [style.names.index(name) if name in style.names else None for name in content.names]
    if None in partners:
        has_common = any(partner is not None and name != REST for name, partner in zip(content.names, partners, strict=True))
        nearest = _most_similar(unlikeness(content, style), has_common)
        partners = [int(other) if partner is None else partner for partner, other in zip(partners, nearest, strict=True)]
    return tuple(
        RegionPair(name, content.mask(name), style.masks[:, partner : partner + 1])
        for name, partner in zip(content.names, partners, strict=True)
        if partner is not None
    )


def completed(regions: Regions) -> Regions:
    """Regions whose masks sum to 1 everywhere, each with enough of the area to have statistics."""
    names, masks = list(regions.names), regions.masks
    uncovered = (1 - masks.sum(1, keepdim=True)).clamp_min(0)
    if REST in names:
        place = names.index(REST)
        masks = torch.cat((masks[:, :place], masks[:, place : place + 1] + uncovered, masks[:, place + 1 :]), 1)
    else:
        names, masks = [*names, REST], torch.cat((masks, uncovered), 1)
    shares = (masks / masks.sum(1, keepdim=True)).mean((0, 2, 3))
    # With the rest they may be one too many: the smallest goes, and what is around takes its place, too.
    largest = shares.argsort(descending=True)[:MAXIMUM_REGIONS].tolist()
    kept = [i for i in sorted(largest) if shares[i] >= LEAST_SHARE]
    masks = _without_holes(masks[:, kept])
    return Regions(tuple(names[i] for i in kept), masks / masks.sum(1, keepdim=True))


def _without_holes(masks: Tensor) -> Tensor:
    """``masks`` (1, R, h, w) with what none of them covers given to the nearest: specks and gaps belong to what is around."""
    holes = masks.sum(1)[0] <= 0
    if not holes.any():
        return masks
    nearest = ndimage.distance_transform_edt(holes.cpu().numpy(), return_distances=False, return_indices=True)
    rows, columns = (torch.from_numpy(places).long().to(masks.device) for places in nearest)
    return masks[:, :, rows, columns]


def _most_similar(unlike: NDArray[np.float32], has_common: bool) -> NDArray[np.int64]:
    """For each region of the content one of the style: the nearest, or by the best assignment where no name is common."""
    if has_common:
        nearest: NDArray[np.int64] = unlike.argmin(1)
        return nearest
    places = max(MOST_GUIDED, -(-unlike.shape[0] // unlike.shape[1]))
    _, columns = linear_sum_assignment(np.repeat(unlike, places, axis=1))
    assigned: NDArray[np.int64] = columns // places
    return assigned
