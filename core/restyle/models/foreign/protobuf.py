"""Protocol buffers' wire format, as far as checkpoints need it: varints, fixed 32 bits and nested bytes."""

from __future__ import annotations

import struct

__all__ = ["Fields", "message_in", "number_in", "read_fields", "read_varint"]

_MOST_FIELDS = 1000

_LONGEST_VARINT = 10  # bytes that 64 bits take
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5

Fields = dict[int, list[int | bytes]]
"""What a message holds, by field number, in order: numbers as they lie there (unsigned), everything else as bytes."""


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """The number at ``at`` and the place after it; raises ValueError where it does not end."""
    value = 0
    for count in range(_LONGEST_VARINT):
        if at + count >= len(data):
            break
        byte = data[at + count]
        value |= (byte & 0x7F) << 7 * count
        if byte < 0x80:
            return value, at + count + 1
    raise ValueError("a number without an end")


def read_fields(message: bytes, most: int = _MOST_FIELDS) -> Fields:
    """The fields of a message, ``most`` of them; raises ValueError where it is none or has more."""
    fields: Fields = {}
    at = count = 0
    while at < len(message):
        count += 1
        if count > most:
            raise ValueError("a message of more parts than any model's")
        tag, at = read_varint(message, at)
        value, at = _value(message, at, tag & 7)
        fields.setdefault(tag >> 3, []).append(value)
    return fields


def _value(message: bytes, at: int, kind: int) -> tuple[int | bytes, int]:
    if kind == _VARINT:
        return read_varint(message, at)
    if kind == _BYTES:
        length, at = read_varint(message, at)
    elif kind in (_FIXED32, _FIXED64):
        length = 4 if kind == _FIXED32 else 8
    else:
        raise ValueError(f"a field of kind {kind}")
    if length > len(message) - at:
        raise ValueError("a field longer than its message")
    part = message[at : at + length]
    value: int | bytes = part
    if kind != _BYTES:
        value = int(struct.unpack("<I" if kind == _FIXED32 else "<Q", part)[0])
    return value, at + length


def number_in(fields: Fields, number: int) -> int:
    """The last value of a field, as protocol buffers want it; 0 where there is none."""
    value = fields.get(number, [0])[-1]
    if not isinstance(value, int):
        raise ValueError("a number that is none")
    return value


def message_in(fields: Fields, number: int) -> bytes:
    """The last value of a field, as protocol buffers want it, which is bytes; none where there is none."""
    value = fields.get(number, [b""])[-1]
    if not isinstance(value, bytes):
        raise ValueError("a message that is none")
    return value
