"""TIFF's directories as raw values, whichever file they stand in: EXIF is one, and so are TIFF, BigTIFF and most raw files.

Values are kept as the bytes they are, in the byte order that their file has: texts of any encoding and makers' notes survive, and
what makes no sense is left out alone (TIFF 6.0, section 2; BigTIFF as libtiff documents it).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Literal

__all__ = [
    "LONG",
    "ByteOrder",
    "Directory",
    "DirectoryReader",
    "Entry",
    "directory_bytes",
    "header_bytes",
    "number_of",
    "numbers_of",
]

ByteOrder = Literal["<", ">"]
"""As ``struct`` writes it."""

_BYTE_ORDERS: dict[bytes, ByteOrder] = {b"II": "<", b"MM": ">"}

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8, 129: 1}
"""Bytes of one value by its type; 129 is EXIF 3.0's text, 16 to 18 are BigTIFF's."""

_LETTERS = {1: "B", 3: "H", 4: "I", 5: "II", 6: "b", 8: "h", 9: "i", 10: "ii", 11: "f", 12: "d", 13: "I"}
_LETTERS |= {16: "Q", 17: "q", 18: "Q"}
"""How ``struct`` reads what is a number; fractions are two."""

_FRACTIONS = (5, 10)

_CLASSIC, _BIG = 42, 43
"""The versions in TIFF's head."""

LONG = 4
"""The type of whole numbers of 32 bits, and of places in a file."""

_MOST_ENTRIES = 4096
"""Of one directory; the richest cameras write some two hundred."""

_MOST_BYTES = 16 << 20
"""Of all values of one file together; makers' notes take some 100 kB, and a list of strips of 400 megapixels less."""


@dataclass(frozen=True)
class Entry:
    """One value: its type as TIFF numbers them, how many of them, and the bytes."""

    kind: int
    count: int
    value: bytes


Directory = dict[int, Entry]
"""Entries by tag."""


@dataclass
class DirectoryReader:
    """Directories of a file that begins with TIFF's head.

    Raises ValueError where there is no such head.
    """

    file: BinaryIO
    order: ByteOrder = field(init=False)
    is_big: bool = field(init=False)
    first: int = field(init=False)
    _budget: int = field(init=False, default=_MOST_BYTES)

    def __post_init__(self) -> None:
        """Read the head."""
        head = self._at(0, 16)
        if head[:2] not in _BYTE_ORDERS or len(head) < 8:
            raise ValueError("no TIFF")
        self.order = _BYTE_ORDERS[head[:2]]
        version = struct.unpack(self.order + "H", head[2:4])[0]
        if version not in (_CLASSIC, _BIG) or (version == _BIG and len(head) < 16):
            raise ValueError("no TIFF")
        self.is_big = version == _BIG
        self.first = struct.unpack(self.order + ("Q" if self.is_big else "I"), head[8:16] if self.is_big else head[4:8])[0]

    def directory(self, place: int) -> tuple[Directory, int]:
        """The directory at ``place`` without the entries that are broken, and the place of the next one, 0 where none is."""
        entry_form, count_form, place_form = ("HHQ8s", "Q", "Q") if self.is_big else ("HHI4s", "H", "I")
        size, count_size = struct.calcsize("<" + entry_form), struct.calcsize("<" + count_form)
        head = self._at(place, count_size)
        count = struct.unpack(self.order + count_form, head)[0] if len(head) == count_size else 0
        if not 0 < count <= _MOST_ENTRIES:
            return {}, 0
        table = self._at(place + count_size, count * size + struct.calcsize("<" + place_form))
        whole = table[: min(count, len(table) // size) * size]
        entries: Directory = {}
        for tag, kind, number, inline in struct.iter_unpack(self.order + entry_form, whole):
            value = self._value(kind, number, inline)
            if value is not None and tag not in entries:
                entries[tag] = Entry(kind, number, value)
        rest = table[count * size :]
        following = struct.unpack(self.order + place_form, rest)[0] if len(rest) == struct.calcsize("<" + place_form) else 0
        return entries, following

    def chain(self, most: int) -> Iterator[tuple[int, Directory]]:
        """The directories that follow one another, each with its place; at most so many, and none twice."""
        place, seen = self.first, set[int]()
        while place and place not in seen and len(seen) < most:
            seen.add(place)
            directory, following = self.directory(place)
            if directory:
                yield place, directory
            place = following

    def below(self, entries: Directory, tag: int) -> Directory:
        """The directory that an entry points to; empty where there is none."""
        places = numbers_of(entries.get(tag), self.order)
        return self.directory(int(places[0]))[0] if places and places[0] > 0 else {}

    def _value(self, kind: int, count: int, inline: bytes) -> bytes | None:
        size = _SIZES.get(kind, 0) * count
        if size == 0 or size > self._budget:
            return None
        if size <= len(inline):
            return inline[:size]
        place = struct.unpack(self.order + ("Q" if self.is_big else "I"), inline)[0]
        value = self._at(place, size)
        self._budget -= size
        return value if len(value) == size else None

    def _at(self, place: int, size: int) -> bytes:
        try:
            self.file.seek(place)
            return self.file.read(size)
        except (OSError, OverflowError, ValueError):  # a place beyond what the system can seek to
            return b""


def numbers_of(entry: Entry | None, order: ByteOrder) -> tuple[float, ...]:
    """The numbers of an entry; fractions as quotients, without those by 0. Empty for texts and for None."""
    if entry is None or entry.kind not in _LETTERS:
        return ()
    letters = _LETTERS[entry.kind]
    values = struct.unpack(f"{order}{entry.count * len(letters)}{letters[0]}", entry.value)
    if entry.kind in _FRACTIONS:
        return tuple(top / bottom for top, bottom in zip(values[::2], values[1::2], strict=True) if bottom)
    return values


def number_of(directory: Directory, tag: int, order: ByteOrder, otherwise: int = 0) -> int:
    """The one whole number of an entry, or the first of several; ``otherwise`` where there is none."""
    numbers = numbers_of(directory.get(tag), order)
    return int(numbers[0]) if numbers and numbers[0] == numbers[0] and abs(numbers[0]) < 2**63 else otherwise


def header_bytes(order: ByteOrder) -> bytes:
    """The head of a (small) TIFF file whose first directory follows at once."""
    return (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", _CLASSIC, 8)


def directory_bytes(entries: Iterable[tuple[int, Entry]], place: int, order: ByteOrder, *, is_big: bool = False) -> bytes:
    """A directory, with its values behind it, for this place of a file; it is the last of its chain."""
    ordered = sorted(dict(entries).items())
    entry_form, count_form, place_form = ("HHQ", "Q", "Q") if is_big else ("HHI", "H", "I")
    room = struct.calcsize("<" + place_form)
    table = struct.pack(order + count_form, len(ordered))
    behind = place + len(table) + len(ordered) * (struct.calcsize("<" + entry_form) + room) + room
    values = b""
    for tag, entry in ordered:
        table += struct.pack(order + entry_form, tag, entry.kind, entry.count)
        if len(entry.value) <= room:
            table += entry.value.ljust(room, b"\0")
        else:
            table += struct.pack(order + place_form, behind + len(values))
            # Values begin at even places (TIFF 6.0, section 2).
            values += entry.value + b"\0" * (len(entry.value) % 2)
    return table + b"\0" * room + values
