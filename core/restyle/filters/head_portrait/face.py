"""Face: where one is in a picture, and the outlines of its parts, by landmarks or by how a face usually looks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from PIL import Image as PillowImage
from PIL import ImageDraw
from torch import Tensor

from restyle.filters.head_portrait.landmarks import BoxedFace, square_of

__all__ = ["PARTS", "Face", "Part", "filled"]

Part = Literal["eyes", "nose", "mouth", "face"]
PARTS: tuple[Part, ...] = ("eyes", "nose", "mouth", "face")
"""From the smallest to the one that holds the others."""

_NOSE_TIP = 4
_BETWEEN_LIPS = (78, 81, 13, 311, 308, 402, 14, 178)
_OPEN = 0.004
"""Area between the lips, in squares of a face's side, from which on one sees into the mouth: four times that of resting lips."""

_OUTLINES: dict[Part, tuple[tuple[int, ...], ...]] = {
    # Each eye with its brow.
    "eyes": ((70, 63, 105, 66, 107, 55, 133, 145, 33), (300, 293, 334, 296, 336, 285, 362, 374, 263)),
    "nose": ((168, 122, 174, 129, 98, 2, 327, 358, 399, 351),),
    "mouth": ((61, 40, 37, 0, 267, 270, 291, 321, 314, 17, 84, 91),),
    "face": ((10, 297, 284, 389, 454, 361, 397, 379, 400, 152, 176, 150, 172, 132, 234, 162, 54, 67),),
}
"""The numbers of MediaPipe's points around each part."""

_USUAL: dict[Part, tuple[tuple[float, float, float, float], ...]] = {
    "eyes": ((-0.2, -0.2, 0.15, 0.1), (0.2, -0.2, 0.15, 0.1)),
    "nose": ((0.0, -0.01, 0.1, 0.16),),
    "mouth": ((0.0, 0.23, 0.17, 0.08),),
    "face": ((0.0, 0.0, 0.4, 0.5),),
}
"""Middle and half axes of each part of a face that looks ahead, in sides of its square: the mean of landmarks of photos."""

_CORNERS = 24  # of the polygon that an oval is drawn as


@dataclass(frozen=True)
class Face:
    """A face: the upright square around it (as it is tilted), and its landmarks (468, 2) in pixels, where they were found."""

    square: BoxedFace
    points: Tensor | None = None

    @property
    def side(self) -> float:
        """Of the square: about from the hairline to the chin."""
        return self.square[2]

    def without_points(self) -> Face:
        """The same face, of which only is known where it is."""
        return Face(self.square)

    def moved(self, left: float, top: float, scale: float) -> Face:
        """The same face in a part of its picture that begins at ``left``, ``top``, at ``scale`` times its size."""
        x, y, side, angle = self.square
        points = None if self.points is None else (self.points - torch.tensor([left, top])) * scale
        return Face(((x - left) * scale, (y - top) * scale, side * scale, angle), points)

    def outlines(self, part: Part) -> list[Tensor]:
        """The polygons (N, 2) of a part."""
        if self.points is not None:
            return [self.points[list(numbers)] for numbers in _OUTLINES[part]]
        return [self.place(_oval(*oval)) for oval in _USUAL[part]]

    @property
    def turn(self) -> float:
        """How far the nose lies from the middle of the eyes, to the right, in sides of the square; 0 where nobody knows."""
        if self.points is None:
            return 0.0
        eyes = torch.cat(self.outlines("eyes")).mean(0)
        right = torch.tensor([math.cos(self.square[3]), math.sin(self.square[3])])
        return float((self.points[_NOSE_TIP] - eyes) @ right) / self.side

    def opening(self) -> list[Tensor]:
        """The polygon between lips that are open; none of others, or where nobody knows."""
        if self.points is None:
            return []
        lips = self.points[list(_BETWEEN_LIPS)]
        next_ones = lips.roll(-1, 0)
        area = float((lips[:, 0] * next_ones[:, 1] - lips[:, 1] * next_ones[:, 0]).sum().abs()) / 2
        return [lips] if area > _OPEN * self.side**2 else []

    def anchors(self) -> Tensor:
        """Places (N, 2) that correspond to those of another face, of which as much is known."""
        if self.points is not None:
            return self.points
        return torch.cat([outline for part in PARTS for outline in self.outlines(part)])

    def distance(self, height: int, width: int, oval: tuple[float, float, float, float]) -> Tensor:
        """How far each pixel (1, 1, height, width) lies from the middle of an oval, in its half axes, which are 1 away.

        ``oval``: its middle and half axes in sides of the square.
        """
        rows, columns = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
        x, y, side, angle = self.square
        right, down = (columns - x) / side, (rows - y) / side
        across = right * math.cos(angle) + down * math.sin(angle)
        along = down * math.cos(angle) - right * math.sin(angle)
        return torch.hypot((across - oval[0]) / oval[2], (along - oval[1]) / oval[3])[None, None]

    def place(self, shares: Tensor) -> Tensor:
        """Places (N, 2) given in sides of the square, from its middle, in pixels."""
        x, y, side, angle = self.square
        turn = torch.tensor([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
        return torch.tensor([x, y]) + side * shares @ turn

    @classmethod
    def of_points(cls, points: Tensor) -> Face:
        """The face of these landmarks."""
        return cls(square_of(points), points)


def filled(outlines: Sequence[Tensor], height: int, width: int) -> Tensor:
    """Where polygons (N, 2) are (1, 1, height, width): 1 inside any of them, 0 elsewhere."""
    drawn = PillowImage.new("L", (width, height))
    pen = ImageDraw.Draw(drawn)
    for outline in outlines:
        pen.polygon([(x, y) for x, y in outline.tolist()], fill=1)
    return torch.frombuffer(bytearray(drawn.tobytes()), dtype=torch.uint8).view(1, 1, height, width).float()


def _oval(x: float, y: float, half_width: float, half_height: float) -> Tensor:
    angles = torch.arange(_CORNERS) * (2 * math.pi / _CORNERS)
    return torch.stack((x + half_width * angles.cos(), y + half_height * angles.sin()), 1)
