"""Carries grids of maps to the photo's full size: every edge and every grain stays where it is."""

from __future__ import annotations

import torch
from torch import Tensor

from restyle.context import Context
from restyle.contract.sentence import said
from restyle.engine.in_bands import told_bands
from restyle.pictures.bands import Band
from restyle.pictures.bilateral_grid import edit_band
from restyle.pictures.image import luma
from restyle.pictures.windows import box_mean
from restyle.regions.refine import Refined

__all__ = ["edit_at_full_size", "strengthened"]

BAND_ROWS = 64  # rows edited at once: bounds the memory
DETAIL_REACH_PX = 2  # what differs from the mean of a window of five pixels is fine detail
BLACK = 1 / 32  # of the range: below, relative contrast is noise
IDENTITY = (1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0)


def strengthened(grids: Tensor, strength: float) -> Tensor:
    """The maps of ``grids`` (..., 12) at a strength of 0 (what leaves colours alone) to 1 (as they are)."""
    return torch.lerp(grids.new_tensor(IDENTITY).expand_as(grids), grids, strength)


@torch.no_grad()
def edit_at_full_size(grids: Tensor, edges: Refined, photo: Tensor, sharpness: float, context: Context) -> Tensor:
    """The photo (1, 3, H, W) edited by grids (R, d, h, w, 12), each inside its region; float32 in 0..1, on the CPU.

    ``sharpness`` 0..1 is how much of the relative contrast of fine detail is given back where maps flatten it.
    """
    height = photo.shape[2]
    out = torch.empty_like(photo, device="cpu")
    for band in told_bands(height, BAND_ROWS, context, said("Editing at full size"), margin=DETAIL_REACH_PX):
        around = photo[:, :, band.around].to(grids.device)
        pixels = band.inner(around)
        edited, gains = edit_band(grids, pixels, edges.rows(pixels, band.rows, height), band.rows, height)
        if sharpness > 0:
            edited += _lost_detail(around, band, edited, gains, sharpness)
        out[:, :, band.rows] = edited.clamp_(0, 1)
    return out


def _lost_detail(around: Tensor, band: Band, edited: Tensor, gains: Tensor, sharpness: float) -> Tensor:
    """What brightness (1, 1, n, W) lacks of the photo's fine detail, relative to how bright it has become."""
    brightness = luma(around)
    detail = band.inner(brightness - box_mean(brightness, DETAIL_REACH_PX))
    wanted = (luma(edited) / band.inner(brightness).clamp_min(BLACK)).clamp_max(1) * sharpness
    return detail * (wanted - gains).clamp_min(0)
