"""Piecing together: a picture made of patches of a painting, coarse to fine, guided by plans.

At each size patches are looked for that fit what is there and where it is, and the picture is made anew of them, in turn (Wexler,
Shechtman, Irani 2007: Space-Time Completion of Video; guided as in Hertzmann et al. 2001: Image Analogies).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.context import Context
from restyle.contract.sentence import said
from restyle.features.patch_match import Field, Groups, Places, enlarged_field, search, start_field, voted
from restyle.filters.neural_doodle.guides import Plans
from restyle.pictures.bands import bands
from restyle.pictures.image import Image
from restyle.pictures.resizing import resized

__all__ = ["Pieced", "Piecing", "piece_together", "pieced_at_full_size"]

RADIUS = 2  # of a patch; five pixels hold a stroke's edge, and coarser sizes see to the rest
SIDE = 2 * RADIUS + 1
LEAST_PX = SIDE + 3
COARSEST_PX = 40  # longer side: a patch is then an eighth of the picture
STEP = 1.6  # from size to size; at 2 fine strokes have to be guessed
COLOURS = 20  # principal components of a patch's colours: nearly all of their 75
SAMPLES = 20_000  # patches that the components are found of
SHARPNESS_PX = 0.7  # of the bell by which a patch's pixels count: wider ones blur, narrower ones leave seams
FIRST_ROUNDS = 8  # by guides alone
TURNS, ROUNDS = (8, 3), (4, 2)  # at the coarsest and the finest size
MOST_RADIUS = 3  # at full size, where a patch is as much larger; of more the painting would be read too often
BAND_ROWS = 256


@dataclass(frozen=True)
class Piecing:
    """``evenness``: what it costs to take a place as often as is its due; ``seed``: what chance begins with."""

    evenness: float
    seed: int


@dataclass(frozen=True)
class Pieced:
    """The picture (1, 3, H, W), the middles of its patches in the painting, and the size of the painting (H, W)."""

    picture: Tensor
    field: Field
    painting: tuple[int, int]


def piece_together(plans: Plans, painting: Tensor, size: tuple[int, int], settings: Piecing, context: Context) -> Pieced:
    """A picture of ``size`` of patches of ``painting`` (1, 3, H, W) in 0..1; it is on the painting's device."""
    generator = torch.Generator().manual_seed(settings.seed)
    scales = _scales(max(size))
    turns = [_between(TURNS, i, len(scales)) for i in range(len(scales))]
    total = sum(count * scale**2 for count, scale in zip(turns, scales, strict=True))
    levels = _levels(plans, painting, size, scales, settings, generator)
    made, done = None, 0.0
    for i, (level, scale) in enumerate(zip(levels, scales, strict=True)):
        made = level.started() if made is None else level.continued(made)
        for _ in range(turns[i]):
            message = said("Piecing together at {px} px", px=max(made.picture.shape[2:]))
            context.progress.step(round(1000 * done / total), of=1000, message=message, preview=_preview(made.picture))
            made = level.better(made, _between(ROUNDS, i, len(scales)))
            done += scale**2
    return cast("Pieced", made)  # there is always a scale


def pieced_at_full_size(pieced: Pieced, finished: Tensor, painting: Tensor, size: tuple[int, int]) -> Tensor:
    """The picture of ``size`` that the same patches make of a larger ``painting`` (1, 3, H, W), on the CPU, band by band.

    What ``finished`` has beyond the pieced picture is carried over.
    """
    out = resized((finished - pieced.picture).to("cpu", torch.float32), *size)
    for band in bands(size[0], BAND_ROWS):
        out[:, :, band.rows] += _pieced_rows(pieced, painting, size, band.rows)
    return out.clamp_(0, 1)


def _pieced_rows(pieced: Pieced, painting: Tensor, size: tuple[int, int], rows: slice) -> Tensor:
    """These ``rows`` (1, 3, n, W): each pixel from where it and its neighbours lie in the painting, by the bell of `_weights`."""
    radius = min(max(RADIUS, round(size[0] / pieced.picture.shape[2])), MOST_RADIUS)
    count, height, width = rows.stop - rows.start, painting.shape[2], painting.shape[3]
    down, across = _places_in(pieced, painting, size, rows, radius)
    weights = _weights(torch.device("cpu"), radius, SHARPNESS_PX * radius / RADIUS)
    weights = weights / weights.sum()
    flat, out = painting[0].cpu().flatten(1), torch.zeros(3, count, size[1])
    for i, column in ((i, j) for i in range(2 * radius + 1) for j in range(2 * radius + 1)):
        y = (down[i : i + count, column : column + size[1]] - (i - radius)).clamp(0, height - 1)
        x = (across[i : i + count, column : column + size[1]] - (column - radius)).clamp(0, width - 1)
        out.add_(flat[:, (y * width + x).flatten()].view_as(out), alpha=float(weights[i, column]))
    return out.unsqueeze(0)


