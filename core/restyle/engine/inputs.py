"""Inputs: the pictures that a filter works on, as values."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from restyle.pictures.image import Image
from restyle.regions import Regions

__all__ = ["Inputs", "Style"]


@dataclass(frozen=True)
class Style:
    """A style picture, its share among several (weights are relative to their sum), and its regions.

    ``region`` is the name of the one region of the content that it shall paint, where it shall paint no other.
    """

    image: Image
    weight: float = 1.0
    regions: Regions | None = None
    region: str | None = None


@dataclass(frozen=True)
class Inputs:
    """What a filter gets: the content, the styles, where to work, and the regions of the content.

    ``selection`` is float32 (1, 1, H, W) of the content's size, 0 outside to 1 inside; None selects everything. ``reference`` is
    what statistics are taken of instead of the content, where several pictures shall be treated alike.
    """

    content: Image
    styles: tuple[Style, ...] = ()
    selection: Tensor | None = None
    regions: Regions | None = None
    reference: Image | None = None
