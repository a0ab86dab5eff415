"""Metadata: how a picture was stored, as a value that goes from the file it came from to the file it goes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from restyle.pictures.image import Image

__all__ = ["Metadata", "sensible_dpi", "upright"]

_LEAST_DPI, _MOST_DPI = 1, 65535
"""What JPEG can say; whatever is beyond (or is no number) was written by mistake."""

_UPRIGHT = 1


@dataclass(frozen=True)
class Metadata:
    """How a picture was stored; the default is what a new picture gets.

    ``dtype``: u8, u16 or f32. ``icc_profile``: the space that the file's values are in, None for sRGB. ``exif``: as it stands
    in JPEG, with upright orientation. ``dpi``: horizontal, vertical. ``notes``: a sentence for each thing of the file that was
    not taken over.
    """

    dtype: str = "u8"
    is_grey: bool = False
    icc_profile: bytes | None = None
    exif: bytes | None = None
    dpi: tuple[float, float] | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)


def sensible_dpi(dpi: tuple[float, float] | None) -> tuple[float, float] | None:
    """The same resolution, or None where it makes no sense."""
    if dpi is None or not all(_LEAST_DPI <= value <= _MOST_DPI for value in dpi):
        return None
    return dpi


def upright(image: Image, orientation: int) -> Image:
    """The picture as it is meant to be seen; ``orientation`` is 1 to 8 as EXIF numbers them."""

    def turned(planes: Any) -> Any:
        if orientation >= 5:
            planes = planes.transpose(-1, -2)
        flipped = [axis for axis, when in ((-1, (2, 3, 6, 7)), (-2, (3, 4, 7, 8))) if orientation in when]
        return planes.flip(flipped).contiguous()

    if orientation == _UPRIGHT:
        return image
    return Image(turned(image.pixels), None if image.alpha is None else turned(image.alpha))
