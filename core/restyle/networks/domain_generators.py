"""Generators of domains, as layers: the one of Zhu et al. 2017, and a small one that a CPU can train.

The small one adds to the photo what it changes, so that it begins as the identity and has a domain to learn, not pictures:
colours are changed pixel by pixel at full size, after what two and four times coarser convolutions see around them. It has no
norms: what it makes of a colour is the same in every picture.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from restyle.networks.blocks import ConvLayer, Sequence
from restyle.networks.transformer import Layer, build

__all__ = ["full_generator", "new_generator", "small_generator"]

_SIGNED: Layer = {"type": "affine", "order": [0, 1, 2], "scale": [2.0] * 3, "shift": [-1.0] * 3}
_UNSIGNED: Layer = {"type": "affine", "order": [0, 1, 2], "scale": [0.5] * 3, "shift": [0.5] * 3}
"""From colours in 0..1 to the network's, in -1..1, and back."""

_SLOPE = 0.2
INITIAL_DEVIATION = 0.02
"""Of the full generator's weights, as its authors begin (section 7.1 of the paper)."""


def full_generator(width: int = 64, blocks: int = 9) -> list[Layer]:
    """The generator of Zhu et al. 2017 (appendix 7.2): two strides, residual blocks, instance norms, tanh."""
    wide, wider = 2 * width, 4 * width
    body = [*_normed(_conv(wider, wider, 3)), *_normed(_conv(wider, wider, 3), relu=False)]
    return [
        _SIGNED,
        *_normed(_conv(3, width, 7)),
        *_normed(_conv(width, wide, 3, stride=2, edges="zero")),
        *_normed(_conv(wide, wider, 3, stride=2, edges="zero")),
        *({"type": "residual", "body": body} for _ in range(blocks)),
        *_normed({"type": "transposed", "in": wider, "out": wide, "kernel": 3}),
        *_normed({"type": "transposed", "in": wide, "out": width, "kernel": 3}),
        _conv(width, 3, 7),
        {"type": "tanh"},
        _UNSIGNED,
    ]


def small_generator(width: int = 16) -> list[Layer]:
    """A network of some 50,000 numbers that adds its change to the photo."""
    leaky = {"type": "leaky", "slope": _SLOPE}
    half, wide = width // 2, 2 * width
    near = [_conv(3, width, 5), leaky, _conv(width, width, 1), leaky]
    block = {"type": "residual", "body": [_conv(wide, wide, 3), leaky, _conv(wide, wide, 3)]}
    around = [
        *(_conv(3, width, 5, stride=2), leaky),
        *(_conv(width, wide, 3, stride=2), leaky),
        *(block, block, leaky),
        *(_conv(wide, width, 3, upsample=2), leaky),
        *(_conv(width, half, 3, upsample=2), leaky),
    ]
    joined: Layer = {"type": "branches", "branches": [near, around]}
    change = [joined, _conv(width + half, width, 1), leaky, _conv(width, 3, 1)]
    return [_SIGNED, {"type": "residual", "body": change}, _UNSIGNED]


def new_generator(layers: list[Layer]) -> Sequence:
    """The network of these layers before training; one that adds to the photo adds nothing yet."""
    network = build(layers)
    is_full = any(layer["type"] == "tanh" for layer in layers)
    convolutions = [block for block in network.modules() if isinstance(block, (nn.Conv2d, nn.ConvTranspose2d))]
    for block in convolutions:
        if is_full:
            nn.init.normal_(block.weight, 0.0, INITIAL_DEVIATION)
        else:
            nn.init.kaiming_normal_(block.weight, _SLOPE)
        if block.bias is not None:
            nn.init.zeros_(block.bias)
    if not is_full:
        with torch.no_grad():
            _last(network).weight.zero_()
    return network


def _last(network: Sequence) -> ConvLayer:
    return [block for block in network.modules() if isinstance(block, ConvLayer)][-1]


def _conv(into: int, out: int, kernel: int, **rest: Any) -> Layer:
    return {"type": "conv", "in": into, "out": out, "kernel": kernel, **rest}


def _normed(layer: Layer, *, relu: bool = True) -> list[Layer]:
    normed: list[Layer] = [layer, {"type": "norm", "channels": layer["out"]}]
    return [*normed, {"type": "relu"}] if relu else normed
