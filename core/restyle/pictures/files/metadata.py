"""Metadata: what a file says beside its pixels, and what of it outlives a filter."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from PIL import ExifTags
from PIL.Image import Exif

from restyle.pictures.image import Image

__all__ = ["Metadata", "detached_exif", "orientation_of", "upright", "upright_exif"]

TEXT_TAGS = tuple(
    int(tag)
    for tag in (
        ExifTags.Base.ImageDescription,
        ExifTags.Base.Make,
        ExifTags.Base.Model,
        ExifTags.Base.Software,
        ExifTags.Base.DateTime,
        ExifTags.Base.Artist,
        ExifTags.Base.Copyright,
    )
)
"""Texts of the main directory; its other tags describe the pixels, which are new."""

SUBDIRECTORIES = (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo)

_UPRIGHT = 1

_BROKEN = (AttributeError, LookupError, OSError, OverflowError, SyntaxError, TypeError, ValueError, struct.error)
"""What Pillow raises on EXIF that makes no sense."""


@dataclass(frozen=True)
class Metadata:
    """How a picture was stored; the default is what a new picture gets.

    ``dtype``: u8, u16 or f32. ``icc_profile``: the space that the file's values are in, None for sRGB. ``exif``: as
    Pillow writes it, with upright orientation. ``dpi``: horizontal, vertical.
    """

    dtype: str = "u8"
    is_grey: bool = False
    icc_profile: bytes | None = None
    exif: bytes | None = None
    dpi: tuple[float, float] | None = None


def orientation_of(exif: Exif) -> int:
    """1 to 8 as EXIF numbers them; 1 for a missing or senseless value."""
    value = exif.get(ExifTags.Base.Orientation, _UPRIGHT)
    return value if isinstance(value, int) and 1 <= value <= 8 else _UPRIGHT


def upright(image: Image, orientation: int) -> Image:
    """The picture as it is meant to be seen."""

    def turned(planes: Any) -> Any:
        if orientation >= 5:
            planes = planes.transpose(-1, -2)
        flipped = [axis for axis, when in ((-1, (2, 3, 6, 7)), (-2, (3, 4, 7, 8))) if orientation in when]
        return planes.flip(flipped).contiguous()

    if orientation == _UPRIGHT:
        return image
    return Image(turned(image.pixels), None if image.alpha is None else turned(image.alpha))


def detached_exif(source: Exif) -> Exif:
    """What of a file's EXIF outlives a filter, read while the file is open; empty where it is broken.

    The thumbnail is left behind, for it shows the picture before.
    """
    kept = Exif()
    try:
        for tag in TEXT_TAGS:
            if isinstance(source.get(tag), str):
                kept[tag] = source[tag]
        for directory in SUBDIRECTORIES:
            kept.get_ifd(directory).update(source.get_ifd(directory))
        kept[ExifTags.Base.Orientation] = orientation_of(source)
        kept.tobytes()
    except _BROKEN:
        return Exif()
    # An offset into the old file.
    kept.get_ifd(ExifTags.IFD.Exif).pop(int(ExifTags.IFD.Interop), None)
    return kept


def upright_exif(detached: Exif, image: Image) -> bytes | None:
    """The same for upright pixels of this picture's size; None where it says nothing."""
    texts = [tag for tag in TEXT_TAGS if tag in detached]
    if not (texts or any(detached.get_ifd(directory) for directory in SUBDIRECTORIES)):
        return None
    details = detached.get_ifd(ExifTags.IFD.Exif)
    for tag, size in ((ExifTags.Base.ExifImageWidth, image.width), (ExifTags.Base.ExifImageHeight, image.height)):
        if tag in details:
            details[tag] = size
    detached[ExifTags.Base.Orientation] = _UPRIGHT
    return detached.tobytes()
