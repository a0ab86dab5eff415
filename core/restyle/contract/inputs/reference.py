"""Reference: a picture that statistics are taken of, in place of the layer's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from restyle.contract.inputs.base import Opener, Preparation
from restyle.contract.inputs.single import Single

if TYPE_CHECKING:
    from restyle.pictures.image import Image

__all__ = ["Reference"]


@dataclass(frozen=True)
class Reference(Single["Image | None"]):
    """What stands for several layers or frames, so that each is treated alike; None is the layer itself."""

    minimum: int = 0

    kind: ClassVar[str] = "reference"

    def load(self, value: str | None, opener: Opener) -> Image | None:
        """The picture, or None."""
        return None if value is None else opener.picture(value)

    def prepare(self, loaded: Image | None, preparation: Preparation) -> Image | None:
        """All of it."""
        return None if loaded is None else preparation.picture(loaded)
