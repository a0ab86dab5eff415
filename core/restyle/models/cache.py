"""Cache: the networks that jobs have loaded, for the jobs that come after.

A network is known by what its file holds (a hash, so that a file that is put in another's place is another network), by what was
built of it, and by where it computes in which precision. The bytes of all together are bounded; what was used longest ago leaves.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

import torch
from torch import nn

from restyle.contract.errors import WeightsDamaged
from restyle.contract.sentence import said
from restyle.host.device import Device
from restyle.models.fetch import sha256_of

__all__ = ["ON_CPU", "FileHashes", "NetworkCache", "Placement"]

MOST_BYTES = 512 << 20
"""VGG-19's features in single precision four times over, with room for all that ships."""

KEPT_S = 120.0
"""Longer than a person looks at a result before trying again; then all are loaded anew in a tenth of a second."""

Built = TypeVar("Built")


@dataclass(frozen=True)
class Placement:
    """Where a network computes, in which precision, and in which order its numbers lie."""

    device: torch.device
    precision: torch.dtype
    memory_format: torch.memory_format

    @classmethod
    def of(cls, device: Device) -> Placement:
        """As the device prefers it."""
        return cls(device.torch_device, device.precision, device.memory_format)

    def put(self, network: nn.Module) -> None:
        """Move a network there, in place, not to be trained any more."""
        network.requires_grad_(False).eval()
        network.to(device=self.device, dtype=self.precision)
        network.to(memory_format=self.memory_format)  # type: ignore[call-overload]


ON_CPU = Placement(torch.device("cpu"), torch.float32, torch.contiguous_format)
"""For networks so small, or so exact, that no other device pays."""


class FileHashes:
    """SHA-256 of files; each is read once, and again when its size, its time or the file itself is another."""

    def __init__(self) -> None:
        self._known: dict[tuple[Path, int, int, int], str] = {}

    def __call__(self, path: Path) -> str:
        """The hash in hexadecimal; raises OSError."""
        state = path.stat()
        seen = (path, state.st_size, state.st_mtime_ns, state.st_ino)
        if seen not in self._known:
            self._known[seen] = sha256_of(path)
        return self._known[seen]


@dataclass(frozen=True)
class _Key:
    sha256: str
    form: tuple[str, ...]
    place: Placement


class NetworkCache:
    """Networks of one process, shared by all: nobody changes one that was found here. Any thread may call all methods."""

    def __init__(self, most_bytes: int = MOST_BYTES, clock: Callable[[], float] = time.monotonic) -> None:
        self._most_bytes, self._clock, self.hash_of = most_bytes, clock, FileHashes()
        self._used_at = clock()
        self._lock = threading.Lock()
        self._held: OrderedDict[_Key, tuple[Any, int]] = OrderedDict()

    def load(self, path: Path, form: tuple[str, ...], build: Callable[[Path], Built], place: Placement = ON_CPU) -> Built:
        """What ``build`` makes of the file, a module or what counts as many bytes as its file, in its place.

        ``form`` says what is built, with all that ``build`` goes by beside the file. Raises what ``build`` raises, OSError, and
        WeightsDamaged for weights that are not finite.
        """
        key = _Key(self.hash_of(path), form, place)
        with self._lock:
            self._used_at = self._clock()
            if key in self._held:
                self._held.move_to_end(key)
                return cast("Built", self._held[key][0])
        # Without the lock: a job that never comes back shall not stop all others.
        network = build(path)
        if isinstance(network, nn.Module):
            _check_finite(network, path)
            place.put(network)
        return cast("Built", self._hold(key, network, _bytes_of(network, path)))

    def clear(self) -> None:
        """Let go of all of them."""
        with self._lock:
            self._held.clear()

    def expire(self) -> None:
        """Let go of all of them where nobody has asked for one for a while: the memory is for others then."""
        with self._lock:
            if self._clock() - self._used_at >= KEPT_S:
                self._held.clear()

    @property
    def held_bytes(self) -> int:
        """What all networks here take."""
        with self._lock:
            return self._sum()

    def _hold(self, key: _Key, network: object, size_bytes: int) -> object:
        """The network to use: another thread may have built the same in the meantime."""
        with self._lock:
            if key not in self._held:
                # The newest stays, however large: it is about to be used.
                while self._held and self._sum() + size_bytes > self._most_bytes:
                    self._held.popitem(last=False)
                self._held[key] = (network, size_bytes)
            return self._held[key][0]

    def _sum(self) -> int:
        """Under the lock."""
        return sum(size for _, size in self._held.values())


def _check_finite(network: nn.Module, path: Path) -> None:
    # One number that is none makes the whole picture black or nothing.
    if not all(bool(tensor.isfinite().all()) for tensor in (*network.parameters(), *network.buffers())):
        raise WeightsDamaged(path, said("it holds weights that are no finite numbers"))


def _bytes_of(network: object, path: Path) -> int:
    if not isinstance(network, nn.Module):
        return path.stat().st_size
    return sum(tensor.nbytes for tensor in (*network.parameters(), *network.buffers()))
