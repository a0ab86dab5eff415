"""Faces: where somebody is who must be recognised in a painting.

scikit-image's cascade of local binary patterns (Zhang et al. 2007) finds faces that look into the camera; asked with the picture
turned a little both ways as well, those of tilted heads. It needs no download, and a tenth of a second or two. Regions that are
called so count as well.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import skimage.data
import torch
from numpy.typing import NDArray
from PIL import Image as PillowImage
from PIL.Image import Resampling
from skimage.feature import Cascade
from torch import Tensor
from torch.nn import functional as F

from restyle.pictures.image import luma
from restyle.pictures.resizing import fitted
from restyle.pictures.windows import wide_box_mean
from restyle.regions import Regions

__all__ = ["FACE_NAMES", "FoundFace", "face_mask", "find_faces", "with_features"]

FACE_NAMES = ("face", "person", "people", "portrait")
"""What regions are called that hold somebody's face."""

LOOKED_AT_PX = 256
"""Longer side at which faces are looked for: smaller ones than a tenth of it cannot be painted so that one knows them."""

LEAST_PX = 24
"""Side of the smallest face that the cascade knows."""

STEPS = (1.15, 1.5)
"""From size to size, and from place to place: of those tried, what found most for its time (15 of 18 at six sizes of three)."""

TILTS = (0.0, 20.0, -20.0)
"""Degrees that the picture is turned by."""

HALF_WIDTH, HALF_HEIGHT, RAISED = 0.62, 0.75, 0.1
"""Of an oval of a head, and how far its middle lies above that of the square that the cascade finds, in the square's widths."""

FEATURE_SHARE = 0.15
"""Of a face's width: radius of the window against which eyes, nose and mouth stand out."""

SOFTNESS = 0.25
"""Of the oval's half axes, over which it fades on either side: no border of it shall be seen."""


@dataclass(frozen=True)
class FoundFace:
    """A face: the middle and the width of the square that the cascade finds, in pixels, and its tilt in radians."""

    x: float
    y: float
    width: float
    angle: float


def find_faces(photo: Tensor) -> list[FoundFace]:
    """The faces in ``photo`` (1, 3, H, W) in 0..1, those that look into the camera and are not too small; largest first."""
    small = _looked_at(photo)
    if small is None:
        return []
    across, down = photo.shape[3] / small.shape[3], photo.shape[2] / small.shape[2]
    found = _found(luma(small)[0, 0].clamp(0, 1).numpy())
    faces = [FoundFace((column + 0.5) * across, (row + 0.5) * down, side * across, angle) for row, column, side, angle in found]
    return sorted(faces, key=lambda face: -face.width)


def face_mask(photo: Tensor, regions: Regions | None = None) -> Tensor | None:
    """Where faces are in ``photo`` (1, 3, H, W) in 0..1: (1, 1, h, w) in 0..1 with soft edges, at some size; None without any.

    ``regions`` of the photo that are called so are taken as they are.
    """
    small = _looked_at(photo)
    if small is None:
        return None
    size = small.shape[2:]
    ovals = [_oval(*face, *size) for face in _found(luma(small)[0, 0].clamp(0, 1).numpy())]
    named = [] if regions is None else [i for i, name in enumerate(regions.names) if name.lower() in FACE_NAMES]
    given = [] if regions is None else [fitted(regions.masks[:, [i]].float(), *size) for i in named]
    return torch.cat([*ovals, *given], 1).amax(1, keepdim=True) if ovals or given else None


def with_features(painted: Tensor, photo: Tensor, faces: Tensor, amount: float) -> Tensor:
    """``painted`` (1, 3, H, W) with the light and shade of the features of ``photo``, of its size, where ``faces`` are.

    Colours and the light of the whole face stay painted; ``amount`` is 0..1. For networks that paint in one pass, which cannot be
    asked to hold a place more firmly.
    """
    mask = fitted(faces, *painted.shape[2:]).to(painted.device)
    radius = max(1, round(FEATURE_SHARE * math.sqrt(float(mask.sum()))))

    def features(picture: Tensor) -> Tensor:
        light = luma(picture)
        return light - wide_box_mean(wide_box_mean(light, radius), radius)

    return (painted + amount * mask * (features(photo.to(painted.device)) - features(painted))).clamp(0, 1)


def _looked_at(photo: Tensor) -> Tensor | None:
    """The photo at the size at which faces are looked for, on the CPU; None where none can be in it."""
    scale = min(1.0, LOOKED_AT_PX / max(photo.shape[2:]))
    size = [max(1, round(side * scale)) for side in photo.shape[2:]]
    if min(size) < LEAST_PX:
        return None
    return F.interpolate(photo.float().cpu(), size=size, mode="bilinear", antialias=True, align_corners=False)


def _found(light: NDArray[np.float32]) -> list[tuple[float, float, float, float]]:
    """Middle (row, column), width, and tilt in radians of each face in ``light`` (h, w)."""
    faces: list[tuple[float, float, float, float]] = []
    upright = PillowImage.fromarray((light * 255).round().astype(np.uint8))
    middle = (np.array(light.shape) - 1) / 2
    for degrees in TILTS:
        grey = np.asarray(upright.rotate(degrees, Resampling.BILINEAR))
        angle = math.radians(degrees)
        for box in _cascade().detect_multi_scale(grey, *STEPS, (LEAST_PX, LEAST_PX), grey.shape):
            down, across = np.array([box["r"] + box["height"] / 2, box["c"] + box["width"] / 2]) - middle
            row = middle[0] + down * math.cos(angle) + across * math.sin(angle)
            column = middle[1] + across * math.cos(angle) - down * math.sin(angle)
            if not any(math.hypot(row - other[0], column - other[1]) < other[2] / 2 for other in faces):
                faces.append((float(row), float(column), float(box["width"]), angle))
    return faces


def _oval(row: float, column: float, side: float, angle: float, height: int, width: int) -> Tensor:
    """A head (1, 1, height, width): 1 within, fading to 0 around."""
    rows, columns = torch.meshgrid(torch.arange(height) - row, torch.arange(width) - column, indexing="ij")
    down = (rows * math.cos(angle) - columns * math.sin(angle) + RAISED * side) / (HALF_HEIGHT * side)
    across = (columns * math.cos(angle) + rows * math.sin(angle)) / (HALF_WIDTH * side)
    distance = torch.hypot(down, across)
    return ((1 + SOFTNESS - distance) / (2 * SOFTNESS)).clamp(0, 1)[None, None]


@cache
def _cascade() -> Cascade:
    return Cascade(skimage.data.lbp_frontal_face_cascade_filename())  # type: ignore[no-untyped-call]
