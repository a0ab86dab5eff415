"""Layers as readers of foreign files hand them over: what each is, as `restyle.networks.transformer` has it, and its tensors.

This is data alone: a reader needs no network to describe one. All networks described here map RGB in 0..1 to RGB in 0..1; what
theirs wants instead (0..255, BGR, means taken off) becomes a layer of its own at either end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

import torch
from torch import Tensor

__all__ = ["Draft", "Family", "Layer", "affine", "branches", "colors", "conv", "draft", "norm", "plain", "residual", "transposed"]


Family = Literal["style", "domain"]


@dataclass(frozen=True)
class Layer:
    """One block: its entry in an architecture, and its tensors by their names in the block."""

    described: dict[str, Any]
    tensors: dict[str, Tensor] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """A whole network: its architecture, and its tensors by their names in the network.

    The architecture is a list of layers; a dict for what is no network of layers (a whole ONNX file). ``family`` is what the
    network is for: to paint in a style, or to lead from one domain of pictures to another.
    """

    architecture: list[dict[str, Any]] | dict[str, Any]
    state: dict[str, Tensor]
    planes: int | None = None
    """How many masks of a plan (0..1) it takes instead of RGB; None for a network that takes pictures."""
    family: Family = "style"


def draft(layers: Iterable[Layer], planes: int | None = None) -> Draft:
    """The network of these layers in a row, which takes pictures or masks of so many ``planes``."""
    listed = list(layers)
    state = {f"{i}.{name}": tensor for i, layer in enumerate(listed) for name, tensor in layer.tensors.items()}
    return Draft([layer.described for layer in listed], state, planes)


def plain(kind: str, **numbers: Any) -> Layer:
    """A layer without tensors."""
    return Layer({"type": kind, **numbers})


def conv(weight: Tensor, bias: Tensor | None, *, stride: int = 1, edges: str = "reflect", upsample: int = 1) -> Layer:
    """A convolution with ``weight`` (out, in, k, k); ValueError for another kernel."""
    numbers = {"in": weight.shape[1], "out": weight.shape[0], "kernel": _square(weight)}
    described = {"type": "conv", **numbers, "stride": stride, "edges": edges, "upsample": upsample, "bias": bias is not None}
    return Layer(described, _with_bias(weight, bias))


def transposed(weight: Tensor, bias: Tensor | None, *, stride: int, offset: int) -> Layer:
    """A transposed convolution with ``weight`` (in, out, k, k); ValueError for another kernel."""
    numbers = {"in": weight.shape[0], "out": weight.shape[1], "kernel": _square(weight)}
    described = {"type": "transposed", **numbers, "stride": stride, "offset": offset, "bias": bias is not None}
    return Layer(described, _with_bias(weight, bias))


def norm(weight: Tensor, bias: Tensor, eps: float) -> Layer:
    """An instance norm."""
    return Layer({"type": "norm", "channels": len(weight), "eps": eps}, {"weight": _float(weight), "bias": _float(bias)})


def affine(scale: Tensor, shift: Tensor) -> Layer:
    """``scale`` times each channel plus ``shift``."""
    return Layer({"type": "affine", "channels": len(scale)}, {"scale": _float(scale), "shift": _float(shift)})


def colors(scale: float, shift: tuple[float, float, float], order: tuple[int, int, int] = (0, 1, 2)) -> Layer:
    """From one convention of colours to another: the channels taken in ``order``, times ``scale``, plus ``shift``."""
    described = {"type": "affine", "order": list(order), "scale": [scale] * 3, "shift": list(shift)}
    return Layer(described, {"scale": torch.full((3,), scale), "shift": torch.tensor(shift)})


def residual(body: Iterable[Layer], shave: int = 0) -> Layer:
    """The layers' result plus what they were given, less ``shave`` pixels at each side."""
    inner = draft(body)
    tensors = {f"body.{name}": tensor for name, tensor in inner.state.items()}
    return Layer({"type": "residual", "shave": shave, "body": inner.architecture}, tensors)


def branches(parts: Iterable[Iterable[Layer]]) -> Layer:
    """Several sequences of the same picture, their channels joined."""
    drafts = [draft(part) for part in parts]
    tensors = {f"branches.{i}.{name}": tensor for i, part in enumerate(drafts) for name, tensor in part.state.items()}
    return Layer({"type": "branches", "branches": [part.architecture for part in drafts]}, tensors)


def _square(weight: Tensor) -> int:
    if weight.ndim != 4 or weight.shape[2] != weight.shape[3]:
        raise ValueError("a convolution whose kernel is no square")
    return weight.shape[2]


def _with_bias(weight: Tensor, bias: Tensor | None) -> dict[str, Tensor]:
    return {"weight": _float(weight)} | ({} if bias is None else {"bias": _float(bias)})


def _float(tensor: Tensor) -> Tensor:
    return tensor.detach().to(torch.float32).contiguous()
