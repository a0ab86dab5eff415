"""Writing: an Image as PNG, JPEG, TIFF or WebP, whole or not at all."""

from __future__ import annotations

import os
import shutil
import struct
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import PIL.Image
import tifffile
import torch
from PIL import ExifTags
from PIL.Image import Exif
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from restyle.contract.errors import OutputUnwritable
from restyle.pictures.files.metadata import TEXT_TAGS, Metadata
from restyle.pictures.icc import color_space, from_srgb, is_srgb
from restyle.pictures.image import PIXEL_DTYPES, Image

__all__ = ["save_image"]

Samples = np.ndarray[Any, Any]

_DTYPES = {"png": ("u8", "u16"), "tiff": ("u8", "u16", "f32"), "jpeg": ("u8",), "webp": ("u8",)}
"""What each format can hold, the least first."""

_FORMATS = {".png": "png", ".tif": "tiff", ".tiff": "tiff", ".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp"}

_LOSSY_QUALITY = 95
"""Pillow's documentation advises to go no higher: files grow, pictures do not get better."""

_GREY_TOLERANCE = 0.5 / 255
"""Channels that differ by less are one grey in 8 bits."""

_EXIF_HEAD = b"Exif\0\0"
_PNG_HEAD_AND_IHDR_BYTES = 8 + 25
_PIXELS_PER_METRE = 100 / 2.54
_EXIF_IFD = int(ExifTags.IFD.Exif)
_PLACEHOLDER = _EXIF_IFD - 1
"""tifffile refuses to write EXIF's tag; this unused one takes its place among the sorted tags until it is renamed."""


def save_image(image: Image, path: str | Path, metadata: Metadata | None = None) -> None:
    """Write a picture in the form that the path's ending names, as ``metadata`` has it where the form can hold that.

    A form of fewer bits takes what it can; JPEG has no alpha and gets white below. A coloured picture is never made grey.
    The file appears when it is complete, or stays as it was. Raises OutputUnwritable.
    """
    path = Path(path)
    kind = _FORMATS.get(path.suffix.lower())
    if kind is None:
        raise OutputUnwritable(path, f"the ending has to be one of {', '.join(_FORMATS)}")
    if kind == "jpeg" and image.alpha is not None:
        image = Image(torch.lerp(torch.ones_like(image.pixels), image.pixels, image.alpha))
    fitting = _fitted(metadata or Metadata(), image, kind)
    samples = _samples(image, fitting)
    writer = {"png": _write_png, "tiff": _write_tiff}.get(kind, _write_by_pillow)
    _write_atomically(path, lambda part: writer(part, samples, fitting, kind))


def _fitted(metadata: Metadata, image: Image, kind: str) -> Metadata:
    """What of ``metadata`` this picture and this format can have."""
    dtype = metadata.dtype if metadata.dtype in _DTYPES[kind] else _DTYPES[kind][-1]
    spread = image.pixels.amax(1) - image.pixels.amin(1) if metadata.is_grey else None
    is_grey = spread is not None and bool(spread.max() < _GREY_TOLERANCE) and kind != "webp"
    profile = metadata.icc_profile
    if profile is not None and color_space(profile) != ("gray" if is_grey else "rgb"):
        profile = None
    return replace(metadata, dtype=dtype, is_grey=is_grey, icc_profile=profile)


def _samples(image: Image, metadata: Metadata) -> Samples:
    profile = metadata.icc_profile
    if profile is not None and not is_srgb(profile):
        image = from_srgb(image, profile)
    channels = (1 if metadata.is_grey else 3) + (image.alpha is not None)
    data = image.to_bytes(channels=channels, dtype=metadata.dtype)
    return np.frombuffer(data, PIXEL_DTYPES[metadata.dtype]).reshape(image.height, image.width, channels)


def _write_atomically(path: Path, write: Callable[[Path], None]) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        write(part)
        if path.exists():
            shutil.copymode(path, part)
        os.replace(part, path)
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OutputUnwritable(path, reason) from error
    finally:
        part.unlink(missing_ok=True)


def _write_by_pillow(part: Path, samples: Samples, metadata: Metadata, kind: str) -> None:
    picture = PIL.Image.fromarray(samples[..., 0] if samples.shape[2] == 1 else samples)
    options: dict[str, Any] = {"icc_profile": metadata.icc_profile, "exif": metadata.exif or b""}
    if kind == "jpeg":
        # Full colour resolution: strokes have hard coloured edges.
        options["subsampling"] = 0
        if metadata.dpi:
            options["dpi"] = tuple(round(value) for value in metadata.dpi)
    picture.save(part, format=kind.upper(), quality=_LOSSY_QUALITY, **options)


def _write_png(part: Path, samples: Samples, metadata: Metadata, kind: str) -> None:
    plain = imagecodecs.png_encode(samples if samples.shape[2] > 1 else samples[..., 0])
    chunks = []
    if metadata.icc_profile is not None:
        chunks.append(_chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(metadata.icc_profile)))
    if metadata.dpi is not None:
        x, y = (round(value * _PIXELS_PER_METRE) for value in metadata.dpi)
        chunks.append(_chunk(b"pHYs", struct.pack(">IIB", x, y, 1)))
    if metadata.exif is not None:
        chunks.append(_chunk(b"eXIf", metadata.exif.removeprefix(_EXIF_HEAD)))
    # All three belong between IHDR, which is the first chunk, and the pixels.
    part.write_bytes(plain[:_PNG_HEAD_AND_IHDR_BYTES] + b"".join(chunks) + plain[_PNG_HEAD_AND_IHDR_BYTES:])


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _write_tiff(part: Path, samples: Samples, metadata: Metadata, kind: str) -> None:
    has_alpha = samples.shape[2] in (2, 4)
    exif = Exif()
    exif.load(metadata.exif or b"")
    texts: list[tuple[Any, ...]] = [(tag, "s", 0, str(exif[tag]), True) for tag in TEXT_TAGS if tag in exif]
    details = dict(exif.get_ifd(_EXIF_IFD))
    placeholder: list[tuple[Any, ...]] = [(_PLACEHOLDER, "I", 1, 0, True)] if details else []
    tifffile.imwrite(
        part,
        samples if samples.shape[2] > 1 else samples[..., 0],
        photometric="minisblack" if samples.shape[2] <= 2 else "rgb",
        planarconfig="contig" if samples.shape[2] > 1 else None,
        extrasamples=["unassalpha"] if has_alpha else None,
        compression="zlib",
        predictor=metadata.dtype != "f32",
        iccprofile=metadata.icc_profile,
        resolution=metadata.dpi,
        resolutionunit="inch" if metadata.dpi else None,
        software=False,
        metadata=None,
        extratags=texts + placeholder,
    )
    if details:
        _append_exif(part, details)


def _append_exif(path: Path, details: dict[int, Any]) -> None:
    """Write EXIF's own directory behind everything else and point to it; tifffile writes none."""
    directory = ImageFileDirectory_v2(prefix=b"II" if sys.byteorder == "little" else b"MM")
    for tag, value in details.items():
        directory[tag] = value
    with path.open("r+b") as file:
        # Directories begin at even places (TIFF 6.0, section 2).
        place = file.seek(0, os.SEEK_END)
        place += file.write(b"\0" * (place % 2))
        file.write(directory.tobytes(place))
    with tifffile.TiffFile(path, mode="r+") as tiff:
        page: Any = tiff.pages[0]
        entry = page.tags[_PLACEHOLDER]
        entry.overwrite(place)
        tiff.filehandle.seek(entry.offset)
        tiff.filehandle.write(struct.pack(f"{tiff.byteorder}H", _EXIF_IFD))
