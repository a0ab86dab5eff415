"""Kept files: what the folder of models holds, safetensors with notes of what they were made of and a hash of their numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import Tensor

from restyle.contract.errors import OutputUnwritable, WeightsDamaged
from restyle.contract.sentence import said
from restyle.host.replacing import replacing
from restyle.models.foreign.readers import read_metadata, read_state_dict

__all__ = ["ARCHITECTURE", "FAMILY", "SOURCE_HASH", "check_kept", "write_kept"]

ARCHITECTURE = "architecture"
"""Key in a kept file's metadata: what its network is, or its networks are, as JSON."""
FAMILY = "family"
"""Key in a kept file's metadata: what its network is for, "style" or "domain"; "style" where it does not say."""
SOURCE_HASH = "source_sha256"
"""Key in a kept file's metadata: the hash of the published file that it was made of."""
_TENSORS_HASH = "tensors_sha256"
"""Key in a kept file's metadata: the hash of its tensors as they were written."""


def write_kept(target: Path, state: Mapping[str, Tensor], metadata: Mapping[str, str]) -> Path:
    """Write tensors and notes; the name appears only when all is written. Raises OutputUnwritable."""
    whole = {name: tensor.contiguous() for name, tensor in state.items()}
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as part:
            save_file(whole, part, metadata={**metadata, _TENSORS_HASH: _hash_of(whole)})
    except (OSError, SafetensorError) as error:
        raise OutputUnwritable(target, said("the disk is full or the folder may not be written to")) from error
    return target


def check_kept(path: Path) -> None:
    """WeightsDamaged unless the tensors still have the hash that was written beside them."""
    recorded = read_metadata(path).get(_TENSORS_HASH)
    if recorded is None:
        raise WeightsDamaged(path, said("it does not say what it was made of"))
    if _hash_of(read_state_dict(path)) != recorded:
        raise WeightsDamaged(path, said("its numbers have changed since it came here"))


def _hash_of(state: Mapping[str, Tensor]) -> str:
    """One hash over names, shapes, dtypes and numbers."""
    digest = hashlib.sha256()
    for name in sorted(state):
        tensor = state[name].contiguous()
        digest.update(f"{name} {tuple(tensor.shape)} {tensor.dtype}\n".encode())
        digest.update(tensor.flatten().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
