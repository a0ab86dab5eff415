"""Training pictures: crops of photos and paintings, turned, recoloured, mixed and made noisy, and pictures drawn by rule.

A hundred pictures are few. Colours and scales are therefore varied far beyond nature, so that the student learns the
teacher's response to any picture, those that an optimiser passes through included.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from restyle.learning.chance import below, uniform
from restyle.learning.crops import Pictures, pictures_of, plain_crop, read_picture, recolour
from restyle.learning.synthetic import draw_picture

__all__ = ["KODAK_HELD_BACK", "crop_batch", "load_pictures", "split_paths"]

KODAK_HELD_BACK = tuple(f"kodim{number}" for number in ("03", "04", "07", "13", "15", "17", "20", "21", "23", "24"))
"""Photos, by their names less the suffix, that no network of ours is trained on: the figures in the cards are theirs."""

HOLD_BACK = 10  # every tenth picture, in the order of names, is never trained on: figures in the encoder's card are theirs
SYNTHETIC_SHARE = 0.15  # of the batch: flat colours, gradients, patterns, where features of photographs teach nothing
PAINTING_SHARE = 0.5  # paintings are a quarter of the pictures and half of what will be matched
RECOLOUR_SHARE = 0.5
MIX_SHARE = 0.2
NOISE_SHARE = 0.3


def split_paths(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Return the pictures to train on and those held back."""
    held = [path for index, path in enumerate(paths) if index % HOLD_BACK == HOLD_BACK // 2]
    return [path for path in paths if path not in held], held


def load_pictures(paths: Sequence[Path], size: int) -> Pictures:
    """Read pictures into memory; those smaller than `size` are enlarged."""
    return pictures_of((read_picture(path) for path in paths), size)


def crop_batch(photos: Pictures, paintings: Pictures, count: int, size: int, generator: torch.Generator) -> Tensor:
    """Return (count, 3, size, size) in 0..1: crops and drawn pictures, varied."""
    return torch.stack([_one(photos, paintings, size, generator) for _ in range(count)])


def _one(photos: Pictures, paintings: Pictures, size: int, generator: torch.Generator) -> Tensor:
    if uniform(generator) < SYNTHETIC_SHARE:
        return draw_picture(size, generator)
    crop = plain_crop(paintings if uniform(generator) < PAINTING_SHARE else photos, size, generator)
    if uniform(generator) < RECOLOUR_SHARE:
        crop = recolour(crop, generator)
    if uniform(generator) < MIX_SHARE:
        crop = _mixed(crop, plain_crop(photos, size, generator), generator)
    if uniform(generator) < NOISE_SHARE:
        crop = crop + torch.randn(crop.shape, generator=generator) * 0.3 * uniform(generator) ** 2
    return crop.clamp(0, 1)


def _mixed(first: Tensor, second: Tensor, generator: torch.Generator) -> Tensor:
    if uniform(generator) < 0.5:
        return torch.lerp(first, second, uniform(generator))
    edge = below(first.shape[2], generator)
    return torch.cat([first[:, :, :edge], second[:, :, edge:]], dim=2)
