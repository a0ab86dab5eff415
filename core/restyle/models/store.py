"""Store: the weights that are on this computer, and how more of them come here."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

from safetensors import SafetensorError

from restyle.contract.errors import UnusableModel, WeightsDamaged, WeightsUnavailable
from restyle.contract.progress import Progress, SilentProgress
from restyle.contract.sentence import said
from restyle.host.device import is_out_of_memory
from restyle.host.home import models_folder
from restyle.models.cache import ON_CPU, NetworkCache, Placement
from restyle.models.entries import STYLES_FOLDER, PublishedFile, WeightsEntry
from restyle.models.fetch import Download, download, sha1_of, sha256_of
from restyle.models.foreign.graphs import graph_notes
from restyle.models.foreign.opening import MOST_BYTES, is_ordinary
from restyle.models.foreign.readers import read_metadata, read_state_dict
from restyle.models.foreign.tflite import is_tflite
from restyle.models.foreign.tflite_network import read_tflite_network
from restyle.models.kept import SOURCE_HASH, check_kept, write_kept
from restyle.models.manifest import find_weights, known_weights, no_styles
from restyle.models.own_models import import_own_model, list_own_models
from restyle.models.plan_colors import Color

__all__ = ["SHIPPED_FOLDER", "Store"]

SHIPPED_FOLDER = Path(__file__).parent / "box"
"""The weights that come with Restyle."""

_SUMS = "SHA256SUMS"
"""In that folder, as `sha256sum` writes it: what each of its files must be."""

_MISFITS = (ArithmeticError, LookupError, OSError, RuntimeError, SafetensorError, TypeError, ValueError)
"""What networks raise that are given weights of another network."""

Network = TypeVar("Network")


class Store:
    """The weights of one user: what ships with Restyle, and what lies in ``home``/models.

    ``entries`` is the manifest; only tests bring their own. ``networks`` are those that are loaded already; who makes a store for
    each of many jobs hands the same to all of them.
    """

    def __init__(
        self, home: Path | None = None, entries: dict[str, WeightsEntry] | None = None, networks: NetworkCache | None = None
    ) -> None:
        self.folder = models_folder(home)
        self.networks = networks or NetworkCache()
        self._entries = known_weights() if entries is None else entries
        self._looked_at: dict[tuple[Path, PublishedFile, int, int], bool] = {}

    def path(self, weights_id: str) -> Path:
        """The file of these weights; raises UnknownWeights, WeightsUnavailable, WeightsDamaged (a changed one in the box).

        Published files that a person has put into the folder of models are taken over first (checked, and what is needed of them
        kept), so that no command is needed for it.
        """
        entry = find_weights(weights_id, self._entries)
        # The user's folder comes first, so that a newer set can be tried without touching the installation.
        if (self.folder / entry.filename).is_file():
            return self.folder / entry.filename
        if (SHIPPED_FOLDER / entry.filename).is_file():
            return _as_shipped(SHIPPED_FOLDER / entry.filename, self.networks.hash_of)
        if self._has_dropped(entry):
            return self.import_file(weights_id, self.folder / entry.files[0].name)
        raise WeightsUnavailable(entry.id, entry.url)

    def network(
        self, weights_id: str, form: tuple[str, ...], build: Callable[[Path], Network], place: Placement = ON_CPU
    ) -> Network:
        """The network that ``build`` makes of these weights, or has made before; it is shared, so nobody changes it.

        ``form`` is its name for people and what else ``build`` goes by. Raises what ``path`` raises, and WeightsDamaged where the
        weights are those of another network.
        """
        path = self.path(weights_id)
        try:
            return self.networks.load(path, form, build, place)
        except _MISFITS as error:
            if is_out_of_memory(error):
                raise
            raise WeightsDamaged(path, said("it is no {form}", form=form[0])) from error

    def has(self, weights_id: str) -> bool:
        """Whether these weights are here; raises UnknownWeights."""
        entry = find_weights(weights_id, self._entries)
        kept = any((folder / entry.filename).is_file() for folder in (self.folder, SHIPPED_FOLDER))
        return kept or self._has_dropped(entry)

    def entry(self, weights_id: str) -> WeightsEntry:
        """What is known of these weights; raises UnknownWeights."""
        return find_weights(weights_id, self._entries)

    def gathered_bytes(self, weights_id: str) -> int:
        """How much of their published files an earlier download has left here; raises UnknownWeights."""
        entry = find_weights(weights_id, self._entries)
        found = [path for file in entry.files for path in self._places(entry, file) if path.is_file()]
        return sum(path.stat().st_size for path in found)

    def fetch(self, weights_id: str, progress: Progress | None = None) -> Path:
        """Download the published files unless they are here, keep what is needed of them, and return where that is.

        Raises what ``download`` raises, and WeightsUnavailable for weights that are not published anywhere.
        """
        if self.has(weights_id):
            return self.path(weights_id)
        entry = find_weights(weights_id, self._entries)
        if not entry.files:
            raise WeightsUnavailable(entry.id)
        sources = [self._bring(entry, file, progress or SilentProgress()) for file in entry.files]
        kept = self._keep(entry, sources)
        for source in sources:
            source.unlink()
        return kept

    def import_file(self, weights_id: str, source: Path) -> Path:
        """Take weights from a file that is already on this computer: a published one, or what another computer kept of it.

        Where several files make one set, ``source`` is any of them and the others lie beside it. The files stay. Raises
        WeightsDamaged when one is something else, UnknownWeights, HomeUnusable, OutputUnwritable.
        """
        entry = find_weights(weights_id, self._entries)
        if not source.is_file():
            raise WeightsDamaged(source, said("there is no such file"))
        if entry.files and read_metadata(source).get(SOURCE_HASH) == entry.fingerprint:
            check_kept(source)
            return write_kept(self.folder / entry.filename, read_state_dict(source), read_metadata(source))
        # A single file may have any name; of several, the names say which is which.
        sources = [source] if len(entry.files) == 1 else [source.with_name(file.name) for file in entry.files]
        for path, file in zip(sources, entry.files, strict=True):
            if not path.is_file() or not _is_published(path, file):
                raise WeightsDamaged(path, said("it is not what was published as {name}", name=file.name))
        if not sources:
            raise WeightsDamaged(source, said("{title} comes with Restyle", title=entry.title))
        return self._keep(entry, sources)

    def import_any(self, source: Path, name: str = "", colors: tuple[Color, ...] = ()) -> Path:
        """Take what a file holds: weights that are published, by their hash, or else a network that paints, by its content.

        A network that paints plans needs ``colors``, where no file of them lies beside it.

        Raises what ``import_file`` and ``import_own_model`` raise.
        """
        if not source.is_file():
            raise UnusableModel(source, said("there is no such file"))
        try:
            known = self._recognised(source)
        except OSError as error:
            raise UnusableModel(source, said("it cannot be read")) from error
        if known is not None and (not name or find_weights(known, self._entries).form == "tensors"):
            return self.import_file(known, source)
        return import_own_model(self.folder, source, name, colors=colors)

    def _recognised(self, source: Path) -> str | None:
        """The id of the weights that a file is, or is one file of, by its hash; None for files that were published nowhere."""
        noted = read_metadata(source).get(SOURCE_HASH)
        for entry in self._entries.values():
            if entry.files and noted == entry.fingerprint:
                return entry.id
        size = source.stat().st_size
        candidates = [(entry, file) for entry in self._entries.values() for file in entry.files if file.size_bytes in (0, size)]
        for entry, file in candidates:
            if _is_published(source, file):
                return entry.id
        return None

    def verify(self, weights_id: str) -> None:
        """Read these weights wholly and compare them with the hash taken when they came.

        Raises WeightsDamaged, WeightsUnavailable, UnknownWeights.
        """
        path = self.path(weights_id)
        if path.parent == SHIPPED_FOLDER:
            # Whatever was seen of it before.
            _as_shipped(path, sha256_of)
        else:
            check_kept(path)

    def own_models(self, folder: str = STYLES_FOLDER) -> dict[str, Path]:
        """The models that a person has brought along, fetched or learned, by name: styles, or what lies in another ``folder``."""
        return list_own_models(self.folder, no_styles(self._entries.values()), folder)

    def own_hash(self, weights_id: str) -> str:
        """The SHA-256 of what came for weights of which no hash was published; "" for others and where they are not here."""
        entry = find_weights(weights_id, self._entries)
        return "" if entry.has_hash else read_metadata(self.folder / entry.filename).get(SOURCE_HASH, "")

    def _has_dropped(self, entry: WeightsEntry) -> bool:
        """Whether all published files lie in the folder: by their content, for anybody may call a model of his own candy.t7."""
        return bool(entry.files) and all(self._is_dropped(self.folder / file.name, file) for file in entry.files)

    def _is_dropped(self, path: Path, file: PublishedFile) -> bool:
        try:
            state = path.stat()
            # A file is read once, not at every look at the list.
            seen = (path, file, state.st_size, state.st_mtime_ns)
            if seen not in self._looked_at:
                self._looked_at[seen] = _is_published(path, file)
        except OSError:
            return False
        return self._looked_at[seen]

    def _bring(self, entry: WeightsEntry, file: PublishedFile, progress: Progress) -> Path:
        """One published file, complete and checked, under a name in the folder that nobody else gives."""
        whole, part = self._places(entry, file)
        if whole.is_file() and _is_published(whole, file):
            return whole
        download(Download(entry.id, file.url, file.sha256, file.size_bytes, part, file.sha1), progress)
        os.replace(part, whole)
        return whole

    def _places(self, entry: WeightsEntry, file: PublishedFile) -> tuple[Path, Path]:
        """Where a published file lies when all of it is here, and before."""
        # Two sets may have files of one name, and a person one of his own. Hidden: whoever lists models shall not see it.
        name = f"{entry.id}-{file.name}"
        return self.folder / f".{name}", self.folder / f"{name}.part"

    def _keep(self, entry: WeightsEntry, sources: list[Path]) -> Path:
        """Store the wanted tensors of ``sources`` as safetensors; the name appears only when all is written."""
        target = self.folder / entry.filename
        if entry.form != "tensors":
            title = entry.title.partition(": ")[2]
            kept = import_own_model(self.folder, sources[0], target.stem, {"title": title, "licence": entry.licence})
            if kept.parent != target.parent:
                kept.unlink()
                raise WeightsDamaged(entry.url, said("what came is a network for another use"))
            return kept
        placed = list(zip(sources, entry.files, strict=True))
        state, notes = graph_notes({file.prefix: read_tflite_network(source) for source, file in placed if is_tflite(source)})
        for source, file in placed:
            # The index of a bundle leads to its data; graphs have been read.
            is_read = ".data-" in file.name or is_tflite(source)
            tensors = {} if is_read else read_state_dict(source)
            state |= {file.prefix + name: tensor for name, tensor in tensors.items() if name.startswith(entry.keep)}
        if not state:
            raise WeightsDamaged(sources[0], said("it holds none of the expected tensors"))
        return write_kept(target, state, {SOURCE_HASH: entry.fingerprint, "licence": entry.licence, **notes})


def _as_shipped(path: Path, hash_of: Callable[[Path], str]) -> Path:
    """A file of the box; WeightsDamaged unless it is the one that was put there."""
    try:
        is_same = hash_of(path) == _shipped_hashes().get(path.name)
    except (OSError, ValueError) as error:
        raise WeightsDamaged(
            path, said("it cannot be compared with what came with Restyle"), said("install Restyle again")
        ) from error
    if not is_same:
        raise WeightsDamaged(path, said("it is not the file that came with Restyle"), said("install Restyle again"))
    return path


@cache
def _shipped_hashes() -> dict[str, str]:
    lines = (SHIPPED_FOLDER / _SUMS).read_text(encoding="ascii").splitlines()
    return {name.lstrip("*"): sha256 for sha256, name in (line.split() for line in lines)}


def _is_published(path: Path, file: PublishedFile) -> bool:
    # A pipe would be waited for, and a file of any size read, since not all sizes are known.
    if not is_ordinary(path) or path.stat().st_size > MOST_BYTES or file.size_bytes not in (0, path.stat().st_size):
        return False
    return sha256_of(path).startswith(file.sha256) if file.sha256 else sha1_of(path) == file.sha1
