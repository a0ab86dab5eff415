"""Parts: PNG and JPEG files taken apart into what decodes to pixels and what is said beside it.

Decoders get a file without metadata, so that nothing in it (absurd EXIF, sixty megabytes of it, a profile that unpacks to
gigabytes, a checksum that is wrong where it does not matter) can cost the picture. Both walks are linear in the file's size.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from typing import BinaryIO

from restyle.pictures.files.exif import MOST_BYTES

__all__ = ["JPEG_HEAD", "PNG_HEAD", "Parts", "jpeg_parts", "png_parts"]

PNG_HEAD = b"\x89PNG\r\n\x1a\n"
JPEG_HEAD = b"\xff\xd8\xff"

_MOST_PROFILE_BYTES = 16 << 20
"""What JPEG can hold of an ICC profile; printers' take a few megabytes."""

_PNG_PIXEL_CHUNKS = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"))
_PNG_SPOKEN_CHUNKS = frozenset((b"iCCP", b"eXIf", b"pHYs", b"zTXt", b"tEXt", b"iTXt"))
_CM_PER_INCH = 2.54
_METRE = 1
_XMP_WORD = b"XML:com.adobe.xmp\0"
_IMAGEMAGICK_EXIF = (b"Raw profile type exif\0", b"Raw profile type APP1\0")
"""Where EXIF stood in PNG before there was a chunk for it."""

_JPEG_EXIF, _JPEG_XMP, _JPEG_ICC = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"ICC_PROFILE\0"
_APP0, _APP1, _APP2, _APP14, _APP15, _COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
_BARE_MARKERS = frozenset((0x01, *range(0xD0, 0xD9)))
"""Without a length behind them: TEM, the restarts and the start of an image."""

_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
"""What ends a scan; within one, FF is followed by 00 or is a restart."""


@dataclass
class Parts:
    """A file with nothing but what decodes to pixels, and the rest as it stood there."""

    pixels: bytes = b""
    exif: bytes | None = None
    xmp: bytes | None = None
    icc_profile: bytes | None = None
    dpi: tuple[float, float] | None = None
    is_animated: bool = False
    exif_bytes: int = 0
    """Of all EXIF, also where it is too much to be read."""
    scans: int = 0
    """Of a JPEG: how often its decoder goes over the picture."""


def png_parts(file: BinaryIO) -> Parts:
    """A PNG, from its head on. A file that is torn or cut off comes out as far as it goes."""
    parts, kept = Parts(), [file.read(len(PNG_HEAD))]
    while len(head := file.read(8)) == 8:
        size, name = struct.unpack(">I4s", head)
        if name in _PNG_PIXEL_CHUNKS:
            kept += (head, file.read(size + 4))
        elif name in _PNG_SPOKEN_CHUNKS and size <= _MOST_PROFILE_BYTES:
            _take_png_chunk(parts, name, file.read(size))
            file.seek(4, 1)
        else:
            parts.is_animated |= name == b"acTL"
            parts.exif_bytes += size if name == b"eXIf" else 0
            file.seek(size + 4, 1)
        if name == b"IEND":
            break
    parts.pixels = b"".join(kept)
    return parts


def _take_png_chunk(parts: Parts, name: bytes, content: bytes) -> None:
    word, _, packed = content.partition(b"\0")
    if name == b"iCCP":
        parts.icc_profile = _unpacked(packed[1:], _MOST_PROFILE_BYTES)
    elif name == b"eXIf":
        parts.exif, parts.exif_bytes = content, len(content)
    elif name == b"pHYs" and len(content) == 9 and content[8] == _METRE:
        x, y = struct.unpack(">II", content[:8])
        parts.dpi = (x * _CM_PER_INCH / 100, y * _CM_PER_INCH / 100)
    elif name == b"iTXt" and content.startswith(_XMP_WORD):
        parts.xmp = content
    elif name in (b"zTXt", b"tEXt") and word + b"\0" in _IMAGEMAGICK_EXIF and parts.exif is None:
        parts.exif = _from_imagemagick(_unpacked(packed[1:], 3 * MOST_BYTES) if name == b"zTXt" else packed)


def _unpacked(packed: bytes, most: int) -> bytes | None:
    """What zlib made of at most so many bytes; None where it is more, or broken."""
    unpacking = zlib.decompressobj()
    try:
        plain = unpacking.decompress(packed, most)
    except zlib.error:
        return None
    return plain if unpacking.eof else None


def _from_imagemagick(text: bytes | None) -> bytes | None:
    """EXIF of the form that ImageMagick made up: a name, a length, and hexadecimal digits in lines."""
    try:
        return bytes.fromhex(b"".join((text or b"").split()[2:]).decode("ascii")) or None
    except ValueError:
        return None


def jpeg_parts(data: bytes) -> Parts:
    """A JPEG; what comes behind its end (a film, a second picture) is cut off."""
    parts, kept, profile = Parts(), [data[:2]], dict[int, bytes]()
    place = 2
    while found := _NEXT_MARKER.search(data, place):
        marker, start = data[found.end() - 1], found.end()
        # Between segments lies nothing but, behind a scan's head, its pixels.
        kept.append(data[place : found.start()])
        if marker in _BARE_MARKERS or marker == _END_OF_IMAGE:
            kept.append(found[0])
            place = start
            if marker == _END_OF_IMAGE:
                break
            continue
        place = start + int.from_bytes(data[start : start + 2], "big")
        if _is_spoken(marker):
            _take_jpeg_segment(parts, profile, marker, data[start + 2 : place])
            continue
        kept.append(b"\xff" + data[start - 1 : place])
        parts.scans += marker == _START_OF_SCAN
    else:
        kept.append(data[place:])
    parts.pixels, parts.icc_profile = b"".join(kept), b"".join(profile[number] for number in sorted(profile)) or None
    if parts.exif_bytes > MOST_BYTES:
        parts.exif = None
    return parts


def _is_spoken(marker: int) -> bool:
    """Whether a segment says something beside the pixels; JFIF's and Adobe's tell what the colours mean."""
    return marker == _COMMENT or (_APP0 < marker <= _APP15 and marker != _APP14)


def _take_jpeg_segment(parts: Parts, profile: dict[int, bytes], marker: int, content: bytes) -> None:
    if marker == _APP1 and content.startswith(_JPEG_EXIF):
        parts.exif_bytes += len(content)
        if parts.exif is None:
            parts.exif = content
    elif marker == _APP1 and content.startswith(_JPEG_XMP) and parts.xmp is None:
        parts.xmp = content
    elif marker == _APP2 and content.startswith(_JPEG_ICC):
        # A number and a count of one byte each, then the part.
        profile.setdefault(content[len(_JPEG_ICC)] if len(content) > len(_JPEG_ICC) else 0, content[len(_JPEG_ICC) + 2 :])
