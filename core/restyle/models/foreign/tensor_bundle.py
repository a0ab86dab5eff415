"""TensorFlow's tensor bundles (`NAME.index` and `NAME.data-00000-of-00001`), read without TensorFlow.

The index is a sorted table of names and descriptions; each description says where in the data a tensor's numbers lie and what
their checksum is. Format: tensorflow/core/protobuf/tensor_bundle.proto. What is no number (the graph of objects of TensorFlow 2)
is passed over; partitioned variables are refused.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from restyle.contract.errors import WeightsDamaged
from restyle.contract.sentence import said
from restyle.models.foreign.crc32c import crc32c, masked
from restyle.models.foreign.opening import MOST_BYTES, is_ordinary, reading
from restyle.models.foreign.protobuf import Fields, message_in, number_in, read_fields
from restyle.models.foreign.sorted_table import read_table

__all__ = ["bundle_files", "is_tensor_bundle", "read_tensor_bundle"]

_INDEX_SUFFIX = ".index"
_MOST_INDEX_BYTES = 4 << 20
_MOST_DIMENSIONS = 8
_MOST_COPIES = 4  # times its data
_MOST_SHARDS = 1000

_HEADER_SHARDS, _HEADER_ENDIANNESS = 1, 2
_DTYPE, _SHAPE, _SHARD, _OFFSET, _SIZE, _CHECKSUM, _SLICES = 1, 2, 3, 4, 5, 6, 7
_SHAPE_DIMENSION, _SHAPE_UNKNOWN, _DIMENSION_SIZE = 2, 3, 1

_NUMBERS: dict[int, np.dtype[Any]] = {
    number: np.dtype(name)
    for number, name in {1: "<f4", 2: "<f8", 3: "<i4", 4: "<u1", 5: "<i2", 6: "<i1", 9: "<i8", 10: "?", 19: "<f2"}.items()
}
"""TensorFlow's DataType of the kinds of numbers that are read."""
_BFLOAT16 = 14


@dataclass(frozen=True)
class _Entry:
    """Where a tensor's numbers lie, and what they are."""

    dtype: int
    shape: tuple[int, ...]
    shard: int
    offset: int
    size: int
    checksum: int


def is_tensor_bundle(path: Path) -> bool:
    """Whether the name is that of one of a bundle's two files."""
    return path.name.endswith(_INDEX_SUFFIX) or ".data-" in path.name


def bundle_files(path: Path) -> tuple[Path, ...]:
    """The index and the data of the bundle that ``path`` is one file of; raises WeightsDamaged where one is missing."""
    stem = path.name.removesuffix(_INDEX_SUFFIX).split(".data-")[0]
    index = path.with_name(stem + _INDEX_SUFFIX)
    # Not by glob: a name may hold its special characters.
    data = sorted(file for file in path.parent.iterdir() if file.name.startswith(f"{stem}.data-"))
    if not is_ordinary(index) or not all(map(is_ordinary, data)) or not data:
        missing = "its data file" if is_ordinary(index) else "its index"
        raise WeightsDamaged(path, said("{missing} is not beside it", missing=missing))
    return index, *data


def read_tensor_bundle(index_path: Path) -> dict[str, Tensor]:
    """All tensors of numbers, by variable name and in TensorFlow's layout (filters are HWIO), on the CPU.

    Every block and tensor is checked against its checksum. Raises WeightsDamaged.
    """
    with reading(index_path, said("it is no checkpoint of TensorFlow's, or damaged")):
        index, *shards = bundle_files(index_path)
        if index.stat().st_size > _MOST_INDEX_BYTES or sum(shard.stat().st_size for shard in shards) > MOST_BYTES:
            raise ValueError("an index or data larger than any model's")
        return _read(index, shards)


def _read(index: Path, shards: list[Path]) -> dict[str, Tensor]:
    table = read_table(index.read_bytes())
    header = read_fields(table.pop(b""))
    count = number_in(header, _HEADER_SHARDS)
    if number_in(header, _HEADER_ENDIANNESS) != 0 or not 0 < count <= _MOST_SHARDS:
        raise ValueError("it was written on a big-endian machine, or in too many parts")
    stem = index.name.removesuffix(_INDEX_SUFFIX)
    names = {f"{stem}.data-{number:05}-of-{count:05}": number for number in range(count)}
    data = {names[path.name]: np.memmap(path, np.uint8, "r") for path in shards if path.name in names}
    entries = {key.decode(): entry for key, value in table.items() if (entry := _entry(value)) is not None}
    # Tensors lie side by side: many of the same numbers would let a small file fill any memory.
    if sum(entry.size for entry in entries.values()) > _MOST_COPIES * sum(len(shard) for shard in data.values()):
        raise ValueError("many times more numbers than there are")
    return {name: _tensor(name, entry, data) for name, entry in entries.items()}


def _entry(value: bytes) -> _Entry | None:
    """The description of a tensor; None for what holds no numbers."""
    fields = read_fields(value)
    dtype = number_in(fields, _DTYPE)
    if dtype not in _NUMBERS and dtype != _BFLOAT16:
        return None
    if _SLICES in fields:
        raise ValueError("it is partitioned")
    shape = _shape(fields)
    entry = _Entry(dtype, shape, *(number_in(fields, item) for item in (_SHARD, _OFFSET, _SIZE, _CHECKSUM)))
    itemsize = _NUMBERS[dtype].itemsize if dtype in _NUMBERS else 2
    if entry.size != math.prod(shape) * itemsize:
        raise ValueError("a tensor's size is not that of its shape")
    return entry


def _shape(fields: Fields) -> tuple[int, ...]:
    shape = read_fields(message_in(fields, _SHAPE))
    sizes = tuple(
        number_in(read_fields(item), _DIMENSION_SIZE) for item in shape.get(_SHAPE_DIMENSION, []) if isinstance(item, bytes)
    )
    if len(sizes) > _MOST_DIMENSIONS or _SHAPE_UNKNOWN in shape or any(size >= 1 << 31 for size in sizes):
        raise ValueError("a tensor of no possible shape")
    return sizes


def _tensor(name: str, entry: _Entry, data: Mapping[int, np.memmap[Any, Any]]) -> Tensor:
    if entry.shard not in data:
        raise ValueError(f"the data file of {name} is missing")
    shard = data[entry.shard]
    if entry.offset + entry.size > len(shard):
        raise ValueError(f"the data ends before {name} does")
    content = bytes(shard[entry.offset : entry.offset + entry.size])
    if masked(crc32c(content)) != entry.checksum:
        raise ValueError(f"{name} has a wrong checksum")
    if entry.dtype == _BFLOAT16:
        return torch.from_numpy(np.frombuffer(content, "<i2").copy()).view(torch.bfloat16).reshape(entry.shape)
    return torch.from_numpy(np.frombuffer(content, _NUMBERS[entry.dtype]).reshape(entry.shape).copy())
