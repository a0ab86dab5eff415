"""Which colours the painting has: the style's, or the photo's by one of the two ways of Gatys et al. 2016.

Preserving Color in Neural Artistic Style Transfer (arXiv:1606.05897): luminance-only transfer, and colour matching of the style
before it is used.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from restyle.color import match_histogram, match_luminance, transfer_luminance
from restyle.image import luma
from restyle.settings import PreserveColors

__all__ = ["Palette", "WeightedPicture", "prepare_palette"]

WeightedPicture = tuple[float, Tensor]

BAND_ROWS = 256  # rows whose colours are put back at once: bounds the memory for copies


@dataclass(frozen=True)
class Palette:
    """The styles (weight and picture (1, 3, h, w) each) in the colours to paint with, and the way back to the photo's colours."""

    styles: tuple[WeightedPicture, ...]
    preserve_colors: PreserveColors

    def prepare(self, photo: Tensor) -> Tensor:
        """``photo`` (1, 3, H, W) as it is to be painted: grey where only brightness is."""
        return luma(photo).expand(-1, 3, -1, -1) if self.preserve_colors == "luminance" else photo

    def restore(self, painted: Tensor, photo: Tensor) -> Tensor:
        """Give ``painted`` (1, 3, H, W) the colours of ``photo`` where only brightness was painted."""
        if self.preserve_colors != "luminance":
            return painted
        out = torch.empty_like(photo)
        for first in range(0, photo.shape[2], BAND_ROWS):
            rows = slice(first, first + BAND_ROWS)
            out[:, :, rows] = transfer_luminance(painted[:, :, rows], photo[:, :, rows])
        return out


def prepare_palette(styles: tuple[WeightedPicture, ...], photo: Tensor, preserve_colors: PreserveColors) -> Palette:
    """Bring ``styles`` into grey of the photo's brightness, or into its colours, or leave them; a small ``photo`` does."""
    if preserve_colors == "luminance":
        styles = tuple((weight, match_luminance(style, photo)) for weight, style in styles)
    elif preserve_colors == "histogram":
        styles = tuple((weight, match_histogram(style, photo).float()) for weight, style in styles)
    return Palette(styles, preserve_colors)
