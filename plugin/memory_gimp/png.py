# -*- coding: utf-8 -*-
"""PNG files for the in-memory GIMP, by the standard library: 8 and 16 bit, grey and colour, with and without alpha."""

from __future__ import absolute_import, unicode_literals

import io
import struct
import zlib
from array import array

from restyle_plugin.compat import encode_path, native_text
from restyle_plugin.gimpfu_shim.errors import BackendError

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# PNG's colour type → (channels, babl model)
_COLOR_TYPES = {0: (1, "Y'"), 2: (3, "R'G'B'"), 4: (2, "Y'A"), 6: (4, "R'G'B'A")}

__all__ = ["read_png", "write_png"]


def read_png(path):
    """Return (width, height, babl format, bytes); BackendError for what is no such file."""
    try:
        with io.open(encode_path(path), "rb") as file:
            return _decode(file.read())
    except (IOError, OSError, zlib.error, struct.error, KeyError, IndexError, ValueError) as error:
        raise BackendError("Could not open '%s': %s" % (path, error))


def write_png(path, width, height, channels, data):
    """Write 8-bit pixels (channels 1 to 4) as a PNG file."""
    color_type = {count: kind for kind, (count, _) in _COLOR_TYPES.items()}[channels]
    stride = width * channels
    rows = b"".join(b"\0" + bytes(data[y * stride : (y + 1) * stride]) for y in range(height))
    header = struct.pack(native_text(">IIBBBBB"), width, height, 8, color_type, 0, 0, 0)
    with io.open(encode_path(path), "wb") as file:
        file.write(_SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 6)) + _chunk(b"IEND", b""))


def _chunk(kind, data):
    pack = lambda number: struct.pack(native_text(">I"), number & 0xFFFFFFFF)  # noqa: E731
    return pack(len(data)) + kind + data + pack(zlib.crc32(kind + data))


def _decode(data):
    if data[:8] != _SIGNATURE:
        raise ValueError("not a PNG file")
    chunks = list(_chunks(data))
    width, height, depth, color_type, _, _, interlace = struct.unpack(native_text(">IIBBBBB"), dict(chunks)[b"IHDR"])
    if depth not in (8, 16) or interlace or color_type not in _COLOR_TYPES:
        raise ValueError("a kind of PNG that the in-memory GIMP does not read")
    channels, model = _COLOR_TYPES[color_type]
    packed = b"".join(body for kind, body in chunks if kind == b"IDAT")
    pixels = _unfilter(bytearray(zlib.decompress(packed)), height, width * channels * depth // 8, channels * depth // 8)
    if depth == 16:
        values = array(native_text("H"), struct.unpack(native_text(">%dH" % (len(pixels) // 2)), bytes(pixels)))
        pixels = getattr(values, "tobytes", getattr(values, "tostring", None))()
    return width, height, "%s %s" % (model, "u8" if depth == 8 else "u16"), bytes(pixels)


def _chunks(data):
    place = 8
    while place < len(data):
        length = struct.unpack(native_text(">I"), data[place : place + 4])[0]
        yield data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        place += length + 12


def _unfilter(data, height, stride, bpp):
    """Undo the filters of PNG's rows (specification, section 9)."""
    if len(data) != height * (stride + 1):
        raise ValueError("the file ends early")
    out, above = bytearray(), bytearray(stride)
    for y in range(height):
        start = y * (stride + 1)
        kind, row = data[start], data[start + 1 : start + 1 + stride]
        _FILTERS[kind](row, above, bpp)
        out += row
        above = row
    return out


def _none(row, above, bpp):
    pass


def _sub(row, above, bpp):
    for i in range(bpp, len(row)):
        row[i] = (row[i] + row[i - bpp]) & 255


def _up(row, above, bpp):
    for i in range(len(row)):
        row[i] = (row[i] + above[i]) & 255


def _average(row, above, bpp):
    for i in range(len(row)):
        left = row[i - bpp] if i >= bpp else 0
        row[i] = (row[i] + (left + above[i]) // 2) & 255


def _paeth(row, above, bpp):
    for i in range(len(row)):
        left, corner = (row[i - bpp], above[i - bpp]) if i >= bpp else (0, 0)
        guess = left + above[i] - corner
        distances = ((abs(guess - left), 0, left), (abs(guess - above[i]), 1, above[i]), (abs(guess - corner), 2, corner))
        row[i] = (row[i] + min(distances)[2]) & 255


_FILTERS = {0: _none, 1: _sub, 2: _up, 3: _average, 4: _paeth}
