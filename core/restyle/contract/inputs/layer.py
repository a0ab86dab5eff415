"""Layer: the active layer, which the result lies above and is as large as."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from restyle.contract.inputs.base import Opener, Preparation, Turning
from restyle.contract.inputs.single import Single

if TYPE_CHECKING:
    from restyle.pictures.image import Image

__all__ = ["Layer"]


@dataclass(frozen=True)
class Layer(Single["Image"]):
    """The active layer. A filter has at most one, and may have none.

    Where it ``is_cut_out`` its transparency says what belongs to it: methods get its alpha, with colours everywhere all the same.
    """

    is_cut_out: bool = False

    kind: ClassVar[str] = "layer"

    def describe(self) -> dict[str, Any]:
        """Whether it is cut out, too."""
        return super().describe() | {"cut_out": self.is_cut_out}

    def load(self, value: str | None, opener: Opener) -> Image:
        """The picture; it is never missing, since requests without it are refused."""
        return opener.picture(value or "")

    def prepare(self, loaded: Image, preparation: Preparation) -> Image:
        """The part that the selection touches."""
        content = preparation.content(loaded)
        if not self.is_cut_out or loaded.alpha is None:
            return content
        return replace(content, alpha=preparation.selection(loaded.alpha))

    def turned(self, loaded: Image, turning: Turning) -> Image:
        """The part of it."""
        return turning.picture(loaded)

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """It comes first and needs no option."""
        parser.add_argument(self.name, metavar="INPUT", help=self.description)
