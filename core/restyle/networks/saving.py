"""Saving weights: a file is whole or not there, and one that a program has mapped into memory is never written into."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from safetensors.torch import save_file
from torch import Tensor

from restyle.host.replacing import replacing

__all__ = ["save_whole"]


def save_whole(state: Mapping[str, Tensor], path: str | Path, metadata: Mapping[str, str] | None = None) -> None:
    """Write a safetensors file; its name appears when all is written. Raises OSError and SafetensorError."""
    with replacing(Path(path)) as part:
        save_file(dict(state), part, metadata=None if metadata is None else dict(metadata))
