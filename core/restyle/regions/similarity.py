"""Similarity: how much alike a region of one picture and a region of another are, by colour, texture, place and size."""

from __future__ import annotations

import numpy as np

from restyle.regions import Regions
from restyle.regions.patches import Floats, Patches

__all__ = ["distances"]

LIGHTNESS_WEIGHT = 0.5
HUE_WEIGHT = 0.5
"""Of a region's colour less its picture's mean: at night the sky is still bluer than the street."""

PLACE_WEIGHT, SPREAD_WEIGHT, SIZE_WEIGHT = 1.0, 0.3, 0.3
TEXTURE_WEIGHTS = (0.3, 0.7)
"""Found by trying on the paper's 30 pairs: how often two regions matched that people had given the same name."""

COMMON_TEXTURE = 0.7
"""Share of the picture's mean texture that is taken off a region's: with less all regions of a picture look alike."""


def distances(first: Regions, first_patches: Patches, second: Regions, second_patches: Patches) -> Floats:
    """How unlike they are: (R, S) for R regions of the one picture and S of the other."""
    one, other = _descriptions(first, first_patches), _descriptions(second, second_patches)
    unlike: Floats = np.sqrt(((one[:, None] - other[None]) ** 2).sum(2))
    return unlike


def _descriptions(regions: Regions, patches: Patches) -> Floats:
    """(R, D), such that the distance of two rows says how unlike two regions are."""
    weights = patches.weights(regions.masks)
    colors = weights @ patches.colors
    places = weights @ patches.places[:, :1]
    spread = np.sqrt(np.maximum(weights @ patches.places[:, :1] ** 2 - places**2, 0))
    sizes = regions.masks.mean((0, 2, 3)).cpu().numpy()[:, None]
    parts = [
        LIGHTNESS_WEIGHT * colors[:, :1],
        HUE_WEIGHT * (colors[:, 1:] - patches.sizes @ patches.colors[:, 1:]),
        PLACE_WEIGHT * places,
        SPREAD_WEIGHT * spread,
        SIZE_WEIGHT * np.sqrt(sizes),
    ]
    for weight, texture in zip(TEXTURE_WEIGHTS, patches.textures, strict=True):
        own = weights @ texture - COMMON_TEXTURE * (patches.sizes @ texture)
        parts.append(weight * own / np.maximum(np.linalg.norm(own, axis=1, keepdims=True), 1e-6))
    return np.concatenate(parts, 1).astype(np.float32)
