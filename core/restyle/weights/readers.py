"""Readers: state dicts from files, whatever their form; code in a file is never executed."""

from __future__ import annotations

import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import Tensor

from restyle.errors import WeightsDamaged

__all__ = ["StateDict", "read_metadata", "read_state_dict"]

StateDict = dict[str, Tensor]

_DAMAGE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
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


def read_state_dict(path: Path) -> StateDict:
    """Read named tensors, onto the CPU, from safetensors, PyTorch's .pth/.pt (tensors only) or NumPy's .npz (numbers
    only).

    Raises WeightsDamaged for anything else: a broken file, another form, or a pickle that would run code.
    """
    try:
        return _reader(path)(path)
    except _DAMAGE as error:
        raise WeightsDamaged(path, "it is broken, of another form, or holds more than numbers") from error


def _reader(path: Path) -> Callable[[Path], StateDict]:
    """By content rather than by name: a download in progress has another name."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
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
    if not isinstance(content, dict) or not all(isinstance(value, Tensor) for value in content.values()):
        raise TypeError("not a state dict")
    return dict(content)
