"""Noise taken out before a photo is enhanced: guided filters whose strength follows the noise that is measured.

Where the picture varies no more than its noise the lines are level. Luma guides itself, chroma is guided by luma over a wider
window, as colour noise comes in blotches.
"""

from __future__ import annotations

import torch
from torch import Tensor

from restyle.context import Context
from restyle.contract.sentence import said
from restyle.engine.in_bands import in_bands
from restyle.pictures.bands import Band
from restyle.pictures.guided import guided
from restyle.pictures.image import luma

__all__ = ["denoised", "noise_level"]

RADIUS_PX, CHROMA_RADIUS_PX = 2, 4
NOISE_TO_FLATNESS = 2.0  # deviations of the noise that count as flat at 100 %
CHROMA_TO_LUMA = 2.0  # eyes miss detail of colour less
BAND_PIXELS = 1 << 19
SAMPLE_ROWS = 512  # enough pixels to measure noise by
ROUNDING = 1e-6  # what sums in float32 leave of a flat picture, ten times over: no noise


def denoised(photo: Tensor, amount: float, context: Context) -> Tensor:
    """``photo`` (1, 3, H, W) in 0..1 with ``amount`` (0..1) of its noise taken out; one without noise stays as it is."""
    flatness = (NOISE_TO_FLATNESS * noise_level(photo)) ** 2
    if flatness == 0 or amount == 0:
        return photo

    def clean(piece: Tensor, band: Band) -> Tensor:
        light = luma(piece)
        smooth = guided(light, light, RADIUS_PX, flatness)
        colour = guided(light, piece - light, CHROMA_RADIUS_PX, flatness * CHROMA_TO_LUMA)
        return band.inner(torch.lerp(piece, smooth + colour, amount))

    return in_bands(clean, photo, context, said("Taking out noise"), pixels=BAND_PIXELS, margin=4 * CHROMA_RADIUS_PX)


def noise_level(photo: Tensor, *, in_shadows: bool = False) -> float:
    """Standard deviation of the noise in luma, of all pixels or the darkest third: Immerkær 1996's kernel, by its median."""
    height, width = photo.shape[2:]
    if min(height, width) < 3:
        return 0.0
    step = max(1, height // SAMPLE_ROWS)
    rows = photo.unfold(2, 3, 3 * step)[..., :SAMPLE_ROWS, :, :].permute(0, 1, 2, 4, 3).reshape(1, 3, -1, width)
    above, light, below = luma(rows).view(-1, 3, width).unbind(1)
    # The kernel is a second difference down, then across; as a convolution of one channel it takes five times as long.
    down = (above + below).sub_(light, alpha=2)
    response = (down[:, :-2] + down[:, 2:]).sub_(down[:, 1:-1], alpha=2).abs_()
    if in_shadows:
        middle = light[:, 1:-1]
        response = response[middle <= middle.flatten().kthvalue(-(-middle.numel() // 3)).values]
    # The kernel's weights have the norm 6; the median of a half-normal deviate is 0.6745.
    level = float(response.median()) / (6 * 0.6745)
    return level if level > ROUNDING else 0.0
