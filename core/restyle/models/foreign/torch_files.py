"""PyTorch's files of weights (`.pth`, `.pt`), in both of their forms, read without its unpickler.

Since 2020 a file is an archive: a pickle beside one part for each storage of numbers. Before, it was a row of pickles, with the
storages behind them. Tensors are views of storages, which several of them may share.
"""

from __future__ import annotations

import math
import mmap
import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from restyle.models.foreign.archive import opened_archive, unpacked
from restyle.models.foreign.pickles import Named, read_pickle

__all__ = ["StateDict", "read_torch"]

StateDict = dict[str, Tensor]

_MAGIC = 0x1950A86A20F9469CFC6C
_COUNT = struct.Struct("<q")
_PICKLE = "data.pkl"
_MOST_DIMENSIONS = 8
_MOST_COPIES = 4
"""Times its file that a model's tensors may hold, when several are parts of the same numbers."""
_DEEPEST = 8
"""Dictionaries in dictionaries, of the weights of several networks in one file."""

_DTYPES = {
    "Float": torch.float32,
    "Double": torch.float64,
    "Half": torch.float16,
    "BFloat16": torch.bfloat16,
    "Long": torch.int64,
    "Int": torch.int32,
    "Short": torch.int16,
    "Char": torch.int8,
    "Byte": torch.uint8,
    "Bool": torch.bool,
}
_STORAGE = re.compile(r"torch(?:\.cuda)? (\w+)Storage")
_REBUILT = ("torch._utils _rebuild_tensor", "torch._utils _rebuild_tensor_v2")
_PARAMETERS = ("torch._utils _rebuild_parameter", "torch._utils _rebuild_parameter_with_state", "torch.nn.parameter Parameter")

_WEIGHTS_OF = ("state_dict", "model_state_dict", "params_ema", "params", "model", "net", "network", "generator", "weights")
"""Under which names programs keep the weights in a checkpoint, beside what else they keep; the first of them counts."""


@dataclass(frozen=True)
class _Storage:
    dtype: torch.dtype
    key: str
    count: int


@dataclass(frozen=True)
class _View:
    """A tensor, as a view of a storage."""

    storage: _Storage
    offset: int
    sizes: tuple[int, ...]
    strides: tuple[int, ...]

    @property
    def size_bytes(self) -> int:
        return math.prod(self.sizes) * self.storage.dtype.itemsize


def read_torch(path: Path, head: bytes) -> StateDict:
    """The tensors of a state dict, or of a checkpoint that holds one, on the CPU; names of nested ones are joined by dots.

    Raises ValueError, LookupError, TypeError, OSError, RuntimeError or BadZipFile for anything else.
    """
    return _read_zipped(path) if head.startswith(b"PK") else _read_row(path)


def _read_zipped(path: Path) -> StateDict:
    with opened_archive(path) as archive:
        names = archive.namelist()
        folder = next((name.removesuffix(_PICKLE) for name in names if name.endswith(f"/{_PICKLE}")), None)
        if folder is None:
            raise ValueError("an archive without weights")
        if f"{folder}byteorder" in names and unpacked(archive, f"{folder}byteorder") != b"little":
            raise ValueError("it was written on a big-endian machine")
        content, _ = read_pickle(unpacked(archive, f"{folder}{_PICKLE}"))
        return _tensors(content, path, lambda storage: unpacked(archive, f"{folder}data/{storage.key}"))


def _read_row(path: Path) -> StateDict:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if read_pickle(content)[0] != _MAGIC:
            raise ValueError("a pickle that PyTorch did not write")
        _, facts = read_pickle(content), read_pickle(content)[0]
        if not isinstance(facts, dict) or not facts.get("little_endian"):
            raise ValueError("it was written on a big-endian machine")
        value, outside = read_pickle(content)
        keys, _ = read_pickle(content)
        places = _places(content, keys, {storage.key: storage for storage in map(_storage, outside)})
        return _tensors(value, path, lambda storage: bytearray(content[places[storage.key]]))


