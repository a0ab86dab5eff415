"""The published looks: DPED's own networks, and the image-adaptive 3D lookup table."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.any_size import apply_at_any_size
from restyle.context import Context
from restyle.errors import WeightsDamaged
from restyle.filters.enhance.bands import in_bands
from restyle.filters.enhance.in_the_box import STRIP_PIXELS
from restyle.filters.enhance.protection import Protection
from restyle.image import luma
from restyle.networks.dped import dped_from_arrays
from restyle.networks.lut import AdaptiveLut, apply_lut, identity_lut
from restyle.weights.readers import read_state_dict

__all__ = ["dped", "looked_up", "without_detail"]

GUIDE_BLOCK_PX = 4  # the local model of a change is fitted to means of such blocks
GUIDE_RADIUS = 4  # blocks
GUIDE_FLATNESS = 1e-3  # variance below which the photo says nothing about how the change varies


def dped(photo: Tensor, weights_id: str, context: Context) -> Tensor:
    """``photo`` (1, 3, H, W) in 0..1 through one of DPED's networks, at its own size.

    Raises WeightsUnavailable, WeightsDamaged, Cancelled.
    """
    path = context.store.path(weights_id)
    try:
        network = dped_from_arrays(read_state_dict(path))
    except (KeyError, ValueError) as error:
        raise WeightsDamaged(path, "it is no generator of DPED's") from error
    return apply_at_any_size(network, photo, context).clamp_(0, 1)


def looked_up(photo: Tensor, protection: Protection, strength: float, context: Context) -> Tensor:
    """``photo`` (1, 3, H, W) in 0..1 through the table that the classifier mixes for it.

    Raises WeightsUnavailable, WeightsDamaged, Cancelled.
    """
    table = _adaptive_lut(context)(photo)
    colours = identity_lut(table.shape[-1]).unsqueeze(0).flatten(3)
    made = protection.applied(colours, table.unsqueeze(0).flatten(3).clamp(0, 1)).clamp(0, 1)
    table = torch.lerp(colours, made, strength).view_as(table)
    return in_bands(lambda piece, _band: apply_lut(table, piece), photo, context, "Looking up colours", pixels=STRIP_PIXELS)


def without_detail(photo: Tensor, made: Tensor) -> Tensor:
    """``photo`` with what ``made`` (both (1, 3, H, W)) changed of light and colour.

    The change follows the photo's brightness by local lines (fast guided filter: He and Sun 2015), so it ends at edges.
    """
    block = min(GUIDE_BLOCK_PX, *photo.shape[2:])
    guide = F.avg_pool2d(luma(photo), block)
    change = F.avg_pool2d(made - photo, block)
    mean_guide, mean = _box(guide), _box(change)
    slope = (_box(guide * change) - mean_guide * mean) / (_box(guide * guide) - mean_guide * mean_guide + GUIDE_FLATNESS)
    offset = mean - slope * mean_guide
    slope, offset = (F.interpolate(_box(part), photo.shape[2:], mode="bilinear", align_corners=False) for part in (slope, offset))
    return photo + slope * luma(photo) + offset


def _adaptive_lut(context: Context) -> AdaptiveLut:
    path = context.store.path("adaptive-lut")
    try:
        return AdaptiveLut.from_state_dict(read_state_dict(path))
    except (KeyError, IndexError, RuntimeError, ValueError) as error:
        raise WeightsDamaged(path, "it is no adaptive lookup table") from error


def _box(maps: Tensor) -> Tensor:
    size = 2 * GUIDE_RADIUS + 1
    return F.avg_pool2d(maps, size, stride=1, padding=GUIDE_RADIUS, count_include_pad=False)
