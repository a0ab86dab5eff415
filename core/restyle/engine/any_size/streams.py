"""Streams: a picture as neighbouring bands of rows, so that no more than a part of it is in memory at a time.

A band is (1, C, rows, W) of any number of rows. Streams are generators: each pulls from the one before it, and whoever pulls from
the last runs them all, depth first, while the data is still in the processor's cache.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from restyle.engine.any_size.storage import RowStore

__all__ = ["RowQueue", "Stream", "gathered", "joined", "split", "tapped"]


@dataclass(frozen=True)
class Stream:
    """Bands from top to bottom, and what is known of them beforehand.

    Row ``i`` lies at row ``scale * (i - offset)`` of the picture that entered the network, columns likewise.
    """

    bands: Iterator[Tensor]
    channels: int
    height: int
    width: int
    scale: float = 1.0
    offset: float = 0.0


class RowQueue:
    """Rows that wait: bands go in, any number of rows comes out, and what came out is let go."""

    def __init__(self) -> None:
        self._bands: deque[Tensor] = deque()
        self.rows = 0

    def append(self, band: Tensor) -> None:
        """Put rows below those that wait."""
        self._bands.append(band)
        self.rows += band.shape[2]

    def take(self, count: int) -> Tensor:
        """The uppermost ``count`` rows, a view where they are of one band; IndexError where there are fewer."""
        self.rows -= count
        pieces = []
        while count > 0:
            band = self._bands.popleft()
            piece = band[:, :, :count]
            count -= piece.shape[2]
            if piece.shape[2] < band.shape[2]:
                self._bands.appendleft(band[:, :, piece.shape[2] :])
            pieces.append(piece)
        return pieces[0] if len(pieces) == 1 else torch.cat(pieces, 2)


def split(picture: Tensor, rows: int) -> Iterator[Tensor]:
    """A picture (1, C, H, W) as views of ``rows`` rows, the last one of what is left."""
    return (picture[:, :, top : top + rows] for top in range(0, picture.shape[2], rows))


def gathered(bands: Iterator[Tensor], least: int) -> Iterator[tuple[Tensor, bool]]:
    """Bands of at least ``least`` rows (unless all of the picture has fewer), and whether each is the last one."""
    waiting: Tensor | None = None
    short: list[Tensor] = []
    for band in bands:
        short.append(band)
        if sum(piece.shape[2] for piece in short) < least:
            continue
        if waiting is not None:
            yield waiting, False
        waiting = short[0] if len(short) == 1 else torch.cat(short, 2)
        short = []
    if waiting is not None:
        short.insert(0, waiting)
    if short:
        yield (short[0] if len(short) == 1 else torch.cat(short, 2)), True


def tapped(bands: Iterator[Tensor], queue: RowStore) -> Iterator[Tensor]:
    """The same bands, each of which also waits in ``queue``."""
    for band in bands:
        queue.append(band)
        yield band


def joined(streams: list[Iterator[Tensor]]) -> Iterator[tuple[Tensor, ...]]:
    """Bands of several streams side by side, cut to the same rows."""
    queues = [RowQueue() for _ in streams]
    while True:
        rows = min(queue.rows for queue in queues)
        if rows:
            yield tuple(queue.take(rows) for queue in queues)
            continue
        place = min(range(len(queues)), key=lambda index: queues[index].rows)
        band = next(streams[place], None)
        if band is None:
            return
        queues[place].append(band)
