"""Torch7's serialised objects (`.t7`, binary, little-endian, 64-bit), as data: nothing in them is executed.

A file is one object: number, string, boolean, table, or an object of a class (its name and, for all but tensors, a table of its
fields). Tables and objects carry an index, by which the same one is referred to again. Functions are code and refused.
"""

from __future__ import annotations

import math
import mmap
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import Tensor

from restyle.contract.sentence import said
from restyle.models.foreign.opening import check_file, reading

__all__ = ["Torch7Object", "Value", "is_torch7", "read_torch7"]

_NIL, _NUMBER, _STRING, _TABLE, _OBJECT, _BOOLEAN = 0, 1, 2, 3, 4, 5
_FUNCTIONS = (6, 7, 8)

_MOST_VALUES = 400_000  # training histories count, too
_DEEPEST = 300  # a module is three values deep in its container, a graph's node as deep in the one before it
_MOST_COPIES = 4  # times its file that a model's tensors may hold, when several are parts of the same numbers
_LONGEST_NAME = 1024
_LARGEST_KEY = 1 << 31
_MOST_DIMENSIONS = 8

_ELEMENTS: dict[str, np.dtype[Any]] = {
    name: np.dtype(kind)
    for name, kind in {
        "Float": "<f4",
        "Cuda": "<f4",
        "Double": "<f8",
        "CudaDouble": "<f8",
        "Long": "<i8",
        "CudaLong": "<i8",
        "Int": "<i4",
        "CudaInt": "<i4",
        "Short": "<i2",
        "Char": "i1",
        "Byte": "u1",
        "CudaByte": "u1",
        "Half": "<f2",
        "CudaHalf": "<f2",
    }.items()
}
"""Kinds of numbers by the names of Torch7's storages."""


@dataclass(frozen=True)
class Torch7Object:
    """An object of a class, as its class name and its fields."""

    class_name: str
    fields: dict[Any, Any]

    def children(self) -> list[Torch7Object]:
        """What a container of modules contains, in order; ValueError where it holds anything else."""
        modules = self.fields.get("modules")
        if not isinstance(modules, dict):
            raise ValueError(f"{self.class_name} without modules")
        found = [modules.get(number) for number in range(1, len(modules) + 1)]
        if not all(isinstance(item, Torch7Object) for item in found):
            raise ValueError(f"{self.class_name} holds something else than modules")
        return found  # type: ignore[return-value]


Value: TypeAlias = "float | int | bool | str | dict[Any, Any] | Torch7Object | Tensor | None"


def is_torch7(path: Path) -> bool:
    """Whether the file begins as a Torch7 file with an object or a table in it does."""
    with path.open("rb") as file:
        head = file.read(12)
    if len(head) < 12:
        return False
    kind, index, count = struct.unpack("<iii", head)
    # The first object has index 1; then comes a table's length, or "V 1" as the version of a class.
    fits = (kind == _TABLE and 0 <= count < _MOST_VALUES) or (kind == _OBJECT and 0 < count < _LONGEST_NAME)
    return bool(index == 1 and fits)


