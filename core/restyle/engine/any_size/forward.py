"""Streaming forward: what a network of blocks gives, as one stream of bands.

An instance norm needs all rows before it can give the first one. It either knows its statistics beforehand, and then it is but a
factor in the convolution before it; or it drains what comes before it into memory, measures, and lets go of each band as it is
asked for. What a residual block adds waits in a queue meanwhile, so the memory needed is that of the maps between two norms.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import tee

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from restyle.engine.any_size.convolution import Kernel, convolved, kernel_of, rectify_
from restyle.engine.any_size.statistics import Moments, NormStatistics, Region
from restyle.engine.any_size.storage import RowStore, SlabPool
from restyle.engine.any_size.streams import RowQueue, Stream, gathered, joined, tapped
from restyle.networks.blocks import (
    Branches,
    ChannelAffine,
    ConvLayer,
    Enlarge,
    InstanceNorm,
    Pad,
    Pool,
    Residual,
    ScaledTanh,
    Sequence,
    TransposedConv,
)
from restyle.networks.noise import Noise

__all__ = ["StreamingForward"]

_CENTER = 0.5
"""The middle of colours in 0..1."""


@dataclass
class StreamingForward:
    """One way through a network: in which dtype, with which statistics, and what is measured on the way."""

    dtype: torch.dtype
    known: Mapping[InstanceNorm, NormStatistics] = field(default_factory=dict)
    region: Region | None = None
    """What counts for the statistics that are measured; everything, if None."""
    on_band: Callable[[int, int], None] = lambda pixels, channels: None
    """Called for each band that a convolution has given."""
    measured: dict[InstanceNorm, NormStatistics] = field(default_factory=dict)
    pool: SlabPool = field(default_factory=SlabPool)
    """Memory of maps that wait."""
    until: tuple[InstanceNorm, Moments] | None = None
    """Where it ends without a result: at this norm, once all that enters it is counted."""
    elsewhere: Callable[[InstanceNorm, Moments], None] = lambda norm, moments: None
    """Called when a norm has counted its own bands, to count what of the picture is not among them."""

    def through(self, network: Sequence, stream: Stream) -> Stream:
        """The stream that leaves the network."""
        blocks = deque(network)
        while blocks:
            stream = self._through_next(blocks, stream)
        return stream

    def _through_next(self, blocks: deque[nn.Module], stream: Stream) -> Stream:
        block = blocks.popleft()
        if isinstance(block, (ConvLayer, TransposedConv)):
            return self._convolved(kernel_of(block), blocks, stream)
        if isinstance(block, InstanceNorm):
            is_rectified = _next_is(blocks, nn.ReLU)
            return replace(stream, bands=self._normalized(block, stream, is_rectified))
        if isinstance(block, Residual):
            return self._residual(block, stream)
        if isinstance(block, Branches):
            return self._branches(block, stream)
        if isinstance(block, Sequence):
            return self.through(block, stream)
        return _simple(block, stream)

    def _convolved(self, kernel: Kernel, blocks: deque[nn.Module], stream: Stream) -> Stream:
        """A convolution, and with it all that follows and is known beforehand."""
        center = 0.0
        while blocks:
            following = blocks[0]
            if isinstance(following, InstanceNorm) and following in self.known:
                kernel = kernel.scaled(*_factors(following, self.known[following]))
            elif isinstance(following, ChannelAffine):
                kernel = kernel if following.order is None else kernel.reordered(following.order)
                kernel = kernel.scaled(following.scale.float(), following.shift.float())
                # Colours about 0.5 lose fewer digits when they are given about 0.
                center = _CENTER if len(blocks) == 1 and kernel.grid == 1 else 0.0
            else:
                break
            blocks.popleft()
        if center and kernel.bias is not None:
            kernel = replace(kernel, bias=kernel.bias - center)
        stream = convolved(stream, replace(kernel, relu=_next_is(blocks, nn.ReLU)), self.dtype)
        return replace(stream, bands=self._told(stream.bands, center))

    def _told(self, bands: Iterator[Tensor], center: float) -> Iterator[Tensor]:
        for band in bands:
            self.on_band(band.shape[2] * band.shape[3], band.shape[1])
            yield band.float() + center if center else band

    def _normalized(self, norm: InstanceNorm, stream: Stream, is_rectified: bool) -> Iterator[Tensor]:
        region = self.region and self.region.seen_at(stream.scale, stream.offset)
        if self.until is not None and self.until[0] is norm:
            self.until[1].add_all(stream.bands, region)
            return
        statistics, bands = self.known.get(norm), stream.bands
        if statistics is None:
            waiting, moments, sizes = RowStore(self.pool), Moments(), list[int]()
            moments.add_all(_stored(stream.bands, waiting, sizes), region)
            if self.until is not None and not sizes:
                # Beyond the end: nothing came, nothing goes on.
                return
            self.elsewhere(norm, moments)
            statistics = self.measured[norm] = moments.result()
            bands = _drained(waiting, max(sizes))
        for band in bands:
            mean, variance = (values.to(band.device) for values in (statistics.mean, statistics.variance))
            weight, bias = (values.detach().float().to(band.device) for values in (norm.weight, norm.bias))
            result = F.batch_norm(band, mean, variance, weight, bias, eps=norm.eps)
            yield rectify_(result) if is_rectified else result

    def _ends_in(self, network: Sequence) -> bool:
        return self.until is not None and any(block is self.until[0] for block in network.modules())

    def _residual(self, block: Residual, stream: Stream) -> Stream:
        if self._ends_in(block.body):
            # Nothing will be added, so nothing has to wait.
            return self.through(block.body, stream)
        kept = RowStore(self.pool)
        inner = self.through(block.body, replace(stream, bands=tapped(stream.bands, kept)))
        return replace(inner, bands=_added(inner, kept, block.shave))

    def _branches(self, block: Branches, stream: Stream) -> Stream:
        for branch in block.branches:
            if isinstance(branch, Sequence) and self._ends_in(branch):
                return self.through(branch, stream)
        copies = tee(stream.bands, len(block.branches))
        inner = [
            self.through(branch, replace(stream, bands=copy))
            for branch, copy in zip(block.branches, copies, strict=True)
            if isinstance(branch, Sequence)
        ]
        bands = (torch.cat(parts, 1) for parts in joined([part.bands for part in inner]))
        return replace(inner[-1], bands=bands, channels=sum(part.channels for part in inner))


def _next_is(blocks: deque[nn.Module], kind: type[nn.Module]) -> bool:
    """Whether the next block is of this kind; it is then taken."""
    if blocks and isinstance(blocks[0], kind):
        blocks.popleft()
        return True
    return False


def _factors(norm: InstanceNorm, statistics: NormStatistics) -> tuple[Tensor, Tensor]:
    weight, bias = norm.weight.detach().float(), norm.bias.detach().float()
    scale = weight / (statistics.variance.to(weight.device) + norm.eps).sqrt()
    return scale, bias - scale * statistics.mean.to(weight.device)


def _stored(bands: Iterator[Tensor], waiting: RowStore, sizes: list[int]) -> Iterator[Tensor]:
    for band in bands:
        waiting.append(band)
        sizes.append(band.shape[2])
        yield band


def _drained(waiting: RowStore, most: int) -> Iterator[Tensor]:
    while waiting.rows:
        yield waiting.take(most)
    waiting.release()


def _added(inner: Stream, kept: RowStore, shave: int) -> Iterator[Tensor]:
    """What the body gives plus what was kept, less its outermost rows and columns."""
    for index, band in enumerate(inner.bands):
        for _ in range(0 if index else shave):
            kept.take(1)
        row = 0
        while row < band.shape[2]:
            rows = kept.take(band.shape[2] - row)
            band[:, :, row : row + rows.shape[2]] += rows[..., shave : shave + inner.width]
            row += rows.shape[2]
        yield band
    # Below what was added lie as many rows as the body took off.
    kept.release()


def _simple(block: nn.Module, stream: Stream) -> Stream:
    """Blocks that need little of their surroundings."""
    if isinstance(block, (ChannelAffine, ScaledTanh)):
        return replace(stream, bands=(_colored(block, band) for band in stream.bands))
    if isinstance(block, (nn.ReLU, nn.LeakyReLU)):
        return replace(stream, bands=(block(band) for band in stream.bands))
    if isinstance(block, Noise):
        return replace(stream, bands=_noise(block, stream.bands), channels=block.out_channels)
    if isinstance(block, Enlarge):
        return _rescaled(block, stream, float(block.factor))
    if isinstance(block, Pool):
        return _rescaled(block, stream, 1 / block.size)
    if isinstance(block, Pad):
        return _padded(block, stream)
    raise TypeError(f"no way to run {type(block).__name__} in bands")


def _colored(block: ChannelAffine | ScaledTanh, band: Tensor) -> Tensor:
    """In float32: colours have more digits than a reduced precision holds."""
    if isinstance(block, ChannelAffine) and block.scale.device != band.device:
        block = ChannelAffine(block.scale.to(band.device), block.shift.to(band.device), block.order)
    result: Tensor = block(band.float())
    return result


def _noise(block: Noise, bands: Iterator[Tensor]) -> Iterator[Tensor]:
    generator = block.beginning()
    for band in bands:
        yield block.rows(band, generator)


def _rescaled(block: Enlarge | Pool, stream: Stream, factor: float) -> Stream:
    size = block.size if isinstance(block, Pool) else 1
    height, width = int(stream.height * factor), int(stream.width * factor)
    return Stream(_whole(block, stream, size), stream.channels, height, width, stream.scale / factor, stream.offset * factor)


def _whole(block: nn.Module, stream: Stream, size: int) -> Iterator[Tensor]:
    """Bands through a block that takes multiples of ``size`` rows; rows too few at the end are left out, as the block does."""
    queue = RowQueue()
    for band in stream.bands:
        queue.append(band)
        if rows := queue.rows // size * size:
            yield block(queue.take(rows))


def _padded(block: Pad, stream: Stream) -> Stream:
    size = block.size
    height, width = stream.height + 2 * size, stream.width + 2 * size
    return replace(stream, bands=_mirrored(stream.bands, size), height=height, width=width, offset=stream.offset + size)


def _mirrored(bands: Iterator[Tensor], size: int) -> Iterator[Tensor]:
    is_first = True
    for band, is_last in gathered(bands, size + 1):
        rows = band.shape[2]
        wide = F.pad(band, (size, size, 0, 0), mode="reflect")
        parts = [wide]
        if is_first:
            parts.insert(0, wide[:, :, 1 : size + 1].flip(2))
        if is_last:
            parts.append(wide[:, :, rows - size - 1 : rows - 1].flip(2))
        is_first = False
        yield torch.cat(parts, 2) if len(parts) > 1 else wide
