"""Enhance Photo (Ignatov et al.: DSLR-Quality Photos on Mobile Devices with Deep Convolutional Networks, ICCV 2017).

The looks in the box are this project's own: local light by a closed form (`local_light`), colours and detail by networks that
were trained with the paper's losses (`restyle.networks.enhancer`). The paper's own networks and the 3D lookup table are used once
fetched. Around all of them: noise is taken out before if wished, skin and highlights are protected, and a grey photo stays grey.
Nothing is random.
"""

from __future__ import annotations

import torch
from torch import Tensor

from restyle.context import Context
from restyle.contract.loaded import Loaded
from restyle.contract.sentence import said
from restyle.engine.in_bands import in_bands
from restyle.filters.enhance import CONTENT, EnhancePhotoParams
from restyle.filters.enhance.apart import Apart
from restyle.filters.enhance.denoise import denoised
from restyle.filters.enhance.in_the_box import enhanced
from restyle.filters.enhance.looks import LOOKS
from restyle.filters.enhance.protection import Protection
from restyle.filters.enhance.published import LightAndColour, dped, looked_up
from restyle.pictures.bands import Band
from restyle.pictures.image import Image, luma

__all__ = ["enhance"]

BAND_PIXELS = 1 << 19  # finished at once: some 40 MB of copies
DENOISING_SHARE = 0.3  # of the whole work, for the progress bar
DPED_SHARE = 0.95  # of what remains of it
APART_SHARE = 0.2  # of what remains, for subject and sky each by its own strength


@torch.no_grad()
def enhance(inputs: Loaded, params: EnhancePhotoParams, context: Context) -> Image:
    """Enhance the content, any size; the result has its size and values in 0..1.

    Raises WeightsUnavailable, WeightsDamaged, Cancelled.
    """
    given = inputs[CONTENT].pixels
    photo = given
    if params.denoise > 0:
        photo = denoised(given, params.denoise / 100, context.part(0, DENOISING_SHARE))
        context = context.part(DENOISING_SHARE, 1)
    if params.strength == 0:
        return inputs[CONTENT].with_pixels(photo)
    apart = Apart.of(inputs, params, context)
    made = _look(photo, params, context if apart is None else context.part(0, 1 - APART_SHARE))
    if _is_grey(given):
        made = luma(made).expand_as(given).contiguous()
    if apart is not None:
        made = _changed_apart(photo, made, apart, context.part(1 - APART_SHARE, 1))
    return inputs[CONTENT].with_pixels(made.clamp_(0, 1))


def _look(photo: Tensor, params: EnhancePhotoParams, context: Context) -> Tensor:
    strength, protection = params.strength / 100, Protection.of(params)
    if params.look in LOOKS:
        return enhanced(photo, params, context)
    if params.look == "adaptive-lut":
        return looked_up(photo, protection, strength, context)
    made = dped(photo, params.look, context.part(0, DPED_SHARE))
    light = LightAndColour.of(photo, made) if params.change == "light_and_colour" else None

    def finish(piece: Tensor, band: Band) -> Tensor:
        changed = made[:, :, band.rows] if light is None else light.applied(piece, band.rows)
        return torch.lerp(piece, protection.applied(piece, changed), strength)

    # Into the same memory: no band reads what another has written.
    return in_bands(finish, photo, context.part(DPED_SHARE, 1), said("Finishing"), pixels=BAND_PIXELS, into=made)


def _changed_apart(photo: Tensor, made: Tensor, apart: Apart, context: Context) -> Tensor:
    def finish(piece: Tensor, band: Band) -> Tensor:
        return apart.applied(piece, made[:, :, band.rows], band.rows)

    # Into the same memory: no band reads what another has written.
    return in_bands(finish, photo, context, said("Finishing"), pixels=BAND_PIXELS, into=made)


def _is_grey(pixels: Tensor) -> bool:
    return bool(torch.equal(pixels[:, 0], pixels[:, 1]) and torch.equal(pixels[:, 0], pixels[:, 2]))
