"""FlatBuffers' wire format, as far as TFLite needs it: tables, vectors and strings; no place outside the file is ever read.

A table begins with the distance back to its list of fields, which says for each field where in the table it lies. What is not in
the list has its default. Vectors, strings and nested tables are reached by their distance from the place that names them.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Table", "root_table"]

_UINT16, _INT32, _UINT32 = struct.Struct("<H"), struct.Struct("<i"), struct.Struct("<I")
_LIST_HEAD_BYTES = 4  # its own size and the table's
_FIELD_BYTES = 2
_MOST_FIELDS = 64


def root_table(content: bytes) -> Table:
    """The table that a file is; ValueError where it is none."""
    return _table(content, _number(content, 0, _UINT32))


@dataclass(frozen=True)
class Table:
    """A table in ``content``; fields are asked for by their numbers in the schema. All methods raise ValueError for damage."""

    content: bytes
    at: int
    fields: tuple[int, ...]
    """The place of each field within the table; 0 for what is not there."""

    def number(self, field: int, kind: str, default: int | float = 0) -> Any:
        """A number of a ``struct`` kind, say "b" for a byte with a sign."""
        place = self._place(field)
        return default if place is None else _number(self.content, place, struct.Struct("<" + kind))

    def table(self, field: int) -> Table | None:
        """A nested table; None where there is none."""
        place = self._place(field)
        return None if place is None else _table(self.content, _target(self.content, place))

    def tables(self, field: int, most: int) -> Sequence[Table]:
        """A vector of tables, of at most ``most``; empty where there is none."""
        start, count = self._vector(field)
        if count > most:
            raise ValueError("it lists more parts than any network has")
        places = range(start, start + count * _UINT32.size, _UINT32.size)
        return [_table(self.content, _target(self.content, place)) for place in places]

    def numbers(self, field: int, kind: str) -> np.ndarray[Any, np.dtype[Any]]:
        """A vector of numbers of a NumPy kind, say "<i4", as a view of the file; empty where there is none."""
        start, count = self._vector(field)
        dtype = np.dtype(kind)
        if count * dtype.itemsize > len(self.content) - start:
            raise ValueError("numbers beyond the end")
        return np.frombuffer(self.content, dtype, count, start)

    def _place(self, field: int) -> int | None:
        within = self.fields[field] if field < len(self.fields) else 0
        return self.at + within if within else None

    def _vector(self, field: int) -> tuple[int, int]:
        """Where a vector's elements begin, and how many there are."""
        place = self._place(field)
        if place is None:
            return 0, 0
        start = _target(self.content, place)
        return start + _UINT32.size, _number(self.content, start, _UINT32)


def _table(content: bytes, at: int) -> Table:
    listed = at - _number(content, at, _INT32)
    if listed < 0:
        raise ValueError("a part before the beginning")
    size = _number(content, listed, _UINT16)
    count = (size - _LIST_HEAD_BYTES) // _FIELD_BYTES
    if not 0 <= count <= _MOST_FIELDS or size > len(content) - listed:
        raise ValueError("a list of fields of no possible size")
    return Table(content, at, struct.unpack_from(f"<{count}H", content, listed + _LIST_HEAD_BYTES))


def _target(content: bytes, place: int) -> int:
    return place + int(_number(content, place, _UINT32))


def _number(content: bytes, at: int, form: struct.Struct) -> Any:
    if not 0 <= at <= len(content) - form.size:
        raise ValueError("it ends too early")
    return form.unpack_from(content, at)[0]
