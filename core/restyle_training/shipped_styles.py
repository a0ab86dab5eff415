"""The twelve styles in the box: which painting each is learned from, and at what size."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from restyle.learning.crops import read_picture
from restyle.learning.style_picture import STYLE_PX, scaled_style

__all__ = ["SHIPPED_STYLES", "ShippedStyle", "read_style"]

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
