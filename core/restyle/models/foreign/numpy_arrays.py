"""NumPy's arrays (`.npy`), and archives of them (`.npz`), as data.

The head of an array is Python's text of a dictionary. It is matched, not evaluated: NumPy's own reader parses it as a program's
text, and so meets whatever a parser can.
"""

from __future__ import annotations

import math
import re
import struct
import zipfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from restyle.models.foreign.archive import opened_archive, unpacked
from restyle.models.foreign.opening import is_ordinary

__all__ = ["holds_arrays", "read_array", "read_arrays"]

_ENDING = ".npy"
_MAGIC = b"\x93NUMPY"
_LENGTHS = {1: struct.Struct("<H"), 2: struct.Struct("<I"), 3: struct.Struct("<I")}
"""How the length of the head is written, by the format's version."""
_LONGEST_HEAD = 10_000  # NumPy's own limit
_MOST_DIMENSIONS = 8
_HEAD = re.compile(
    rb"\{\s*'descr': '([<>|=]?(?:b1|u1|i[1248]|f[248]))', 'fortran_order': (True|False), 'shape': \(([0-9L, ]*)\),?\s*\}\s*"
)


def holds_arrays(archive: zipfile.ZipFile) -> bool:
    """Whether an archive holds arrays and nothing else."""
    names = archive.namelist()
    return bool(names) and all(name.endswith(_ENDING) for name in names)


def read_arrays(path: Path) -> dict[str, Tensor]:
    """All arrays of numbers by name; ValueError, LookupError, BadZipFile or OSError for anything else."""
    with opened_archive(path) as archive:
        return {name.removesuffix(_ENDING): _array(unpacked(archive, name)) for name in archive.namelist()}


def read_array(path: Path, most_bytes: int) -> Tensor:
    """The array of numbers in a file of at most so many bytes; ValueError or OSError for anything else."""
    if not is_ordinary(path):
        raise ValueError("there is no such file")
    with path.open("rb") as file:
        content = bytearray(file.read(most_bytes + 1))
    if len(content) > most_bytes:
        raise ValueError("an array larger than it may be")
    return _array(content)


def _array(content: bytearray) -> Tensor:
    if len(content) < len(_MAGIC) + 2 or not content.startswith(_MAGIC) or content[len(_MAGIC)] not in _LENGTHS:
        raise ValueError("an array without its head")
    form, at = _LENGTHS[content[len(_MAGIC)]], len(_MAGIC) + 2
    (length,) = form.unpack_from(content, at)
    start = at + form.size + length
    head = _HEAD.fullmatch(content[at + form.size : start]) if length <= _LONGEST_HEAD else None
    if head is None:
        raise ValueError("an array of no plain numbers")
    dtype, sizes = np.dtype(head[1].decode()), [int(size.rstrip(b"L ")) for size in head[3].split(b",") if size.strip()]
    if len(sizes) > _MOST_DIMENSIONS or len(content) - start != math.prod(sizes) * dtype.itemsize:
        raise ValueError("an array whose size is not that of its shape")
    numbers = np.frombuffer(content, dtype, math.prod(sizes), start)
    shaped = numbers.reshape(sizes, order="F" if head[2] == b"True" else "C")
    return torch.from_numpy(np.array(shaped, dtype.newbyteorder("="), order="C"))