def _places(content: mmap.mmap, keys: list[str], storages: Mapping[str, _Storage]) -> dict[str, slice]:
    """Where in the file the numbers of each storage lie, one behind the other in the order of ``keys``."""
    places: dict[str, slice] = {}
    at = content.tell()
    for key in keys:
        storage = storages[key]
        at += _COUNT.size
        if _COUNT.unpack_from(content, at - _COUNT.size) != (storage.count,):
            raise ValueError("a storage of another size than it is said to have")
        places[key] = slice(at, at + storage.count * storage.dtype.itemsize)
        at = places[key].stop
    return places


def _tensors(content: Any, path: Path, numbers_of: Callable[[_Storage], bytearray]) -> StateDict:
    views = _views(_weights_of(content), "", 0)
    if sum(view.size_bytes for view in views.values()) > _MOST_COPIES * path.stat().st_size:
        raise ValueError("tensors larger than their file")
    storages: dict[str, Tensor] = {}
    for storage in (view.storage for view in views.values()):
        if storage.key not in storages:
            storages[storage.key] = _filled(storage, numbers_of(storage))
    return {name: _tensor(view, storages[view.storage.key]) for name, view in views.items()}


def _filled(storage: _Storage, numbers: bytearray) -> Tensor:
    if len(numbers) != storage.count * storage.dtype.itemsize:
        raise ValueError("a storage of another size than it is said to have")
    return torch.frombuffer(numbers, dtype=storage.dtype) if numbers else torch.empty(0, dtype=storage.dtype)


def _tensor(view: _View, storage: Tensor) -> Tensor:
    if 0 in view.sizes:
        return storage.new_empty(view.sizes)
    last = view.offset + sum((size - 1) * stride for size, stride in zip(view.sizes, view.strides, strict=True))
    # One number, said to be repeated, would become real when the tensor is converted.
    if last >= len(storage) or math.prod(view.sizes) > len(storage):
        raise ValueError("a tensor larger than its numbers")
    return storage.as_strided(view.sizes, view.strides, view.offset).contiguous()


def _weights_of(content: Any) -> dict[Any, Any]:
    """The state dict in what a program has saved."""
    if isinstance(content, Named):
        raise ValueError(f"it holds {_called(content)}, a part of a program, instead of weights alone (its state_dict)")
    if not isinstance(content, dict):
        raise ValueError("it holds no state dict")
    return next((content[name] for name in _WEIGHTS_OF if isinstance(content.get(name), dict)), content)


def _views(state: Mapping[Any, Any], before: str, depth: int) -> dict[str, _View]:
    """The tensors of a state dict and of those in it, names joined by dots; ValueError where there is anything else."""
    if depth > _DEEPEST:
        raise ValueError("dictionaries nested deeper than any model's")
    views: dict[str, _View] = {}
    for name, value in state.items():
        if isinstance(value, dict):
            views |= _views(value, f"{before}{name}.", depth + 1)
        else:
            views[f"{before}{name}"] = _view(value, f"{before}{name}")
    return views


def _view(value: Any, name: str) -> _View:
    while isinstance(value, Named) and value.name in _PARAMETERS and value.arguments:
        value = value.arguments[0]
    if not isinstance(value, Named) or value.name not in _REBUILT or not value.is_call:
        raise ValueError(f"it holds {_called(value)} as {name[:60]}, instead of numbers")
    outside, offset, sizes, strides, *_ = value.arguments
    if not isinstance(outside, Named) or outside.name or not isinstance(offset, int):
        raise ValueError("a tensor of no storage")
    return _View(_storage(outside.arguments[0]), _whole(offset), _wholes(sizes), _wholes(strides))


def _storage(described: Any) -> _Storage:
    kind, named, key, _, count, *rest = described
    found = _STORAGE.fullmatch(named.name) if isinstance(named, Named) else None
    if kind != "storage" or found is None or found[1] not in _DTYPES or not isinstance(key, str) or rest not in ([], [None]):
        raise ValueError("numbers of an unknown kind")
    return _Storage(_DTYPES[found[1]], key, _whole(count))


def _wholes(values: Any) -> tuple[int, ...]:
    if not isinstance(values, tuple) or len(values) > _MOST_DIMENSIONS:
        raise ValueError("a tensor of no possible shape")
    return tuple(_whole(value) for value in values)


def _whole(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value < 1 << 40:
        raise ValueError("a tensor of no possible shape")
    return value


def _called(value: Any) -> str:
    return value.name.replace(" ", ".")[:60] if isinstance(value, Named) else f"a {type(value).__name__}"
