"""Engine: which way a picture goes through a network, by how much memory there is.

Where the maps between two norms fit, every norm measures all of the picture, and all is computed once. Where they do not, the
maps of as much of the picture as fits are kept, and the rest streams through anew for each norm: more arithmetic, the same
statistics. Of pictures so large that this would take too long, the statistics are those of many small tiles at full resolution.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from restyle.context import Context
from restyle.engine.any_size.budget import band_rows, map_bytes, memory_bytes
from restyle.engine.any_size.extent import Extent, extent_of
from restyle.engine.any_size.forward import StreamingForward
from restyle.engine.any_size.meter import WorkMeter
from restyle.engine.any_size.sampling import plan_sample
from restyle.engine.any_size.statistics import Moments, NormStatistics, Region, Statistics
from restyle.engine.any_size.streams import Stream, split
from restyle.networks.blocks import Branches, ConditionalInstanceNorm, InstanceNorm, Pool, Sequence, instance_norms
from restyle.pictures.resizing import mirrored_to

__all__ = ["apply_at_any_size", "measure_statistics"]

EXACT_PIXELS = 32e6
"""Up to here statistics are exact, whatever it takes; it may take five times the arithmetic."""

SAMPLED_SHARE = 0.1
LEAST_SAMPLED_PIXELS = 6e6
"""How much of a larger picture is measured beforehand: what it costs is added to the time of painting, so it must stay a small
part of that; and a hundred tiles and more are needed to know a picture."""

_ALL = (-math.inf, math.inf)

Known = dict[InstanceNorm, NormStatistics]


@torch.no_grad()
def apply_at_any_size(
    network: Sequence, pixels: Tensor, context: Context, *, statistics: Statistics | None = None, message: str = ""
) -> Tensor:
    """The network's result for ``pixels`` (1, C, H, W): float32 on the CPU, of the same size, not clipped.

    Instance norms are those of the whole picture, or have ``statistics`` that were measured elsewhere (one style for many
    layers). What a network that halves sizes gives beyond the right and lower edge, of sides that cannot be halved, is cut off.
    ValueError for conditional norms (see `fixed_mixture`). Raises Cancelled.
    """
    norms, extent = _norms(network), extent_of(network, pixels.shape[1])
    height, width = pixels.shape[-2:]
    job = _Job(network, extent, context, WorkMeter(context.progress, message), _divisible(pixels, network, extent))
    job.meter.expect(extent.work_per_pixel * job.pixels[0, 0].numel())
    if statistics is not None:
        result = job.streamed(dict(zip(norms, statistics, strict=True)))
    elif job.fits:
        result = job.at_once()
    elif pixels[0, 0].numel() <= EXACT_PIXELS:
        result = job.in_two_parts()
    else:
        result = job.streamed(job.measured(norms))
    return result[..., :height, :width]


@torch.no_grad()
def measure_statistics(network: Sequence, pixels: Tensor, context: Context, *, message: str = "") -> Statistics:
    """What each instance norm meets in ``pixels`` (1, C, H, W), for `apply_at_any_size` of other pictures. Raises Cancelled.

    Exact where the maps fit into memory, else of tiles.
    """
    extent = extent_of(network, pixels.shape[1])
    job = _Job(network, extent, context, WorkMeter(context.progress, message), _divisible(pixels, network, extent))
    norms = _norms(network)
    measured = job.measured(norms)
    return tuple(measured[norm] for norm in norms)


@dataclass(frozen=True)
class _Job:
    """One picture, one network, and the ways through."""

    network: Sequence
    extent: Extent
    context: Context
    meter: WorkMeter
    pixels: Tensor

    @property
    def fits(self) -> bool:
        """Whether the maps of all of the picture fit into memory."""
        return self._most_pixels >= self.pixels[0, 0].numel()

    def at_once(self) -> Tensor:
        """Everything computed once, maps waiting in memory at each norm."""
        return self._painted(self._forward(), self.pixels)

    def streamed(self, known: Known) -> Tensor:
        """Everything computed once, with statistics known beforehand."""
        return self._painted(replace(self._forward(), known=known), self.pixels)

    def measured(self, norms: list[InstanceNorm]) -> Known:
        """Statistics of all of the picture if it fits, else of tiles."""
        pixels, region = self.pixels, None
        if not self.fits:
            sample = plan_sample(*pixels.shape[-2:], pixels=self._sampled_pixels, extent=self.extent)
            pixels, region = (pixels, None) if sample is None else (sample.stacked(pixels), sample.region)
        self.meter.expect(self.extent.work_per_pixel * pixels[0, 0].numel())
        forward = replace(self._forward(), region=region)
        # The first band is given when the last norm has measured.
        next(forward.through(self.network, self._stream(pixels)).bands, None)
        return {norm: forward.measured[norm] for norm in norms}

    def in_two_parts(self) -> Tensor:
        """The upper part's maps wait in memory; at each norm the lower part streams through as far as that norm."""
        height, width = self.pixels.shape[-2:]
        step = self.extent.stride
        margin = math.ceil((self.extent.reach_px + step) / step) * step
        cut = max(int(self._most_pixels / width - margin) // step * step, margin)
        upper, lower = self.pixels[:, :, : cut + margin], self.pixels[:, :, cut - margin :]
        forward = replace(self._forward(), region=Region(((-math.inf, cut),), _ALL))
        beyond = Region(((margin, math.inf),), _ALL)
        self.meter.expect(sum(self.extent.work_to_norms) * lower[0, 0].numel())

        def count_lower(norm: InstanceNorm, moments: Moments) -> None:
            partial = replace(
                self._forward(), known=dict(forward.measured), region=beyond, until=(norm, moments), pool=forward.pool
            )
            for _ in partial.through(self.network, self._stream(lower)).bands:
                pass

        forward.elsewhere = count_lower
        result = self._painted(forward, upper, rows=height)
        forward.pool.clear()
        below = replace(self._forward(), known=forward.measured).through(self.network, self._stream(lower))
        _fill(result, below, row=cut - margin, first=cut)
        return result

    @property
    def _most_pixels(self) -> float:
        """How many pixels of a picture may have their maps in memory."""
        return memory_bytes(self.context.device, self.pixels[0, 0].numel()) / map_bytes(self.context.device, self.extent)

    @property
    def _sampled_pixels(self) -> float:
        """How many pixels of a picture that does not fit are measured."""
        return min(self._most_pixels, max(SAMPLED_SHARE * self.pixels[0, 0].numel(), LEAST_SAMPLED_PIXELS))

    def _forward(self) -> StreamingForward:
        return StreamingForward(self.context.device.precision, on_band=self.meter.add)

    def _stream(self, pixels: Tensor) -> Stream:
        device = self.context.device
        rows = band_rows(device, self.extent, pixels.shape[3])
        bands = (band.to(device.torch_device) for band in split(pixels, rows))
        return Stream(bands, pixels.shape[1], *pixels.shape[2:])

    def _painted(self, forward: StreamingForward, pixels: Tensor, rows: int = 0) -> Tensor:
        """What the network makes of ``pixels``, in a tensor of at least ``rows`` rows."""
        stream = forward.through(self.network, self._stream(pixels))
        result = torch.empty(1, stream.channels, max(stream.height, rows), stream.width)
        _fill(result, stream, row=0, first=0)
        return result


def _fill(result: Tensor, stream: Stream, *, row: int, first: int) -> None:
    """Write a stream that begins at ``row`` of the result, from row ``first`` on."""
    for band in stream.bands:
        start, end = max(row, first), min(row + band.shape[2], result.shape[2])
        if start < end:
            result[:, :, start:end] = band[:, :, start - row : end - row]
        row += band.shape[2]


def _norms(network: Sequence) -> list[InstanceNorm]:
    norms = []
    for norm in instance_norms(network):
        if isinstance(norm, ConditionalInstanceNorm):
            raise ValueError("fix the mixture of styles first")
        norms.append(norm)
    return norms


def _divisible(pixels: Tensor, network: Sequence, extent: Extent) -> Tensor:
    """The picture, continued to the right and below where the network joins scales and its sides cannot be halved so often."""
    size = extent.stride if any(isinstance(block, (Branches, Pool)) for block in network.modules()) else 1
    height, width = pixels.shape[-2:]
    return (
        pixels if height % size == width % size == 0 else mirrored_to(pixels, -(-height // size) * size, -(-width // size) * size)
    )
