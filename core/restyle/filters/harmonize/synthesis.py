"""Patch synthesis, the paper's last step: forms larger than detail are put together of the painting's own patches.

What was painted is split by a guided filter into a base and its detail; each patch of the base takes the most similar one of the
painting's base (PatchMatch), all that overlap are averaged, and the detail comes back. So no form is left that the painting has
nowhere, and none gets blurred.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.features.patch_match import Groups, Places, search, start_field, voted
from restyle.filters.harmonize.site import FAINTEST
from restyle.pictures.guided import guided
from restyle.pictures.image import luma

__all__ = ["of_the_painting_s_patches"]

RADIUS = 3  # patches of 7 x 7
APART = 2  # every second pixel of a patch is compared: they vary little from one to the next
BASE_RADIUS_PX, BASE_FLATNESS = 2, 0.1**2  # of the guided filter: what is finer and fainter is detail
ROUNDS = 4


def of_the_painting_s_patches(painted: Tensor, painting: Tensor, cover: Tensor, seed: int) -> Tensor:
    """``painted`` (1, 3, H, W) with its forms made of patches of the ``painting`` (1, 3, h, w), both in 0..1.

    All around what ``cover`` (1, 1, H, W) shows, and nowhere else; what is finer than the forms stays as it is.
    """
    rows, columns = (_around(cover[0, 0] > FAINTEST, axis) for axis in (1, 0))
    part = painted[:, :, rows, columns]
    if min(*part.shape[2:], *painting.shape[2:]) <= 2 * RADIUS:
        return painted
    base, theirs = _base(part), _base(painting)
    places = Places(theirs.shape[2] - 2 * RADIUS, theirs.shape[3] - 2 * RADIUS)
    target, source = _described(base), _described(theirs)
    groups = Groups(*(torch.zeros(len(vectors), dtype=torch.long, device=painted.device) for vectors in (target, source)))
    generator = torch.Generator().manual_seed(seed)
    field = start_field(groups, (base.shape[2] - 2 * RADIUS, base.shape[3] - 2 * RADIUS), generator)
    free = torch.zeros(len(source), device=painted.device)  # no place costs more for being taken often
    field = search(field, target, source, places, groups, free, rounds=ROUNDS, generator=generator)
    made = voted(field, theirs, RADIUS, torch.ones(2 * RADIUS + 1, 2 * RADIUS + 1, device=painted.device))
    result = painted.clone()
    result[:, :, rows, columns] = (made + part - base).clamp(0, 1)
    return result


def _around(inside: Tensor, axis: int) -> slice:
    """Rows (``axis`` 1) or columns (0) that hold what is inside, and a patch's radius around."""
    found = inside.any(axis).nonzero().flatten()
    return slice(max(int(found[0]) - RADIUS, 0), int(found[-1]) + 1 + RADIUS) if len(found) else slice(0, 0)


def _base(picture: Tensor) -> Tensor:
    return guided(luma(picture), picture, BASE_RADIUS_PX, BASE_FLATNESS)


def _described(picture: Tensor) -> Tensor:
    """(N, 48): the colours of the patch around each middle, so that squared distances are mean squared differences."""
    vectors = F.unfold(picture, RADIUS + 1, dilation=APART)[0].T.contiguous()
    scaled: Tensor = vectors / vectors.shape[1] ** 0.5
    return scaled
