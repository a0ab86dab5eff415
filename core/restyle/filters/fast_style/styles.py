"""The styles in the box: what the network of many styles has learned, in the order of its tables.

The file itself says the same; declarations do not read it, for that would take PyTorch.
"""

from __future__ import annotations

__all__ = ["SHIPPED_STYLES"]

SHIPPED_STYLES: dict[str, str] = {
    "starry-night": "The Starry Night (van Gogh)",
    "great-wave": "The Great Wave (Hokusai)",
    "the-scream": "The Scream (Munch)",
    "composition-vii": "Composition VII (Kandinsky)",
    "the-kiss": "The Kiss (Klimt)",
    "grande-jatte": "La Grande Jatte (Seurat)",
    "water-lilies": "Water Lilies (Monet)",
    "wheat-field": "Wheat Field (van Gogh)",
    "tahiti": "Tahiti (Gauguin)",
    "venice": "Venice (Turner)",
    "self-portrait": "Self-Portrait (van Gogh)",
    "basket-of-apples": "Basket of Apples (Cézanne)",
}
"""Title by id."""
