"""Mask: where a filter works, over the active layer."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from restyle.contract.inputs.base import Opener, Preparation, Turning, option
from restyle.contract.inputs.single import Single

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["Mask"]


@dataclass(frozen=True)
class Mask(Single["Tensor | None"]):
    """The selection, or a layer's mask: one channel of the layer's size, 0 outside to 1 inside; None is everything.

    Methods get float32 (1, 1, H, W). Where it ``cuts``, the result is seen within it alone; else it only tells the method
    something, what stays sharp for instance, and the result is seen everywhere.
    """

    minimum: int = 0
    cuts: bool = True

    kind: ClassVar[str] = "mask"

    def describe(self) -> dict[str, Any]:
        """Whether it cuts, too."""
        return super().describe() | {"cuts": self.cuts}

    def load(self, value: str | None, opener: Opener) -> Tensor | None:
        """The mask, or None."""
        return None if value is None else opener.mask(value)

    def prepare(self, loaded: Tensor | None, preparation: Preparation) -> Tensor | None:
        """The part that it touches."""
        return None if loaded is None else preparation.selection(loaded)

    def turned(self, loaded: Tensor | None, turning: Turning) -> Tensor | None:
        """The part of it."""
        return None if loaded is None else turning.mask(loaded)

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--NAME MASK``."""
        text = "a grey picture of the same size: white is worked on" if self.cuts else f"{self.description} White is inside."
        parser.add_argument(option(self.name), dest=self.name, metavar="MASK", required=bool(self.minimum), help=text)
