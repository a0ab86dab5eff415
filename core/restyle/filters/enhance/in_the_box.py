"""The looks in the box: light and colour as one lookup table and a coarse map of local light, detail band by band."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.context import Context
from restyle.engine.in_bands import in_bands
from restyle.filters.enhance import EnhancePhotoParams
from restyle.filters.enhance.protection import Protection, skin_likeness
from restyle.filters.enhance.vivid import graded
from restyle.models.cache import Placement
from restyle.networks.development import Development, bend, develop
from restyle.networks.enhancer import DETAIL_REACH_PX, DETAIL_UNIT_PX, Detail, Enhancer, judged_size
from restyle.networks.lut import apply_lut, identity_lut
from restyle.pictures.bands import Band
from restyle.pictures.enlarging import Enlarged

__all__ = ["enhanced", "small_look"]

NODES = 33  # of the table, a side: two to each segment of a curve
BAND_PIXELS = 1 << 21  # of a band of detail: 60 MB of feature maps, and its margins are a sixth of the work
STRIP_PIXELS = 1 << 17  # of a strip of colour: stays in the cache
SKIN_DETAIL = 0.6  # of detail that skin goes without where it is fully protected
TRUST = (
    0.8  # of the judge's decisions: it learned from few photos, and of 0.8, 1, 1.3 and 1.6 this came nearest on those held back
)
MAXIMUM_ASPECT = 8  # of the small look: a strip of any length


def enhanced(photo: Tensor, params: EnhancePhotoParams, context: Context) -> Tensor:
    """``photo`` (1, 3, H, W) in 0..1 in the look "natural" or "vivid"; raises WeightsUnavailable, WeightsDamaged, Cancelled."""
    judge = context.store.network("enhancer", ("enhancer",), Enhancer.from_file).judge
    context.progress.step(0, of=1, message="Looking at the photo")
    protection = Protection.of(params)
    small = small_look(photo)
    development = judge(small)
    # Colour stays on the CPU, where the photo is: lookup in three dimensions is missing on some devices, and little work.
    table = _table(development, small, params, protection)
    local = development.local * (TRUST * params.strength / 100)
    colour = _Colour(table, Enlarged(local, photo.shape[2], photo.shape[3]))
    if params.change == "light_and_colour":
        return in_bands(lambda piece, band: colour(piece, band.rows), photo, context, "Developing", pixels=BAND_PIXELS)
    place = Placement.of(context.device)
    detail = context.store.network("enhancer", ("enhancer", "detail"), lambda path: Enhancer.from_file(path).detail, place)
    amount = params.strength / 100

    def develop_band(piece: Tensor, band: Band) -> Tensor:
        change = _detail(detail, piece, protection) * amount
        return colour((band.inner(piece) + band.inner(change)).clamp_(0, 1), band.rows)

    return in_bands(develop_band, photo, context, "Developing", pixels=BAND_PIXELS, margin=DETAIL_REACH_PX, unit=DETAIL_UNIT_PX)


def small_look(photo: Tensor) -> Tensor:
    """The photo as the judge sees it."""
    height, width = photo.shape[2:]
    # Means of whole blocks first: they are read once, while a wide antialiasing kernel reads all pixels many times.
    block = max(1, int((height * width) ** 0.5) // 512)
    block = min(block, height, width)
    means = F.avg_pool2d(photo, block) if block > 1 else photo
    size = judged_size(height, width)
    longest = MAXIMUM_ASPECT * min(size)
    return F.interpolate(means, [min(side, longest) for side in size], mode="bilinear", align_corners=False, antialias=True)


@dataclass(frozen=True)
class _Colour:
    """Light and colour of a photo's rows."""

    table: Tensor
    local: Enlarged
    """The coarse map of local light; a smooth kernel, as corners of its few cells would show in a sky."""

    def __call__(self, piece: Tensor, rows: slice) -> Tensor:
        """``piece`` (1, 3, n, W), these ``rows`` of the photo, developed."""
        made = torch.empty_like(piece)
        step = max(1, STRIP_PIXELS // piece.shape[3])
        for first in range(0, piece.shape[2], step):
            strip = slice(first, min(first + step, piece.shape[2]))
            toned = apply_lut(self.table, piece[:, :, strip])
            made[:, :, strip] = bend(toned, self.local.rows(slice(rows.start + strip.start, rows.start + strip.stop)))
        return made


def _table(development: Development, small: Tensor, params: EnhancePhotoParams, protection: Protection) -> Tensor:
    """Curves, chroma, look and protection at every node of a table (3, n, n, n)."""
    nodes = identity_lut(NODES)
    colours = nodes.view(1, 3, NODES, -1)
    made = _trusted(colours, development)
    if params.look == "vivid":
        made = graded(made, _trusted(small, development))
    made = protection.applied(colours, made).clamp(0, 1)
    return torch.lerp(colours, made, params.strength / 100).view_as(nodes)


def _trusted(pixels: Tensor, development: Development) -> Tensor:
    return torch.lerp(pixels, develop(pixels, development), TRUST)


def _detail(network: Detail, piece: Tensor, protection: Protection) -> Tensor:
    """What to add to ``piece`` (1, 3, n, W) of any size."""
    height, width = piece.shape[2:]
    padded = F.pad(piece, (0, -width % DETAIL_UNIT_PX, 0, -height % DETAIL_UNIT_PX), mode="replicate")
    change: Tensor = network(padded.to(next(network.parameters()).device)).cpu()
    if protection.skin > 0:
        skin = skin_likeness(F.avg_pool2d(padded, DETAIL_UNIT_PX)) * protection.skin * SKIN_DETAIL
        change *= 1 - F.interpolate(skin, scale_factor=DETAIL_UNIT_PX, mode="bilinear", align_corners=False)
    return change[:, :, :height, :width]
