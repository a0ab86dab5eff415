"""Reading: a file of any common form as an Image.

Pillow reads most; it knows no more than 8 bits per channel of colour, so 16-bit PNG goes through libpng (imagecodecs) and
TIFF with more than 8 bits through tifffile.
"""

from __future__ import annotations

import logging
import struct
import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import PIL.Image
import tifffile
from PIL import ExifTags, ImageCms
from PIL.Image import Exif

from restyle.contract.errors import ImageTooLarge, InvalidInput, UnreadableImage
from restyle.pictures.files.metadata import Metadata, detached_exif, orientation_of, upright, upright_exif
from restyle.pictures.icc import color_space, is_srgb, is_usable, to_srgb
from restyle.pictures.image import MAXIMUM_PIXELS, Image

__all__ = ["open_image"]

_log = logging.getLogger(__name__)

Samples = np.ndarray[Any, Any]

_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_PNG_DEPTH_AT = 24
_TIFF_HEADS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_HEAD_BYTES = 32

_ASSOCIATED_ALPHA, _UNASSOCIATED_ALPHA = 1, 2
_TIFF_PHOTOMETRICS = (tifffile.PHOTOMETRIC.MINISBLACK, tifffile.PHOTOMETRIC.MINISWHITE, tifffile.PHOTOMETRIC.RGB)
_DEEP_BITS = (16, 32, 64)
_MM_PER_INCH = 25.4

_UNREADABLE = (
    ArithmeticError,
    EOFError,
    IndexError,
    KeyError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)
"""What Pillow, tifffile and libpng raise on broken files; imagecodecs' errors are RuntimeErrors, Pillow's own OSErrors."""


@dataclass(frozen=True)
class _Decoded:
    """Samples (H, W, 1 to 4) of u8, u16 or f32 as the file has them, and what the file says of them."""

    samples: Samples
    exif: Exif
    icc_profile: bytes | None = None
    dpi: tuple[float, float] | None = None


