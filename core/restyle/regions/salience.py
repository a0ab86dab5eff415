"""Salience: what stands out in a picture, by contrast and place, as a person glances at it.

Robust background detection (Zhu, Liang, Wei, Sun: Saliency Optimization from Robust Background Detection, CVPR 2014): what holds
on to the picture's edges along paths of one colour is background; what differs from all that is background, and lies near it, is
not; a small linear system evens both out over neighbours of one colour. Where we differ: textures count beside colours; the lower
edge counts little, for whoever is photographed often stands on it; and there may be a guess beforehand of where to look, or where
not to.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import shortest_path

from restyle.regions.patches import Floats, Patches

__all__ = ["salience"]

SAME_COLOR = 0.10  # Lab / 100: the paper's sigma of 10
STEP_IGNORED = 0.02  # of a path from patch to patch: shading
BOUND = 1.0  # the paper's sigma of how firmly a patch holds on to the edges
NEAR = 0.25  # of the sides, the paper's
TEXTURE_WEIGHT = 0.15  # of a distance of textures (0..2) beside one of Lab / 100
LOWER_EDGE = 0.25  # of what another edge counts
EVEN, ALIKE = 0.1, 3.0  # how much neighbours are alike whatever their colours (the paper's mu), and if these are the same
UNLIKELY = 0.2  # how surely what lies beside a guess is background
FARTHEST = 10.0  # of paths: patches that do not meet any other


def salience(patches: Patches, *, likely: Floats | None = None, never: Floats | None = None) -> Floats:
    """How much each patch stands out, (P,) in 0..1.

    ``likely`` (P,) in 0..1 says where to look instead of contrast; ``never`` (P,) in 0..1 what is background in any case.
    """
    unlike, neighbours = _unlikeness(patches), _neighbours(patches)
    background = _background(patches, unlike, neighbours)
    if never is not None:
        background = np.maximum(background, never)
    if likely is None:
        standing = _contrast(unlike, _distances(patches.places), background)
    else:
        standing, background = likely, (1 - likely) * (background + UNLIKELY)
    if never is not None:
        standing = standing * (1 - never)
    return _evened(standing, background, unlike, neighbours)


def _unlikeness(patches: Patches) -> Floats:
    found = _distances(patches.colors)
    for texture in patches.textures[-1:]:
        rooted = np.sqrt(np.maximum(texture, 0))
        rooted /= np.maximum(np.linalg.norm(rooted, axis=1, keepdims=True), 1e-6)
        found = found + TEXTURE_WEIGHT * _distances(rooted)
    return found


def _distances(rows: Floats) -> Floats:
    squares = (rows**2).sum(1)
    found: Floats = np.sqrt(np.maximum(squares[:, None] + squares[None] - 2 * rows @ rows.T, 0)).astype(np.float32)
    return found


def _neighbours(patches: Patches) -> NDArray[np.bool_]:
    """(P, P): which patches meet, or both meet what a third one meets: the paper joins these, too."""
    number = len(patches.sizes)
    one, other, _ = patches.borders()
    meeting = np.zeros((number, number), bool)
    meeting[one, other] = meeting[other, one] = True
    return meeting


def _edges(patches: Patches) -> Floats:
    """(P,) how much of each patch lies along the picture's edges, of a patch's usual width."""
    labels, number = patches.labels, len(patches.sizes)
    usual = np.sqrt(labels.size / number)
    counts = np.zeros(number)
    for line, weight in ((labels[0], 1.0), (labels[:, 0], 1.0), (labels[:, -1], 1.0), (labels[-1], LOWER_EDGE)):
        counts += weight * np.bincount(line, minlength=number)
    found: Floats = np.minimum(counts / usual, 1).astype(np.float32)
    return found


def _background(patches: Patches, unlike: Floats, neighbours: NDArray[np.bool_]) -> Floats:
    """(P,) how surely each patch is background."""
    edges = _edges(patches)
    steps = np.maximum(unlike - STEP_IGNORED, 1e-5) * neighbours
    around = edges > 0.5
    joined = np.outer(around, around)
    np.fill_diagonal(joined, False)
    steps = np.where(joined & (steps == 0), np.maximum(unlike - STEP_IGNORED, 1e-5), steps)
    paths = np.minimum(shortest_path(steps, directed=False), FARTHEST)
    same = np.exp(-(paths**2) / (2 * SAME_COLOR**2))
    bound = (same @ edges) / np.sqrt(same.sum(1))
    found: Floats = (1 - np.exp(-(bound**2) / (2 * BOUND**2))).astype(np.float32)
    return found


def _contrast(unlike: Floats, far: Floats, background: Floats) -> Floats:
    near = np.exp(-(far**2) / (2 * NEAR**2))
    found = (unlike * near) @ background
    found -= found.min()
    contrast: Floats = (found / max(float(found.max()), 1e-6)).astype(np.float32)
    return contrast


def _evened(standing: Floats, background: Floats, unlike: Floats, neighbours: NDArray[np.bool_]) -> Floats:
    """What costs least: to be 0 where background is sure, 1 where it stands out, and like neighbours (eq. 9 of the paper)."""
    weights = np.where(neighbours, ALIKE * np.exp(-(unlike**2) / (2 * SAME_COLOR**2)) + EVEN, 0)
    laplacian = np.diag(weights.sum(1)) - weights
    system = laplacian + np.diag(background + standing + 1e-4)
    solved: Floats = np.clip(np.linalg.solve(system, standing), 0, 1).astype(np.float32)
    return solved
