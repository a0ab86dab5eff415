"""DPED's generator, as its authors publish it (Ignatov et al. 2017, models.py, `resnet`): RGB 0..1 to RGB, not clipped.

A 9x9 convolution to 64 channels, four residual blocks with instance norm at full resolution, two 3x3 convolutions and a 9x9 to
colours. Different from the usual residual block, the body ends in a ReLU before it is added.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from restyle.networks.blocks import ConvLayer, InstanceNorm, Residual, ScaledTanh, Sequence

__all__ = ["dped_from_arrays", "dped_generator"]

WIDTH = 64
BLOCKS = 4
EPS = 1e-3
TANH_SCALE, TANH_SHIFT = 0.58, 0.5


def dped_generator(width: int = WIDTH, blocks: int = BLOCKS) -> Sequence:
    """The generator with random weights; other sizes than the paper's are for tests and for training smaller ones."""
    return Sequence(
        ConvLayer(3, width, 9, edges="zero"),
        nn.ReLU(),
        *(Residual(Sequence(*_normed(width), *_normed(width))) for _ in range(blocks)),
        *(block for _ in range(2) for block in (ConvLayer(width, width, 3, edges="zero"), nn.ReLU())),
        ConvLayer(width, 3, 9, edges="zero"),
        ScaledTanh(TANH_SCALE, TANH_SHIFT),
    )


def dped_from_arrays(arrays: Mapping[str, Any]) -> Sequence:
    """The generator with the authors' variables (`generator/W1`, HWIO, … and `generator/Variable`, `Variable_1`, …).

    Float32, in evaluation mode. KeyError where a variable is missing, ValueError where a shape is another.
    """
    network = dped_generator()
    convolutions = [block for block in network.modules() if isinstance(block, ConvLayer)]
    norms = [block for block in network.modules() if isinstance(block, InstanceNorm)]
    for number, convolution in enumerate(convolutions, start=1):
        kernel = torch.as_tensor(arrays[f"generator/W{number}"])
        _assign(convolution.weight, kernel.permute(3, 2, 0, 1))
        _assign(convolution.bias, torch.as_tensor(arrays[f"generator/b{number}"]))
    for index, norm in enumerate(norms):
        # TensorFlow numbers unnamed variables in the order of their making: shift before scale.
        _assign(norm.bias, torch.as_tensor(arrays[_variable(2 * index)]))
        _assign(norm.weight, torch.as_tensor(arrays[_variable(2 * index + 1)]))
    return network.requires_grad_(False).eval()


def _normed(width: int) -> tuple[nn.Module, ...]:
    return ConvLayer(width, width, 3, edges="zero"), InstanceNorm(width, EPS), nn.ReLU()


def _variable(index: int) -> str:
    return f"generator/Variable_{index}" if index else "generator/Variable"


@torch.no_grad()
def _assign(parameter: Tensor | None, values: Tensor) -> None:
    if parameter is None or values.shape != parameter.shape:
        raise ValueError(f"a variable of DPED has the shape {tuple(values.shape)}, which its generator has not")
    parameter.copy_(values)
