"""The published looks: DPED's own networks, and the image-adaptive 3D lookup table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.context import Context
from restyle.contract.sentence import said
from restyle.engine.any_size import apply_at_any_size
from restyle.engine.in_bands import in_bands
from restyle.filters.enhance.protection import Protection
from restyle.models.foreign.readers import read_state_dict
from restyle.networks.dped import dped_from_arrays
from restyle.networks.lut import AdaptiveLut, apply_lut, identity_lut
from restyle.pictures.bands import STRIP_PIXELS, strips
from restyle.pictures.guided import GuidedLines, guided_lines
from restyle.pictures.image import luma

__all__ = ["LightAndColour", "dped", "looked_up"]

GUIDE_BLOCK_PX = 4  # the local model of a change is fitted to means of such blocks
GUIDE_RADIUS = 4  # blocks
GUIDE_FLATNESS = 1e-3  # variance below which the photo says nothing about how the change varies


def dped(photo: Tensor, weights_id: str, context: Context) -> Tensor:
    """``photo`` (1, 3, H, W) in 0..1 through one of DPED's networks, at its own size.

    Raises WeightsUnavailable, WeightsDamaged, Cancelled.
    """
    network = context.store.network(weights_id, ("generator of DPED's",), lambda path: dped_from_arrays(read_state_dict(path)))
    return apply_at_any_size(network, photo, context).clamp_(0, 1)


def looked_up(photo: Tensor, protection: Protection, strength: float, context: Context) -> Tensor:
    """``photo`` (1, 3, H, W) in 0..1 through the table that the classifier mixes for it.

    Raises WeightsUnavailable, WeightsDamaged, Cancelled.
    """
    table = context.store.network("adaptive-lut", ("adaptive lookup table",), _adaptive_lut)(photo)
    colours = identity_lut(table.shape[-1]).unsqueeze(0).flatten(3)
    made = protection.applied(colours, table.unsqueeze(0).flatten(3).clamp(0, 1)).clamp(0, 1)
    table = torch.lerp(colours, made, strength).view_as(table)
    return in_bands(lambda piece, _band: apply_lut(table, piece), photo, context, said("Looking up colours"), pixels=STRIP_PIXELS)


@dataclass(frozen=True)
class LightAndColour:
    """What was changed of light and colour, without the detail, as lines over the photo's brightness: it ends at edges."""

    lines: GuidedLines

    @classmethod
    def of(cls, photo: Tensor, made: Tensor) -> LightAndColour:
        """What ``made`` changed of ``photo`` (both (1, 3, H, W))."""
        height, width = photo.shape[2:]
        block = min(GUIDE_BLOCK_PX, height, width)
        means = []
        for rows in strips(height // block * block, width, unit=block):
            before, after = photo[:, :, rows], made[:, :, rows]
            means.append((F.avg_pool2d(luma(before), block), F.avg_pool2d(after - before, block)))
        guide, change = (torch.cat(parts, 2) for parts in zip(*means, strict=True))
        return cls(GuidedLines(guided_lines(guide, change, GUIDE_RADIUS, GUIDE_FLATNESS), height, width))

    def applied(self, piece: Tensor, rows: slice) -> Tensor:
        """These ``rows`` of the photo, ``piece`` (1, 3, n, W), changed."""
        return piece + self.lines.picture(luma(piece), rows)


def _adaptive_lut(path: Path) -> AdaptiveLut:
    return AdaptiveLut.from_state_dict(read_state_dict(path))
