"""Reading a picture through the encoder, in pieces that give what the whole would."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.filters.any_style.pieces import Piece, on_grid, pieces
from restyle.networks.features import FeatureTrunk
from restyle.networks.painter import LEVELS
from restyle.transport import Cloud, joined, measured

__all__ = ["Clouds", "Reading"]

Features = Mapping[str, Tensor]
Clouds = Mapping[str, Cloud]

# Every n-th position along either axis enters the statistics: neighbours say the same, and there are many.
STRIDES = {"relu1_1": 4, "relu2_1": 2, "relu3_1": 1, "relu4_1": 1, "relu5_1": 1}


class Reading:
    """The features of one picture (1, 3, H, W) at all levels; kept between uses where the picture is one piece.

    ``device`` is where the network is; ``on_piece()`` is called before each piece and may raise to end the work.
    """

    def __init__(
        self,
        network: FeatureTrunk,
        picture: Tensor,
        size: int,
        device: torch.device,
        memory_format: torch.memory_format,
        on_piece: Callable[[], None],
    ) -> None:
        self.picture, self.gridded = picture, on_grid(picture)
        self._network, self._device, self._memory_format, self._on_piece = network, device, memory_format, on_piece
        self._pieces = tuple(pieces(self.gridded.shape[2], self.gridded.shape[3], size))
        self._only: Features | None = None

    @property
    def count(self) -> int:
        """Of pieces."""
        return len(self._pieces)

    def __iter__(self) -> Iterator[tuple[Piece, Features]]:
        """Each piece with its features (1, C, h, w), margins included."""
        for piece in self._pieces:
            self._on_piece()
            features = self._only
            if features is None:
                part = piece.cut(self.gridded).to(self._device).contiguous(memory_format=self._memory_format)
                features = self._network(part, LEVELS)
            if len(self._pieces) == 1:
                self._only = features
            yield piece, features

    def clouds(self, masks: Sequence[Tensor | None]) -> list[Clouds]:
        """The clouds of features, by level, under each of ``masks`` (1, 1, H, W); None means everywhere."""
        gridded = [None if mask is None else on_grid(mask) for mask in masks]
        parts: list[dict[str, list[tuple[float, Cloud]]]] = [{level: [] for level in LEVELS} for _ in masks]
        for piece, features in self:
            for found, mask in zip(parts, gridded, strict=True):
                for level in LEVELS:
                    found[level].append(_measured(level, features[level], mask, piece))
        return [{level: joined(found[level]) for level in LEVELS} for found in parts]


def _measured(level: str, features: Tensor, mask: Tensor | None, piece: Piece) -> tuple[float, Cloud]:
    divisor, step = 2 ** LEVELS.index(level), STRIDES[level]
    inner = piece.trimmed(features, divisor)[:, :, ::step, ::step]
    if mask is None:
        return float(inner.shape[2] * inner.shape[3]), measured(inner)
    small = F.avg_pool2d(piece.trimmed(piece.cut(mask)), divisor)[:, :, ::step, ::step].to(inner.device)
    return float(small.sum()), measured(inner, small)
