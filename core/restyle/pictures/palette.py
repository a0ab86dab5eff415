"""Which colours the painting has: the style's, or the photo's by one of the two ways of Gatys et al. 2016.

Preserving Color in Neural Artistic Style Transfer (arXiv:1606.05897): luminance-only transfer, and colour matching of the style
before it is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from restyle.contract.settings import PreserveColors
from restyle.pictures.bands import bands
from restyle.pictures.color import match_histogram, match_luminance, transfer_luminance
from restyle.pictures.image import luma
from restyle.pictures.resizing import fitted

__all__ = ["Palette", "WeightedPicture", "covered", "prepare_palette"]

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
        for band in bands(photo.shape[2], BAND_ROWS):
            out[:, :, band.rows] = transfer_luminance(painted[:, :, band.rows], photo[:, :, band.rows])
        return out


def prepare_palette(
    styles: tuple[WeightedPicture, ...], photo: Tensor, preserve_colors: PreserveColors, covers: Sequence[Tensor] = ()
) -> Palette:
    """Bring ``styles`` into grey of the photo's brightness, or into its colours, or leave them; a small ``photo`` does.

    ``covers`` (1, 1, h, w) say for each style where in the photo it counts, and whose brightness or colours it therefore takes.
    """
    photos = [covered(photo, cover) for cover in covers] or [photo] * len(styles)
    matched = zip(styles, photos, strict=True)
    if preserve_colors == "luminance":
        styles = tuple((weight, match_luminance(style, seen)) for (weight, style), seen in matched)
    elif preserve_colors == "histogram":
        styles = tuple((weight, match_histogram(style, seen).float()) for (weight, style), seen in matched)
    return Palette(styles, preserve_colors)


def covered(picture: Tensor, cover: Tensor) -> Tensor:
    """The pixels of ``picture`` (1, 3, H, W) where ``cover`` (1, 1, h, w) is at least half of its most, in a row (1, 3, 1, N)."""
    sized = fitted(cover.to(picture.device), *picture.shape[2:])
    return picture[:, :, sized[0, 0] >= sized.max() / 2].unsqueeze(2)
