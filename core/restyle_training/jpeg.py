"""What JPEG makes of a picture: blocks of 8 x 8, cosine transform, coefficients rounded (ITU-T T.81, tables of annex K).

Colour has half the resolution, as cameras store it. Entropy coding loses nothing and is left out, so a batch takes milliseconds.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.pictures.image import luma

__all__ = ["compressed"]

BLOCK = 8
_RED_RANGE, _BLUE_RANGE = 1.5748, 1.8556  # of R - Y and B - Y, which brings both to -0.5..0.5 (Rec. 709 luma)

_LUMA_TABLE = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)
_CHROMA_CORNER = ((17, 18, 24, 47), (18, 21, 26, 66), (24, 26, 56, 99), (47, 66, 99, 99))
_CHROMA_REST = 99


def compressed(pictures: Tensor, quality: Tensor) -> Tensor:
    """Pictures (N, 3, H, W) in 0..1, sides multiples of 16, after JPEG of `quality` (N, 1, 1, 1) in 1..100."""
    scale = torch.where(quality < 50, 50 / quality, 2 - quality / 50)
    grey = luma(pictures)
    colours = torch.cat(((pictures[:, 0:1] - grey) / _RED_RANGE, (pictures[:, 2:3] - grey) / _BLUE_RANGE), 1)
    halves = _rounded(F.avg_pool2d(colours, 2), _chroma_table(), scale)
    colours = F.interpolate(halves, scale_factor=2, mode="bilinear", align_corners=False)
    grey = _rounded(grey - 0.5, torch.tensor(_LUMA_TABLE, dtype=torch.float32), scale) + 0.5
    red, blue = colours[:, 0:1] * _RED_RANGE, colours[:, 1:2] * _BLUE_RANGE
    return grey + torch.cat((red, (red * 0.2126 + blue * 0.0722) / -0.7152, blue), 1)


def _rounded(planes: Tensor, table: Tensor, scale: Tensor) -> Tensor:
    """Planes (N, C, H, W) with their coefficients rounded to steps of table x scale, in 255ths."""
    count, channels, height, width = planes.shape
    blocks = planes.view(count, channels, height // BLOCK, BLOCK, width // BLOCK, BLOCK).transpose(3, 4)
    basis = _cosines()
    steps = (table * scale.view(-1, 1, 1, 1, 1, 1)).clamp_min(1) / 255
    rounded = torch.round(basis @ blocks @ basis.T / steps) * steps
    return (basis.T @ rounded @ basis).transpose(3, 4).reshape_as(planes)


def _cosines() -> Tensor:
    """The orthonormal cosine transform (8, 8)."""
    place = torch.arange(BLOCK, dtype=torch.float32)
    basis = torch.cos(math.pi / BLOCK * (place + 0.5) * place[:, None]) * math.sqrt(2 / BLOCK)
    basis[0] /= math.sqrt(2)
    return basis


def _chroma_table() -> Tensor:
    table = torch.full((BLOCK, BLOCK), float(_CHROMA_REST))
    table[:4, :4] = torch.tensor(_CHROMA_CORNER)
    return table
