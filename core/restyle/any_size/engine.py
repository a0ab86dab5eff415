"""Engine: which way a picture goes through a network, by how much memory there is.

Where the maps between two norms fit, every norm measures all of the picture, and all is computed once. Where they do not, the
statistics are taken first, of as many tiles at full resolution as do fit, and the picture then streams through in bands.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import torch
from torch import Tensor

from restyle.any_size.bands import Stream, split
from restyle.any_size.extent import Extent, extent_of
from restyle.any_size.sampling import plan_sample
from restyle.any_size.statistics import NormStatistics, Region, Statistics
from restyle.any_size.walk import Walk
from restyle.context import Context
from restyle.networks.blocks import ConditionalInstanceNorm, InstanceNorm, Sequence, instance_norms

__all__ = ["apply_at_any_size", "measure_statistics"]

MEMORY_BYTES = 1.0e9
MEMORY_BYTES_PER_PIXEL = 24
MOST_MEMORY_BYTES = 1.6e9
"""What maps may take on a CPU: a fixed part, and as much as input and result take, up to a limit. It keeps 12 megapixels of
DPED under 2 GB and 100 of a style network under 4 GB, whatever the computer has free."""

BAND_PIXELS = 128 * 1024
"""Pixels of the picture in a band. Fewer fit the cache better, more spare the threads' starts and ends."""

REPORT_S = 0.2
"""Time between two reports of progress."""


@torch.no_grad()
def apply_at_any_size(
    network: Sequence, pixels: Tensor, context: Context, *, statistics: Statistics | None = None, message: str = ""
) -> Tensor:
    """The network's result for ``pixels`` (1, 3, H, W), float32 on the CPU, as large as the network makes it, not clipped.

    Instance norms are those of the whole picture, or have ``statistics`` that were measured elsewhere (one style for many
    layers). ValueError for conditional norms (see `fixed_mixture`). Raises Cancelled.
    """
    extent = extent_of(network)
    if statistics is None and _fits(extent, pixels, context):
        report = _Report(context, extent.work_per_pixel * pixels[0, 0].numel(), message)
        return _run(network, pixels, Walk(context.device.precision, on_band=report.add), context)
    work = extent.work_per_pixel * pixels[0, 0].numel()
    if statistics is None:
        sampled, region = _sampled(extent, pixels, context)
        report = _Report(context, work + extent.work_per_pixel * sampled[0, 0].numel(), message)
        known = _measure(network, sampled, region, context, report)
    else:
        report, known = _Report(context, work, message), dict(zip(_norms(network), statistics, strict=True))
    return _run(network, pixels, Walk(context.device.precision, known=known, on_band=report.add), context)


@torch.no_grad()
def measure_statistics(network: Sequence, pixels: Tensor, context: Context, *, message: str = "") -> Statistics:
    """What each instance norm meets in ``pixels`` (1, 3, H, W), for `apply_at_any_size` of other pictures. Raises Cancelled."""
    extent, region = extent_of(network), None
    if not _fits(extent, pixels, context):
        pixels, region = _sampled(extent, pixels, context)
    report = _Report(context, extent.work_per_pixel * pixels[0, 0].numel(), message)
    measured = _measure(network, pixels, region, context, report)
    return tuple(measured[norm] for norm in _norms(network))


@dataclass
class _Report:
    """Counts what convolutions gave and reports it, not more often than somebody could see."""

    context: Context
    work: float
    message: str
    _done: float = 0.0
    _last: float = field(default_factory=time.monotonic)

    def add(self, pixels: int, channels: int) -> None:
        self._done += pixels * channels
        if time.monotonic() - self._last >= REPORT_S:
            self._last = time.monotonic()
            done = min(self._done / self.work, 1.0)
            self.context.progress.step(round(100 * done), of=100, message=self.message)


def _norms(network: Sequence) -> list[InstanceNorm]:
    norms = []
    for norm in instance_norms(network):
        if isinstance(norm, ConditionalInstanceNorm):
            raise ValueError("fix the mixture of styles first")
        norms.append(norm)
    return norms


def _fits(extent: Extent, pixels: Tensor, context: Context) -> bool:
    return _map_bytes(extent, context) * pixels[0, 0].numel() <= _memory_bytes(pixels, context)


def _map_bytes(extent: Extent, context: Context) -> float:
    """Bytes of maps per pixel of the picture."""
    return extent.numbers_per_pixel * context.device.precision.itemsize


def _memory_bytes(pixels: Tensor, context: Context) -> float:
    """What maps may take."""
    budget = context.device.memory_budget_bytes
    if context.device.torch_device.type != "cpu" and budget > 0:
        return budget
    limit = min(MEMORY_BYTES + MEMORY_BYTES_PER_PIXEL * pixels[0, 0].numel(), MOST_MEMORY_BYTES)
    return min(limit, budget) if budget > 0 else limit


def _sampled(extent: Extent, pixels: Tensor, context: Context) -> tuple[Tensor, Region | None]:
    """The tiles to measure, and what of them counts; all of a picture that is too narrow for tiles."""
    most = _memory_bytes(pixels, context) / _map_bytes(extent, context)
    height, width = pixels.shape[-2:]
    sample = plan_sample(height, width, pixels=most, reach_px=extent.reach_px, stride=extent.stride)
    return (pixels, None) if sample is None else (sample.stacked(pixels), sample.region)


def _measure(
    network: Sequence, pixels: Tensor, region: Region | None, context: Context, report: _Report
) -> dict[InstanceNorm, NormStatistics]:
    walk = Walk(context.device.precision, region=region, on_band=report.add)
    norms = _norms(network)
    for _ in walk.through(network, _stream(pixels, context)).bands:
        # The first band is given when the last norm has measured.
        break
    return {norm: walk.measured[norm] for norm in norms}


def _run(network: Sequence, pixels: Tensor, walk: Walk, context: Context) -> Tensor:
    _norms(network)
    stream = walk.through(network, _stream(pixels, context))
    result, row = torch.empty(1, stream.channels, stream.height, stream.width), 0
    for band in stream.bands:
        result[:, :, row : row + band.shape[2]] = band
        row += band.shape[2]
    return result


def _stream(pixels: Tensor, context: Context) -> Stream:
    height, width = pixels.shape[-2:]
    rows = max(8, BAND_PIXELS // width // 8 * 8)
    bands = (band.to(context.device.torch_device) for band in split(pixels, rows))
    return Stream(bands, pixels.shape[1], height, width)
