"""Patches: a picture in a few hundred superpixels, each described by colour, texture and place.

SLIC (Achanta et al. 2012) on a small copy; texture and what it belongs to are features of the compact encoder, averaged over a
patch. Whatever is said of regions, found or given, is said of patches first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from skimage.segmentation import slic
from torch import Tensor
from torch.nn import functional as F

from restyle.networks.features import FeatureExtractor
from restyle.pictures.color import rgb_to_lab
from restyle.regions.labels import Labeller, label

__all__ = ["ACROSS_PX", "TEXTURE_LAYERS", "Floats", "Patches", "cut_into_patches"]

WORKING_PX = 224
"""Longer side of the copy: what one sees of a picture at a glance, in some hundredths of a second."""

LEAST_PX = 16
"""Shorter side of the copy: what the deepest layer needs. Narrower pictures are stretched."""

NUMBER = 300
"""As many patches; with fewer they straddle edges, with more they have no texture."""

COMPACTNESS = 10.0
"""SLIC's usual balance of colour (Lab) and place."""

TEXTURE_LAYERS = ("relu3_1", "relu4_2")
"""What things are made of, and what they are part of."""

ACROSS_PX = 3
"""From one side of a border to the other: it lies where SLIC puts it, give or take a pixel."""

ALIKE_COLOR, NEAR_PLACE = 0.05, 0.25
"""Deviations of colour (Lab / 100) and place (shares of the sides) within which patches share their textures."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Patches:
    """P patches of a picture: which patch each pixel of the small copy (h, w) belongs to, and what they are like.

    ``pixels`` (3, h, w): the copy in Lab / 100; ``sizes`` (P,) in shares of the area; ``colors`` (P, 3): Lab / 100; ``places``
    (P, 2): down and across in 0..1; ``textures``: (P, C) for each of TEXTURE_LAYERS, not negative; ``named`` (P, N): how
    surely each of ``restyle.regions.labels.NAMES`` is there, or (P, 0) where no network says.
    """

    labels: NDArray[np.int64]
    pixels: Floats
    sizes: Floats
    colors: Floats
    places: Floats
    textures: tuple[Floats, ...]
    named: Floats

    def borders(self) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
        """Pairs of patches that meet, with the difference of colour from side to side; once for each pixel of a border."""
        one, other, contrast = [], [], []
        for labels, colors in ((self.labels, self.pixels), (self.labels.T, self.pixels.transpose(0, 2, 1))):
            meeting = labels[:, :-ACROSS_PX] != labels[:, ACROSS_PX:]
            one.append(labels[:, :-ACROSS_PX][meeting])
            other.append(labels[:, ACROSS_PX:][meeting])
            contrast.append(np.sqrt(((colors[..., ACROSS_PX:] - colors[..., :-ACROSS_PX]) ** 2).sum(0))[meeting])
        return np.concatenate(one), np.concatenate(other), np.concatenate(contrast)

    def weights(self, masks: Tensor) -> Floats:
        """How much of each mask (1, R, h, w, of any size) lies in each patch: (R, P), each row's sum is 1, or 0 if empty."""
        small = F.interpolate(masks.float().cpu(), size=self.labels.shape, mode="bilinear", antialias=True, align_corners=False)
        flat = self.labels.ravel()
        found = np.stack([np.bincount(flat, mask.ravel(), minlength=len(self.sizes)) for mask in small[0].numpy()])
        shares: Floats = (found / np.maximum(found.sum(1, keepdims=True), 1e-8)).astype(np.float32)
        return shares

    def masks(self, groups: NDArray[np.int64]) -> Tensor:
        """The masks (1, G, h, w) of groups of patches, where ``groups`` (P,) says which one each belongs to."""
        labels = torch.from_numpy(groups[self.labels])
        return F.one_hot(labels, int(groups.max()) + 1).permute(2, 0, 1).unsqueeze(0).float()


@torch.no_grad()
def cut_into_patches(
    pixels: Tensor,
    network: FeatureExtractor,
    labellers: tuple[Labeller, ...] = (),
    *,
    longest_px: int = WORKING_PX,
    number: int = NUMBER,
) -> Patches:
    """Describe ``pixels`` (1, 3, H, W) in 0..1; ``network`` is on the CPU in float32 and has TEXTURE_LAYERS.

    About a ``number`` of patches, of a copy whose longer side has ``longest_px``.
    """
    scale = min(1.0, longest_px / max(pixels.shape[2:]))
    size = max(LEAST_PX, round(pixels.shape[2] * scale)), max(LEAST_PX, round(pixels.shape[3] * scale))
    small = F.interpolate(pixels.float().cpu(), size=size, mode="bilinear", antialias=True, align_corners=False).clamp(0, 1)
    found = slic(small[0].permute(1, 2, 0).numpy(), number, COMPACTNESS, sigma=1.0, start_label=0)
    labels = np.unique(found, return_inverse=True)[1].reshape(size).astype(np.int64)
    down, across = np.meshgrid(np.linspace(0, 1, size[0]), np.linspace(0, 1, size[1]), indexing="ij")
    sizes = (np.bincount(labels.ravel()) / labels.size).astype(np.float32)
    lab = (rgb_to_lab(small)[0] / 100).numpy()
    colors, places = _means(labels, lab), _means(labels, np.stack((down, across)))
    shared = _sharing(colors, places, sizes)
    features = network(small, TEXTURE_LAYERS)
    textures = tuple(shared @ _means(labels, _enlarged(features[layer], size)) for layer in TEXTURE_LAYERS)
    seen = label(pixels, labellers)
    named = np.zeros((len(sizes), 0), np.float32) if seen is None else shared @ _means(labels, _enlarged(seen, size))
    return Patches(labels, lab, sizes, colors, places, textures, named)


def _sharing(colors: Floats, places: Floats, sizes: Floats) -> Floats:
    """(P, P), rows sum to 1: how much of each patch's texture every patch takes.

    Deep features see far beyond a patch, so those of the sky along the roofs are half roof; shared among patches of one
    colour they are the sky's again. It is a joint bilateral filter over patches.
    """
    unlike = ((colors[:, None] - colors[None]) ** 2).sum(2) / ALIKE_COLOR**2
    far = ((places[:, None] - places[None]) ** 2).sum(2) / NEAR_PLACE**2
    weights = np.exp(-(unlike + far) / 2) * sizes
    shared: Floats = weights / weights.sum(1, keepdims=True)
    return shared


def _enlarged(features: Tensor, size: tuple[int, int]) -> Floats:
    maps: Floats = F.interpolate(features, size=size, mode="bilinear", align_corners=False)[0].numpy()
    return maps


def _means(labels: NDArray[np.int64], maps: NDArray[np.floating]) -> Floats:
    """The mean of each of the maps (C, h, w) over each patch: (P, C)."""
    flat = labels.ravel()
    sums = np.stack([np.bincount(flat, plane.ravel()) for plane in maps], 1)
    means: Floats = (sums / np.bincount(flat)[:, None]).astype(np.float32)
    return means
