"""Sorted string tables (LevelDB's, which TensorFlow keeps the index of a checkpoint in): keys and values, and nothing else.

A file is a run of blocks, a block that says where they lie, and a footer that says where that is. Keys are stored without
what they share with the key before; each block ends with a byte for its compression and a checksum.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import islice

import imagecodecs

from restyle.models.foreign.crc32c import crc32c, masked
from restyle.models.foreign.protobuf import read_varint

__all__ = ["read_table"]

_MAGIC = struct.pack("<Q", 0xDB4775248B80FB57)
_FOOTER_BYTES = 48
_TRAILER = struct.Struct("<BI")  # after each block: compression, masked checksum of the block and that byte
_PLAIN, _SNAPPY = 0, 1
_MOST_UNPACKED_BYTES = 64 << 20  # of all blocks together; TensorFlow's have 256 KiB each
_MOST_BLOCKS = 4096
_MOST_ENTRIES = 20_000
_LONGEST_KEY = 4096  # a key may be long at the cost of two bytes: by what it shares with the one before


def read_table(data: bytes) -> dict[bytes, bytes]:
    """All keys with their values; raises ValueError where ``data`` is no table, broken, or larger than any model's."""
    footer = data[-_FOOTER_BYTES:]
    if len(footer) < _FOOTER_BYTES or not footer.endswith(_MAGIC):
        raise ValueError("no table of checkpoint keys")
    _, at = _handle(footer, 0)
    index, _ = _handle(footer, at)
    listed = list(islice(_entries(_block(data, *index, _MOST_UNPACKED_BYTES)), _MOST_BLOCKS + 1))
    places = {_handle(place, 0)[0] for _, place in listed}
    # Blocks lie side by side: small files would last for hours if one were read again and again.
    if len(places) < len(listed) or len(listed) > _MOST_BLOCKS or sum(size for _, size in places) > len(data):
        raise ValueError("more blocks than any model has, or one of them twice")
    table: dict[bytes, bytes] = {}
    room = _MOST_UNPACKED_BYTES
    for place in sorted(places):
        block = _block(data, *place, room)
        room -= len(block)
        for key, value in _entries(block):
            table[key] = value
            if len(table) > _MOST_ENTRIES:
                raise ValueError("more entries than any model has")
    return table


def _handle(data: bytes, at: int) -> tuple[tuple[int, int], int]:
    """Where a block begins and how long it is, and the place after these two numbers."""
    offset, at = read_varint(data, at)
    size, at = read_varint(data, at)
    return (offset, size), at


def _block(data: bytes, offset: int, size: int, room: int) -> bytes:
    """A block's content, checked and unpacked to at most ``room`` bytes."""
    end = offset + size
    if end + _TRAILER.size > len(data):
        raise ValueError("a block beyond the end")
    compression, stored = _TRAILER.unpack_from(data, end)
    if masked(crc32c(data[offset : end + 1])) != stored:
        raise ValueError("a block with a wrong checksum")
    content = data[offset:end]
    if compression == _PLAIN:
        return content
    if compression != _SNAPPY:
        raise ValueError(f"blocks compressed in the unknown way {compression}")
    if read_varint(content, 0)[0] > room:
        raise ValueError("a block that unpacks to more than any model has")
    return bytes(imagecodecs.snappy_decode(content))


def _entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of one block, without the places where keys are whole (they serve searching alone)."""
    (restarts,) = struct.unpack_from("<I", block, len(block) - 4)
    end = len(block) - 4 * (restarts + 1)
    if end < 0:
        raise ValueError("a block of restarts alone")
    at, key = 0, b""
    while at < end:
        shared, at = read_varint(block, at)
        fresh, at = read_varint(block, at)
        length, at = read_varint(block, at)
        if shared > len(key) or at + fresh + length > end:
            raise ValueError("a key or value beyond its block")
        if shared + fresh > _LONGEST_KEY:
            raise ValueError("a key longer than any name")
        key = key[:shared] + block[at : at + fresh]
        yield key, block[at + fresh : at + fresh + length]
        at += fresh + length