def read_torch7(path: Path) -> Value:
    """The object in the file; whole numbers are int, tables are dicts. Raises WeightsDamaged."""
    check_file(path)
    with (
        reading(path, said("it is no Torch7 model, or damaged")),
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        value: Value = _Reader(content).value(0)
        return value


class _Reader:
    """A place in the file, and what was read before it."""

    def __init__(self, content: mmap.mmap) -> None:
        self._content, self._at, self._left = content, 0, _MOST_VALUES
        self._room = _MOST_COPIES * len(content)
        self._known: dict[int, Any] = {}
        self._plain: dict[int, Callable[[], Any]] = {
            _NIL: lambda: None,
            _NUMBER: self._number,
            _STRING: lambda: self._text(len(content)),
            _BOOLEAN: lambda: self._int() != 0,
        }

    def value(self, depth: int) -> Any:
        self._left -= 1
        if self._left < 0 or depth > _DEEPEST:
            raise ValueError("more or deeper nested than any model")
        kind = self._int()
        if kind in _FUNCTIONS:
            raise ValueError("it holds code, which is never run")
        if kind in (_TABLE, _OBJECT):
            return self._table(depth) if kind == _TABLE else self._object(depth)
        if kind not in self._plain:
            raise ValueError(f"a value of the unknown kind {kind}")
        return self._plain[kind]()

    def _take(self, count: int) -> bytes:
        if count < 0 or count > len(self._content) - self._at:
            raise ValueError("it ends too early")
        self._at += count
        return self._content[self._at - count : self._at]

    def _int(self) -> int:
        return int(struct.unpack("<i", self._take(4))[0])

    def _longs(self, count: int) -> tuple[int, ...]:
        return struct.unpack(f"<{count}q", self._take(8 * count))

    def _number(self) -> float | int:
        value = float(struct.unpack("<d", self._take(8))[0])
        return int(value) if value.is_integer() else value

    def _text(self, longest: int) -> str:
        length = self._int()
        if length > longest:
            raise ValueError("a text longer than its file")
        return self._take(length).decode("utf-8", "replace")

    def _table(self, depth: int) -> dict[Any, Any]:
        index = self._int()
        if index in self._known:
            known: dict[Any, Any] = _expected(self._known[index], dict)
            return known
        table: dict[Any, Any] = {}
        self._known[index] = table  # before its content, which may refer to it
        for _ in range(self._int()):
            key = self.value(depth + 1)
            value = self.value(depth + 1)
            # Numbers beyond could be chosen to make a dictionary slow.
            if isinstance(key, str) or (isinstance(key, int) and abs(key) < _LARGEST_KEY):
                table[key] = value
        return table

    def _object(self, depth: int) -> Any:
        index = self._int()
        if index in self._known:
            return self._known[index]
        name = self._text(_LONGEST_NAME)
        if name.startswith("V "):
            name = self._text(_LONGEST_NAME)
        kind, _, what = name.removeprefix("torch.").partition("Tensor")
        if name.startswith("torch.") and kind in _ELEMENTS and not what and name.endswith("Tensor"):
            return self._tensor(index, depth)
        if name.startswith("torch.") and name.endswith("Storage"):
            return self._storage(index, name.removeprefix("torch.").removesuffix("Storage"))
        found = Torch7Object(name, {})
        self._known[index] = found
        found.fields.update(_expected(self.value(depth + 1), dict))
        return found

    def _storage(self, index: int, kind: str) -> Any:
        if kind not in _ELEMENTS:
            raise ValueError(f"numbers of the unknown kind {kind[:40]}")
        (count,) = self._longs(1)
        numbers = np.frombuffer(self._take(count * _ELEMENTS[kind].itemsize), _ELEMENTS[kind])
        self._known[index] = numbers
        return numbers

    def _tensor(self, index: int, depth: int) -> Tensor:
        dimensions = self._int()
        if not 0 <= dimensions <= _MOST_DIMENSIONS:
            raise ValueError("a tensor of no possible shape")
        sizes, strides = self._longs(dimensions), self._longs(dimensions)
        offset = self._longs(1)[0] - 1  # Torch7 counts from one
        storage = self.value(depth + 1)
        tensor = torch.empty(0) if storage is None or not dimensions else _view(storage, sizes, strides, offset, self._room)
        self._room -= tensor.nbytes
        self._known[index] = tensor
        return tensor


def _view(storage: Any, sizes: tuple[int, ...], strides: tuple[int, ...], offset: int, room: int) -> Tensor:
    numbers = _expected(storage, np.ndarray)
    if min(sizes) < 0 or min(strides) < 0 or offset < 0:
        raise ValueError("a tensor of no possible shape")
    if 0 in sizes:
        return torch.empty(0)
    last = offset + sum((size - 1) * stride for size, stride in zip(sizes, strides, strict=True))
    # A stride of zero, or many tensors of the same numbers, would let a small file fill any memory.
    if last >= len(numbers) or math.prod(sizes) > min(len(numbers), room // numbers.itemsize):
        raise ValueError("a tensor larger than its numbers")
    itemsize = numbers.itemsize
    view = np.lib.stride_tricks.as_strided(numbers[offset:], sizes, tuple(stride * itemsize for stride in strides))
    return torch.from_numpy(np.array(view, dtype=numbers.dtype.newbyteorder("=")))


def _expected(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise ValueError(f"{type(value).__name__} where {kind.__name__} was expected")
    return value
