"""Statistics: mean and variance of each channel, over the whole picture, of what enters each instance norm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

__all__ = ["Moments", "NormStatistics", "Region", "Statistics"]


@dataclass(frozen=True)
class NormStatistics:
    """Mean and (biased) variance of each channel, float32 (C,), on the CPU."""

    mean: Tensor
    variance: Tensor


Statistics = tuple[NormStatistics, ...]
"""One for each instance norm of a network, in the order of `blocks.instance_norms`."""


@dataclass(frozen=True)
class Region:
    """What of a picture counts, in pixels: ranges of rows, each [first, last), and one range of columns.

    An infinite limit takes in what a network puts around the picture too.
    """

    rows: tuple[tuple[float, float], ...]
    columns: tuple[float, float]

    def seen_at(self, scale: float, offset: float) -> Region:
        """The same region in rows and columns of a feature map: row i of it is row scale * (i - offset) of the picture."""
        rows = tuple((first / scale + offset, last / scale + offset) for first, last in self.rows)
        return Region(rows, (self.columns[0] / scale + offset, self.columns[1] / scale + offset))

    def parts_of(self, band: Tensor, top: int) -> Iterator[Tensor]:
        """What of a band that begins at row ``top`` lies in the region."""
        left, right = round(max(self.columns[0], 0)), round(min(self.columns[1], band.shape[3]))
        for first, last in self.rows:
            start, end = round(max(first - top, 0)), round(min(last - top, band.shape[2]))
            if start < end:
                yield band[:, :, start:end, left:right]


@dataclass
class Moments:
    """Sums over bands; they are combined in float64, since squares of thousands of bands would lose digits in float32."""

    count: int = 0
    _mean: Tensor | None = None
    _squares: Tensor | None = None

    def add_all(self, bands: Iterator[Tensor], region: Region | None = None) -> None:
        """Count all bands of a picture from the top, or what of them lies in ``region``."""
        top = 0
        for band in bands:
            for part in (band,) if region is None else region.parts_of(band, top):
                self._add(part)
            top += band.shape[2]

    def result(self) -> NormStatistics:
        """The statistics of all that was counted; ValueError if that is nothing."""
        if self._mean is None or self._squares is None:
            raise ValueError("no pixels to take statistics of")
        return NormStatistics(self._mean.float(), (self._squares / self.count).float())

    def _add(self, part: Tensor) -> None:
        pixels = part.shape[2] * part.shape[3]
        mean, variance = (values.cpu().double() for values in _mean_and_variance(part))
        if self._mean is None or self._squares is None:
            self._mean, self._squares, self.count = mean, variance * pixels, pixels
            return
        total = self.count + pixels
        away = mean - self._mean
        self._mean += away * (pixels / total)
        self._squares += variance * pixels + away.square() * (self.count * pixels / total)
        self.count = total


def _mean_and_variance(part: Tensor) -> tuple[Tensor, Tensor]:
    if part.device.type not in ("cpu", "cuda"):
        variance, mean = torch.var_mean(part.float(), (0, 2, 3), correction=0)
        return mean, variance
    # The statistics half of batch norm, in float32 when its running values are: many times faster than torch.var_mean.
    running = torch.zeros(2, part.shape[1], dtype=torch.float32, device=part.device)
    mean, variance = torch.batch_norm_update_stats(part, running[0], running[1], 0.0)
    return mean, variance
