"""Saving weights: a file is whole or not there, and one that a program has mapped into memory is never written into."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from safetensors.torch import save_file
from torch import Tensor

__all__ = ["save_whole"]


def save_whole(state: Mapping[str, Tensor], path: str | Path, metadata: Mapping[str, str] | None = None) -> None:
    """Write a safetensors file; its name appears when all is written. Raises OSError and SafetensorError."""
    target = Path(path)
    # Hidden while it is written: whoever lists the folder shall not see it.
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        save_file(dict(state), part, metadata=None if metadata is None else dict(metadata))
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
