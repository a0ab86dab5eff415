"""The twelve styles in the box: which painting each is learned from, and at what size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor
from torch.nn import functional as F

from restyle.learning.data import read_picture

__all__ = ["SHIPPED_STYLES", "ShippedStyle", "read_style", "scaled_style"]

STYLE_PX = 560  # square root of the area that a painting is learned at: strokes are then some 5 to 20 px long
LEAST_SIDE_PX = 64  # at a quarter of less, the deepest features have no neighbours to reflect
MOST_STRIP_PIXELS = 1e6  # more of a strip that is enlarged to that side repeats itself, and takes memory
TRIMMED_SHARE = 0.04  # of each side: frames and the borders of scans are no style


@dataclass(frozen=True)
class ShippedStyle:
    """One style: its id in files and settings, the words that a person reads, and the painting's file without suffix."""

    id: str
    title: str
    artist: str
    painting: str


SHIPPED_STYLES = (
    ShippedStyle("starry-night", "The Starry Night", "Vincent van Gogh, 1889", "vangogh_starry_night"),
    ShippedStyle("great-wave", "The Great Wave", "Katsushika Hokusai, c. 1831", "hokusai_great_wave"),
    ShippedStyle("the-scream", "The Scream", "Edvard Munch, 1893", "munch_scream_b"),
    ShippedStyle("composition-vii", "Composition VII", "Wassily Kandinsky, 1913", "kandinsky_composition_vii"),
    ShippedStyle("the-kiss", "The Kiss", "Gustav Klimt, 1907-08", "klimt_the_kiss"),
    ShippedStyle("grande-jatte", "A Sunday on La Grande Jatte", "Georges Seurat, 1884-86", "seurat_grande_jatte"),
    ShippedStyle("water-lilies", "Water Lilies", "Claude Monet, 1906", "monet_water_lilies"),
    ShippedStyle("wheat-field", "Wheat Field with Cypresses", "Vincent van Gogh, 1889", "vangogh_wheat_field"),
    ShippedStyle("tahiti", "Tahitian Landscape", "Paul Gauguin, 1890s", "gauguin_tahiti"),
    ShippedStyle("venice", "Venice", "J. M. W. Turner, c. 1835", "turner_venice"),
    ShippedStyle("self-portrait", "Self-Portrait", "Vincent van Gogh, 1889", "vangogh_self_portrait"),
    ShippedStyle("basket-of-apples", "The Basket of Apples", "Paul Cézanne, c. 1893", "cezanne_basket_of_apples"),
)


def read_style(folder: Path, style: ShippedStyle) -> Tensor:
    """Return a painting (1, 3, H, W) in 0..1, without its frame, at the size that it is learned at."""
    picture = read_picture(folder / f"{style.painting}.jpg")[None].float() / 255
    down, across = (int(side * TRIMMED_SHARE) for side in picture.shape[2:])
    return scaled_style(picture[:, :, down : picture.shape[2] - down, across : picture.shape[3] - across], STYLE_PX)


def scaled_style(picture: Tensor, size: float) -> Tensor:
    """Return a picture (1, 3, H, W) of about ``size`` squared pixels in all, or more of a narrow strip: its middle."""
    scale = max(size / math.sqrt(picture.shape[2] * picture.shape[3]), LEAST_SIDE_PX / min(picture.shape[2:]))
    most = max(size**2, MOST_STRIP_PIXELS) / (scale**2 * min(picture.shape[2:]))
    for side in (2, 3):
        length = min(picture.shape[side], max(round(most), min(picture.shape[2:])))
        picture = picture.narrow(side, (picture.shape[side] - length) // 2, length)
    height, width = (max(round(side * scale), 1) for side in picture.shape[2:])
    return F.interpolate(picture, (height, width), mode="bilinear", antialias=True).clamp(0, 1)
