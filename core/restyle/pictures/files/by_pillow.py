"""Reading by Pillow (8 bits per channel of colour) and, for 16-bit PNG, which Pillow would cut to 8 bits, by libpng."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import imagecodecs
import numpy as np
import PIL.Image
from PIL import ImageCms

from restyle.contract.sentence import said
from restyle.pictures.files.decoded import LIBRARY_ERRORS, Decoded, Refused, Samples, check_size
from restyle.pictures.files.exif import MOST_BYTES, Exif, orientation_in_xmp, read_exif, resolution_of
from restyle.pictures.files.parts import Parts, jpeg_parts, png_parts
from restyle.pictures.icc import color_space

__all__ = ["FORMATS", "decode_jpeg", "decode_other", "decode_png", "decode_tiff_page"]

FORMATS = (
    *("AVIF", "BMP", "DDS", "DIB", "GIF", "ICO", "JPEG", "JPEG2000", "PCX", "PNG", "PPM", "PSD", "QOI", "SGI", "TGA"),
    *("TIFF", "WEBP", "XBM"),
)
"""What Pillow may open. Not among them: what starts other programs (PostScript goes to Ghostscript) and what is no picture."""

_PNG_DEPTH_AT = 24

_MOST_SCANS = 500
"""Of a JPEG; encoders write a dozen. Each costs up to a whole picture's time (libjpeg-turbo's fuzzers stop at 500, too)."""

_MOST_SCANNED_PIXELS = 8_000_000_000
"""Scans times pixels: twenty scans of the largest picture there may be."""

_ANIMATED = "The picture is animated; its first frame was taken."


def decode_png(path: Path) -> Decoded:
    """A PNG of any depth."""
    with path.open("rb") as file:
        parts = png_parts(file)
    with _opened(BytesIO(parts.pixels), ("PNG",)) as picture:
        if parts.pixels[_PNG_DEPTH_AT : _PNG_DEPTH_AT + 1] != b"\x10":
            return _with_words(_plain(picture, parts.icc_profile), parts)
    samples = np.asarray(imagecodecs.png_decode(parts.pixels))
    return _with_words(Decoded(samples[..., None] if samples.ndim == 2 else samples, icc_profile=parts.icc_profile), parts)


def decode_jpeg(path: Path) -> Decoded:
    """A JPEG. Raises Refused for one that was made to keep programs busy."""
    parts = jpeg_parts(path.read_bytes())
    with _opened(BytesIO(parts.pixels), ("JPEG",)) as picture:
        width, height = picture.size
        if parts.scans > _MOST_SCANS or parts.scans * width * height > _MOST_SCANNED_PIXELS:
            raise Refused(
                said("it takes {scans} rounds to unpack, far more than any camera or program writes", scans=parts.scans)
            )
        parts.dpi = _dpi_of(picture)
        return _with_words(_plain(picture, parts.icc_profile), parts)


def decode_other(path: Path) -> Decoded:
    """A file of another of the `FORMATS`."""
    with path.open("rb") as file, _opened(file, FORMATS) as picture:
        blob, xmp = picture.info.get("exif"), picture.info.get("xmp")
        parts = Parts(exif=blob, xmp=xmp, exif_bytes=len(blob or b""), icc_profile=picture.info.get("icc_profile"))
        # What cannot be animated has no such property.
        parts.is_animated = bool(getattr(picture, "is_animated", False))
        parts.dpi = _dpi_of(picture)
        return _with_words(_plain(picture, parts.icc_profile), parts)


def decode_tiff_page(path: Path, index: int, profile: bytes | None) -> Decoded:
    """One page of a TIFF in a form that only Pillow reads (palettes, JPEG inside, CMYK …), upright."""
    with path.open("rb") as file, _opened(file, ("TIFF",)) as picture:
        picture.seek(index)
        check_size(*picture.size)
        return _plain(picture, profile)


def _opened(file: BinaryIO, formats: tuple[str, ...]) -> PIL.Image.Image:
    """Pillow's lazy picture, its size checked against our bound instead of Pillow's."""
    pillows_bound = PIL.Image.MAX_IMAGE_PIXELS
    try:
        PIL.Image.MAX_IMAGE_PIXELS = None
        picture = PIL.Image.open(file, formats=formats)
    finally:
        PIL.Image.MAX_IMAGE_PIXELS = pillows_bound
    check_size(*picture.size)
    return picture


def _dpi_of(picture: PIL.Image.Image) -> tuple[float, float] | None:
    dpi = picture.info.get("dpi")
    return (float(dpi[0]), float(dpi[1])) if dpi else None


def _plain(picture: PIL.Image.Image, profile: bytes | None) -> Decoded:
    """The pixels, as grey or RGB with or without alpha."""
    picture.load()
    if picture.mode in ("F", "I") or picture.mode.startswith("I;16"):
        return Decoded(_scalar_samples(picture), icc_profile=profile)
    # A profile of inks or of Lab says nothing of the RGB that they are turned to.
    left = None if picture.mode in ("CMYK", "LAB") else profile
    picture, notes = _with_plain_mode(picture, profile)
    samples = np.asarray(picture)
    return Decoded(samples[..., None] if samples.ndim == 2 else samples, icc_profile=left, notes=notes)


def _with_words(decoded: Decoded, parts: Parts) -> Decoded:
    """The pixels with what the file says beside them."""
    exif = read_exif(parts.exif)
    notes = [*decoded.notes, *([_ANIMATED] if parts.is_animated else [])]
    if parts.exif_bytes > MOST_BYTES:
        notes.append(f"The picture's EXIF of {parts.exif_bytes >> 20} MB is too much to be true; it was left out.")
    orientation = exif.orientation if exif != Exif() else orientation_in_xmp(parts.xmp)
    dpi = parts.dpi or resolution_of(exif.main, exif.order)
    return Decoded(decoded.samples, exif, orientation, decoded.icc_profile, dpi, tuple(notes))


def _with_plain_mode(picture: PIL.Image.Image, profile: bytes | None) -> tuple[PIL.Image.Image, tuple[str, ...]]:
    """The same in L, LA, RGB or RGBA, and a note where it could not be done well."""
    if picture.mode == "1":
        return picture.convert("L"), ()
    if picture.mode in ("P", "RGB", "L", "PA", "RGBa", "La") and picture.has_transparency_data:
        return picture.convert("RGBA"), ()
    if picture.mode == "CMYK" and profile is not None:
        return _from_cmyk(picture, profile)
    return (picture if picture.mode in ("L", "LA", "RGB", "RGBA") else picture.convert("RGB")), ()


def _from_cmyk(picture: PIL.Image.Image, profile: bytes) -> tuple[PIL.Image.Image, tuple[str, ...]]:
    try:
        if color_space(profile) != "cmyk":
            raise ValueError("a profile of another kind of colours")
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (*LIBRARY_ERRORS, ImageCms.PyCMSError):
        converted = None
    if converted is None:
        return picture.convert("RGB"), ("The picture's colour profile is broken; its inks were taken for common ones.",)
    return converted, ()


def _scalar_samples(picture: PIL.Image.Image) -> Samples:
    """Grey of more than 8 bits: I;16 and I (16 bits in a 32-bit frame) as u16, F as f32."""
    samples = np.asarray(picture)
    if picture.mode == "F":
        return np.asarray(samples, np.float32)[..., None]
    return np.asarray(np.clip(samples, 0, 65535), np.uint16)[..., None]
