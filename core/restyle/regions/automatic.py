"""Automatic regions: a picture divided into a handful of parts by colour, texture and place, without any download.

Patches are merged by Ward's criterion until a few groups are left; groups need not be connected, for sky shows through trees.
Their borders then move to edges, as a random walker finds them (Grady: Multilabel Random Walker Image Segmentation Using Prior
Models, 2005), and groups that still meet without one are one: a border through a clear sky would show in whatever is done to
its sides. Where
segmentation networks are at hand, what they see counts as well, and gives groups their names.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from restyle.regions import Regions
from restyle.regions.labels import NAMES
from restyle.regions.patches import ACROSS_PX, Floats, Patches

__all__ = ["find_regions"]

MOST_REGIONS = 5
"""On the 30 pairs of the paper, parts agree the better with what people drew the more there are; borders are the price."""

LEAST_CONTRAST = 0.05
"""Difference of colour (Lab / 100) from side to side, on average along a border, that makes an edge."""

FAINT_CONTRAST, LONGEST_FAINT = 0.02, 0.18
"""Difference that nobody sees, and how much of a border, in sides of the picture, may have no more: through a cheek, a wall or a
bank of clouds it would show."""

SHARP_CONTRAST = 0.2
"""On average along a border that is one all the same: dark things before a dark ground are faint in part, too."""

HUES_APART = 0.2
"""Difference of hue (a and b of Lab / 100) that keeps groups apart however softly they meet: dusk's glow, and the blue above."""

ALIKE_COLOR = 0.06
"""Difference of colour (Lab / 100) of neighbouring patches that a walker gets across once in e times."""

PULL = 22.5
"""Of a neighbour of one colour, along a whole side, beside a patch's own group. With it the parts of the paper's 30 pairs agree
more with what people drew than without, and three times as much tears seas."""

LEAST_SHARE = 0.03
"""Of the area: a smaller group joins the one most like it."""

LIGHTNESS_WEIGHT, HUE_WEIGHT, PLACE_WEIGHT = 0.5, 1.0, 0.3
TEXTURE_WEIGHTS = (0.3, 0.4)
LABEL_WEIGHT = 0.8
"""How much the parts of a description count when patches are merged; found by trying on the same pairs."""

LEAST_SURE = 0.6
"""Of a label, on average over a group, to be its name: more likely than all others together, and not by chance."""


def find_regions(patches: Patches, most: int = MOST_REGIONS, part: str = "part") -> Regions:
    """The parts of a picture, ``most`` at most, from its top down.

    What no network gives a name is called ``part`` and a number.
    """
    described = _descriptions(patches)
    groups = np.zeros(len(described), np.int64)
    if len(described) > 1:
        groups = fcluster(linkage(described, "ward"), most, "maxclust").astype(np.int64) - 1
    groups = _settled(_without_small(groups, described, patches.sizes), patches)
    groups = _without_faint_borders(_without_small(groups, described, patches.sizes), patches)
    names, groups = _named(groups, patches, part)
    return Regions(names, patches.masks(groups))


def _descriptions(patches: Patches) -> Floats:
    """(P, D), such that the distance of two rows says how unlike two patches are."""
    parts = [
        LIGHTNESS_WEIGHT * patches.colors[:, :1],
        HUE_WEIGHT * patches.colors[:, 1:],
        PLACE_WEIGHT * patches.places[:, :1],
    ]
    for weight, texture in zip(TEXTURE_WEIGHTS, patches.textures, strict=True):
        # Roots tame the few features that fire strongly.
        rooted = np.sqrt(np.maximum(texture, 0))
        parts.append(weight * rooted / max(float(np.sqrt((rooted**2).sum(1).mean())), 1e-6))
    return np.concatenate([*parts, LABEL_WEIGHT * patches.named], 1)


