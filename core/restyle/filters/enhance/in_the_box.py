"""The looks in the box: local light, then colour as one lookup table, and detail before both, band by band."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.context import Context
from restyle.contract.sentence import said
from restyle.engine.in_bands import in_bands
from restyle.filters.enhance import EnhancePhotoParams
from restyle.filters.enhance.denoise import noise_level
from restyle.filters.enhance.grading import Grading
from restyle.filters.enhance.local_light import LIGHT_AREA, LocalLight
from restyle.filters.enhance.looks import LOOKS
from restyle.filters.enhance.protection import Protection, skin_likeness
from restyle.models.cache import Placement
from restyle.networks.enhancer import DETAIL_REACH_PX, DETAIL_UNIT_PX, Detail, Enhancer, Judge
from restyle.networks.lut import apply_lut
from restyle.pictures.bands import Band
from restyle.pictures.image import luma
from restyle.pictures.resizing import small_look

__all__ = ["enhanced"]

BAND_PIXELS = 1 << 21  # of a band of detail: 60 MB of feature maps, and its margins are a sixth of the work
STRIP_PIXELS = 1 << 17  # of a strip of colour: stays in the cache
SKIN_DETAIL = 0.6  # of detail that skin goes without where it is fully protected
SMOOTHED_NOISE = 1.5  # of the noise's variance, taken out at most
_TINY = 1e-9


def enhanced(photo: Tensor, params: EnhancePhotoParams, context: Context) -> Tensor:
    """``photo`` (1, 3, H, W) in 0..1 in one of `LOOKS`; raises WeightsUnavailable, WeightsDamaged, Cancelled."""
    judge = context.store.network("enhancer", ("enhancer",), Enhancer.from_file).judge
    context.progress.step(0, of=1, message=said("Looking at the photo"))
    protection, amount = Protection.of(params), params.strength / 100
    development = _development(photo, params, judge)
    if params.change == "light_and_colour":
        return in_bands(lambda piece, band: development(piece, band.rows), photo, context, said("Developing"), pixels=BAND_PIXELS)
    place = Placement.of(context.device)
    detail = context.store.network("enhancer", ("enhancer", "detail"), lambda path: Enhancer.from_file(path).detail, place)
    noise = noise_level(photo)

    def develop_band(piece: Tensor, band: Band) -> Tensor:
        change = _detail(detail, piece, protection, noise) * amount
        return development((band.inner(piece) + band.inner(change)).clamp_(0, 1), band.rows)

    return in_bands(
        develop_band, photo, context, said("Developing"), pixels=BAND_PIXELS, margin=DETAIL_REACH_PX, unit=DETAIL_UNIT_PX
    )


@dataclass(frozen=True)
class _Development:
    """Light and colour of a photo's rows."""

    light: LocalLight
    table: Tensor

    def __call__(self, piece: Tensor, rows: slice) -> Tensor:
        """``piece`` (1, 3, n, W), these ``rows`` of the photo, developed."""
        made = torch.empty_like(piece)
        step = max(1, STRIP_PIXELS // piece.shape[3])
        for first in range(0, piece.shape[2], step):
            strip = slice(first, min(first + step, piece.shape[2]))
            lit = self.light.applied(piece[:, :, strip], slice(rows.start + strip.start, rows.start + strip.stop))
            made[:, :, strip] = apply_lut(self.table, lit)
        return made


def _development(photo: Tensor, params: EnhancePhotoParams, judge: Judge) -> _Development:
    """What is made of the photo; all of it stays on the CPU, where the photo is: lookup in three dimensions is missing on some
    devices, and little work."""
    look, amount = LOOKS[params.look], params.strength / 100
    small = small_look(photo, LIGHT_AREA)
    light = LocalLight.of(small, (photo.shape[2], photo.shape[3]), look, amount, noise_level(photo, in_shadows=True))
    lit = light.over(small).applied(small, slice(0, small.shape[2]))
    return _Development(light, Grading.of(small, lit, look, amount, judge).table(Protection.of(params)))


def _detail(network: Detail, piece: Tensor, protection: Protection, noise: float) -> Tensor:
    """What to add to ``piece`` (1, 3, n, W) of any size; ``noise`` is the deviation of luma's in the photo."""
    height, width = piece.shape[2:]
    padded = F.pad(piece, (0, -width % DETAIL_UNIT_PX, 0, -height % DETAIL_UNIT_PX), mode="replicate")
    change: Tensor = network(padded.to(next(network.parameters()).device)).cpu()
    if protection.skin > 0:
        skin = skin_likeness(F.avg_pool2d(padded, DETAIL_UNIT_PX)) * protection.skin * SKIN_DETAIL
        change *= 1 - F.interpolate(skin, scale_factor=DETAIL_UNIT_PX, mode="bilinear", align_corners=False)
    _keep_texture(change, padded, noise)
    return change[:, :, :height, :width]


def _keep_texture(change: Tensor, photo: Tensor, noise: float) -> None:
    """Take back from ``change``, in place, what smooths more than noise: leaves and walls have texture that shall stay."""
    light, added = luma(photo), luma(change)
    lost = _variance(light) - _variance(light + added)
    share = (SMOOTHED_NOISE * noise**2 / lost.clamp_min(_TINY)).clamp_max(1)
    taken = F.interpolate(1 - share, scale_factor=DETAIL_UNIT_PX, mode="bilinear", align_corners=False)
    change -= taken * added


def _variance(light: Tensor) -> Tensor:
    """Of each unit's pixels."""
    mean = F.avg_pool2d(light, DETAIL_UNIT_PX)
    return F.avg_pool2d(light * light, DETAIL_UNIT_PX) - mean * mean
