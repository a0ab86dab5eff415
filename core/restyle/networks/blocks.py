"""Blocks: what feed-forward style networks are built of, as a sequence that can be run whole or band by band.

Each block is an ordinary module, so a network trains and runs like any other. What a block needs of its surroundings is
plain data on it (kernel, stride, edges, upsampling): `restyle.engine.any_size` reads it and computes the same picture in
bands of rows, with instance norms over the whole picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = [
    "Branches",
    "ChannelAffine",
    "ConditionalInstanceNorm",
    "ConvLayer",
    "Edges",
    "Enlarge",
    "InstanceNorm",
    "Pad",
    "Pool",
    "Residual",
    "ScaledTanh",
    "Sequence",
    "TransposedConv",
    "fixed_mixture",
    "instance_norms",
    "same_padding",
]

Edges = Literal["reflect", "replicate", "zero", "same", "none"]
"""What lies beyond the picture: its mirror image, its outermost pixels or zeros (half a kernel at each side), TensorFlow's SAME
(zeros, and with a stride more of them below and to the right), or nothing, so that the result is smaller."""

PYTORCH_EPS = 1e-5
"""What torch.nn.InstanceNorm2d adds to the variance."""


class Sequence(nn.Sequential):
    """Blocks in a row; ``mixture`` (batch, styles) reaches every conditional instance norm in it, however deep."""

    def forward(self, hidden: Tensor, mixture: Tensor | None = None) -> Tensor:
        """Map (N, C, H, W) through all blocks."""
        for block in self:
            takes_mixture = isinstance(block, (Sequence, Residual, Branches, ConditionalInstanceNorm))
            hidden = block(hidden, mixture) if takes_mixture else block(hidden)
        return hidden


class ConvLayer(nn.Conv2d):
    """Convolution of a square kernel, optionally of the picture enlarged by whole ``upsample`` to its nearest neighbours."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel: int,
        *,
        stride: int = 1,
        edges: Edges = "reflect",
        upsample: int = 1,
        bias: bool = True,
    ) -> None:
        super().__init__(in_channels, out_channels, kernel, stride=stride, bias=bias)
        self.kernel, self.step, self.edges, self.upsample = kernel, stride, edges, upsample

    def forward(self, hidden: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C', H', W')."""
        if self.upsample > 1:
            hidden = F.interpolate(hidden, scale_factor=self.upsample, mode="nearest")
        padding = self.padding_of(hidden.shape[-2], hidden.shape[-1])
        if any(padding):
            hidden = F.pad(hidden, padding, mode=self.edges if self.edges in ("reflect", "replicate") else "constant")
        return F.conv2d(hidden, self.weight, self.bias, self.step)

    def padding_of(self, height: int, width: int) -> tuple[int, int, int, int]:
        """(left, right, top, bottom) for an (enlarged) picture of this size."""
        if self.edges == "same":
            return (*same_padding(width, self.kernel, self.step), *same_padding(height, self.kernel, self.step))
        half = 0 if self.edges == "none" else self.kernel // 2
        return half, half, half, half


class TransposedConv(nn.ConvTranspose2d):
    """Transposed convolution to exactly ``stride`` times the size.

    The full result is larger; its first ``offset`` rows and columns are left out. With a kernel of 3, ``offset`` 1 is PyTorch's
    and Torch7's padding 1 with output padding 1, and 0 is TensorFlow's SAME.
    """

    def __init__(
        self, in_channels: int, out_channels: int, kernel: int, *, stride: int = 2, offset: int = 1, bias: bool = True
    ) -> None:
        super().__init__(in_channels, out_channels, kernel, stride=stride, bias=bias)
        self.kernel, self.step, self.offset = kernel, stride, offset

    def forward(self, hidden: Tensor, output_size: list[int] | None = None) -> Tensor:
        """Map (N, C, H, W) to (N, C', stride H, stride W)."""
        height, width = (self.step * side for side in hidden.shape[-2:])
        # Output padding reaches what the full result lacks where the kernel is short; the crop then takes the window.
        full = F.conv_transpose2d(hidden, self.weight, self.bias, self.step, output_padding=self.step - 1)
        return full[..., self.offset : self.offset + height, self.offset : self.offset + width]


class InstanceNorm(nn.Module):
    """Each channel of each picture to mean ``bias`` and deviation ``weight`` (Ulyanov et al. 2016)."""

    def __init__(self, channels: int, eps: float = PYTORCH_EPS) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, hidden: Tensor) -> Tensor:
        """Map (N, C, H, W) to its normalised self."""
        return F.instance_norm(hidden, weight=self.weight, bias=self.bias, eps=self.eps)


