"""Readers: state dicts from files, whatever their form; code in a file is never executed."""

from __future__ import annotations

import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import Tensor

from restyle.contract.errors import WeightsDamaged
from restyle.models.foreign.tensor_bundle import is_tensor_bundle, read_tensor_bundle

__all__ = ["StateDict", "read_metadata", "read_state_dict"]

StateDict = dict[str, Tensor]

_DAMAGE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SafetensorError,
    TypeError,
    ValueError,
    pickle.UnpicklingError,
    struct.error,
    zipfile.BadZipFile,
)
"""What the readers raise on bytes that make no sense; PyTorch's unpickler does not check what it takes off its stack."""

_SAFETENSORS_HEAD = struct.Struct("<Q")

_MOST_UNPACKED_BYTES = 4 << 30
_MOST_PACKED = 200
"""How many times larger than its file an archive's content may be: zeros pack well, but no weights are zeros."""


def read_state_dict(path: Path) -> StateDict:
    """Read named tensors, onto the CPU, from safetensors, PyTorch's .pth/.pt (tensors only), NumPy's .npz (numbers only) or
    TensorFlow's bundles (any of their files).

    State dicts by name become one, names joined by dots. Raises WeightsDamaged for anything else: a broken file, another form, or
    a pickle that would run code.
    """
    if is_tensor_bundle(path):
        return read_tensor_bundle(path)
    try:
        return _reader(path)(path)
    except _DAMAGE as error:
        raise WeightsDamaged(path, "it is broken, of another form, or holds more than numbers") from error


def _reader(path: Path) -> Callable[[Path], StateDict]:
    """By content rather than by name: a download in progress has another name."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
            if unpacked > min(_MOST_UNPACKED_BYTES, _MOST_PACKED * path.stat().st_size):
                raise ValueError("an archive that unpacks to more than any model")
            return _read_npz if all(name.endswith(".npy") for name in archive.namelist()) else _read_torch
    with path.open("rb") as file:
        head = file.read(_SAFETENSORS_HEAD.size + 1)
    # safetensors: eight bytes of length, then JSON. Old .pth files are bare pickles, which begin with another byte.
    return _read_safetensors if head[_SAFETENSORS_HEAD.size :] == b"{" else _read_torch


def read_metadata(path: Path) -> dict[str, str]:
    """The notes in the head of a safetensors file; none for another or a broken file."""
    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            return dict(file.metadata() or {})
    except (SafetensorError, OSError, ValueError):
        return {}


def _read_safetensors(path: Path) -> StateDict:
    return load_file(path, device="cpu")


def _read_npz(path: Path) -> StateDict:
    with np.load(path, allow_pickle=False) as arrays:
        return {name: torch.from_numpy(np.ascontiguousarray(arrays[name])) for name in arrays.files}


def _read_torch(path: Path) -> StateDict:
    # weights_only: the unpickler knows tensors and containers, and refuses every other name without importing it.
    content = torch.load(path, map_location="cpu", weights_only=True)
    if isinstance(content, dict) and isinstance(content.get("state_dict"), dict):
        content = content["state_dict"]
    if not isinstance(content, dict):
        raise TypeError("not a state dict")
    state = _flattened(content)
    if not all(isinstance(value, Tensor) for value in state.values()):
        raise TypeError("not a state dict")
    if any(tensor.numel() * tensor.element_size() > tensor.untyped_storage().nbytes() for tensor in state.values()):
        # One number, said to be repeated: it would become real when the tensor is converted.
        raise ValueError("tensors larger than their file")
    return state


def _flattened(content: dict[str, Any]) -> dict[str, Any]:
    """State dicts by name (lookup tables are published so) as one, names joined by a dot."""
    flat: dict[str, Any] = {}
    for name, value in content.items():
        flat.update({f"{name}.{part}": tensor for part, tensor in value.items()} if isinstance(value, dict) else {name: value})
    return flat
