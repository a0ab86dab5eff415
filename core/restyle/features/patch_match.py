"""PatchMatch: for each place of one picture the most similar place of another (Barnes, Shechtman, Finkelstein, Goldman 2009).

Places are described by vectors, so that colours, features and plans are compared alike. All places are worked on at once, where
the paper goes line by line: a place tries the neighbours of what its neighbours found, near and far ones in turn, and then what
chance offers. Places that are taken often cost more (Kaspar et al. 2015, Self Tuning Texture Optimization; StyLit does alike):
else a few smooth ones would fill everything, and one would see them again and again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["Field", "Groups", "Places", "enlarged_field", "search", "start_field", "voted"]

SPREAD = 2  # radius within which places that are taken together count as one
REACH_DIVISOR = 3  # from one circle in which chance looks to the next
CHUNK = 1 << 16  # places compared at once: what they are described by stays in the cache

Field = Tensor
"""(h, w) of int64: for each place the number of a place of the other picture, row by row."""

Offer = Callable[[Field], Field]


@dataclass(frozen=True)
class Places:
    """Rows and columns of places that a field's numbers count."""

    height: int
    width: int

    def rows(self, field: Field) -> Tensor:
        """The rows of these numbers."""
        return torch.div(field, self.width, rounding_mode="floor")

    def numbers(self, rows: Tensor, columns: Tensor) -> Field:
        """The numbers of the nearest places there are."""
        return rows.clamp(0, self.height - 1) * self.width + columns.clamp(0, self.width - 1)


@dataclass(frozen=True)
class Groups:
    """Which places may be taken for which by chance: group numbers of both pictures' places, (N,) and (M,)."""

    target: Tensor
    source: Tensor

    def drawn(self, generator: torch.Generator) -> Tensor:
        """For each place of the target one of its group in the source, or any where the source has none of it."""
        order = self.source.argsort(stable=True)
        number = int(max(self.target.max(), self.source.max())) + 1
        counts = torch.bincount(self.source, minlength=number)
        starts = counts.cumsum(0) - counts
        starts, counts = torch.where(counts > 0, starts, 0), torch.where(counts > 0, counts, len(order))
        chance = torch.rand(self.target.shape, generator=generator).to(self.target.device)
        inside = (chance * counts[self.target]).long().clamp_max(counts[self.target] - 1)
        return order[starts[self.target] + inside]


def start_field(groups: Groups, size: tuple[int, int], generator: torch.Generator) -> Field:
    """Chance alone, group by group."""
    return groups.drawn(generator).view(size)


def enlarged_field(field: Field, source: Places, size: tuple[int, int], larger: Places) -> Field:
    """A field of ``size`` from one of another, whose pictures are as much larger.

    Each place keeps where it lies beside what it was found from.
    """
    rows, columns = (
        (torch.arange(new, device=field.device) + 0.5) * (old / new) for new, old in zip(size, field.shape, strict=True)
    )
    found = field[rows.long()][:, columns.long()]
    down = (source.rows(found) + (rows % 1).view(-1, 1)) * (larger.height / source.height)
    across = (found % source.width + columns % 1) * (larger.width / source.width)
    return larger.numbers(down.long(), across.long())


def search(
    field: Field,
    target: Tensor,
    source: Tensor,
    places: Places,
    groups: Groups,
    price: Tensor,
    *,
    rounds: int,
    generator: torch.Generator,
) -> Field:
    """A better field: ``target`` (N, K) and ``source`` (M, K) describe the places of both pictures.

    Distances are sums of squares; ``price`` (M,) is added for each time that a place of the source, or one around it, is taken.
    """
    for number in range(rounds):
        cost = price * _taken(field, places)
        best = _distances(field.flatten(), target, source, cost)
        for offered in _offers(field, places, groups, number % 2 == 1, generator):
            field, best = _better(field, best, offered(field), target, source, cost)
    return field


def voted(field: Field, source: Tensor, radius: int, weights: Tensor) -> Tensor:
    """The picture (1, C, h + 2 r, w + 2 r) that patches of ``source`` (1, C, H, W) make where a field of their middles puts them.

    ``weights`` (2 r + 1, 2 r + 1) say how much each pixel of a patch counts.
    """
    height, width = field.shape
    places = Places(source.shape[2] - 2 * radius, source.shape[3] - 2 * radius)
    y, x = places.rows(field), field % places.width
    flat = source[0].flatten(1)
    out = torch.zeros(source.shape[1], height + 2 * radius, width + 2 * radius, device=source.device)
    total = torch.zeros(height + 2 * radius, width + 2 * radius, device=source.device)
    for down in range(2 * radius + 1):
        for across in range(2 * radius + 1):
            weight = weights[down, across]
            place = ((y + down) * source.shape[3] + x + across).flatten()
            out[:, down : down + height, across : across + width] += weight * flat[:, place].view(-1, height, width)
            total[down : down + height, across : across + width] += weight
    return (out / total).unsqueeze(0)


def _distances(field: Tensor, target: Tensor, source: Tensor, cost: Tensor) -> Tensor:
    out = torch.empty(len(field), device=target.device)
    for first in range(0, len(field), CHUNK):
        part = slice(first, first + CHUNK)
        difference = source.index_select(0, field[part]).sub_(target[part])
        out[part] = difference.square_().sum(1)
    return out + cost[field]


def _better(field: Field, best: Tensor, offered: Field, target: Tensor, source: Tensor, cost: Tensor) -> tuple[Field, Tensor]:
    distance = _distances(offered.flatten(), target, source, cost)
    is_better = distance < best
    return torch.where(is_better.view(field.shape), offered, field), torch.where(is_better, distance, best)


def _offers(field: Field, places: Places, groups: Groups, is_far: bool, generator: torch.Generator) -> Iterator[Offer]:
    """What a place is offered, of the field as it is by then: what its neighbours found, places around its own, and any."""
    for jump in (3, 1) if is_far else (1, 2, 4, 8):
        for down, across in ((jump, 0), (-jump, 0), (0, jump), (0, -jump)):
            if abs(down) < field.shape[0] and abs(across) < field.shape[1]:
                yield partial(_moved, down=down, across=across, places=places)
    reach = max(places.height, places.width) // 2
    while reach >= 1:
        yield partial(_around, reach=reach, places=places, generator=generator)
        reach //= REACH_DIVISOR
    yield lambda field: groups.drawn(generator).view(field.shape)


def _moved(field: Field, down: int, across: int, places: Places) -> Field:
    """What the places so far away found, as far away from there."""
    moved = torch.roll(field, (down, across), (0, 1))
    return places.numbers(places.rows(moved) + down, moved % places.width + across)


def _around(field: Field, reach: int, places: Places, generator: torch.Generator) -> Field:
    chance = (torch.rand(2, *field.shape, generator=generator) * (2 * reach + 1)).long().to(field.device) - reach
    return places.numbers(places.rows(field) + chance[0], field % places.width + chance[1])


def _taken(field: Field, places: Places) -> Tensor:
    """How often each place of the source is taken, on average around it: (M,)."""
    counts = torch.bincount(field.flatten(), minlength=places.height * places.width)
    return F.avg_pool2d(counts.view(1, 1, places.height, places.width).float(), 2 * SPREAD + 1, 1, SPREAD).flatten()
