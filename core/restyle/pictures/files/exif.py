"""EXIF: what a camera and its owner wrote beside the pixels, and what of it outlives a filter.

Its values stay the bytes they were (texts in Latin-1, UTF-8 or any other encoding); entries that are broken are left out alone.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field, replace
from io import BytesIO

from PIL import ExifTags

from restyle.pictures.files.tiff_directories import (
    LONG,
    ByteOrder,
    Directory,
    DirectoryReader,
    Entry,
    directory_bytes,
    header_bytes,
    number_of,
    numbers_of,
)

__all__ = ["DETAILS_TAG", "MOST_BYTES", "PLACE_TAG", "Exif", "orientation_in_xmp", "read_exif", "resolution_of"]

TEXT_TAGS = frozenset(
    int(tag)
    for tag in (
        ExifTags.Base.DocumentName,
        ExifTags.Base.ImageDescription,
        ExifTags.Base.Make,
        ExifTags.Base.Model,
        ExifTags.Base.Software,
        ExifTags.Base.DateTime,
        ExifTags.Base.Artist,
        ExifTags.Base.HostComputer,
        ExifTags.Base.Copyright,
        ExifTags.Base.Rating,
        ExifTags.Base.XPTitle,
        ExifTags.Base.XPComment,
        ExifTags.Base.XPAuthor,
        ExifTags.Base.XPKeywords,
        ExifTags.Base.XPSubject,
    )
)
"""What people and cameras write into the main directory; its other tags describe the pixels, which are new."""

DETAILS_TAG, PLACE_TAG = int(ExifTags.IFD.Exif), int(ExifTags.IFD.GPSInfo)
"""Where the main directory points to those with the exposure and with the place on earth."""

MOST_BYTES = 4 << 20
"""Larger EXIF is taken for a mistake: a camera's has to fit into the 64 kB of one JPEG segment."""

_HEAD = b"Exif\0\0"
_UPRIGHT = 1
_INTEROP_TAG = int(ExifTags.IFD.Interop)
_INCH, _CENTIMETRE = 2, 3
_CM_PER_INCH = 2.54
_XMP_ORIENTATION = re.compile(rb"tiff:Orientation(?:=[\"']|>)([1-8])")


@dataclass(frozen=True)
class Exif:
    """The three directories that matter; values are in the byte order that ``order`` (of ``struct``) names."""

    order: ByteOrder = "<"
    main: Directory = field(default_factory=dict)
    details: Directory = field(default_factory=dict)
    place: Directory = field(default_factory=dict)

    @classmethod
    def of(cls, reader: DirectoryReader, main: Directory) -> Exif:
        """The EXIF whose main directory is this one of a file."""
        return cls(reader.order, main, reader.below(main, DETAILS_TAG), reader.below(main, PLACE_TAG))

    @property
    def orientation(self) -> int:
        """1 to 8 as EXIF numbers them; 1 for a missing or senseless value."""
        value = number_of(self.main, int(ExifTags.Base.Orientation), self.order, _UPRIGHT)
        return value if 1 <= value <= 8 else _UPRIGHT

    def kept(self, width: int, height: int) -> Exif | None:
        """What of it holds for new, upright pixels of this size; None where it says nothing.

        The thumbnail is left behind, for it shows the picture before.
        """
        main = {tag: entry for tag, entry in self.main.items() if tag in TEXT_TAGS}
        # The pointer to Interop's directory is a place in the old file.
        details = {tag: entry for tag, entry in self.details.items() if tag != _INTEROP_TAG}
        for tag, size in ((ExifTags.Base.ExifImageWidth, width), (ExifTags.Base.ExifImageHeight, height)):
            if int(tag) in details:
                details[int(tag)] = self._number(size)
        return replace(self, main=main, details=details) if main or details or self.place else None

    def to_bytes(self) -> bytes:
        """As it stands in JPEG, with upright orientation; ``read_exif`` reads it."""
        main = {**self.main, int(ExifTags.Base.Orientation): Entry(3, 1, struct.pack(self.order + "H", _UPRIGHT))}
        below = [(tag, entries) for tag, entries in ((DETAILS_TAG, self.details), (PLACE_TAG, self.place)) if entries]
        main |= {tag: self._number(0) for tag, _ in below}
        head = header_bytes(self.order)
        place, behind = len(head) + len(directory_bytes(main.items(), len(head), self.order)), b""
        for tag, entries in below:
            main[tag] = self._number(place + len(behind))
            behind += directory_bytes(entries.items(), place + len(behind), self.order)
        return _HEAD + head + directory_bytes(main.items(), len(head), self.order) + behind

    def _number(self, value: int) -> Entry:
        return Entry(LONG, 1, struct.pack(self.order + "I", value))


def read_exif(blob: bytes | None) -> Exif:
    """What EXIF's bytes say, with or without JPEG's head before them; nothing where they make no sense."""
    if not blob or len(blob) > MOST_BYTES:
        return Exif()
    try:
        reader = DirectoryReader(BytesIO(blob.removeprefix(_HEAD)))
    except ValueError:
        return Exif()
    return Exif.of(reader, reader.directory(reader.first)[0])


def resolution_of(directory: Directory, order: ByteOrder) -> tuple[float, float] | None:
    """Pixels per inch, horizontal and vertical, of a main directory; None where it gives none."""
    x, y = (numbers_of(directory.get(int(tag)), order) for tag in (ExifTags.Base.XResolution, ExifTags.Base.YResolution))
    unit = number_of(directory, int(ExifTags.Base.ResolutionUnit), order, _INCH)
    per_inch = {_INCH: 1.0, _CENTIMETRE: _CM_PER_INCH}.get(unit)
    return (x[0] * per_inch, y[0] * per_inch) if x and y and per_inch else None


def orientation_in_xmp(packet: bytes | None) -> int:
    """The orientation that some programs write into XMP alone; 1 where there is none."""
    found = _XMP_ORIENTATION.search(packet) if packet else None
    return int(found[1]) if found else _UPRIGHT
