"""Result: what a use of a filter made, by the names of its outputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from restyle.pictures.image import Image

__all__ = ["Result"]


@dataclass(frozen=True)
class Result:
    """Pictures and the contents of files, by output name, in the order in which they are declared."""

    pictures: Mapping[str, Image]
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def picture(self) -> Image:
        """The first picture; StopIteration is a fault of the filter that declared one and made none."""
        return next(iter(self.pictures.values()))
