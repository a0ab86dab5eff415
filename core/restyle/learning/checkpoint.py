"""What a training keeps on disk: a checkpoint to go on from, whole or not at all, and a lock against a second training."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from restyle.contract.errors import OutputUnwritable, TrainingInProgress
from restyle.contract.sentence import said
from restyle.host.lock import Lock
from restyle.host.replacing import part_beside, replacing

__all__ = [
    "ORIGIN",
    "check_place",
    "checkpoint_beside",
    "drop_checkpoint",
    "load_checkpoint",
    "only_one",
    "restore",
    "save_checkpoint",
]

_log = logging.getLogger(__name__)

MODEL_SUFFIX = ".safetensors"
"""By it lists find a model; a photo that was named by mistake stays what it is."""

ORIGIN = "origin"
"""Key in a checkpoint, and in the metadata of the model that comes of it: the fingerprint of the job."""

ORIGIN_DIGITS = 16
"""Of it in a checkpoint's name: enough to tell jobs apart."""

_FULL = said("the disk is full or the folder may not be written to")


def check_place(path: Path) -> None:
    """Raise OutputUnwritable where no file can be written at ``path``, so that nobody learns of it after hours of training."""
    if path.is_dir():
        raise OutputUnwritable(path, said("it is a folder"))
    if path.suffix != MODEL_SUFFIX:
        raise OutputUnwritable(path, said("the ending has to be one of {names}", names=MODEL_SUFFIX))
    part = part_beside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.touch()
        part.unlink()
    except OSError as error:
        raise OutputUnwritable(path, _FULL) from error


def checkpoint_beside(out: Path, origin: str) -> Path:
    """Where the job of this ``origin`` keeps its checkpoint, whose model goes to ``out``.

    By what is learned and not by the model's name: another job of that name leaves it alone.
    """
    return out.with_name(f".{origin[:ORIGIN_DIGITS]}.checkpoint")


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write a state beside ``path`` and rename it; what was there stays until then. Raises OutputUnwritable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as part:
            torch.save(state, part)
    except (OSError, RuntimeError) as error:
        # torch's own writer says RuntimeError where the disk is full.
        raise OutputUnwritable(path, _FULL) from error


def load_checkpoint(path: Path, origin: str) -> dict[str, Any] | None:
    """Return the state kept for the same ``origin`` (what was to be learned, and how), or None to begin anew."""
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        return state if state[ORIGIN] == origin else None
    except FileNotFoundError:
        return None
    except (OSError, RuntimeError, KeyError, TypeError, EOFError, ValueError, pickle.UnpicklingError) as error:
        _log.warning("the checkpoint %s cannot be read and is not used: %s", path, error)
        return None


def restore(tensors: Mapping[str, Tensor], kept: Mapping[str, Tensor]) -> None:
    """Copy what a checkpoint kept into the tensors of a training, which stay on their device."""
    for name, tensor in tensors.items():
        tensor.copy_(kept[name])


def drop_checkpoint(path: Path) -> None:
    """Remove a checkpoint that nobody needs any more."""
    path.unlink(missing_ok=True)


@contextmanager
def only_one(out: Path) -> Iterator[None]:
    """Hold the lock of the model ``out``; raises TrainingInProgress while another training has it, OutputUnwritable."""
    path = out.with_name(f".{out.stem}.lock")
    lock = Lock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        taken = lock.acquire()
    except OSError as error:
        raise OutputUnwritable(path, _FULL) from error
    if not taken:
        raise TrainingInProgress
    try:
        yield
    finally:
        lock.release()
