"""Sitting: a head of the photo beside the painted one, equally large, with the parts of both."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from restyle.context import Context
from restyle.filters.head_portrait.face import Face, Part, filled
from restyle.filters.head_portrait.heads import head_mask
from restyle.pictures.full_size import SHORTEST_SIDE_PX
from restyle.pictures.image import Image
from restyle.pictures.resizing import fitted, resized
from restyle.pictures.windows import box_mean
from restyle.regions import Regions
from restyle.regions.cutting import cut

__all__ = ["Place", "Portrait", "Sitter", "around_head", "portrait_of"]

AROUND = (-1.35, -1.5, 1.35, 1.45)  # left, top, right, bottom of what is looked at, in sides of the face's square from its middle
EDGE = 1 / 40  # of a face's side: over which the parts pass into one another
_NAMED: tuple[Part, Part] = ("eyes", "mouth")
LEAST_SHARE = 0.003  # of a part, of the picture: a smaller one is no part to learn from


Place = tuple[slice, slice]
"""Rows and columns of a picture."""


@dataclass(frozen=True)
class Sitter:
    """A picture (1, 3, H, W) with a face; its regions and the selection (1, 1, H, W), where there are any."""

    picture: Tensor
    face: Face
    regions: Regions | None = None
    selection: Tensor | None = None

    def cut(self, place: Place) -> Sitter:
        """What lies there."""
        rows, columns = place
        regions = None if self.regions is None else cut(self.regions, Image(self.picture), rows, columns)
        selection = None
        if self.selection is not None:
            selection = fitted(self.selection, *self.picture.shape[2:])[:, :, rows, columns]
        face = self.face.moved(columns.start, rows.start, 1.0)
        return Sitter(self.picture[:, :, rows, columns], face, regions, selection)

    def sized(self, height: int, width: int) -> Sitter:
        """The same at another size."""
        picture = resized(self.picture, height, width).clamp(0, 1)
        face = self.face.moved(0, 0, height / self.picture.shape[2])
        return Sitter(picture, face, self.regions, self.selection)


@dataclass(frozen=True)
class Portrait:
    """A picture (1, 3, h, w) of a head, its face in it, and its parts: masks (1, 5, h, w) of eyes, mouth, face, the rest of the
    head, and what is around it, which sum to 1. ``alone`` (1, 1, h, w) has nothing like it in the other portrait."""

    picture: Tensor
    face: Face
    parts: Tensor
    alone: Tensor

    @property
    def head(self) -> Tensor:
        """What belongs to the head (1, 1, h, w)."""
        return 1 - self.parts[:, -1:]

    def at_scale(self, scale: float) -> tuple[Tensor, Tensor]:
        """Picture and parts so many times as large, no side too short to have statistics."""
        scale = max(scale, SHORTEST_SIDE_PX / 2 / min(self.picture.shape[2:]))
        size = [round(side * scale) for side in self.picture.shape[2:]]
        return resized(self.picture, *size).clamp(0, 1), fitted(self.parts, *size)

    def believed(self) -> Tensor:
        """The parts, with those that are hardly there taken from the whole picture."""
        seen = self.parts.mean((2, 3), keepdim=True) >= LEAST_SHARE
        return torch.where(seen, self.parts, torch.ones_like(self.parts))


def around_head(face: Face, height: int, width: int) -> Place:
    """Rows and columns of a picture that hold a head and what is next to it."""
    x, y, side, _ = face.square
    left, top, right, bottom = AROUND
    rows = slice(max(0, math.floor(y + top * side)), min(height, math.ceil(y + bottom * side)))
    columns = slice(max(0, math.floor(x + left * side)), min(width, math.ceil(x + right * side)))
    return rows, columns


def portrait_of(sitter: Sitter, context: Context, other: Face | None = None) -> Portrait:
    """The portrait of a sitter, of the size of the picture; a region that is called eyes or mouth is that part.

    Where its mouth is open and that of ``other`` is not, teeth are no part of the mouth: they would be painted as lips.
    """
    face = sitter.face
    height, width = sitter.picture.shape[2:]
    radius = max(1, round(EDGE * face.side))
    head = head_mask(sitter.picture, face, sitter.regions, sitter.selection, context)
    eyes, mouth = (_part(sitter, name, height, width, radius) for name in _NAMED)
    inner = torch.maximum(_soft(filled(face.outlines("face"), height, width), radius), torch.maximum(eyes, mouth))
    head = torch.maximum(head, inner)
    opening = [] if other is None or other.points is None or other.opening() else face.opening()
    alone = box_mean(filled(opening, height, width), max(1, radius // 3))
    mouth = mouth * (1 - eyes) * (1 - alone)
    masks = [eyes, mouth, inner - eyes - mouth, head - inner, 1 - head]
    return Portrait(sitter.picture, face, torch.cat([mask.clamp(0, 1) for mask in masks], 1), alone)


def _part(sitter: Sitter, name: Part, height: int, width: int, radius: int) -> Tensor:
    if sitter.regions is not None and name in sitter.regions.names:
        return fitted(sitter.regions.mask(name), height, width).clamp(0, 1)
    return _soft(filled(sitter.face.outlines(name), height, width), radius)


def _soft(mask: Tensor, radius: int) -> Tensor:
    return box_mean(box_mean(mask, radius), radius)
