"""Feed-forward style networks as data: layers of which `build` makes blocks.

A layer is a plain mapping (JSON can hold it), so that a file of weights carries its architecture. Every network maps RGB in
0..1 to RGB, about 0..1: what its first and last layer think of colours is part of the layers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn

from restyle.networks import blocks
from restyle.networks.blocks import Sequence
from restyle.networks.noise import Noise

__all__ = ["Layer", "build"]

Layer = Mapping[str, Any]
"""`{"type": …}` and the arguments of that block; see `_BUILDERS`."""

MAX_CHANNELS, MAX_LAYERS, MAX_SIZE, MAX_GROWTH = 2048, 512, 64, 8
"""What no published network comes near (growth: how many times a layer enlarges); more is a damaged or a hostile file."""


def build(layers: list[Layer] | tuple[Layer, ...]) -> Sequence:
    """The network of these layers with random weights; ValueError for unknown types, wrong arguments, absurd sizes."""
    return _build(layers, [MAX_LAYERS])


def _build(layers: Any, left: list[int]) -> Sequence:
    """``left`` counts down how many layers may still come, over all levels."""
    built = []
    if not isinstance(layers, (list, tuple)) or not all(isinstance(layer, Mapping) for layer in layers):
        raise ValueError("layers that are no list, or a layer that is no mapping")
    for layer in layers:
        left[0] -= 1
        kind = str(layer.get("type"))
        if left[0] < 0 or kind not in _BUILDERS:
            raise ValueError(f"too many layers, or a layer of the unknown kind {kind!r}")
        try:
            built.append(_BUILDERS[kind]({key: value for key, value in layer.items() if key != "type"}, left))
        except (ArithmeticError, KeyError, TypeError, RuntimeError) as error:
            raise ValueError(f"a layer of the kind {kind!r} has wrong arguments") from error
    return Sequence(*built)


def _channels(arguments: Mapping[str, Any], name: str = "channels") -> int:
    value = arguments[name]
    if type(value) is not int or not 1 <= value <= MAX_CHANNELS:
        raise ValueError(f"a layer of {value!r} channels")
    return value


def _small(arguments: Mapping[str, Any], **defaults: int) -> dict[str, int]:
    """Sizes of kernels, steps and edges, checked."""
    values = {name: arguments.get(name, default) for name, default in defaults.items()}
    most = {name: MAX_GROWTH if name in _GROWING else MAX_SIZE for name in values}
    if not all(type(value) is int and 0 <= value <= most[name] for name, value in values.items()):
        raise ValueError(f"a layer with {values}")
    return values


def _build_conv(arguments: dict[str, Any], left: list[int]) -> nn.Module:
    sizes = _small(arguments, kernel=3, stride=1, upsample=1)
    edges = arguments.get("edges", "reflect")
    if edges not in ("reflect", "replicate", "zero", "same", "none") or min(sizes.values()) < 1:
        raise ValueError(f"a convolution with the edges {edges!r} and {sizes}")
    kernel, into, out = sizes.pop("kernel"), _channels(arguments, "in"), _channels(arguments, "out")
    return blocks.ConvLayer(into, out, kernel, edges=edges, bias=bool(arguments.get("bias", True)), **sizes)


def _build_transposed(arguments: dict[str, Any], left: list[int]) -> nn.Module:
    sizes = _small(arguments, kernel=3, stride=2, offset=1)
    if sizes["kernel"] < 1 or not 1 <= sizes["stride"] <= MAX_GROWTH:
        raise ValueError(f"a transposed convolution layer of {sizes}")
    kernel = sizes.pop("kernel")
    into, out = _channels(arguments, "in"), _channels(arguments, "out")
    return blocks.TransposedConv(into, out, kernel, bias=bool(arguments.get("bias", True)), **sizes)


def _build_affine(arguments: dict[str, Any], left: list[int]) -> nn.Module:
    if "channels" in arguments:
        channels = _channels(arguments)
        return blocks.ChannelAffine(torch.ones(channels), torch.zeros(channels))
    scale, shift = (torch.tensor(arguments[name], dtype=torch.float32) for name in ("scale", "shift"))
    order = tuple(arguments["order"])
    if not all(type(place) is int for place in order) or sorted(order) != list(range(scale.numel())):
        raise ValueError(f"a layer of the channels {order}")
    return blocks.ChannelAffine(scale, shift, order)


def _build_norm(arguments: dict[str, Any], left: list[int]) -> nn.Module:
    channels, eps = _channels(arguments), float(arguments.get("eps", blocks.PYTORCH_EPS))
    if "styles" in arguments:
        return blocks.ConditionalInstanceNorm(channels, _channels(arguments, "styles"), eps)
    return blocks.InstanceNorm(channels, eps)


def _build_noise(arguments: dict[str, Any], left: list[int]) -> nn.Module:
    scale, shift, spread = float(arguments.get("scale", 1.0)), float(arguments.get("shift", 0.0)), arguments.get("spread", "even")
    if spread not in ("even", "normal") or not math.isfinite(scale) or not math.isfinite(shift):
        raise ValueError(f"noise of {scale}, {shift} and {spread!r}")
    # How many layers may still come is another number for each layer.
    return Noise(_channels(arguments), scale, shift, spread, seed=left[0])


_GROWING = ("upsample", "factor")

_BUILDERS: Mapping[str, Callable[[dict[str, Any], list[int]], nn.Module]] = {
    "conv": _build_conv,
    "transposed": _build_transposed,
    "affine": _build_affine,
    "norm": _build_norm,
    "relu": lambda arguments, left: nn.ReLU(),
    "leaky": lambda arguments, left: nn.LeakyReLU(float(arguments["slope"])),
    "noise": _build_noise,
    "tanh": lambda arguments, left: blocks.ScaledTanh(float(arguments.get("scale", 1.0)), float(arguments.get("shift", 0.0))),
    "residual": lambda arguments, left: blocks.Residual(_build(arguments["body"], left), **_small(arguments, shave=0)),
    "branches": lambda arguments, left: blocks.Branches(*(_build(branch, left) for branch in arguments["branches"])),
    "pad": lambda arguments, left: blocks.Pad(**_small(arguments, size=1)),
    "pool": lambda arguments, left: blocks.Pool(**_small(arguments, size=2)),
    "enlarge": lambda arguments, left: blocks.Enlarge(**_small(arguments, factor=2)),
}
"""How each type of layer is built, of its arguments and of how many layers may still come."""
