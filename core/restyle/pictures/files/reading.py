"""Reading: a file of any common form as an Image. What is told beside the pixels may be lost, and never costs the picture."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np

from restyle.contract.errors import InvalidInput, UnreadableImage
from restyle.contract.sentence import said, said_by_system
from restyle.pictures.files.by_pillow import decode_jpeg, decode_other, decode_png
from restyle.pictures.files.decoded import LIBRARY_ERRORS, Decoded, Refused, quiet
from restyle.pictures.files.metadata import Metadata, sensible_dpi, upright
from restyle.pictures.files.parts import JPEG_HEAD, PNG_HEAD
from restyle.pictures.files.tiff import TIFF_HEADS, decode_tiff
from restyle.pictures.icc import color_space, is_srgb, is_usable, to_srgb
from restyle.pictures.image import Image
from restyle.pictures.paths import readable

__all__ = ["open_image"]

_log = logging.getLogger(__name__)

_HEAD_BYTES = 32

_UNUSABLE_PROFILE = "The picture's colour profile cannot be used; its values were taken for sRGB."

_MOST_FILE_BYTES = 8 << 30
"""Somewhat more than the largest picture takes as 32-bit RGBA, and what fits into memory."""


def open_image(path: str | Path) -> tuple[Image, Metadata]:
    """Read a picture: PNG, JPEG, TIFF, WebP, and what else Pillow knows. Of several in a file it is the largest, of an
    animation the first frame, and ``Metadata.notes`` says so.

    EXIF's orientation is applied, a colour profile converted to sRGB (colours out of its gamut leave 0..1), CMYK and other
    spaces turned to RGB for good. Without a (usable) profile, values are taken for sRGB. Raises UnreadableImage, ImageTooLarge,
    InvalidImage, InvalidInput where there is no such file.
    """
    path = Path(path)
    head = _head(path)
    try:
        with quiet():
            return _finished(_decode(path, head))
    except Refused as error:
        raise UnreadableImage(path, error.reason) from error
    except LIBRARY_ERRORS as error:
        _log.info("%s: %s", path, error)
        raise UnreadableImage(path) from error


def _head(path: Path) -> bytes:
    """The first bytes; InvalidInput for what is no file or cannot be opened."""
    size_bytes = readable(path).st_size
    if size_bytes > _MOST_FILE_BYTES:
        raise InvalidInput(said("{path} is a file of {size} GB; choose a smaller picture.", path=path, size=size_bytes >> 30))
    try:
        with path.open("rb") as file:
            return file.read(_HEAD_BYTES)
    except OSError as error:
        raise InvalidInput(
            said("{path} cannot be opened ({reason}); choose another file.", path=path, reason=said_by_system(error))
        ) from error


def _decode(path: Path, head: bytes) -> Decoded:
    if head.startswith(PNG_HEAD):
        return decode_png(path)
    if head.startswith(JPEG_HEAD):
        return decode_jpeg(path)
    if head.startswith(TIFF_HEADS):
        return decode_tiff(path)
    return decode_other(path)


def _finished(decoded: Decoded) -> tuple[Image, Metadata]:
    samples = decoded.samples
    height, width, channels = samples.shape
    dtype = {"u1": "u8", "u2": "u16", "f4": "f32"}[samples.dtype.str[1:]]
    data = np.ascontiguousarray(samples).data.cast("B")
    image = Image.from_bytes(data, width, height, channels=channels, dtype=dtype)
    profile, notes = decoded.icc_profile, decoded.notes
    if profile is not None and not _explains(profile, channels):
        # Many a grey file carries the profile of the colours that it was made from: that is no loss.
        notes += () if color_space(profile) in ("rgb", "gray", "cmyk") and channels <= 2 else (_UNUSABLE_PROFILE,)
        profile = None
    if profile is not None and not is_srgb(profile):
        image = to_srgb(image, profile)
    image = upright(image, decoded.orientation)
    exif = decoded.exif.kept(image.width, image.height)
    dpi = sensible_dpi(decoded.dpi)
    if dpi and decoded.orientation >= 5:
        dpi = dpi[::-1]
    written = exif.to_bytes() if exif else None
    return image, Metadata(dtype, channels <= 2, profile, written, dpi, notes)


def _explains(profile: bytes, channels: int) -> bool:
    return color_space(profile) == ("gray" if channels <= 2 else "rgb") and is_usable(profile)
