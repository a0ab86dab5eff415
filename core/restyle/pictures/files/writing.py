"""Writing: an Image as PNG, JPEG, TIFF or WebP, whole or not at all; and what fails keeps the painting all the same."""

from __future__ import annotations

import os
import shutil
import struct
import tempfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import PIL.Image
import torch

from restyle.contract.errors import OutputUnwritable, PaintingRescued
from restyle.contract.sentence import said_by_system
from restyle.host.replacing import replacing
from restyle.pictures.color import is_grey as has_no_hue
from restyle.pictures.destination import Destination, Form
from restyle.pictures.files.decoded import LIBRARY_ERRORS, Samples
from restyle.pictures.files.metadata import Metadata, sensible_dpi
from restyle.pictures.files.tiff_writing import write_tiff
from restyle.pictures.icc import color_space, from_srgb, is_srgb, is_usable
from restyle.pictures.image import PIXEL_DTYPES, Image

__all__ = ["save_image", "save_or_rescue"]

_LOSSY_QUALITY = 95
"""Pillow's documentation advises to go no higher: files grow, pictures do not get better."""

_EXIF_HEAD = b"Exif\0\0"
_PNG_HEAD_AND_IHDR_BYTES = 8 + 25
_PIXELS_PER_METRE = 100 / 2.54
_STEM_LETTERS = 60


def save_image(image: Image, path: str | Path | Destination, metadata: Metadata | None = None) -> tuple[str, ...]:
    """Write a picture in the form that the path's ending names, as ``metadata`` has it where the form can hold that.

    A form of fewer bits takes what it can; JPEG has no alpha and gets white below. A coloured picture is never made grey.
    The file appears when it is complete, or stays as it was; a link is followed. Returns a sentence for each thing of the
    metadata that was left out. Raises OutputUnwritable.
    """
    destination = path if isinstance(path, Destination) else Destination.at(path, probe=False)
    destination.check_size(image.width, image.height)
    try:
        fitting, notes = _fitted(metadata or Metadata(), image, destination.form)
        samples = _samples(_without_alpha(image) if destination.form.name == "JPEG" else image, fitting)
        writer = {"PNG": _write_png, "TIFF": write_tiff, "JPEG": _write_jpeg, "WebP": _write_webp}[destination.form.name]
        _write_atomically(destination, lambda part: writer(part, samples, fitting))
    except LIBRARY_ERRORS as error:
        reason = said_by_system(error) if isinstance(error, OSError) else str(error)
        raise OutputUnwritable(destination.named, reason or type(error).__name__) from error
    return notes


def save_or_rescue(
    image: Image, destination: Destination, metadata: Metadata | None = None, *, folders: Sequence[Path] | None = None
) -> tuple[str, ...]:
    """``save_image``, which cost nothing; but where it fails, the picture is kept in the first of ``folders`` that takes it.

    They are the user's own and the temporary one where none are given. Raises PaintingRescued, which says where, and
    OutputUnwritable where no folder takes it.
    """
    try:
        return save_image(image, destination, metadata)
    except OutputUnwritable as error:
        rescued = _rescued(image, destination, metadata or Metadata(), _usual_folders() if folders is None else folders)
        if rescued is None:
            raise
        raise PaintingRescued(destination.named, error.reason, rescued) from error


def _usual_folders() -> list[Path]:
    return [Path(os.path.expanduser("~")), Path(tempfile.gettempdir())]


def _rescued(image: Image, destination: Destination, metadata: Metadata, folders: Sequence[Path]) -> Path | None:
    """Where the picture is now, in a form that loses nothing of it; None where no folder takes it."""
    suffix = ".tif" if metadata.dtype == "f32" else ".png"
    stem = destination.named.stem[:_STEM_LETTERS]
    for folder in folders:
        path = folder / f"{stem}-rescued{suffix}"
        for number in range(2, 1000):
            if not path.exists():
                break
            path = folder / f"{stem}-rescued-{number}{suffix}"
        # What is told beside the pixels may be what failed.
        for told in (metadata, Metadata(metadata.dtype)):
            try:
                save_image(image, path, told)
            except OutputUnwritable:
                continue
            return path
    return None


def _fitted(metadata: Metadata, image: Image, form: Form) -> tuple[Metadata, tuple[str, ...]]:
    """What of ``metadata`` this picture and this format can have, and a sentence for what is left out."""
    dtype = metadata.dtype if metadata.dtype in form.dtypes else form.dtypes[-1]
    is_grey = metadata.is_grey and form.name != "WebP" and has_no_hue(image.pixels)
    profile, exif = metadata.icc_profile, metadata.exif
    if profile is not None and (color_space(profile) != ("gray" if is_grey else "rgb") or not is_usable(profile)):
        profile = None
    notes = []
    if exif is not None and len(exif) > (form.most_exif_bytes or len(exif)):
        exif = None
        notes.append(f"{form.name} has no room for the picture's EXIF, which was left out; PNG and TIFF have.")
    if profile is not None and len(profile) > (form.most_icc_bytes or len(profile)):
        profile = None
        notes.append(f"{form.name} has no room for the picture's colour profile; it was saved as sRGB.")
    dpi = sensible_dpi(metadata.dpi)
    return replace(metadata, dtype=dtype, is_grey=is_grey, icc_profile=profile, exif=exif, dpi=dpi), tuple(notes)


def _without_alpha(image: Image) -> Image:
    if image.alpha is None:
        return image
    return Image(torch.lerp(torch.ones_like(image.pixels), image.pixels, image.alpha))


def _samples(image: Image, metadata: Metadata) -> Samples:
    profile = metadata.icc_profile
    if profile is not None and not is_srgb(profile):
        image = from_srgb(image, profile)
    channels = (1 if metadata.is_grey else 3) + (image.alpha is not None)
    data = image.to_bytes(channels=channels, dtype=metadata.dtype)
    return np.frombuffer(data, PIXEL_DTYPES[metadata.dtype]).reshape(image.height, image.width, channels)


def _write_atomically(destination: Destination, write: Callable[[Path], None]) -> None:
    with replacing(destination.real) as part:
        write(part)
        if destination.real.exists():
            shutil.copymode(destination.real, part)


def _write_jpeg(part: Path, samples: Samples, metadata: Metadata) -> None:
    # Full colour resolution: strokes have hard coloured edges.
    options: dict[str, Any] = {"subsampling": 0}
    if metadata.dpi:
        options["dpi"] = tuple(round(value) for value in metadata.dpi)
    _write_by_pillow(part, "JPEG", samples, metadata, options)


def _write_webp(part: Path, samples: Samples, metadata: Metadata) -> None:
    _write_by_pillow(part, "WEBP", samples, metadata, {})


def _write_by_pillow(part: Path, form: str, samples: Samples, metadata: Metadata, options: dict[str, Any]) -> None:
    picture = PIL.Image.fromarray(samples[..., 0] if samples.shape[2] == 1 else samples)
    told = {"icc_profile": metadata.icc_profile, "exif": metadata.exif or b""}
    picture.save(part, format=form, quality=_LOSSY_QUALITY, **told, **options)


def _write_png(part: Path, samples: Samples, metadata: Metadata) -> None:
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
