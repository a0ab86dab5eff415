"""Storage: rows of feature maps that wait, in slabs of memory that go from one map to the next.

Bands that are kept one by one leave the allocator's memory full of holes: the peak was twice what was in use. Slabs of one size
are handed on instead, as the map that is read empties them and the map that is written fills them.
"""

from __future__ import annotations

from collections import deque

import torch
from torch import Tensor

__all__ = ["RowStore", "SlabPool"]

SLAB_BYTES = 34 * 1024 * 1024
"""More than 32 MiB, from which on glibc takes memory from the system and gives it back when it is freed."""


class SlabPool:
    """Slabs that nobody uses, for whoever needs one."""

    def __init__(self) -> None:
        self._free: list[Tensor] = []

    def take(self, row_bytes: int, device: torch.device) -> Tensor:
        """A slab of bytes that holds one row at least."""
        if self._free and self._free[-1].numel() >= row_bytes and self._free[-1].device == device:
            return self._free.pop()
        return torch.empty(max(SLAB_BYTES, row_bytes), dtype=torch.uint8, device=device)

    def give(self, slab: Tensor) -> None:
        """Take a slab back."""
        self._free.append(slab)

    def clear(self) -> None:
        """Let go of what nobody uses."""
        self._free.clear()


class RowStore:
    """Rows first in, first out, as copies; what was taken is to be used before anything else is put into the pool's slabs."""

    def __init__(self, pool: SlabPool) -> None:
        self._pool = pool
        self._slabs: deque[Tensor] = deque()
        self._views: deque[Tensor] = deque()
        self._filled = self._taken = 0
        self.rows = 0

    def append(self, band: Tensor) -> None:
        """Put the rows of a band (1, C, rows, W) below those that wait."""
        rows = band[0].permute(1, 2, 0)
        self.rows += len(rows)
        while len(rows):
            if not self._views or self._filled == len(self._views[-1]):
                self._add_slab(rows)
            room = self._views[-1][self._filled : self._filled + len(rows)]
            room.copy_(rows[: len(room)])
            self._filled += len(room)
            rows = rows[len(room) :]

    def take(self, most: int) -> Tensor:
        """The uppermost rows, at most so many and at least one, (1, C, rows, W); IndexError if there are none."""
        if self._taken == len(self._views[0]):
            self._views.popleft()
            self._pool.give(self._slabs.popleft())
            self._taken = 0
        part = self._views[0][self._taken : self._taken + min(most, self.rows)]
        self._taken += len(part)
        self.rows -= len(part)
        return part.permute(2, 0, 1)[None]

    def release(self) -> None:
        """Give all slabs back; nothing may wait any more."""
        while self._slabs:
            self._pool.give(self._slabs.popleft())
        self._views.clear()

    def _add_slab(self, rows: Tensor) -> None:
        row_bytes = rows[0].numel() * rows.itemsize
        slab = self._pool.take(row_bytes, rows.device)
        count = slab.numel() // row_bytes
        self._slabs.append(slab)
        self._views.append(slab[: count * row_bytes].view(rows.dtype).view(count, *rows.shape[1:]))
        self._filled = 0
