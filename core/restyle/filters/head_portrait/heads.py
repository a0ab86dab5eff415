"""Heads: the faces of a picture, however they can be found, and what of the picture belongs to a head."""

from __future__ import annotations

import torch
from torch import Tensor

from restyle.context import Context
from restyle.filters.head_portrait.face import Face
from restyle.filters.head_portrait.landmarks import can_find_landmarks, find_landmarks, read_graph
from restyle.filters.head_portrait.models import MATTE
from restyle.models.cache import ON_CPU
from restyle.pictures.resizing import fitted, resized
from restyle.regions import Regions
from restyle.regions.faces import FACE_NAMES, find_faces
from restyle.regions.refine import refine

__all__ = ["find_heads", "head_mask"]

LOWER, LARGER = 0.07, 1.05
"""Where the square of a face lies in that of the cascade, in its widths: the mean of faces that have both."""

HEAD_NAMES = (*FACE_NAMES, "head")
LEAST_SIDE_PX = 8.0  # of a face that a region says; smaller ones are specks
HEAD_OVAL = (0.0, -0.12, 0.8, 0.98)  # a head with its hair, in sides of the face's square
MATTE_OVAL = (0.0, 0.0, 1.3, 1.35)  # what of a person is still the head, where a matte says where the person ends
SOFTNESS = 0.25  # of an oval, over which it fades
FAINT = 1 / 64  # of a mask: less is not seen
MATTE_PX = 512  # what the network of mattes was made for


def find_heads(picture: Tensor, regions: Regions | None, by_landmarks: bool, context: Context) -> list[Face]:
    """The faces in ``picture`` (1, 3, H, W) in 0..1, largest first; where none is found, those that regions say.

    Raises WeightsUnavailable, WeightsDamaged.
    """
    said = _said(regions, *picture.shape[2:])
    cascade = [Face((face.x, face.y + LOWER * face.width, LARGER * face.width, face.angle)) for face in find_faces(picture)]
    if by_landmarks and can_find_landmarks(context):
        boxes = [face.square for face in (*cascade, *said)]
        found = [Face.of_points(points) for points in find_landmarks(picture, boxes, context)]
        return [face for face in found if _is_in(face, picture)] or cascade or said
    return cascade or said


def head_mask(picture: Tensor, face: Face, regions: Regions | None, selection: Tensor | None, context: Context) -> Tensor:
    """What of ``picture`` (1, 3, H, W) belongs to the head: (1, 1, H, W) in 0..1, hair included.

    The selection, or a region that is called so, as they are; else a person's matte near the face, where the network is here,
    else an oval whose edge follows the picture's. Raises WeightsDamaged.
    """
    height, width = picture.shape[2:]
    if selection is not None:
        return fitted(selection, height, width).clamp(0, 1)
    named = _named(regions)
    if named is not None:
        return fitted(named, height, width).clamp(0, 1)
    if context.store.has(MATTE):
        person = resized(_matte(picture, context), height, width).clamp(0, 1)
        rough = person * _faded(face.distance(height, width, MATTE_OVAL))
    else:
        rough = _faded(face.distance(height, width, HEAD_OVAL))
    mask = refine(rough, picture).masks(picture)
    # What is left alone stays as it is to the last bit, not to the last but one.
    return torch.where(mask < FAINT, torch.zeros_like(mask), mask)


def _is_in(face: Face, picture: Tensor) -> bool:
    """Whether the middle of a face can be seen."""
    return 0 <= face.square[0] <= picture.shape[3] and 0 <= face.square[1] <= picture.shape[2]


def _faded(distance: Tensor) -> Tensor:
    """1 within an oval, 0 beyond it."""
    return ((1 + SOFTNESS - distance) / (2 * SOFTNESS)).clamp(0, 1)


def _named(regions: Regions | None) -> Tensor | None:
    """The mask (1, 1, h, w) of the regions that hold heads; None without any."""
    if regions is None:
        return None
    numbers = [i for i, name in enumerate(regions.names) if name.lower() in HEAD_NAMES]
    return regions.masks[:, numbers].amax(1, keepdim=True) if numbers else None


def _said(regions: Regions | None, height: int, width: int) -> list[Face]:
    """The face that fills what regions call so."""
    mask = _named(regions)
    if mask is None:
        return []
    inside = mask[0, 0] >= 0.5
    rows, columns = inside.any(1).nonzero().flatten(), inside.any(0).nonzero().flatten()
    if not len(rows):
        return []
    across, down = width / inside.shape[1], height / inside.shape[0]
    left, right = int(columns[0]) * across, (int(columns[-1]) + 1) * across
    top, bottom = int(rows[0]) * down, (int(rows[-1]) + 1) * down
    side = max(right - left, bottom - top)
    return [Face(((left + right) / 2, (top + bottom) / 2, side, 0.0))] if side >= LEAST_SIDE_PX else []


@torch.no_grad()
def _matte(picture: Tensor, context: Context) -> Tensor:
    """Where people are (1, 1, MATTE_PX, MATTE_PX), in 0..1."""
    network = context.store.network(MATTE, ("portrait matte",), read_graph, ON_CPU)
    seen = resized(picture, MATTE_PX, MATTE_PX).clamp(0, 1)
    person: Tensor = network(seen)
    return person.view(1, 1, MATTE_PX, MATTE_PX)
