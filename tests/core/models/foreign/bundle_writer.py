"""A small writer of TensorFlow's tensor bundles, for tests of the reader."""

from __future__ import annotations

import struct
from pathlib import Path

import imagecodecs
import numpy as np

from restyle.models.foreign.crc32c import crc32c, masked

DTYPES = {"float32": 1, "float64": 2, "int32": 3, "uint8": 4, "int64": 9, "float16": 19}
MAGIC = 0xDB4775248B80FB57


def varint(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def described(array: np.ndarray, offset: int, content: bytes) -> bytes:
    shape = b"".join(field(2, field(1, size) if size else b"") for size in array.shape)
    entry = field(1, DTYPES[array.dtype.name]) + field(2, shape) + field(4, offset) + field(5, len(content))
    return entry + varint(6 << 3 | 5) + struct.pack("<I", masked(crc32c(content)))


def block(pairs: list[tuple[bytes, bytes]]) -> bytes:
    """Entries that share what they can with the key before, and one restart."""
    out, before = bytearray(), b""
    for key, value in pairs:
        shared = 0
        while shared < min(len(key), len(before)) and key[shared] == before[shared]:
            shared += 1
        out += varint(shared) + varint(len(key) - shared) + varint(len(value)) + key[shared:] + value
        before = key
    return bytes(out) + struct.pack("<II", 0, 1)


def table(pairs: list[tuple[bytes, bytes]], compressed: bool = False, per_block: int = 3) -> bytes:
    out, places = bytearray(), []

    def add(content: bytes) -> bytes:
        stored = imagecodecs.snappy_encode(content) if compressed else content
        place = varint(len(out)) + varint(len(stored))
        tail = bytes([1 if compressed else 0])
        out.extend(stored + tail + struct.pack("<I", masked(crc32c(stored + tail))))
        return place

    for first in range(0, len(pairs), per_block):
        part = pairs[first : first + per_block]
        places.append((part[-1][0], add(block(part))))
    footer = add(block([])) + add(block(places))
    return bytes(out) + footer.ljust(40, b"\0") + struct.pack("<Q", MAGIC)


def write_bundle(
    stem: Path, arrays: dict[str, np.ndarray], compressed: bool = False, extra: dict[bytes, bytes] | None = None
) -> Path:
    """Write ``stem``.index and its data; returns the path of the index."""
    data = bytearray()
    pairs = {b"": field(1, 1) + field(3, field(1, 1)), **(extra or {})}
    for name in sorted(arrays):
        content = arrays[name].astype(arrays[name].dtype.newbyteorder("<")).tobytes()
        pairs[name.encode()] = described(arrays[name], len(data), content)
        data += content
    stem.with_name(f"{stem.name}.data-00000-of-00001").write_bytes(data)
    index = stem.with_name(f"{stem.name}.index")
    index.write_bytes(table(sorted(pairs.items()), compressed))
    return index