def _named(groups: NDArray[np.int64], patches: Patches, part: str) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Names from the top of the picture down, and the groups in their order; groups of one label are one."""
    called: dict[str, list[int]] = {}
    for i in range(int(groups.max()) + 1):
        inside = groups == i
        sure = np.average(patches.named[inside], axis=0, weights=patches.sizes[inside])
        label = NAMES[int(sure.argmax())] if len(sure) and sure.max() >= LEAST_SURE else f"{part} {i}"
        called.setdefault(label, []).append(i)
    masks = {label: np.isin(groups, members) for label, members in called.items()}
    heights = {label: np.average(patches.places[mask, 0], weights=patches.sizes[mask]) for label, mask in masks.items()}
    order = sorted(masks, key=lambda label: heights[label])
    names = tuple(label if label in NAMES else f"{part} {i + 1}" for i, label in enumerate(order))
    ordered = np.zeros_like(groups)
    for i, label in enumerate(order):
        ordered[masks[label]] = i
    return names, ordered


def _without_small(groups: NDArray[np.int64], described: Floats, sizes: Floats) -> NDArray[np.int64]:
    """Groups numbered from 0, each of LEAST_SHARE at least, where there is more than one."""
    while True:
        groups = np.unique(groups, return_inverse=True)[1].astype(np.int64)
        shares = np.bincount(groups, sizes)
        smallest = int(shares.argmin())
        if len(shares) == 1 or shares[smallest] >= LEAST_SHARE:
            return groups
        centres = np.stack([np.average(described[groups == i], axis=0, weights=sizes[groups == i]) for i in range(len(shares))])
        distances = ((centres - centres[smallest]) ** 2).sum(1)
        distances[smallest] = np.inf
        groups[groups == smallest] = distances.argmin()


def _settled(groups: NDArray[np.int64], patches: Patches) -> NDArray[np.int64]:
    """The group that a walker from each patch ends in most often, if easily crossed borders draw it and edges hold it back."""
    number = len(groups)
    one, other, _ = patches.borders()
    lengths = np.bincount(one * number + other, minlength=number * number).reshape(number, number)
    lengths = (lengths + lengths.T) / (ACROSS_PX * math.sqrt(patches.labels.size / number))
    unlike = ((patches.colors[:, None] - patches.colors[None]) ** 2).sum(2) / ALIKE_COLOR**2
    pulls = PULL * lengths * np.exp(-unlike)
    own = np.diag(patches.sizes * number)
    reached = np.linalg.solve(own + np.diag(pulls.sum(1)) - pulls, own @ np.eye(int(groups.max()) + 1)[groups])
    settled: NDArray[np.int64] = reached.argmax(1)
    return settled


def _without_faint_borders(groups: NDArray[np.int64], patches: Patches) -> NDArray[np.int64]:
    """Groups numbered from 0, joined where they meet without an edge, or with none for too long; the faintest border first."""
    one, other, steps = patches.borders()
    side = ACROSS_PX * math.sqrt(patches.labels.size)
    while True:
        groups = np.unique(groups, return_inverse=True)[1].astype(np.int64)
        number = int(groups.max()) + 1
        low, high = np.minimum(groups[one], groups[other]), np.maximum(groups[one], groups[other])
        crossing = low != high
        borders, along = (low * number + high)[crossing], steps[crossing]
        lengths = np.bincount(borders, minlength=number * number)
        contrasts = np.bincount(borders, along, minlength=number * number) / np.maximum(lengths, 1)
        faint = np.bincount(borders, along < FAINT_CONTRAST, minlength=number * number) / side
        is_apart = (contrasts >= SHARP_CONTRAST) | (faint < LONGEST_FAINT) | (_hue_distances(groups, patches) >= HUES_APART)
        is_border = (contrasts >= LEAST_CONTRAST) & is_apart
        contrasts[(lengths == 0) | is_border] = np.inf
        faintest = int(contrasts.argmin())
        if np.isinf(contrasts[faintest]):
            return groups
        groups[groups == faintest % number] = faintest // number


def _hue_distances(groups: NDArray[np.int64], patches: Patches) -> Floats:
    """(G G,): how far apart the mean hues of two groups are, row by row."""
    sums = np.stack([np.bincount(groups, patches.sizes * hue) for hue in patches.colors.T[1:]], 1)
    hues = sums / np.bincount(groups, patches.sizes)[:, None]
    found: Floats = np.linalg.norm(hues[:, None] - hues[None], axis=2).ravel().astype(np.float32)
    return found
