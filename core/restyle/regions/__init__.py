"""Regions: named parts of a picture, each with a soft mask; what is "sky" in the style guides what is "sky" in the photo."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.contract.errors import InvalidInput
from restyle.contract.inputs.regions import MAXIMUM_REGIONS
from restyle.contract.sentence import said

__all__ = ["REST", "Regions"]

REST = "rest"
"""The name of what no region covers."""


@dataclass(frozen=True)
class Regions:
    """The regions of one picture.

    ``masks``: float32 (1, R, h, w) in 0..1, one for each of the R different ``names``. They stretch over the whole picture,
    whatever their own size is, so that small masks do for large pictures. They may overlap and need not cover everything.
    """

    names: tuple[str, ...]
    masks: Tensor

    def __post_init__(self) -> None:
        """Raises InvalidInput where names and masks do not fit together, or where there are too many."""
        if self.masks.ndim != 4 or self.masks.shape[:2] != (1, len(self.names)) or 0 in self.masks.shape[2:]:
            raise InvalidInput(said("Regions need one mask for each name; give each region a name and a mask."))
        if len(set(self.names)) != len(self.names) or not all(self.names):
            raise InvalidInput(said("Two regions of one picture have the same name, or one has none; give each its own."))
        if len(self.names) > MAXIMUM_REGIONS:
            raise InvalidInput(
                said(
                    "There are {count} regions, more than {most}; join some of them.", count=len(self.names), most=MAXIMUM_REGIONS
                )
            )

    @property
    def height(self) -> int:
        """Rows of the masks."""
        return self.masks.shape[2]

    @property
    def width(self) -> int:
        """Columns of the masks."""
        return self.masks.shape[3]

    def mask(self, name: str) -> Tensor:
        """The mask (1, 1, h, w) of one region; KeyError where there is none of this name."""
        if name not in self.names:
            raise KeyError(name)
        place = self.names.index(name)
        return self.masks[:, place : place + 1]

    def in_reading_order(self) -> Regions:
        """The same regions as one meets them from the picture's top left corner on, line by line; the rest comes last.

        Of two halves side by side neither mean heights nor areas tell the first as surely.
        """
        first = (self.masks[0].flatten(1) >= 0.5).int().argmax(1).tolist()
        order = sorted(range(len(self.names)), key=lambda i: (self.names[i] == REST, first[i]))
        return Regions(tuple(self.names[i] for i in order), self.masks[:, order])

    def resized(self, height: int, width: int) -> Regions:
        """The same regions at another size: averaged where it is smaller, softened where it is larger."""
        if (height, width) == (self.height, self.width):
            return self
        masks = F.interpolate(self.masks, size=(height, width), mode="bilinear", antialias=True, align_corners=False)
        return Regions(self.names, masks.clamp_(0, 1))

    def within(self, longest_px: int) -> Regions:
        """The same regions with masks of at most ``longest_px`` along the longer side."""
        scale = min(1.0, longest_px / max(self.height, self.width))
        return self.resized(max(1, round(self.height * scale)), max(1, round(self.width * scale)))

    def clamped(self) -> Regions:
        """The same regions with masks in 0..1, and 0 where they are no numbers."""
        return Regions(self.names, torch.nan_to_num(self.masks.float(), nan=0.0).clamp(0, 1))
