"""Networks of files that anybody may have written: made of no more than what is in the file, and tried before they paint.

A description of a few bytes can ask for gigabytes of weights or of maps. So the network is made without numbers, on PyTorch's
meta device, and takes those of the file; then it paints a few pixels, no layer of which may become larger than any painter's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from restyle.context import Context
from restyle.engine.any_size import apply_at_any_size
from restyle.engine.any_size.extent import extent_of
from restyle.host.device import pick_device
from restyle.networks.blocks import ConvLayer, Enlarge, Pad, Sequence, TransposedConv

__all__ = ["check_that_it_paints", "filled"]

TRIED_PX = (64, 96)
"""The least that is ever painted (`restyle.engine.painting`), and what the strides of most published networks divide."""

ODD_PX = (67, 97)
"""What they do not divide."""

MOST_STRIDE = 512
"""Of a network: twice that of the deepest U-Net that was published."""

MOST_NUMBERS_PER_PIXEL = 16384
"""In the maps of all layers together, per pixel of the picture tried: eight times the largest published network's."""


def filled(make: Callable[[], Sequence], state: Mapping[str, Tensor]) -> Sequence:
    """The network that ``make`` builds, with weights in float32; RuntimeError where their names or shapes are others."""
    # Without numbers: a description may claim more than there is memory.
    with torch.device("meta"):
        network = make()
    # Copies: the file is mapped into memory, and may change while the network paints.
    network.load_state_dict({name: tensor.to(torch.float32, copy=True) for name, tensor in state.items()}, assign=True)
    return network


@torch.no_grad()
def check_that_it_paints(network: Sequence, planes: int = 3) -> None:
    """Raise ValueError, LookupError, RuntimeError or ArithmeticError unless it makes colours of so many planes, at their size."""
    if not any(isinstance(block, (ConvLayer, TransposedConv)) for block in network.modules()):
        raise ValueError("a network without a convolution")
    stride = extent_of(network, planes).stride
    if stride > MOST_STRIDE:
        raise ValueError("a network that halves pictures more often than any published one")
    height, width = (-(-side // stride) * stride for side in TRIED_PX)
    left = [MOST_NUMBERS_PER_PIXEL * height * width]

    def count(block: nn.Module, given: tuple[Any, ...]) -> None:
        left[0] -= _most_numbers(block, given[0])
        if left[0] < 0:
            raise ValueError("maps larger than any published network's")

    hooks = [block.register_forward_pre_hook(count) for block in network.modules()]
    _check_picture(network(_picture((height, width), planes)), (height, width))
    for hook in hooks:
        hook.remove()
    # The engine's way, which cuts off what networks give beyond sides that they cannot divide.
    _check_picture(apply_at_any_size(network, _picture(ODD_PX, planes), Context(pick_device("cpu", "float32"))), ODD_PX)


def _most_numbers(block: nn.Module, hidden: Tensor) -> int:
    """Numbers of the largest map that a block makes of one (1, C, H, W)."""
    channels, height, width = hidden.shape[1:]
    growth, edge = 1, 0
    if isinstance(block, ConvLayer):
        growth, edge = block.upsample, block.kernel
    elif isinstance(block, TransposedConv):
        growth, edge = block.step, block.kernel
    elif isinstance(block, Enlarge):
        growth = block.factor
    elif isinstance(block, Pad):
        edge = 2 * block.size
    made = getattr(block, "out_channels", channels)
    return int(max(channels, made) * (height * growth + edge) * (width * growth + edge))


def _picture(size: tuple[int, int], planes: int) -> Tensor:
    return torch.linspace(0, 1, planes * size[0] * size[1]).view(1, planes, *size)


def _check_picture(painted: Tensor, size: tuple[int, int]) -> None:
    if painted.shape != (1, 3, *size):
        raise ValueError(f"pictures of the shape {tuple(painted.shape)}")
    if not bool(painted.isfinite().all()):
        raise ValueError("pictures that are no numbers")
