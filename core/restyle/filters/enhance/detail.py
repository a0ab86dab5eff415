"""Detail that is added to a photo: what the network says, less of it on skin, and nowhere more smoothing than noise calls for."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.filters.enhance.protection import skin_likeness
from restyle.networks.detail import DETAIL_REACH_PX, DETAIL_UNIT_PX, Change, Detail, unit_means
from restyle.pictures.bands import strips
from restyle.pictures.enlarging import enlarged_rows
from restyle.pictures.image import luma

__all__ = ["MARGIN_PX", "AddedDetail"]

MARGIN_PX = DETAIL_REACH_PX + DETAIL_UNIT_PX  # what is smoothed is told from whole units, those of the rows beyond among them
SKIN_DETAIL = 0.6  # of detail that skin goes without where it is fully protected
SMOOTHED_NOISE = 1.5  # of the noise's variance, taken out at most
_TINY = 1e-9


@dataclass(frozen=True)
class AddedDetail:
    """How detail is added: ``amount`` of it, ``skin`` (0..1) protected, in a photo whose luma has ``noise`` of that deviation."""

    network: Detail
    amount: float
    skin: float
    noise: float

    def of(self, piece: Tensor) -> Change:
        """What to add to ``piece`` (1, 3, n, W) of any size; to the right and below it goes on to whole units."""
        height, width = piece.shape[2:]
        spare = (0, -width % DETAIL_UNIT_PX, 0, -height % DETAIL_UNIT_PX)
        piece = F.pad(piece, spare, mode="replicate") if any(spare) else piece
        means = unit_means(piece)
        change = self.network.change(piece, means)
        light, chroma = change.light, change.chroma * self.amount
        if self.skin > 0:
            calm = 1 - skin_likeness(means) * (self.skin * SKIN_DETAIL)
            chroma *= F.interpolate(calm, chroma.shape[2:], mode="bilinear", align_corners=False)
            _multiply(light, calm)
        _multiply(light, self._unsmoothed(light, piece) * self.amount)
        return Change(light, chroma)

    def _unsmoothed(self, light: Tensor, photo: Tensor) -> Tensor:
        """The share of ``light`` that takes out no more than noise, for each unit: leaves have texture that shall stay."""
        lost = []
        for rows in strips(*photo.shape[2:], unit=DETAIL_UNIT_PX):
            before = luma(photo[:, :, rows])
            lost.append(_variance(before) - _variance(before + light[:, :, rows]))
        return (SMOOTHED_NOISE * self.noise**2 / torch.cat(lost, 2).clamp_min(_TINY)).clamp_max(1)


def _multiply(maps: Tensor, cells: Tensor) -> None:
    """Multiply by cells of a unit, enlarged, in place."""
    for rows in strips(*maps.shape[2:]):
        maps[:, :, rows] *= enlarged_rows(cells, rows, *maps.shape[2:])


def _variance(light: Tensor) -> Tensor:
    """Of each unit's pixels."""
    mean = F.avg_pool2d(light, DETAIL_UNIT_PX)
    return F.avg_pool2d(light * light, DETAIL_UNIT_PX) - mean * mean
