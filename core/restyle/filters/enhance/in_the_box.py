"""The looks in the box: detail, then local light and colour as one lookup table, strip by strip."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from restyle.context import Context
from restyle.contract.sentence import said
from restyle.engine.in_bands import told_bands
from restyle.filters.enhance import EnhancePhotoParams
from restyle.filters.enhance.denoise import noise_level
from restyle.filters.enhance.detail import MARGIN_PX, AddedDetail
from restyle.filters.enhance.grading import Grading
from restyle.filters.enhance.local_light import LIGHT_AREA, LocalLight
from restyle.filters.enhance.looks import LOOKS
from restyle.filters.enhance.protection import Protection
from restyle.models.cache import Placement
from restyle.networks.detail import DETAIL_UNIT_PX
from restyle.networks.enhancer import Enhancer, Judge
from restyle.networks.lut import apply_lut
from restyle.pictures.bands import Band, strips
from restyle.pictures.resizing import small_look

__all__ = ["enhanced"]

BAND_PIXELS = 1 << 21  # of a band of detail: 100 MB of feature maps, and its margins are an eighth of the work


def enhanced(photo: Tensor, params: EnhancePhotoParams, context: Context) -> Tensor:
    """``photo`` (1, 3, H, W) in 0..1 in one of `LOOKS`; raises WeightsUnavailable, WeightsDamaged, Cancelled."""
    judge = context.store.network("enhancer", ("enhancer",), Enhancer.from_file).judge
    context.progress.step(0, of=1, message=said("Looking at the photo"))
    development = _development(photo, params, judge)
    detail = _detail(photo, params, context) if params.change == "everything" else None
    made = torch.empty(photo.shape)
    height, width = photo.shape[2:]
    rows = BAND_PIXELS // width
    for band in told_bands(height, rows, context, said("Developing"), margin=MARGIN_PX, unit=DETAIL_UNIT_PX):
        _develop(photo, band, detail, development, made)
    return made


def _develop(photo: Tensor, band: Band, detail: AddedDetail | None, development: _Development, made: Tensor) -> None:
    """Write the band's own rows into ``made``."""
    width = photo.shape[3]
    change = None if detail is None else detail.of(photo[:, :, band.around])
    for strip in strips(band.rows.stop - band.rows.start, width):
        rows = slice(band.rows.start + strip.start, band.rows.start + strip.stop)
        piece = photo[:, :, rows]
        if change is not None:
            there = slice(rows.start - band.around.start, rows.stop - band.around.start)
            piece = (piece + change.rows(there)[..., :width]).clamp_(0, 1)
        made[:, :, rows] = development(piece, rows)


@dataclass(frozen=True)
class _Development:
    """Light and colour of a photo's rows."""

    light: LocalLight
    table: Tensor

    def __call__(self, piece: Tensor, rows: slice) -> Tensor:
        """``piece`` (1, 3, n, W), these ``rows`` of the photo, developed."""
        return apply_lut(self.table, self.light.applied(piece, rows))


def _development(photo: Tensor, params: EnhancePhotoParams, judge: Judge) -> _Development:
    """What is made of the photo; all of it stays on the CPU, where the photo is: lookup in three dimensions is missing on some
    devices, and little work."""
    look, amount = LOOKS[params.look], params.strength / 100
    small = small_look(photo, LIGHT_AREA)
    light = LocalLight.of(small, (photo.shape[2], photo.shape[3]), look, amount, noise_level(photo, in_shadows=True))
    lit = light.over(small).applied(small, slice(0, small.shape[2]))
    return _Development(light, Grading.of(small, lit, look, amount, judge).table(Protection.of(params)))


def _detail(photo: Tensor, params: EnhancePhotoParams, context: Context) -> AddedDetail:
    place = Placement.of(context.device)
    network = context.store.network("enhancer", ("enhancer", "detail"), lambda path: Enhancer.from_file(path).detail, place)
    return AddedDetail(network, params.strength / 100, Protection.of(params).skin, noise_level(photo))
