"""Convolutions of bands: the same numbers as of the whole picture, in the form that processors compute fastest.

Three rewritings, each exact but for rounding. A convolution of an enlarged picture, and a transposed one, are one small
convolution at the low resolution whose channels are then laid out as pixels (2.25 times less arithmetic for 3x3 after doubling).
A convolution to three colours computes five neighbouring pixels as fifteen channels, since processors compute sixteen at a time
whether asked for or not. Norms and affine maps that are known beforehand become part of weights and bias.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.engine.any_size.streams import Stream, gathered
from restyle.networks.blocks import ConvLayer, Edges, TransposedConv

__all__ = ["Kernel", "convolved", "kernel_of", "rectify_"]

LANES = 16
"""Float32 sums that AVX-512 keeps in one register: the least number of channels that a convolution computes."""

_INTEGERS = {torch.bfloat16: torch.int16, torch.float16: torch.int16, torch.float32: torch.int32}


@dataclass(frozen=True)
class Kernel:
    """A convolution made ready: ``weight`` (out, in, rows, columns) moves by ``step`` and gives pixels of ``grid`` by ``grid``.

    With a grid, the output channels are (row in the pixel, column in the pixel, channel), and ``starts`` says for each row
    (and column) in the pixel where in the window its own small kernel begins.
    """

    weight: Tensor
    bias: Tensor | None
    block: ConvLayer | TransposedConv
    edges: Edges
    before: int
    reach: int
    """Rows (and columns) of the input that one output row needs."""
    step: int = 1
    grid: int = 1
    starts: tuple[int, ...] = (0,)
    relu: bool = False

    def scaled(self, scale: Tensor, shift: Tensor) -> Kernel:
        """The same followed by ``scale`` times each channel plus ``shift``, both (C,)."""
        bias = shift if self.bias is None else self.bias * scale + shift
        return replace(self, weight=self.weight * scale.repeat(self.grid**2).view(-1, 1, 1, 1), bias=bias)

    def reordered(self, order: tuple[int, ...]) -> Kernel:
        """The same with its channels in another order."""
        weight = self.weight.reshape(self.grid**2, -1, *self.weight.shape[1:])[:, list(order)].flatten(0, 1)
        return replace(self, weight=weight, bias=None if self.bias is None else self.bias[list(order)])

    def padding(self, height: int, width: int) -> tuple[int, int, int, int]:
        """(left, right, top, bottom) for a picture of this size."""
        if self.edges == "none":
            return 0, 0, 0, 0
        if self.edges == "same" and isinstance(self.block, ConvLayer) and self.grid == 1:
            return self.block.padding_of(height, width)
        after = self.reach - 1 - self.before
        return self.before, after, self.before, after


def kernel_of(block: ConvLayer | TransposedConv) -> Kernel:
    """The block's convolution, in float32, at the resolution of what it is given."""
    weight = block.weight.detach().float()
    bias = None if block.bias is None else block.bias.detach().float()
    half = block.kernel // 2
    if isinstance(block, TransposedConv):
        taps = [_transposed_taps(row, block) for row in range(block.step)]
        return _grid_kernel(block, weight.transpose(0, 1), bias, "zero", taps)
    if block.upsample == 1:
        return Kernel(weight, bias, block, block.edges, half, block.kernel, block.step)
    taps = [_enlarged_taps(row, block.upsample, block.kernel, half) for row in range(block.upsample)]
    # The mirror image of doubled pixels begins with the outermost pixel itself.
    return _grid_kernel(block, weight, bias, "replicate" if block.edges == "reflect" else block.edges, taps)


