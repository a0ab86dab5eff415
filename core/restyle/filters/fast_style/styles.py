"""The styles in the box, in the order of the tables of the network that has learned them.

The file itself names them, too; declarations do not read it, for that would take PyTorch.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SHIPPED_STYLES", "ShippedStyle"]


@dataclass(frozen=True)
class ShippedStyle:
    """One style: its id in files and settings, and the painting that it was learned of, with its file's name without ending.

    Where there is no painting, the picture was drawn by Restyle, under the same id.
    """

    id: str
    title: str
    painter: str = ""
    artist: str = "Restyle"
    painting: str = ""

    @property
    def label(self) -> str:
        """What a person chooses it by."""
        return f"{self.title} ({self.painter})" if self.painter else self.title


SHIPPED_STYLES: dict[str, ShippedStyle] = {
    style.id: style
    for style in (
        ShippedStyle("starry-night", "The Starry Night", "van Gogh", "Vincent van Gogh, 1889", "vangogh_starry_night"),
        ShippedStyle("great-wave", "The Great Wave", "Hokusai", "Katsushika Hokusai, c. 1831", "hokusai_great_wave"),
        ShippedStyle("the-scream", "The Scream", "Munch", "Edvard Munch, 1893", "munch_scream_b"),
        ShippedStyle("composition-vii", "Composition VII", "Kandinsky", "Wassily Kandinsky, 1913", "kandinsky_composition_vii"),
        ShippedStyle("the-kiss", "The Kiss", "Klimt", "Gustav Klimt, 1907-08", "klimt_the_kiss"),
        ShippedStyle("grande-jatte", "A Sunday on La Grande Jatte", "Seurat", "Georges Seurat, 1884-86", "seurat_grande_jatte"),
        ShippedStyle("water-lilies", "Water Lilies", "Monet", "Claude Monet, 1906", "monet_water_lilies"),
        ShippedStyle("wheat-field", "Wheat Field with Cypresses", "van Gogh", "Vincent van Gogh, 1889", "vangogh_wheat_field"),
        ShippedStyle("tahiti", "Tahitian Landscape", "Gauguin", "Paul Gauguin, 1890s", "gauguin_tahiti"),
        ShippedStyle("venice", "Venice", "Turner", "J. M. W. Turner, c. 1835", "turner_venice"),
        ShippedStyle("self-portrait", "Self-Portrait", "van Gogh", "Vincent van Gogh, 1889", "vangogh_self_portrait"),
        ShippedStyle("basket-of-apples", "The Basket of Apples", "Cézanne", "Paul Cézanne, c. 1893", "cezanne_basket_of_apples"),
        ShippedStyle("glass", "Stained Glass"),
        ShippedStyle("roman-mosaic", "Roman Mosaic"),
        ShippedStyle("woodcut", "Woodcut"),
        ShippedStyle("engraving", "Engraving"),
        ShippedStyle("pencil", "Pencil and Chalk"),
        ShippedStyle("ink-wash", "Ink Wash"),
        ShippedStyle("watercolour", "Watercolour"),
        ShippedStyle("halftone", "Halftone"),
        ShippedStyle("comic", "Comic"),
        ShippedStyle("knife", "Palette Knife"),
        ShippedStyle("marbling", "Marbling"),
        ShippedStyle("gold-lines", "Gold Lines"),
        ShippedStyle("embers", "Embers"),
        ShippedStyle("neon", "Neon"),
    )
}
"""By id."""
