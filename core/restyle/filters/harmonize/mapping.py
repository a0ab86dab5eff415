"""The paper's mappings: for each place of a layer the place of the painting that its style is taken from (sections 4.1 and 4.2).

Independent: the nearest patch of each. Consistent: neighbours that take neighbours, found in one layer and handed on to finer
ones, where each place of the painting counts once.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.filters.harmonize.matching import most_alike, patches_of

__all__ = ["Mapping", "nearest"]

NEIGHBOURS = tuple((down, across) for down in (-1, 0, 1) for across in (-1, 0, 1))


@dataclass(frozen=True)
class Mapping:
    """Rows and columns in a painting's layer, (h, w) each, of what each place of a picture's layer takes; ``size`` is the
    painting's there."""

    rows: Tensor
    columns: Tensor
    size: tuple[int, int]

    def consistent(self, painting: Tensor) -> Mapping:
        """Each place takes, of what it and its neighbours propose, what is most like all that they take (algorithm 3).

        ``painting``: the layer's features (1, C, H, W).
        """
        proposed = [self._proposed(down, across) for down, across in NEIGHBOURS]
        taken = painting[0][:, self.rows, self.columns].float()
        # The sum of squared distances to the neighbours' features is least at their mean.
        mean = F.avg_pool2d(taken.unsqueeze(0), 3, stride=1, padding=1, count_include_pad=False)[0]
        missed = torch.stack([(painting[0][:, rows, columns].float() - mean).square().sum(0) for rows, columns in proposed])
        best = missed.argmin(0, keepdim=True)
        rows, columns = (torch.stack([pair[axis] for pair in proposed]).gather(0, best)[0] for axis in (0, 1))
        return Mapping(rows, columns, self.size)

    def at(self, features: Tensor, painting: Tensor) -> Mapping:
        """The same for another layer, of the sizes of ``features`` and of the ``painting``'s."""
        height, width = features.shape[2:]
        painting_height, painting_width = painting.shape[2:]
        down = torch.arange(height, device=self.rows.device) * self.rows.shape[0] / height
        across = torch.arange(width, device=self.rows.device) * self.rows.shape[1] / width
        place = down.long().view(-1, 1), across.long().view(1, -1)
        # What lies between two places of the coarser layer lies as far between those that they take.
        rows = (self.rows[place] + down.frac().view(-1, 1)) * painting_height / self.size[0]
        columns = (self.columns[place] + across.frac().view(1, -1)) * painting_width / self.size[1]
        return Mapping(
            rows.round().long().clamp(0, painting_height - 1),
            columns.round().long().clamp(0, painting_width - 1),
            (painting_height, painting_width),
        )

    def counts(self, inside: Tensor, *, once: bool) -> Tensor:
        """How often each place of the painting is taken by one that is ``inside`` (h, w), as (1, 1, H, W); ``once`` at most."""
        taken = (self.rows * self.size[1] + self.columns)[inside]
        times = torch.bincount(taken, minlength=self.size[0] * self.size[1]).float()
        return (times.clamp_max(1) if once else times).view(1, 1, *self.size)

    def _proposed(self, down: int, across: int) -> tuple[Tensor, Tensor]:
        """What each place would take beside what its neighbour there takes."""
        rows, columns = (
            F.pad(index[None, None].float(), (1, 1, 1, 1), mode="replicate")[
                0, 0, 1 + down : 1 + down + index.shape[0], 1 + across : 1 + across + index.shape[1]
            ].long()
            for index in (self.rows, self.columns)
        )
        return (rows - down).clamp(0, self.size[0] - 1), (columns - across).clamp(0, self.size[1] - 1)


def nearest(features: Tensor, painting: Tensor, inside: Tensor | None = None) -> Mapping:
    """Each place of ``features`` (1, C, h, w) takes the one of ``painting`` (1, C, H, W) whose patch is most alike.

    Only those ``inside`` (h, w) are looked for, where that is given; the others take the first.
    """
    height, width = features.shape[2:]
    wanted = torch.ones(height * width, dtype=torch.bool, device=features.device) if inside is None else inside.flatten()
    found = torch.zeros(height * width, dtype=torch.long, device=features.device)
    found[wanted] = most_alike(patches_of(features)[wanted], patches_of(painting))
    across = painting.shape[3]
    found = found.view(height, width)
    return Mapping(found // across, found % across, (painting.shape[2], across))