def convolved(stream: Stream, kernel: Kernel, dtype: torch.dtype) -> Stream:
    """The stream through the convolution (and its ReLU), computed in ``dtype``."""
    left, right, top, bottom = kernel.padding(stream.height, stream.width)
    height = (stream.height + top + bottom - kernel.reach) // kernel.step + 1
    width = (stream.width + left + right - kernel.reach) // kernel.step + 1
    factor = kernel.grid / kernel.step
    return Stream(
        _convolve(stream, kernel, dtype, width),
        kernel.weight.shape[0] // kernel.grid**2,
        height * kernel.grid,
        width * kernel.grid,
        stream.scale / factor,
        (stream.offset + (0 if kernel.edges != "none" else -(kernel.reach // 2))) * factor,
    )


def rectify_(values: Tensor) -> Tensor:
    """ReLU in place; of a float's bits the uppermost is its sign, so the maximum of integers does it, several times faster."""
    if values.device.type == "cpu" and values.dtype in _INTEGERS:
        values.view(_INTEGERS[values.dtype]).clamp_(min=0)
        return values
    return values.relu_()


def _enlarged_taps(row: int, upsample: int, kernel: int, half: int) -> dict[int, tuple[int, ...]]:
    """For one row in the pixel: which rows of the kernel fall on which row of the picture that is not enlarged."""
    taps: dict[int, tuple[int, ...]] = {}
    for index in range(kernel):
        tap = (row + index - half) // upsample
        taps[tap] = (*taps.get(tap, ()), index)
    return taps


def _transposed_taps(row: int, block: TransposedConv) -> dict[int, tuple[int, ...]]:
    """Row y * step + row of the result sums x[y + tap] * weight[row + offset - step * tap]."""
    indices = {tap: row + block.offset - block.step * tap for tap in range(-block.kernel, block.kernel + 1)}
    return {tap: (index,) for tap, index in indices.items() if 0 <= index < block.kernel}


def _grid_kernel(
    block: ConvLayer | TransposedConv, weight: Tensor, bias: Tensor | None, edges: Edges, taps: list[dict[int, tuple[int, ...]]]
) -> Kernel:
    """One kernel for all rows and columns in the pixel; ``taps[row][tap]`` are the rows of ``weight`` that row ``tap`` meets."""
    grid, size = len(taps), max(max(row) - min(row) + 1 for row in taps)
    first = min(min(row) for row in taps)
    spread = torch.zeros(grid, size, block.kernel)
    for index, row in enumerate(taps):
        for tap, places in row.items():
            spread[index, tap - min(row), list(places)] = 1
    # a, b: row and column in the pixel; i, j: of the small kernel; k, l: of the block's own.
    combined = torch.einsum("aik,bjl,ockl->abocij", spread, spread, weight.cpu())
    starts = tuple(min(row) - first for row in taps)
    return Kernel(
        combined.reshape(-1, *combined.shape[3:]).to(weight),
        bias,
        block,
        edges,
        -first,
        size + max(starts),
        grid=grid,
        starts=starts,
    )


@dataclass(frozen=True)
class _Ready:
    """Weights in the dtype and order that the convolution takes, and how to lay out what it gives."""

    kernel: Kernel
    weight: Tensor
    bias: Tensor | None
    across: int

    def __call__(self, window: Tensor, width: int) -> Tensor:
        kernel = self.kernel
        result = F.conv2d(window, self.weight, self.bias, (kernel.step, kernel.step * self.across))
        if kernel.relu:
            rectify_(result)
        if self.across > 1:
            return _side_by_side(result, self.across)[..., :width]
        return result if kernel.grid == 1 else _as_pixels(result, kernel)


def _ready(kernel: Kernel, dtype: torch.dtype, device: torch.device) -> _Ready:
    out = kernel.weight.shape[0]
    across = LANES // out if kernel.grid == 1 and kernel.step == 1 and 2 * out <= LANES and kernel.reach > 1 else 1
    weight = kernel.weight
    if across > 1:
        # Copy i of the kernel stands i columns further right.
        weight = torch.cat([F.pad(weight, (index, across - 1 - index)) for index in range(across)])
    bias = None if kernel.bias is None else kernel.bias.repeat(weight.shape[0] // len(kernel.bias)).to(device, dtype)
    return _Ready(kernel, weight.to(device, dtype).contiguous(memory_format=torch.channels_last), bias, across)


def _side_by_side(result: Tensor, across: int) -> Tensor:
    """(1, across C, H, W) to (1, C, H, across W), a view of channels-last memory."""
    pixels = result.permute(0, 2, 3, 1)
    return pixels.reshape(1, pixels.shape[1], -1, pixels.shape[3] // across).permute(0, 3, 1, 2)


def _as_pixels(result: Tensor, kernel: Kernel) -> Tensor:
    """(1, grid grid C, H, W) to (1, C, grid H', grid W'), where H' and W' are less by what the starts differ."""
    grid, spread = kernel.grid, max(kernel.starts)
    channels, height, width = result.shape[1] // grid**2, result.shape[2] - spread, result.shape[3] - spread
    source = result.permute(0, 2, 3, 1)
    pixels = result.new_empty(1, height, grid, width, grid, channels)
    for row, top in enumerate(kernel.starts):
        for column, left in enumerate(kernel.starts):
            first = (row * grid + column) * channels
            pixels[:, :, row, :, column] = source[:, top : top + height, left : left + width, first : first + channels]
    return pixels.view(1, height * grid, width * grid, channels).permute(0, 3, 1, 2)


def _convolve(stream: Stream, kernel: Kernel, dtype: torch.dtype, width: int) -> Iterator[Tensor]:
    """Bands through the convolution: each window is what is left of the one before, the new rows, and the edges."""
    left, right, top, bottom = kernel.padding(stream.height, stream.width)
    ready: _Ready | None = None
    # One buffer for all windows: sizes that come and go among those of the bands would leave holes in the memory.
    buffer, tail = torch.empty(0), torch.empty(0)
    for band, is_last in gathered(stream.bands, max(top, bottom) + 1):
        is_first, ready = ready is None, ready or _ready(kernel, dtype, band.device)
        spare = -width % ready.across
        above = top if is_first else tail.shape[2]
        end = above + band.shape[2]
        rows = end + (bottom if is_last else 0)
        if buffer.dim() < 4 or buffer.shape[2] < rows:
            size = (1, band.shape[1], rows + kernel.reach, left + band.shape[3] + right + spare)
            buffer = torch.empty(size, dtype=dtype, device=band.device, memory_format=torch.channels_last)
        window = buffer[:, :, :rows]
        body = window[:, :, above:end]
        body[..., left : left + band.shape[3]] = band
        _fill_sides(body, left, right, spare, kernel.edges)
        if not is_first:
            window[:, :, :above] = tail
        elif top:
            _fill_rows(window, range(top - 1, -1, -1), top, 1, kernel.edges)
        if is_last and bottom:
            _fill_rows(window, range(end, rows), end - 1, -1, kernel.edges)
        count = max((rows - kernel.reach) // kernel.step + 1, 0)
        tail = window[:, :, count * kernel.step :].clone()
        if count:
            yield ready(window[:, :, : (count - 1) * kernel.step + kernel.reach], width)


def _fill_rows(window: Tensor, places: range, edge: int, inward: int, edges: Edges) -> None:
    """Rows beyond the edge, the nearest first; ``edge`` is the outermost row of the picture."""
    for distance, place in enumerate(places, start=1):
        if edges in ("reflect", "replicate"):
            window[:, :, place] = window[:, :, edge + (inward * distance if edges == "reflect" else 0)]
        else:
            window[:, :, place] = 0


def _fill_sides(body: Tensor, left: int, right: int, spare: int, edges: Edges) -> None:
    """Columns beyond both edges; ``spare`` ones further right are zeros, and what is computed of them is thrown away."""
    last = body.shape[3] - spare - right - 1
    for edge, count, outward in ((left, left, -1), (last, right, 1)):
        for distance in range(1, count + 1):
            if edges in ("reflect", "replicate"):
                body[..., edge + outward * distance] = body[..., edge - (outward * distance if edges == "reflect" else 0)]
            else:
                body[..., edge + outward * distance] = 0
    if spare:
        body[..., last + right + 1 :] = 0
