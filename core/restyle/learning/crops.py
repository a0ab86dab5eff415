"""Pictures to learn on: photos held in memory, and crops of them, turned and recoloured."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image as PillowImage
from torch import Tensor

from restyle.learning.chance import below, uniform
from restyle.pictures.resizing import resized

__all__ = ["Crop", "Pictures", "picture_paths", "pictures_of", "plain_crop", "read_picture", "recolour"]

SUFFIXES = (".jpg", ".jpeg", ".png")

Crop = Callable[[int, torch.Generator], Tensor]
"""A part (3, size, size), in 0..1, of some picture, for a size in pixels; another one each time."""


@dataclass(frozen=True)
class Pictures:
    """Pictures as bytes (3, H, W), each with its halves and quarters, so that no crop is shrunk by more than two."""

    levels: tuple[tuple[Tensor, ...], ...]

    def __len__(self) -> int:
        return len(self.levels)


def picture_paths(folder: Path) -> list[Path]:
    """Return the pictures under a folder, sorted by name.

    Not what is hidden: macOS puts beside each photo on a foreign disk a file "._" and its name. Nor pipes, which are waited for.
    """
    found = (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and not path.name.startswith("."))
    return sorted(path for path in found if path.is_file())


def read_picture(path: Path) -> Tensor:
    """Read a picture as bytes (3, H, W), RGB."""
    with PillowImage.open(path) as picture:
        return torch.from_numpy(np.array(picture.convert("RGB"))).permute(2, 0, 1).contiguous()


def pictures_of(pictures: Iterable[Tensor], size: int) -> Pictures:
    """Take pictures (3, H, W) that are bytes in memory already."""
    return Pictures(tuple(_levels(picture, size) for picture in pictures))


def plain_crop(pictures: Pictures, size: int, generator: torch.Generator) -> Tensor:
    """Return (3, size, size) in 0..1: a part of a random picture at a random scale, turned and flipped."""
    levels = pictures.levels[below(len(pictures), generator)]
    shortest = min(levels[0].shape[1:])
    # Every octave of scale is as likely as the next.
    side = int(size * 2 ** (uniform(generator) * math.log2(max(shortest / size, 1))))
    level = min(int(math.log2(max(side / size, 1))), len(levels) - 1)
    picture, side = levels[level], max(side >> level, 1)
    side = min(side, *picture.shape[1:])
    top = below(picture.shape[1] - side + 1, generator)
    left = below(picture.shape[2] - side + 1, generator)
    crop = picture[:, top : top + side, left : left + side].float() / 255
    if side != size:
        crop = resized(crop[None], size, size)[0].clamp(0, 1)
    if uniform(generator) < 0.5:
        crop = crop.flip(2)
    return torch.rot90(crop, below(4, generator), (1, 2)) if uniform(generator) < 0.3 else crop


def recolour(picture: Tensor, generator: torch.Generator) -> Tensor:
    """Return the picture (3, H, W) with other colours, contrast and brightness, in 0..1."""
    spread = 0.5 * uniform(generator)
    matrix = torch.eye(3) + spread * torch.randn((3, 3), generator=generator)
    if uniform(generator) < 0.2:
        matrix = matrix[torch.randperm(3, generator=generator)]
    mean = picture.mean(dim=(1, 2), keepdim=True)
    shifted = torch.einsum("ij,jhw->ihw", matrix, picture - mean) + mean
    shifted = shifted + 0.2 * torch.randn((3, 1, 1), generator=generator) * uniform(generator)
    result: Tensor = shifted.clamp(0, 1) ** (2 ** (2 * uniform(generator) - 1))
    return 1 - result if uniform(generator) < 0.1 else result


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
    return resized(picture[None].float(), height, width)[0].round().clamp(0, 255).to(torch.uint8)
