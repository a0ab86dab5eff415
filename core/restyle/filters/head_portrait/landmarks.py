"""Landmarks: faces by BlazeFace (Bazarevsky et al. 2019), 468 points of each by MediaPipe's face mesh (Kartynnik et al. 2019).

Both are asked more than once: the detector also of parts of the picture, for it sees no small faces, and the mesh in several
cut-outs, the later ones where the first one's points lie, for it is the surer the better a face fills its square.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor

from restyle.context import Context
from restyle.engine.alignment import Alignment
from restyle.filters.head_portrait.models import FACES, LANDMARKS
from restyle.models.cache import ON_CPU
from restyle.models.foreign.graphs import read_graphs
from restyle.models.foreign.readers import read_state_dict
from restyle.networks.facemesh import SIDE_PX, FaceMesh, facemesh_from_state_dict
from restyle.networks.tensor_graph import TensorGraph
from restyle.pictures.resizing import resized

__all__ = ["EYES", "BoxedFace", "can_find_landmarks", "find_landmarks", "mesh_points", "read_graph", "square_of"]

EYES = (33, 133), (362, 263)
"""The corners of the eye on the left of the picture, then of that on the right."""

BoxedFace = tuple[float, float, float, float]
"""Middle (x, y), side and tilt in radians of the square that holds a face from the brows to the chin."""

DETECTOR_PX = 128
GRIDS = ((16, 2), (8, 6))  # cells along a side, and how many faces each may hold
SURE = 0.5  # of a detected face, and of a mesh: MediaPipe's own
NOTHING = 0.5  # where the mesh is less sure of a first look, there is no face: rust and leaves have less, painted faces more
TRIES = 5  # boxes of a face that the mesh is asked with: in paint it is sure of one and not of its neighbour
APART = 0.5  # of a face's side: nearer ones are the same
WINDOWS = (1, 2)  # parts along the shorter side that the detector is asked of, half of each shared with the next
MOST_WINDOWS = 60  # a long strip has many
AROUND = 1.5  # of the square that holds the face, or its points: MediaPipe's cut-out
LOOKS = (0.92, 1.0, 1.08)  # of that: cut-outs whose points are averaged


def can_find_landmarks(context: Context) -> bool:
    """Whether both networks are here."""
    return context.store.has(FACES) and context.store.has(LANDMARKS)


@torch.no_grad()
def find_landmarks(picture: Tensor, boxes: Sequence[BoxedFace], context: Context) -> list[Tensor]:
    """The points (468, 2), x and y in pixels, of each face in ``picture`` (1, 3, H, W), largest first.

    Faces are looked for, and ``boxes`` were found in other ways. Raises WeightsUnavailable, WeightsDamaged.
    """
    detector = context.store.network(FACES, ("BlazeFace",), read_graph, ON_CPU)
    mesh = context.store.network(LANDMARKS, ("face mesh",), _mesh, ON_CPU)
    found: list[Tensor] = []
    for tries in (*_detected(detector, picture), *([box] for box in boxes)):
        if any(_is_same(points, tries[0]) for points in found):
            continue
        seen = (mesh_points(mesh, picture, box) for box in tries)
        points = next((points for points in seen if points is not None), None)
        if points is not None and not any(_is_same(other, square_of(points)) for other in found):
            found.append(points)
    return sorted(found, key=lambda points: -square_of(points)[2])


@torch.no_grad()
def mesh_points(mesh: FaceMesh, picture: Tensor, box: BoxedFace) -> Tensor | None:
    """The points (468, 2) of the face in ``box``; None where the mesh sees none."""
    points, sure = _seen(mesh, picture, box, (AROUND,))
    if sure < NOTHING:
        return None
    points, _ = _seen(mesh, picture, square_of(points), (AROUND,))
    points, sure = _seen(mesh, picture, square_of(points), tuple(AROUND * look for look in LOOKS))
    return points if sure >= SURE else None


def square_of(points: Tensor) -> BoxedFace:
    """The square around points, upright as the eyes are."""
    left, right = (points[list(corners)].mean(0) for corners in EYES)
    angle = math.atan2(float(right[1] - left[1]), float(right[0] - left[0]))
    turn = torch.tensor([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    low, high = (points @ turn).aminmax(dim=0)
    x, y = (turn @ ((low + high) / 2)).tolist()
    return x, y, float((high - low).max()), angle


def read_graph(path: Path) -> TensorGraph:
    """The only network of a kept file of graphs; raises WeightsDamaged."""
    (draft,) = read_graphs(path).values()
    return TensorGraph(draft.architecture, draft.state)


def _mesh(path: Path) -> FaceMesh:
    return facemesh_from_state_dict(read_state_dict(path))


def _seen(mesh: FaceMesh, picture: Tensor, box: BoxedFace, around: tuple[float, ...]) -> tuple[Tensor, float]:
    """The mean of what is seen in cut-outs so many times as large as a box, and how sure the mesh is on average."""
    x, y, side, angle = box
    cuts = [_cut(picture, x, y, angle, side * times) for times in around]
    points, sure = mesh(torch.cat([cut for cut, _ in cuts]))
    placed = torch.stack([_placed(found, square) for found, (_, square) in zip(points, cuts, strict=True)])
    return placed.mean(0), float(sure.mean())


def _cut(picture: Tensor, x: float, y: float, angle: float, side: float) -> tuple[Tensor, Alignment]:
    """A square of ``side`` as the mesh sees it, and where it lies."""
    square = Alignment(x, y, angle, SIDE_PX / max(side, 1.0), SIDE_PX, SIDE_PX)
    if square.scale >= 1:
        return square.seen(picture).clamp(0, 1), square
    # Sampling alone would leave pixels out.
    height, width = (max(1, round(size * square.scale)) for size in picture.shape[2:])
    small = resized(picture, height, width).clamp(0, 1)
    across, down = width / picture.shape[3], height / picture.shape[2]
    return Alignment(x * across, y * down, angle, 1.0, SIDE_PX, SIDE_PX).seen(small).clamp(0, 1), square


def _placed(points: Tensor, square: Alignment) -> Tensor:
    """Points (N, 2) of a cut-out in pixels of its picture."""
    # The mesh numbers pixels, places are counted from their corners.
    across, down = ((points + 0.5 - SIDE_PX / 2) / square.scale).unbind(1)
    cosine, sine = math.cos(square.angle), math.sin(square.angle)
    return torch.stack((square.x + cosine * across - sine * down, square.y + sine * across + cosine * down), 1)


def _is_same(points: Tensor, box: BoxedFace) -> bool:
    return _is_near(square_of(points), box)


def _is_near(first: BoxedFace, second: BoxedFace) -> bool:
    return math.hypot(first[0] - second[0], first[1] - second[1]) < APART * max(first[2], second[2])


def _detected(detector: TensorGraph, picture: Tensor) -> list[list[BoxedFace]]:
    """Faces that the detector finds in the picture and in parts of it, the surest first; of each the surest boxes."""
    found: list[tuple[float, BoxedFace]] = []
    for left, top, side in _windows(*picture.shape[2:]):
        seen = _letterbox(picture, left, top, side)
        found += [
            (sure, (left + x * side, top + y * side, size * side, tilt)) for sure, x, y, size, tilt in _boxes(detector, seen)
        ]
    faces: list[list[BoxedFace]] = []
    for _, box in sorted(found, key=lambda item: -item[0]):
        same = next((face for face in faces if _is_near(face[0], box)), None)
        if same is None:
            faces.append([box])
        elif len(same) < TRIES:
            same.append(box)
    return faces


def _windows(height: int, width: int) -> Iterator[tuple[float, float, float]]:
    """Left, top and side of squares: the whole picture, then parts of it, as far as that are not too many."""
    yield min(0.0, (width - height) / 2), min(0.0, (height - width) / 2), float(max(height, width))
    for parts in WINDOWS:
        side = min(height, width) / parts
        if side < DETECTOR_PX:
            return
        rows, columns = (max(1, round(2 * size / side) - 1) for size in (height, width))
        if rows * columns > MOST_WINDOWS:
            return
        for row in range(rows):
            for column in range(columns):
                yield (width - side) * column / max(1, columns - 1), (height - side) * row / max(1, rows - 1), side


def _letterbox(picture: Tensor, left: float, top: float, side: float) -> Tensor:
    """A square as the detector sees it (1, 3, DETECTOR_PX, DETECTOR_PX), black where there is no picture."""
    height, width = picture.shape[2:]
    first_row, last_row = max(0, round(top)), min(height, max(round(top + side), round(top) + 1))
    first, last = max(0, round(left)), min(width, max(round(left + side), round(left) + 1))
    scale = DETECTOR_PX / side
    rows, columns = (max(1, min(DETECTOR_PX, round(size * scale))) for size in (last_row - first_row, last - first))
    made = picture.new_zeros(1, 3, DETECTOR_PX, DETECTOR_PX)
    row = min(round((first_row - top) * scale), DETECTOR_PX - rows)
    column = min(round((first - left) * scale), DETECTOR_PX - columns)
    made[:, :, row : row + rows, column : column + columns] = resized(
        picture[:, :, first_row:last_row, first:last], rows, columns
    )
    return made.clamp(0, 1)


def _boxes(detector: TensorGraph, seen: Tensor) -> Iterator[tuple[float, float, float, float, float]]:
    """How sure, middle, side and tilt of each face, in shares of the square."""
    places, scores = detector.outputs(2 * seen - 1)
    sure = scores[0, :, 0].sigmoid()
    anchors = _anchors()
    for i in (sure >= SURE).nonzero().flatten().tolist():
        values = places[0, i] / DETECTOR_PX
        x, y = (values[:2] + anchors[i]).tolist()
        # After the box come points: the eyes first.
        tilt = math.atan2(float(values[7] - values[5]), float(values[6] - values[4]))
        yield float(sure[i]), x, y, float(values[2:4].max()), tilt


def _anchors() -> Tensor:
    """The places (896, 2) that the detector's numbers are relative to."""
    grids = []
    for cells, each in GRIDS:
        line = (torch.arange(cells) + 0.5) / cells
        rows, columns = torch.meshgrid(line, line, indexing="ij")
        grids.append(torch.stack((columns, rows), -1).view(-1, 1, 2).expand(-1, each, -1).reshape(-1, 2))
    return torch.cat(grids)
