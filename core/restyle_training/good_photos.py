"""Good photos to train the enhancer with: which are held back, whole ones for light and colour, patches for detail."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.learning.chance import below, uniform
from restyle.learning.crops import Pictures, picture_paths, plain_crop
from restyle.pictures.image import luma
from restyle_training.training_pictures import KODAK_HELD_BACK, load_pictures

__all__ = ["HELD_BACK", "load_good_photos", "patches", "wholes"]

_UNSPLASH = (
    "andrew-ridley-jR4Zf-riEjI-unsplash",
    "clay-banks-u27Rrbs9Dwc-unsplash",
    "edgar-castrejon-1CsaVdwfIew-unsplash",
    "jeremy-bishop-B2Q7UC6QGLE-unsplash",
    "la-partida-eterna-3jyGw513OP8-unsplash",
    "martin-martz-OR8DEvVhym0-unsplash",
    "nattu-adnan-Ai2TRdvI6gM-unsplash",
    "pexels-eberhardgross-640781",
    "redd-francisco-gdQnsMbhkUs-unsplash",
    "sven-van-der-pluijm-W7EgqYJdQOE-unsplash",
)
HELD_BACK = frozenset(KODAK_HELD_BACK + _UNSPLASH)
"""Names, less the suffix, of photos that are never trained on: the figures in the card and the benches are theirs."""

LEAST_SHARE = 0.4  # of a side that a look at a photo keeps
MOSAIC_SHARE = 0.3
TONE_OCTAVES = 0.2  # most that gamma is varied
CHROMA_SPREAD = 0.12  # most that chroma is varied
ASPECT = 1.25  # most that such a look is stretched


def load_good_photos(folder: Path, size: int) -> Pictures:
    """The photos under `folder` that may be trained on."""
    return load_pictures([path for path in picture_paths(folder) if path.stem not in HELD_BACK], size)


def patches(photos: Pictures, count: int, size: int, generator: torch.Generator) -> Tensor:
    """Patches (count, 3, size, size) in 0..1 at random scales, from the picture's own to the whole picture."""
    return torch.stack([plain_crop(photos, size, generator) for _ in range(count)])


def wholes(photos: Pictures, count: int, size: int, generator: torch.Generator) -> Tensor:
    """Looks at random photos, (count, 3, size, size) in 0..1: some show two beside each other, all vary a little in tone.

    What varies within the good cannot be learned by heart: with it the enhancer has to go by what all good photos share.
    """
    return torch.stack([_toned(_look(photos.levels, size, generator), generator) for _ in range(count)])


def _look(levels: Sequence[Sequence[Tensor]], size: int, generator: torch.Generator) -> Tensor:
    first = _whole(levels[below(len(levels), generator)][-1], size, generator)
    if uniform(generator) >= MOSAIC_SHARE:
        return first
    second = _whole(levels[below(len(levels), generator)][-1], size, generator)
    edge = round(size * (0.25 + 0.5 * uniform(generator)))
    return torch.cat((first[:, :, :edge], second[:, :, edge:]), 2)


def _whole(picture: Tensor, size: int, generator: torch.Generator) -> Tensor:
    """Most of a photo, flipped and stretched a little."""
    share = LEAST_SHARE + (1 - LEAST_SHARE) * uniform(generator)
    stretch = ASPECT ** (2 * uniform(generator) - 1)
    factors = (share * stretch, share / stretch)
    sides = [min(round(side * factor), side) for side, factor in zip(picture.shape[1:], factors, strict=True)]
    top, left = (below(whole - side + 1, generator) for whole, side in zip(picture.shape[1:], sides, strict=True))
    crop = picture[:, top : top + sides[0], left : left + sides[1]].float() / 255
    crop = F.interpolate(crop[None], (size, size), mode="bilinear", antialias=True)[0]
    return crop.flip(2) if uniform(generator) < 0.5 else crop


def _toned(picture: Tensor, generator: torch.Generator) -> Tensor:
    """A photo as good, with tones and colours a little other."""
    gamma = 2 ** (TONE_OCTAVES * (2 * uniform(generator) - 1))
    stretch = 1 + CHROMA_SPREAD * (2 * uniform(generator) - 1)
    light = luma((picture**gamma)[None])[0]
    return (light + (picture**gamma - light) * stretch).clamp(0, 1)
