"""Readers: state dicts from files, whatever their form; code in a file is never executed."""

from __future__ import annotations

from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file

from restyle.contract.errors import WeightsDamaged
from restyle.contract.sentence import said
from restyle.models.foreign.archive import is_archive, opened_archive
from restyle.models.foreign.numpy_arrays import holds_arrays, read_arrays
from restyle.models.foreign.opening import check_file, is_ordinary, reading
from restyle.models.foreign.tensor_bundle import is_tensor_bundle, read_tensor_bundle
from restyle.models.foreign.torch_files import StateDict, read_torch

__all__ = ["StateDict", "check_finite", "read_metadata", "read_state_dict"]

_HEAD_BYTES = 9
_LENGTH_BYTES = 8
_MOST_NOTES_BYTES = 16 << 20
"""Of a safetensors file's head, which lists tensors and what is noted of them."""


def read_state_dict(path: Path) -> StateDict:
    """Read named tensors, onto the CPU, from safetensors, PyTorch's .pth/.pt (tensors only), NumPy's .npz (numbers only) or
    TensorFlow's bundles (any of their files).

    State dicts by name become one, names joined by dots. Raises WeightsDamaged for anything else: a broken file, another form,
    numbers that are not finite, or a pickle that would run code.
    """
    check_file(path)
    if is_tensor_bundle(path):
        state = read_tensor_bundle(path)
    else:
        with reading(path, said("it is broken, of another form, or holds more than numbers")):
            state = _read(path)
    check_finite(path, state)
    return state


def check_finite(path: Path, state: StateDict) -> None:
    """WeightsDamaged where a number is none: one alone makes a picture black."""
    unsound = next((name for name, tensor in state.items() if tensor.is_floating_point() and not tensor.isfinite().all()), None)
    if unsound is not None:
        raise WeightsDamaged(path, said("the numbers of {unsound} are not finite", unsound=unsound[:60]))


def read_metadata(path: Path) -> dict[str, str]:
    """The notes in the head of a safetensors file; none for another or a broken file."""
    if not is_ordinary(path):
        return {}
    try:
        if not _is_safetensors(_head(path)):
            return {}
        with safe_open(path, framework="pt", device="cpu") as file:
            return dict(file.metadata() or {})
    except (SafetensorError, OSError, ValueError):
        return {}


def _read(path: Path) -> StateDict:
    """By content rather than by name: a download in progress has another name."""
    head = _head(path)
    if is_archive(head):
        with opened_archive(path) as archive:
            arrays = holds_arrays(archive)
        return read_arrays(path) if arrays else read_torch(path, head)
    return load_file(path, device="cpu") if _is_safetensors(head) else read_torch(path, head)


def _is_safetensors(head: bytes) -> bool:
    """Eight bytes of length, then JSON; old .pth files are bare pickles, which begin with another byte."""
    return head[_LENGTH_BYTES:] == b"{" and int.from_bytes(head[:_LENGTH_BYTES], "little") <= _MOST_NOTES_BYTES


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES)
