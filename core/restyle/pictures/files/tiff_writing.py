"""TIFF, with EXIF: tifffile writes the picture, and its directory is written anew with what tifffile writes not."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import BinaryIO

import tifffile

from restyle.pictures.files.decoded import Samples
from restyle.pictures.files.exif import DETAILS_TAG, PLACE_TAG, Exif, read_exif
from restyle.pictures.files.metadata import Metadata
from restyle.pictures.files.tiff_directories import LONG, DirectoryReader, Entry, directory_bytes

__all__ = ["write_tiff"]

_MOST_CLASSIC_BYTES = 3 << 30
"""Beyond 4 GB only BigTIFF has places; compression may make noise larger, and EXIF comes behind."""

_FIRST_CLASSIC_AT, _FIRST_BIG_AT = 4, 8
_LONG8 = 16
_ASCII, _UTF8 = 2, 129


def write_tiff(part: Path, samples: Samples, metadata: Metadata) -> None:
    """Write samples (H, W, 1 to 4), with alpha as a second or fourth channel; ``metadata`` has to fit them."""
    exif = read_exif(metadata.exif)
    tifffile.imwrite(
        part,
        samples if samples.shape[2] > 1 else samples[..., 0],
        # EXIF's own: makers' notes have numbers that only their makers could turn round.
        byteorder=exif.order,
        bigtiff=samples.nbytes > _MOST_CLASSIC_BYTES,
        photometric="minisblack" if samples.shape[2] <= 2 else "rgb",
        planarconfig="contig" if samples.shape[2] > 1 else None,
        extrasamples=["unassalpha"] if samples.shape[2] in (2, 4) else None,
        compression="zlib",
        predictor=metadata.dtype != "f32",
        iccprofile=metadata.icc_profile,
        resolution=metadata.dpi,
        resolutionunit="inch" if metadata.dpi else None,
        software=False,
        metadata=None,
    )
    if exif != Exif():
        _append_exif(part, exif)


def _append_exif(path: Path, exif: Exif) -> None:
    """Write the directories of EXIF, and a main one that points to them, behind everything else."""
    with path.open("r+b") as file:
        reader = DirectoryReader(file)
        main, _ = reader.directory(reader.first)
        main |= {tag: _as_tiff(entry) for tag, entry in exif.main.items() if tag not in main}
        for tag, entries in ((DETAILS_TAG, exif.details), (PLACE_TAG, exif.place)):
            if entries:
                place = _even_end(file)
                file.write(directory_bytes(entries.items(), place, exif.order, is_big=reader.is_big))
                kind, form = (_LONG8, "Q") if reader.is_big else (LONG, "I")
                main[tag] = Entry(kind, 1, struct.pack(exif.order + form, place))
        place = _even_end(file)
        file.write(directory_bytes(main.items(), place, exif.order, is_big=reader.is_big))
        file.seek(_FIRST_BIG_AT if reader.is_big else _FIRST_CLASSIC_AT)
        file.write(struct.pack(exif.order + ("Q" if reader.is_big else "I"), place))


def _as_tiff(entry: Entry) -> Entry:
    """EXIF 3.0's texts are of a type that TIFF does not have."""
    return Entry(_ASCII, entry.count, entry.value) if entry.kind == _UTF8 else entry


def _even_end(file: BinaryIO) -> int:
    """The end of a file, where a directory may begin (TIFF 6.0, section 2)."""
    end = file.seek(0, os.SEEK_END)
    return end + file.write(b"\0" * (end % 2))
