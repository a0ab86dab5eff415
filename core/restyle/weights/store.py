"""Store: the weights that are on this computer, and how more of them come here."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import save_file

from restyle.errors import OutputUnwritable, WeightsDamaged, WeightsUnavailable
from restyle.home import models_folder
from restyle.progress import Progress, SilentProgress
from restyle.weights.fetch import Download, download, sha256_of
from restyle.weights.manifest import WEIGHTS, WeightsEntry, find_weights
from restyle.weights.readers import StateDict, read_metadata, read_state_dict

__all__ = ["Store"]

SHIPPED_FOLDER = Path(__file__).parent.parent / "models"
"""The weights that come with Restyle."""

_SOURCE_HASH, _TENSORS_HASH = "source_sha256", "tensors_sha256"
"""Keys in a kept file's metadata: the hash of the published file that it was made of, and of its tensors as written."""


class Store:
    """The weights of one user: what ships with Restyle, and what lies in ``home``/models.

    ``entries`` is the manifest; only tests bring their own.
    """

    def __init__(self, home: Path | None = None, entries: dict[str, WeightsEntry] = WEIGHTS) -> None:
        self.folder = models_folder(home)
        self._entries = entries

    def path(self, weights_id: str) -> Path:
        """The file of these weights; raises UnknownWeights, WeightsUnavailable.

        A published file that a person has put into the folder of models is taken over first (checked, and its features
        kept), so that no command is needed for it.
        """
        entry = find_weights(weights_id, self._entries)
        # The user's folder comes first, so that a newer set can be tried without touching the installation.
        for folder in (self.folder, SHIPPED_FOLDER):
            if (folder / entry.filename).is_file():
                return folder / entry.filename
        dropped = self.folder / entry.published_filename
        if entry.url is not None and dropped.is_file():
            return self.import_file(weights_id, dropped)
        raise WeightsUnavailable(entry.id, entry.url)

    def has(self, weights_id: str) -> bool:
        """Whether these weights are here; raises UnknownWeights."""
        entry = find_weights(weights_id, self._entries)
        names = (entry.filename, entry.published_filename)
        return any((folder / name).is_file() for folder in (self.folder, SHIPPED_FOLDER) for name in names if name)

    def fetch(self, weights_id: str, progress: Progress | None = None) -> Path:
        """Download the published file unless it is here, keep what is needed of it, and return where that is.

        Raises what ``download`` raises, and WeightsUnavailable for weights that are not published anywhere.
        """
        if self.has(weights_id):
            return self.path(weights_id)
        entry = find_weights(weights_id, self._entries)
        if entry.url is None:
            raise WeightsUnavailable(entry.id)
        part = self.folder / f"{entry.published_filename}.part"
        wanted = Download(entry.id, entry.url, entry.sha256, entry.size_bytes, part)
        source = download(wanted, progress or SilentProgress())
        kept = self._keep(entry, source)
        source.unlink()
        return kept

    def import_file(self, weights_id: str, source: Path) -> Path:
        """Take weights from a file that is already on this computer: the published one, or its features as safetensors.

        The file itself stays. Raises WeightsDamaged when it is something else, UnknownWeights, OutputUnwritable.
        """
        entry = find_weights(weights_id, self._entries)
        if not source.is_file():
            raise WeightsDamaged(source, "there is no such file")
        is_published = sha256_of(source) == entry.sha256
        if not is_published and read_metadata(source).get(_SOURCE_HASH, "?") != entry.sha256:
            raise WeightsDamaged(source, f"it is not what was published as {entry.published_filename or entry.title}")
        if not is_published:
            _check_kept(source)
        return self._keep(entry, source)

    def verify(self, weights_id: str) -> None:
        """Read these weights wholly and compare them with the hash taken when they came.

        Raises WeightsDamaged, WeightsUnavailable, UnknownWeights. What ships is read, too, but has its hash in the
        record of the installation.
        """
        path = self.path(weights_id)
        if path.parent == SHIPPED_FOLDER:
            read_state_dict(path)
        else:
            _check_kept(path)

    def _keep(self, entry: WeightsEntry, source: Path) -> Path:
        """Store the wanted tensors of ``source`` as safetensors; the name appears only when all is written."""
        state = {name: tensor for name, tensor in read_state_dict(source).items() if name.startswith(entry.keep)}
        if not state:
            raise WeightsDamaged(source, "it holds none of the expected tensors")
        target = self.folder / entry.filename
        part = target.with_name(f"{target.name}.{os.getpid()}.part")
        metadata = {_SOURCE_HASH: entry.sha256, _TENSORS_HASH: _hash_of(state), "licence": entry.licence}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            save_file({name: tensor.contiguous() for name, tensor in state.items()}, part, metadata=metadata)
            os.replace(part, target)
        except (OSError, SafetensorError) as error:
            part.unlink(missing_ok=True)
            raise OutputUnwritable(target, "the disk is full or the folder may not be written to") from error
        return target


def _check_kept(path: Path) -> None:
    """WeightsDamaged unless the tensors still have the hash that was written beside them."""
    recorded = read_metadata(path).get(_TENSORS_HASH)
    if recorded is None:
        raise WeightsDamaged(path, "it does not say what it was made of")
    if _hash_of(read_state_dict(path)) != recorded:
        raise WeightsDamaged(path, "its numbers have changed since it came here")


def _hash_of(state: StateDict) -> str:
    """One hash over names, shapes, dtypes and numbers."""
    digest = hashlib.sha256()
    for name in sorted(state):
        tensor = state[name].contiguous()
        digest.update(f"{name} {tuple(tensor.shape)} {tensor.dtype}\n".encode())
        digest.update(tensor.flatten().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
