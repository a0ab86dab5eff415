"""TIFF: the one full picture of a file that may hold thumbnails, pages and a camera's raw data beside it.

Grey and RGB of any depth are read by tifffile; Pillow reads the rest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import tifffile

from restyle.contract.sentence import said
from restyle.pictures.files.by_pillow import decode_tiff_page
from restyle.pictures.files.decoded import Decoded, Refused, Samples, check_size
from restyle.pictures.files.exif import Exif, orientation_in_xmp, resolution_of
from restyle.pictures.files.tiff_directories import ByteOrder, Directory, DirectoryReader, number_of, numbers_of
from restyle.pictures.image import MAXIMUM_PIXELS

__all__ = ["TIFF_HEADS", "decode_tiff"]

TIFF_HEADS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")

_ASSOCIATED_ALPHA, _UNASSOCIATED_ALPHA = 1, 2
_PHOTOMETRICS = (tifffile.PHOTOMETRIC.MINISBLACK, tifffile.PHOTOMETRIC.MINISWHITE, tifffile.PHOTOMETRIC.RGB)
_WHOLE_BYTES = (8, 16, 32, 64)

_MOST_PAGES = 1024
_MOST_PARTS = 16
_MOST_BYTES = 16 * MAXIMUM_PIXELS
"""Of all samples: four of 32 bits for each pixel. Pictures of satellites have more bands and fewer pixels."""

_FULL_SHARE = 0.8
"""Of the largest picture's area: raw data is a few rows and columns larger than the photo that is made of it."""

_SUBFILE_TYPE, _WIDTH, _HEIGHT, _PHOTOMETRIC, _SUBDIRECTORIES = 254, 256, 257, 262, 330
_XMP, _ICC_PROFILE = 700, 34675
_IS_REDUCED, _IS_MASK = 1, 4
_RAW_PHOTOMETRICS = (32803, 34892)
"""Of DNG: what a sensor's colour filters saw, and the same brought together but not developed."""

_NO_PICTURES = (*_RAW_PHOTOMETRICS, 51177, 52527)
"""Depth maps and semantic masks, too."""


@dataclass(frozen=True)
class _Page:
    """A picture of the file: its place, its number among the pages (None for one that lies below a page), its directory."""

    place: int
    index: int | None
    entries: Directory
    order: ByteOrder

    def number(self, tag: int, otherwise: int = 0) -> int:
        return number_of(self.entries, tag, self.order, otherwise)

    @property
    def area(self) -> int:
        return max(0, self.number(_WIDTH)) * max(0, self.number(_HEIGHT))

    @property
    def is_full(self) -> bool:
        return not self.number(_SUBFILE_TYPE) & _IS_REDUCED


def decode_tiff(path: Path) -> Decoded:
    """The largest picture of a TIFF, or of a raw file that is one in disguise; the first of several as large.

    Raises Refused where a raw file holds no developed picture of full size.
    """
    with path.open("rb") as file:
        reader = DirectoryReader(file)
        pages = _pages(reader)
        page, note = _chosen(pages)
        check_size(page.number(_WIDTH), page.number(_HEIGHT))
        # A picture that lies below the first page is the first page's photo.
        described = page.entries if page.index is not None else pages[0].entries
        exif = Exif.of(reader, described)
        profile = page.entries.get(_ICC_PROFILE) or described.get(_ICC_PROFILE)
        xmp = described.get(_XMP)
        decoded = _decoded(path, page, profile.value if profile else None)
    turned = exif.orientation if exif.orientation > 1 else orientation_in_xmp(xmp.value if xmp else None)
    # Zero says that Pillow turned it upright.
    orientation = turned if decoded.orientation else 1
    notes = (*decoded.notes, *([note] if note else []))
    dpi = resolution_of(page.entries, page.order)
    return Decoded(decoded.samples, exif, orientation, decoded.icc_profile, dpi, notes)


def _pages(reader: DirectoryReader) -> list[_Page]:
    pages: list[_Page] = []
    for index, (place, entries) in enumerate(reader.chain(_MOST_PAGES)):
        pages.append(_Page(place, index, entries, reader.order))
        for below in islice(numbers_of(entries.get(_SUBDIRECTORIES), reader.order), _MOST_PARTS):
            pages.append(_Page(int(below), None, reader.directory(int(below))[0], reader.order))
    return [page for page in pages if page.area and not page.number(_SUBFILE_TYPE) & _IS_MASK]