def _places_in(pieced: Pieced, painting: Tensor, size: tuple[int, int], rows: slice, margin: int) -> tuple[Tensor, Tensor]:
    """Row and column in a larger painting for the pixels of ``rows`` and a margin around: whole, beyond it at its edges."""
    field, places = pieced.field.cpu(), Places(*_middles(pieced.painting))
    axes = []
    for i, part in enumerate((rows, slice(0, size[1]))):
        small = (torch.arange(part.start - margin, part.stop + margin) + 0.5) * (pieced.picture.shape[2 + i] / size[i])
        middle = (small.floor().long() - RADIUS).clamp(0, field.shape[i] - 1)
        axes.append((middle, small - middle))  # what is beyond a middle has RADIUS in it
    found = field[axes[0][0]][:, axes[1][0]]
    down = (places.rows(found) + axes[0][1].view(-1, 1)) * (painting.shape[2] / pieced.painting[0])
    across = (found % places.width + axes[1][1]) * (painting.shape[3] / pieced.painting[1])
    return down.floor().long(), across.floor().long()


class _Level:
    """One size: the painting, and how its patches and the places of the picture are described."""

    def __init__(
        self, painting: Tensor, plans: Plans, size: tuple[int, int], settings: Piecing, generator: torch.Generator
    ) -> None:
        there = (painting.shape[2], painting.shape[3])
        self._painting, self._settings, self._generator = painting, settings, generator
        self._there = there
        self._places = Places(*_middles(there))
        self._middles = _middles(size)
        self._guides, self._their_guides = (_rows(_inner(maps)) for maps in plans.guides(size, there, painting.device))
        masks, theirs = (_inner(maps)[0].flatten(1) for maps in plans.masks(size, there, painting.device))
        self._groups = Groups(masks.argmax(0), theirs.argmax(0))
        # A place's due: how much larger its region is in the picture.
        due = masks.sum(1, keepdim=True) / theirs.sum(1, keepdim=True).clamp_min(1)
        self._due = (theirs * due).sum(0).clamp_min(0.05)
        self._basis = _principal(painting, generator)
        self._colours = _rows(F.conv2d(painting, self._basis))

    def started(self) -> Pieced:
        """By guides alone."""
        field = start_field(self._groups, self._middles, self._generator)
        return self._made(self._searched(field, self._guides, self._their_guides, FIRST_ROUNDS))

    def continued(self, coarser: Pieced) -> Pieced:
        """The patches of a coarser size, larger."""
        before = Places(*_middles(coarser.painting))
        return self._made(enlarged_field(coarser.field, before, self._middles, self._places))

    def better(self, made: Pieced, rounds: int) -> Pieced:
        """Patches that fit what was made, and what they make."""
        colours = _rows(F.conv2d(made.picture, self._basis))
        target = torch.cat((colours, self._guides), 1)
        source = torch.cat((self._colours, self._their_guides), 1)
        return self._made(self._searched(made.field, target, source, rounds))

    def _searched(self, field: Field, target: Tensor, source: Tensor, rounds: int) -> Field:
        return search(
            field,
            target,
            source,
            self._places,
            self._groups,
            self._settings.evenness / self._due,
            rounds=rounds,
            generator=self._generator,
        )

    def _made(self, field: Field) -> Pieced:
        return Pieced(voted(field, self._painting, RADIUS, _weights(field.device)), field, self._there)


def _levels(
    plans: Plans, painting: Tensor, size: tuple[int, int], scales: Sequence[float], settings: Piecing, generator: torch.Generator
) -> Iterator[_Level]:
    for scale in scales:
        here, there = (_scaled(whole, scale) for whole in (size, (painting.shape[2], painting.shape[3])))
        yield _Level(resized(painting, *there).clamp(0, 1), plans, here, settings, generator)


def _scales(longer_px: int) -> list[float]:
    octaves = max(0, round(math.log(longer_px / COARSEST_PX, STEP)))
    factor = (longer_px / COARSEST_PX) ** (1 / max(1, octaves))
    return [factor ** (i - octaves) for i in range(octaves + 1)]


def _scaled(size: tuple[int, int], scale: float) -> tuple[int, int]:
    return max(round(size[0] * scale), LEAST_PX), max(round(size[1] * scale), LEAST_PX)


def _middles(size: tuple[int, int]) -> tuple[int, int]:
    """Where a patch may have its middle."""
    return size[0] - 2 * RADIUS, size[1] - 2 * RADIUS


def _between(ends: tuple[int, int], i: int, of: int) -> int:
    return round(ends[0] + (ends[1] - ends[0]) * i / max(1, of - 1))


def _inner(maps: Tensor) -> Tensor:
    return maps[:, :, RADIUS:-RADIUS, RADIUS:-RADIUS]


def _rows(maps: Tensor) -> Tensor:
    """(1, C, h, w) as (h w, C)."""
    return maps[0].flatten(1).T.contiguous()


def _weights(device: torch.device, radius: int = RADIUS, sharpness_px: float = SHARPNESS_PX) -> Tensor:
    apart = torch.arange(-radius, radius + 1, device=device)
    return torch.exp(-(apart.view(-1, 1) ** 2 + apart**2) / (2 * sharpness_px**2))


def _principal(painting: Tensor, generator: torch.Generator) -> Tensor:
    """Kernels (K, 3, 5, 5) that describe patches: their squared distances are mean squared differences of colour."""
    patches = F.unfold(painting, SIDE)[0].T
    chosen = torch.randperm(len(patches), generator=generator)[:SAMPLES].to(patches.device)
    centred = patches[chosen] - patches[chosen].mean(0)
    basis: Tensor = torch.linalg.svd(centred.T @ centred).Vh
    return basis[:COLOURS].view(-1, 3, SIDE, SIDE) / math.sqrt(patches.shape[1])


def _preview(picture: Tensor) -> Callable[[], Image]:
    return lambda: Image(picture.clamp(0, 1).to("cpu", torch.float32))
