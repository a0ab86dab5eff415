"""The pictures that the styles in the box are learned from, at the size that they are learned at."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from restyle.filters.fast_style.styles import ShippedStyle
from restyle.learning.crops import read_picture
from restyle.learning.style_picture import scaled_style
from restyle_training.drawn.canvas import as_bytes
from restyle_training.drawn.gallery import DRAWN

__all__ = ["read_style"]

STYLE_PX = 560  # square root of the area that a painting is learned at: strokes are then some 5 to 20 px long
TRIMMED_SHARE = 0.04  # of each side of a painting: frames and the borders of scans are no style


def read_style(folder: Path, style: ShippedStyle) -> Tensor:
    """A painting of the folder without its frame, or a drawn style: (1, 3, H, W) in 0..1, at the size that it is learned at."""
    if not style.painting:
        return scaled_style(torch.from_numpy(as_bytes(DRAWN[style.id]())).permute(2, 0, 1)[None].float() / 255, STYLE_PX)
    picture = read_picture(folder / f"{style.painting}.jpg")[None].float() / 255
    down, across = (int(side * TRIMMED_SHARE) for side in picture.shape[2:])
    return scaled_style(picture[:, :, down : picture.shape[2] - down, across : picture.shape[3] - across], STYLE_PX)