def open_image(path: str | Path) -> tuple[Image, Metadata]:
    """Read a picture: PNG, JPEG, TIFF, WebP, and what else Pillow knows; the first one where a file has several.

    EXIF's orientation is applied, a colour profile converted to sRGB (colours out of its gamut leave 0..1), CMYK and other
    spaces turned to RGB for good. Without a profile, values are taken for sRGB. Raises UnreadableImage, ImageTooLarge,
    InvalidImage, InvalidInput where there is no such file.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except FileNotFoundError as error:
        raise InvalidInput(f"There is no file {path}; check its name and folder.") from error
    except OSError as error:
        raise InvalidInput(f"{path} cannot be opened ({error.strerror}); choose another file.") from error
    try:
        decoded = _decode(path, head)
    except _UNREADABLE as error:
        _log.info("%s: %s", path, error)
        raise UnreadableImage(path) from error
    return _finished(decoded)


def _decode(path: Path, head: bytes) -> _Decoded:
    # The libraries warn of odd tags in files that they read well; it is no business of whoever looks at the picture.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if head.startswith(_PNG_HEAD) and head[_PNG_DEPTH_AT : _PNG_DEPTH_AT + 1] == b"\x10":
            return _decode_png16(path)
        if head.startswith(_TIFF_HEADS) and (decoded := _decode_deep_tiff(path)):
            return decoded
        return _decode_by_pillow(path)


def _finished(decoded: _Decoded) -> tuple[Image, Metadata]:
    samples = decoded.samples
    height, width, channels = samples.shape
    dtype = {"u1": "u8", "u2": "u16", "f4": "f32"}[samples.dtype.str[1:]]
    data = np.ascontiguousarray(samples).data.cast("B")
    image = Image.from_bytes(data, width, height, channels=channels, dtype=dtype)
    profile = decoded.icc_profile
    if profile is not None and not _explains(profile, channels):
        profile = None
    if profile is not None and not is_srgb(profile):
        image = to_srgb(image, profile)
    image = upright(image, orientation_of(decoded.exif))
    exif = upright_exif(decoded.exif, image)
    return image, Metadata(dtype, channels <= 2, profile, exif, decoded.dpi)


def _explains(profile: bytes, channels: int) -> bool:
    return color_space(profile) == ("gray" if channels <= 2 else "rgb") and is_usable(profile)


def _check_size(width: int, height: int) -> None:
    if width * height > MAXIMUM_PIXELS:
        raise ImageTooLarge(width, height, MAXIMUM_PIXELS)


def _open_by_pillow(path: Path) -> PIL.Image.Image:
    """Pillow's lazy picture, its size checked against our bound instead of Pillow's."""
    pillows_bound = PIL.Image.MAX_IMAGE_PIXELS
    try:
        PIL.Image.MAX_IMAGE_PIXELS = None
        picture = PIL.Image.open(path)
    finally:
        PIL.Image.MAX_IMAGE_PIXELS = pillows_bound
    try:
        _check_size(*picture.size)
    except ImageTooLarge:
        picture.close()
        raise
    return picture


def _dpi_of(picture: PIL.Image.Image) -> tuple[float, float] | None:
    dpi = picture.info.get("dpi")
    return (float(dpi[0]), float(dpi[1])) if dpi and dpi[0] > 0 and dpi[1] > 0 else None


def _decode_by_pillow(path: Path) -> _Decoded:
    with _open_by_pillow(path) as picture:
        exif, dpi = detached_exif(picture.getexif()), _dpi_of(picture)
        profile = picture.info.get("icc_profile")
        picture.load()
        # Pillow turns TIFFs upright itself while it loads them, and says so only afterwards.
        exif[ExifTags.Base.Orientation] = orientation_of(picture.getexif())
        if picture.mode in ("F", "I") or picture.mode.startswith("I;16"):
            return _Decoded(_scalar_samples(picture), exif, profile, dpi)
        picture = _with_plain_mode(picture, profile)
        samples = np.asarray(picture)
        return _Decoded(samples[..., None] if samples.ndim == 2 else samples, exif, profile, dpi)


def _with_plain_mode(picture: PIL.Image.Image, profile: bytes | None) -> PIL.Image.Image:
    """The same in L, LA, RGB or RGBA."""
    if picture.mode == "1":
        return picture.convert("L")
    if picture.mode in ("P", "RGB", "L", "PA", "RGBa", "La") and picture.has_transparency_data:
        return picture.convert("RGBA")
    if picture.mode == "CMYK" and profile is not None and color_space(profile) == "cmyk":
        srgb = ImageCms.createProfile("sRGB")
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, source, srgb, outputMode="RGB")
        return converted or picture.convert("RGB")
    return picture if picture.mode in ("L", "LA", "RGB", "RGBA") else picture.convert("RGB")


def _scalar_samples(picture: PIL.Image.Image) -> Samples:
    """Grey of more than 8 bits: I;16 and I (16 bits in a 32-bit frame) as u16, F as f32."""
    samples = np.asarray(picture)
    if picture.mode == "F":
        return np.asarray(samples, np.float32)[..., None]
    return np.asarray(np.clip(samples, 0, 65535), np.uint16)[..., None]


def _decode_png16(path: Path) -> _Decoded:
    with _open_by_pillow(path) as picture:
        samples = np.asarray(imagecodecs.png_decode(path.read_bytes()))
        samples = samples[..., None] if samples.ndim == 2 else samples
        return _Decoded(samples, detached_exif(picture.getexif()), picture.info.get("icc_profile"), _dpi_of(picture))


def _decode_deep_tiff(path: Path) -> _Decoded | None:
    """TIFF with more than 8 bits of grey or RGB; None for all others, which Pillow reads."""
    with tifffile.TiffFile(path) as tiff:
        page: Any = tiff.pages[0]
        _check_size(page.imagewidth, page.imagelength)
        if page.photometric not in _TIFF_PHOTOMETRICS or page.bitspersample not in _DEEP_BITS:
            return None
        samples = page.asarray()
        samples = samples[..., None] if samples.ndim == 2 else samples
        if page.planarconfig == tifffile.PLANARCONFIG.SEPARATE and page.samplesperpixel > 1:
            samples = np.moveaxis(samples, 0, -1)
        if page.photometric == tifffile.PHOTOMETRIC.MINISWHITE:
            samples = np.iinfo(samples.dtype).max - samples if samples.dtype.kind == "u" else 1 - samples
        samples = _with_straight_alpha(_as_wire_type(samples), page)
        exif = Exif()
        with path.open("rb") as file:
            exif.load_from_fp(file)
            exif = detached_exif(exif)
        return _Decoded(samples, exif, page.iccprofile, _tiff_dpi(page))


def _as_wire_type(samples: Samples) -> Samples:
    """Native u16 and f32; wider integers become f32, as they have more than 16 bits to keep."""
    if samples.dtype == np.uint16:
        return np.asarray(samples, np.uint16)
    if samples.dtype.kind == "f":
        return np.asarray(samples, np.float32)
    return np.asarray(samples / np.float64(np.iinfo(samples.dtype).max), np.float32)


def _with_straight_alpha(samples: Samples, page: Any) -> Samples:
    colours = 3 if page.photometric == tifffile.PHOTOMETRIC.RGB else 1
    extra = tuple(int(kind) for kind in page.extrasamples)
    if not extra or extra[0] not in (_ASSOCIATED_ALPHA, _UNASSOCIATED_ALPHA):
        return samples[..., :colours]
    samples = samples[..., : colours + 1]
    if extra[0] == _UNASSOCIATED_ALPHA:
        return samples
    limit = 65535.0 if samples.dtype == np.uint16 else 1.0
    alpha = samples[..., -1:] / limit
    straight = np.where(alpha > 0, samples / np.maximum(alpha, 1e-6), 0)
    straight[..., -1:] = samples[..., -1:]
    return np.asarray(np.clip(straight.round(), 0, limit), np.uint16) if limit > 1 else np.asarray(straight, np.float32)


def _tiff_dpi(page: Any) -> tuple[float, float] | None:
    tags = page.tags
    if "XResolution" not in tags or "YResolution" not in tags:
        return None
    unit = tags["ResolutionUnit"].value if "ResolutionUnit" in tags else tifffile.RESUNIT.INCH
    per_inch = {tifffile.RESUNIT.INCH: 1.0, tifffile.RESUNIT.CENTIMETER: _MM_PER_INCH / 10}.get(unit)
    values = [tags[name].value for name in ("XResolution", "YResolution")]
    if per_inch is None or any(not top or not bottom for top, bottom in values):
        return None
    (x_top, x_bottom), (y_top, y_bottom) = values
    return x_top / x_bottom * per_inch, y_top / y_bottom * per_inch
