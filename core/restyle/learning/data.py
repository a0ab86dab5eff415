"""Training pictures: crops of photos and paintings, turned, recoloured, mixed and made noisy, and pictures drawn by rule.

A hundred pictures are few. Colours and scales are therefore varied far beyond nature, so that the student learns the
teacher's response to any picture, those that an optimiser passes through included.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image as PillowImage
from torch import Tensor
from torch.nn import functional as F

from restyle.learning.synthetic import draw_picture

SUFFIXES = (".jpg", ".jpeg", ".png")
HOLD_BACK = 10  # every tenth picture, in the order of names, is never trained on: figures in the card are theirs
SYNTHETIC_SHARE = 0.15  # of the batch: flat colours, gradients, patterns, where features of photographs teach nothing
PAINTING_SHARE = 0.5  # paintings are a quarter of the pictures and half of what will be matched
RECOLOUR_SHARE = 0.5
MIX_SHARE = 0.2
NOISE_SHARE = 0.3


@dataclass(frozen=True)
class Pictures:
    """Pictures as bytes (3, H, W), each with its halves and quarters, so that no crop is shrunk by more than two."""

    levels: tuple[tuple[Tensor, ...], ...]

    def __len__(self) -> int:
        return len(self.levels)


def picture_paths(folder: Path) -> list[Path]:
    """Return the pictures under a folder, sorted by name."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)


def split_paths(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Return the pictures to train on and those held back."""
    held = [path for index, path in enumerate(paths) if index % HOLD_BACK == HOLD_BACK // 2]
    return [path for path in paths if path not in held], held


def read_picture(path: Path) -> Tensor:
    """Read a picture as bytes (3, H, W), RGB."""
    with PillowImage.open(path) as picture:
        return torch.from_numpy(np.array(picture.convert("RGB"))).permute(2, 0, 1).contiguous()


def load_pictures(paths: Sequence[Path], size: int) -> Pictures:
    """Read pictures into memory; those smaller than `size` are enlarged."""
    return Pictures(tuple(_levels(read_picture(path), size) for path in paths))


def pictures_of(pictures: Iterable[Tensor], size: int) -> Pictures:
    """Take pictures (3, H, W) that are bytes in memory already."""
    return Pictures(tuple(_levels(picture, size) for picture in pictures))


def crop_batch(photos: Pictures, paintings: Pictures, count: int, size: int, generator: torch.Generator) -> Tensor:
    """Return (count, 3, size, size) in 0..1: crops and drawn pictures, varied."""
    return torch.stack([_one(photos, paintings, size, generator) for _ in range(count)])


def plain_crop(pictures: Pictures, size: int, generator: torch.Generator) -> Tensor:
    """Return (3, size, size) in 0..1: a part of a random picture at a random scale, turned and flipped."""
    levels = pictures.levels[_below(len(pictures), generator)]
    shortest = min(levels[0].shape[1:])
    # Every octave of scale is as likely as the next.
    side = int(size * 2 ** (_uniform(generator) * math.log2(max(shortest / size, 1))))
    level = min(int(math.log2(max(side / size, 1))), len(levels) - 1)
    picture, side = levels[level], max(side >> level, 1)
    side = min(side, *picture.shape[1:])
    top = _below(picture.shape[1] - side + 1, generator)
    left = _below(picture.shape[2] - side + 1, generator)
    crop = picture[:, top : top + side, left : left + side].float() / 255
    if side != size:
        crop = F.interpolate(crop[None], (size, size), mode="bilinear", antialias=True)[0]
    if _uniform(generator) < 0.5:
        crop = crop.flip(2)
    return torch.rot90(crop, _below(4, generator), (1, 2)) if _uniform(generator) < 0.3 else crop


def _one(photos: Pictures, paintings: Pictures, size: int, generator: torch.Generator) -> Tensor:
    if _uniform(generator) < SYNTHETIC_SHARE:
        return draw_picture(size, generator)
    crop = plain_crop(paintings if _uniform(generator) < PAINTING_SHARE else photos, size, generator)
    if _uniform(generator) < RECOLOUR_SHARE:
        crop = recolour(crop, generator)
    if _uniform(generator) < MIX_SHARE:
        crop = _mixed(crop, plain_crop(photos, size, generator), generator)
    if _uniform(generator) < NOISE_SHARE:
        crop = crop + torch.randn(crop.shape, generator=generator) * 0.3 * _uniform(generator) ** 2
    return crop.clamp(0, 1)


def recolour(picture: Tensor, generator: torch.Generator) -> Tensor:
    """Return the picture (3, H, W) with other colours, contrast and brightness, in 0..1."""
    spread = 0.5 * _uniform(generator)
    matrix = torch.eye(3) + spread * torch.randn((3, 3), generator=generator)
    if _uniform(generator) < 0.2:
        matrix = matrix[torch.randperm(3, generator=generator)]
    mean = picture.mean(dim=(1, 2), keepdim=True)
    shifted = torch.einsum("ij,jhw->ihw", matrix, picture - mean) + mean
    shifted = shifted + 0.2 * torch.randn((3, 1, 1), generator=generator) * _uniform(generator)
    result: Tensor = shifted.clamp(0, 1) ** (2 ** (2 * _uniform(generator) - 1))
    return 1 - result if _uniform(generator) < 0.1 else result


def _mixed(first: Tensor, second: Tensor, generator: torch.Generator) -> Tensor:
    if _uniform(generator) < 0.5:
        return torch.lerp(first, second, _uniform(generator))
    edge = _below(first.shape[2], generator)
    return torch.cat([first[:, :, :edge], second[:, :, edge:]], dim=2)


def _levels(picture: Tensor, size: int) -> tuple[Tensor, ...]:
    shortest = min(picture.shape[1:])
    if shortest < size:
        picture = _resized(picture, size / shortest)
    levels = [picture]
    while min(levels[-1].shape[1:]) >= 4 * size:
        levels.append(_resized(levels[-1], 0.5))
    if min(levels[-1].shape[1:]) >= 2 * size:
        levels.append(_resized(levels[-1], 0.5))
    return tuple(levels)


def _resized(picture: Tensor, factor: float) -> Tensor:
    height, width = (math.ceil(side * factor) for side in picture.shape[1:])
    smooth = F.interpolate(picture[None].float(), (height, width), mode="bilinear", antialias=True)[0]
    return smooth.round().clamp(0, 255).to(torch.uint8)


def _uniform(generator: torch.Generator) -> float:
    return float(torch.rand((), generator=generator))


def _below(limit: int, generator: torch.Generator) -> int:
    return int(torch.randint(limit, (), generator=generator))


__all__ = [
    "Pictures",
    "crop_batch",
    "load_pictures",
    "picture_paths",
    "pictures_of",
    "plain_crop",
    "read_picture",
    "recolour",
    "split_paths",
]