class ConditionalInstanceNorm(nn.Module):
    """Instance norm with weight and bias for each of several styles, mixed as asked (Dumoulin et al. 2017)."""

    def __init__(self, channels: int, styles: int, eps: float = PYTORCH_EPS) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(styles, channels))
        self.bias = nn.Parameter(torch.zeros(styles, channels))

    def forward(self, hidden: Tensor, mixture: Tensor | None) -> Tensor:
        """Map (N, C, H, W) with ``mixture`` (N or 1, styles); ValueError without it."""
        if mixture is None:
            raise ValueError("a network of several styles needs to be told their mixture")
        mixture = mixture.to(hidden.device, self.weight.dtype)
        weight, bias = ((mixture @ table)[..., None, None] for table in (self.weight, self.bias))
        return F.instance_norm(hidden, eps=self.eps) * weight + bias

    def fixed(self, mixture: Tensor) -> InstanceNorm:
        """The plain instance norm of one mixture (styles,)."""
        norm = InstanceNorm(self.weight.shape[1], self.eps).to(self.weight)
        with torch.no_grad():
            norm.weight.copy_(mixture.to(self.weight) @ self.weight)
            norm.bias.copy_(mixture.to(self.bias) @ self.bias)
        return norm


class Residual(nn.Module):
    """``body`` of a picture, added to the picture itself; ``shave`` is what the body takes off each side."""

    def __init__(self, body: Sequence, shave: int = 0) -> None:
        super().__init__()
        self.body, self.shave = body, shave

    def forward(self, hidden: Tensor, mixture: Tensor | None = None) -> Tensor:
        """Map (N, C, H, W) to (N, C, H - 2 shave, W - 2 shave)."""
        height, width = hidden.shape[-2:]
        kept = hidden[..., self.shave : height - self.shave, self.shave : width - self.shave]
        result: Tensor = self.body(hidden, mixture) + kept
        return result


class Branches(nn.Module):
    """Several sequences of the same picture, their channels joined in order (texture networks' scales)."""

    def __init__(self, *branches: Sequence) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, hidden: Tensor, mixture: Tensor | None = None) -> Tensor:
        """Map (N, C, H, W) to (N, sum of C', H', W'); all branches end in one size."""
        return torch.cat([branch(hidden, mixture) for branch in self.branches], dim=1)


class Pad(nn.Module):
    """The picture with its mirror image around it, ``size`` pixels wide."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def forward(self, hidden: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C, H + 2 size, W + 2 size)."""
        return F.pad(hidden, (self.size,) * 4, mode="reflect")


class Pool(nn.Module):
    """Means over squares of ``size`` by ``size`` pixels: a smaller scale of the picture."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def forward(self, hidden: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C, H // size, W // size)."""
        return F.avg_pool2d(hidden, self.size)


class Enlarge(nn.Module):
    """Each pixel ``factor`` times in both directions."""

    def __init__(self, factor: int) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, hidden: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C, factor H, factor W)."""
        return F.interpolate(hidden, scale_factor=self.factor, mode="nearest")


class ChannelAffine(nn.Module):
    """``scale`` times each channel plus ``shift``, channels taken in ``order``: conventions of colour, learned batch norms."""

    scale: Tensor
    shift: Tensor

    def __init__(self, scale: Tensor, shift: Tensor, order: tuple[int, ...] | None = None) -> None:
        super().__init__()
        self.register_buffer("scale", scale)
        self.register_buffer("shift", shift)
        self.order = order

    def forward(self, hidden: Tensor) -> Tensor:
        """Map (N, C, H, W) to the same size."""
        if self.order is not None:
            hidden = hidden[:, list(self.order)]
        return hidden * self.scale.view(-1, 1, 1) + self.shift.view(-1, 1, 1)


class ScaledTanh(nn.Module):
    """``scale`` tanh + ``shift``: how most of these networks end."""

    def __init__(self, scale: float, shift: float = 0.0) -> None:
        super().__init__()
        self.scale, self.shift = scale, shift

    def forward(self, hidden: Tensor) -> Tensor:
        """Map (N, C, H, W) to the same size."""
        return torch.tanh(hidden) * self.scale + self.shift


def same_padding(length: int, kernel: int, stride: int) -> tuple[int, int]:
    """TensorFlow's SAME: zeros before and after a line of ``length``."""
    total = max((-(-length // stride) - 1) * stride + kernel - length, 0)
    return total // 2, total - total // 2


def instance_norms(network: nn.Module) -> Iterator[InstanceNorm | ConditionalInstanceNorm]:
    """All instance norms of a network, in the order in which a picture meets them."""
    return (block for block in network.modules() if isinstance(block, (InstanceNorm, ConditionalInstanceNorm)))


def fixed_mixture(network: Sequence, mixture: Tensor) -> Sequence:
    """The same network for one mixture of its styles (styles,): plain instance norms instead of conditional ones.

    Everything else is shared with ``network``, not copied.
    """
    return Sequence(*(_fixed(block, mixture) for block in network))


def _fixed(block: nn.Module, mixture: Tensor) -> nn.Module:
    if isinstance(block, ConditionalInstanceNorm):
        return block.fixed(mixture)
    if isinstance(block, Sequence):
        return fixed_mixture(block, mixture)
    if isinstance(block, Residual):
        return Residual(fixed_mixture(block.body, mixture), block.shave)
    if isinstance(block, Branches):
        return Branches(*(fixed_mixture(branch, mixture) for branch in block.branches if isinstance(branch, Sequence)))
    return block
