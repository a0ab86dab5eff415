"""Labels: what segmentation networks call the parts of a picture, merged into a few common names.

The networks are optional: those whose weights were fetched take part. One was trained on streets and calls most that it does
not know a vehicle, so it is asked for what streets share with other places; the other tells people, animals and things apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.models.foreign.readers import read_state_dict
from restyle.models.store import Store
from restyle.networks.espnetv2 import CITYSCAPES, PASCAL_VOC, STRIDE, ESPNetv2, espnetv2_from_state_dict

__all__ = ["NAMES", "Labeller", "label", "load_labellers"]

NAMES = ("sky", "building", "road", "vegetation", "person", "animal", "vehicle", "furniture")

_OF_STREETS = {
    "sky": "sky",
    "building": "building",
    "wall": "building",
    "road": "road",
    "sidewalk": "road",
    "vegetation": "vegetation",
    "terrain": "vegetation",
    "person": "person",
    "rider": "person",
}
_OF_THINGS = {
    "person": "person",
    **dict.fromkeys(("bird", "cat", "cow", "dog", "horse", "sheep"), "animal"),
    **dict.fromkeys(("aeroplane", "bicycle", "boat", "bus", "car", "motorbike", "train"), "vehicle"),
    **dict.fromkeys(("chair", "diningtable", "sofa", "tvmonitor"), "furniture"),
    "pottedplant": "vegetation",
}


@dataclass(frozen=True)
class Labeller:
    """A network, the size of picture that it was trained on (longer side), and what it is believed (classes x NAMES)."""

    network: ESPNetv2
    longest_px: int
    believed: Tensor


_KNOWN = (("segmentation-things", PASCAL_VOC, _OF_THINGS, 384), ("segmentation-streets", CITYSCAPES, _OF_STREETS, 512))
"""In the order in which they are believed. The second was trained at 1024 px; at half it takes a fourth of the time."""


def load_labellers(store: Store) -> tuple[Labeller, ...]:
    """The networks that are on this computer, on the CPU; raises WeightsDamaged."""
    return tuple(_load(store, *known) for known in _KNOWN if store.has(known[0]))


@torch.no_grad()
def label(pixels: Tensor, labellers: tuple[Labeller, ...]) -> Tensor | None:
    """How surely each of NAMES is where, as (1, N, h, w) in 0..1 at some size; None without networks.

    ``pixels`` (1, 3, H, W) in 0..1. What one network is sure of the next is not asked.
    """
    total: Tensor | None = None
    for labeller in labellers:
        found = _seen_by(labeller, pixels)
        if total is None:
            total = found
        else:
            open_yet = 1 - total.sum(1, keepdim=True).clamp(0, 1)
            resized = F.interpolate(torch.cat((total, open_yet), 1), size=found.shape[2:], mode="bilinear", align_corners=False)
            total = resized[:, :-1] + found * resized[:, -1:]
    return total


def _load(store: Store, weights_id: str, classes: tuple[str, ...], merged: dict[str, str], longest_px: int) -> Labeller:
    network = store.network(weights_id, ("ESPNetv2",), lambda path: espnetv2_from_state_dict(read_state_dict(path)))
    believed = torch.tensor([[float(merged.get(name) == common) for common in NAMES] for name in classes])
    return Labeller(network, longest_px, believed)


def _seen_by(labeller: Labeller, pixels: Tensor) -> Tensor:
    scale = labeller.longest_px / max(pixels.shape[2:])
    size = [max(STRIDE, round(side * scale / STRIDE) * STRIDE) for side in pixels.shape[2:]]
    small = F.interpolate(pixels.float().cpu(), size=size, mode="bilinear", antialias=True, align_corners=False).clamp(0, 1)
    found = labeller.network(small).softmax(1)
    return torch.einsum("nchw,cd->ndhw", found, labeller.believed)