def _chosen(pages: list[_Page]) -> tuple[_Page, str | None]:
    """The full picture, and a note where there are others."""
    largest = max((page.area for page in pages), default=0)
    full = [page for page in pages if page.number(_PHOTOMETRIC) not in _NO_PICTURES and page.area >= _FULL_SHARE * largest]
    if not full:
        if any(page.number(_PHOTOMETRIC) in _RAW_PHOTOMETRICS for page in pages):
            raise Refused(said("it is a camera's raw file without a developed picture of full size; develop it first"))
        raise ValueError("no pictures")
    # Where several are as large, the one that is not marked as a preview; of those, the first.
    page = max(full, key=lambda page: (page.area, page.is_full))
    others = sum(other.index is not None and other.is_full for other in pages if other is not page)
    if not others:
        return page, None
    size = f"{page.number(_WIDTH)} x {page.number(_HEIGHT)}"
    which = "the first" if page.index == 0 else "the largest"
    return page, f"The file holds {others + 1} pictures; {which}, of {size} pixels, was taken."


def _decoded(path: Path, page: _Page, profile: bytes | None) -> Decoded:
    """The pixels; orientation 0 where they are upright, whatever the file says."""
    with tifffile.TiffFile(path) as tiff:
        tiff.filehandle.seek(page.place)
        found: Any = tifffile.TiffPage(tiff, index=page.index or 0)
        if found.photometric in _PHOTOMETRICS and found.bitspersample in _WHOLE_BYTES:
            return Decoded(_samples(found), icc_profile=profile)
    if page.index is None:
        raise Refused(said("its full picture is packed in a way that only raw developers read; develop it first"))
    by_pillow = decode_tiff_page(path, page.index, profile)
    return Decoded(by_pillow.samples, orientation=0, icc_profile=by_pillow.icc_profile, notes=by_pillow.notes)


def _samples(page: Any) -> Samples:
    if page.nbytes > _MOST_BYTES or page.imagedepth > 1:
        raise ValueError("more samples than a picture has")
    # tifffile would go on to fill millions of missing tiles one by one.
    if math.prod(page.chunked) > len(page.dataoffsets):
        raise ValueError("fewer strips or tiles than the picture has")
    samples = page.asarray()
    samples = samples[..., None] if samples.ndim == 2 else samples
    if page.planarconfig == tifffile.PLANARCONFIG.SEPARATE and page.samplesperpixel > 1:
        samples = np.moveaxis(samples, 0, -1)
    if samples.shape != (page.imagelength, page.imagewidth, page.samplesperpixel):
        raise ValueError("samples of other dimensions than the picture's")
    if page.photometric == tifffile.PHOTOMETRIC.MINISWHITE:
        samples = np.iinfo(samples.dtype).max - samples if samples.dtype.kind == "u" else 1 - samples
    return _with_straight_alpha(_as_wire_type(samples), page)


def _as_wire_type(samples: Samples) -> Samples:
    """Native u8, u16 and f32; wider integers become f32, as they have more than 16 bits to keep."""
    if samples.dtype.kind == "u" and samples.dtype.itemsize <= 2:
        return samples.astype(samples.dtype.newbyteorder("="), copy=False)
    if samples.dtype.kind == "f":
        return np.asarray(samples, np.float32)
    return np.asarray(samples / np.float64(np.iinfo(samples.dtype).max), np.float32)


def _with_straight_alpha(samples: Samples, page: Any) -> Samples:
    colours = 3 if page.photometric == tifffile.PHOTOMETRIC.RGB else 1
    extra = tuple(int(kind) for kind in page.extrasamples)
    if samples.shape[2] < colours:
        raise ValueError("fewer samples than colours")
    if not extra or extra[0] not in (_ASSOCIATED_ALPHA, _UNASSOCIATED_ALPHA):
        return samples[..., :colours]
    samples = samples[..., : colours + 1]
    if extra[0] == _UNASSOCIATED_ALPHA:
        return samples
    limit = float(np.iinfo(samples.dtype).max) if samples.dtype.kind == "u" else 1.0
    alpha = samples[..., -1:] / limit
    straight = np.where(alpha > 0, samples / np.maximum(alpha, 1e-6), 0)
    straight[..., -1:] = samples[..., -1:]
    if samples.dtype.kind == "u":
        return np.asarray(np.clip(straight.round(), 0, limit), samples.dtype)
    return np.asarray(straight, np.float32)
