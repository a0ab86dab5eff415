"""What a style training keeps on disk: a checkpoint to go on from, whole or not at all, and a lock against a second training."""

from __future__ import annotations

import logging
import os
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from restyle.errors import OutputUnwritable, TrainingInProgress
from restyle.lock import Lock

__all__ = ["drop_checkpoint", "load_checkpoint", "only_one", "save_checkpoint"]

_log = logging.getLogger(__name__)

_FULL = "the disk is full or the folder may not be written to"


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write a state beside ``path`` and rename it; what was there stays until then. Raises OutputUnwritable."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        torch.save(state, part)
        os.replace(part, path)
    except (OSError, RuntimeError) as error:
        # torch's own writer says RuntimeError where the disk is full.
        part.unlink(missing_ok=True)
        raise OutputUnwritable(path, _FULL) from error


def load_checkpoint(path: Path, origin: str) -> dict[str, Any] | None:
    """Return the state kept for the same ``origin`` (what was to be learned, and how), or None to begin anew."""
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        return state if state["origin"] == origin else None
    except FileNotFoundError:
        return None
    except (OSError, RuntimeError, KeyError, TypeError, EOFError, ValueError, pickle.UnpicklingError) as error:
        _log.warning("the checkpoint %s cannot be read and is not used: %s", path, error)
        return None


def drop_checkpoint(path: Path) -> None:
    """Remove a checkpoint that nobody needs any more."""
    path.unlink(missing_ok=True)


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock file ``path``; raises TrainingInProgress while another training has it, OutputUnwritable."""
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
