"""Correspondence: for each place of the photo the place of the painting that it takes after.

Landmarks, or the parts of a usual face, say it in the face (thin plates: Bookstein 1989); away from it their common similarity
does. What resembles each other in deep features moves it from there, little in a face whose landmarks are known, more in hair
(a volume of costs, smoothed, as in Hosni et al. 2013, in place of the paper's SIFT flow).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator
from torch import Tensor
from torch.nn import functional as F

from restyle.features.moments import instance_normalized
from restyle.filters.head_portrait.face import Face
from restyle.networks.features import FeatureExtractor
from restyle.pictures.resizing import fitted
from restyle.pictures.windows import box_mean, wide_box_mean

__all__ = ["Correspondence", "correspond"]

Numbers = NDArray[np.float32]

CELLS = 64  # of the longer side, that places are said for
SMOOTHING = 1e-3  # of the plate, in squares of a face's side: landmarks of paintings are not sure to the pixel
FACE_OVAL, FADE = (0.0, 0.0, 0.5, 0.58), 0.6  # where landmarks say places, and over how many more half axes that fades
TRUSTED_OVAL, TRUST_FADE = (0.0, -0.1, 0.62, 0.8), 0.35  # where the painted head lies on the photo's at all
SEARCHED = (("relu4_1", 3, 0.02), ("relu3_1", 2, 0.05))  # layers, how many of their cells away, and what a cell costs
STIFF = 20.0  # times that, in a face with landmarks
TEMPERATURE = 0.03  # of similarity: what differs by less is weighed together
EVENED = 2  # cells around each that trust is evened out over
LEAST_SPREAD, FULL_SPREAD = 0.1, 0.4  # of the area that places of equally large faces have: none, and full trust in them
UNSURE = 0.5  # trust where landmarks are not known: a usual face is nobody's
MOST_MOVED = 0.12  # of a face's side


@dataclass(frozen=True)
class Correspondence:
    """``places`` (1, h, w, 2) of the painting, in -1..1 as `grid_sample` has them, and ``trust`` (1, 1, h, w) in them, 0..1."""

    places: Tensor
    trust: Tensor

    def seen(self, maps: Tensor, height: int, width: int) -> Tensor:
        """What lies in maps (1, C, h, w) of the painting at the places of a photo of this size."""
        moved = fitted(self.places.permute(0, 3, 1, 2), height, width).permute(0, 2, 3, 1)
        return F.grid_sample(maps, moved.to(maps), mode="bilinear", padding_mode="reflection", align_corners=False)

    def trusted(self, height: int, width: int) -> Tensor:
        """The trust at another size."""
        return fitted(self.trust, height, width)


@torch.no_grad()
def correspond(photo: Tensor, ours: Face, painting: Tensor, theirs: Face, network: FeatureExtractor) -> Correspondence:
    """Where ``photo`` with the face ``ours`` has its like in ``painting`` with ``theirs``; pictures (1, 3, H, W) in 0..1."""
    if ours.points is None or theirs.points is None:
        ours, theirs = ours.without_points(), theirs.without_points()
    height, width = photo.shape[2:]
    cells = [max(1, round(size * CELLS / max(height, width))) for size in (height, width)]
    places = _by_anchors(ours, theirs, (height, width), cells)
    size = torch.tensor([painting.shape[3], painting.shape[2]])
    grid = (2 * places / size - 1)[None].to(photo.device)
    if min(height, width, *painting.shape[2:]) >= CELLS:
        grid = _by_resemblance(grid, photo, ours, painting, theirs, network)
    within = (grid.abs() <= 1).all(-1)[:, None].float()
    # Over a cheek: a landmark alone that is a little off shall not cut a hole.
    within = within * wide_box_mean(_spread(grid, ours, theirs, (height, width), size.to(grid)), EVENED)
    trust = _faded(ours.distance(height, width, TRUSTED_OVAL), TRUST_FADE) * (1.0 if ours.points is not None else UNSURE)
    return Correspondence(grid, box_mean(fitted(trust, *cells).to(grid) * within, 1))


def _by_anchors(ours: Face, theirs: Face, size: tuple[int, int], cells: list[int]) -> Tensor:
    """Places (h, w, 2) in pixels of the painting."""
    rows, columns = ((torch.arange(count) + 0.5) * side / count for count, side in zip(cells, size, strict=True))
    down, across = torch.meshgrid(rows, columns, indexing="ij")
    asked = torch.stack((across, down), -1)
    here, there = ours.anchors(), theirs.anchors()
    matrix, shift = _similarity(here, there)
    similar = asked @ matrix.T + shift
    rest = (there - (here @ matrix.T + shift)) / theirs.side
    plate = RBFInterpolator(*_apart((here / ours.side).numpy(), rest.numpy()), smoothing=SMOOTHING)
    moved = torch.from_numpy(plate((asked / ours.side).view(-1, 2).numpy())).float().view(*cells, 2)
    # Thin plates go on for ever as they end.
    near = fitted(_faded(ours.distance(*size, FACE_OVAL), FADE), *cells)[0, 0, :, :, None]
    return similar + near * moved * theirs.side


def _spread(grid: Tensor, ours: Face, theirs: Face, size: tuple[int, int], painted: Tensor) -> Tensor:
    """How far (1, 1, h, w) places lie as wide apart as the faces' sizes say, 0..1.

    Where a painted face is turned away, many of the photo's places take after few of its, which say little.
    """
    cell = grid.new_tensor([size[1] / grid.shape[2], size[0] / grid.shape[1]])
    pixels = F.pad((grid * painted / 2).permute(0, 3, 1, 2), (1, 1, 1, 1), mode="replicate")
    right = (pixels[:, :, 1:-1, 2:] - pixels[:, :, 1:-1, :-2]) / (2 * cell[0])
    down = (pixels[:, :, 2:, 1:-1] - pixels[:, :, :-2, 1:-1]) / (2 * cell[1])
    area = right[:, :1] * down[:, 1:] - right[:, 1:] * down[:, :1]
    share = area / (theirs.side / ours.side) ** 2
    return ((share - LEAST_SPREAD) / (FULL_SPREAD - LEAST_SPREAD)).clamp(0, 1)


def _apart(here: Numbers, there: Numbers) -> tuple[Numbers, Numbers]:
    """Without places that are there twice, through which no plate can be laid."""
    _, first = np.unique(here.round(4), axis=0, return_index=True)
    return here[first], there[first]


def _similarity(here: Tensor, there: Tensor) -> tuple[Tensor, Tensor]:
    """The turn, scale and shift that take points (N, 2) nearest to others (Umeyama 1991, without mirroring)."""
    middle, other = here.mean(0), there.mean(0)
    first, second = here - middle, there - other
    # As complex numbers turn and scale are one factor.
    factor = (torch.view_as_complex(second.contiguous()) * torch.view_as_complex(first.contiguous()).conj()).sum()
    factor = factor / first.square().sum().clamp_min(1e-6)
    matrix = torch.tensor([[factor.real, -factor.imag], [factor.imag, factor.real]])
    return matrix, other - middle @ matrix.T


def _by_resemblance(grid: Tensor, photo: Tensor, ours: Face, painting: Tensor, theirs: Face, network: FeatureExtractor) -> Tensor:
    """Places moved to where deep features are most alike."""
    names = [name for name, _, _ in SEARCHED]
    here, there = network(photo, names), network(painting, names)
    height, width = photo.shape[2:]
    known = _faded(ours.distance(height, width, FACE_OVAL), FADE).to(grid) if ours.points is not None else None
    size = grid.new_tensor([painting.shape[3], painting.shape[2]])
    most = MOST_MOVED * theirs.side * 2 / size
    begun = grid
    for name, radius, cost in SEARCHED:
        first, second = (F.normalize(instance_normalized(maps[name]), dim=1) for maps in (here, there))
        cells = first.shape[2], first.shape[3]
        stiff = cost * (1.0 if known is None else 1 + STIFF * fitted(known, *cells))
        step = 2 / grid.new_tensor([second.shape[3], second.shape[2]])
        moved = _moved(first, second, _sized(grid, *cells), radius, step, stiff)
        grid = grid + _sized(moved, grid.shape[1], grid.shape[2])
        grid = begun + (grid - begun).clamp(-most, most)
    return grid


def _moved(ours: Tensor, theirs: Tensor, grid: Tensor, radius: int, step: Tensor, stiff: Tensor | float) -> Tensor:
    """How far (1, h, w, 2) places move, at most ``radius`` steps, to what is most alike."""
    offsets = [(x, y) for y in range(-radius, radius + 1) for x in range(-radius, radius + 1)]
    alike = []
    for x, y in offsets:
        seen = F.grid_sample(theirs, grid + step * grid.new_tensor([x, y]), padding_mode="border", align_corners=False)
        alike.append(box_mean(box_mean((ours * seen).sum(1, keepdim=True), 1), 1) - stiff * (x * x + y * y))
    weights = (torch.cat(alike, 1) / TEMPERATURE).softmax(1)
    mean = torch.einsum("nkhw,kd->ndhw", weights, grid.new_tensor(offsets))
    return box_mean(box_mean(mean, 1), 1).permute(0, 2, 3, 1) * step


def _sized(grid: Tensor, height: int, width: int) -> Tensor:
    return fitted(grid.permute(0, 3, 1, 2), height, width).permute(0, 2, 3, 1)


def _faded(distance: Tensor, fade: float) -> Tensor:
    """1 within an oval, 0 from ``fade`` half axes beyond it on."""
    return ((1 + fade - distance) / fade).clamp(0, 1)
