"""The feed-forward style networks that people have, as `restyle.networks.transformer.build` takes them.

Johnson et al. 2016 as Johnson's Torch7 code, PyTorch's examples and Engstrom's TensorFlow code write it, and the multi-scale
texture networks of Ulyanov et al. 2016.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from restyle.networks import blocks
from restyle.networks.transformer import Layer

__all__ = ["CAFFE_COLORS", "Colors", "engstrom", "johnson", "pytorch_examples", "texture_pyramid"]

JOHNSON_TANH = 150.0
ENGSTROM_EPS = 1e-3


@dataclass(frozen=True)
class Colors:
    """A network's idea of colours: ``range`` times RGB 0..1, less ``mean``, in this order of channels."""

    range: float = 255.0
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    order: tuple[int, int, int] = (0, 1, 2)

    def entering(self) -> Layer:
        """The layer from RGB 0..1 to the network's colours."""
        return {"type": "affine", "order": list(self.order), "scale": [self.range] * 3, "shift": [-value for value in self.mean]}

    def leaving(self) -> Layer:
        """The layer back."""
        # The inverse of a permutation is where each of its members stands.
        order = [self.order.index(channel) for channel in range(3)]
        shift = [self.mean[place] / self.range for place in order]
        return {"type": "affine", "order": order, "scale": [1 / self.range] * 3, "shift": shift}


CAFFE_COLORS = Colors(mean=(103.939, 116.779, 123.68), order=(2, 1, 0))
"""BGR less the mean colour of ImageNet, as VGG's Caffe weights and Johnson's models have it."""


def pytorch_examples(colors: Colors | None = None) -> tuple[Layer, ...]:
    """TransformerNet of pytorch/examples: reflected edges, nearest upsampling, instance norm, RGB 0..255 in and out."""
    colors = colors or Colors()
    return (
        colors.entering(),
        *_conv(3, 32, 9),
        *_conv(32, 64, 3, stride=2),
        *_conv(64, 128, 3, stride=2),
        *(_residual(128) for _ in range(5)),
        *_conv(128, 64, 3, upsample=2),
        *_conv(64, 32, 3, upsample=2),
        {"type": "conv", "in": 32, "out": 3, "kernel": 9},
        colors.leaving(),
    )


def johnson(*, width: int = 32, norm: str = "norm", pad: int = 40, colors: Colors = CAFFE_COLORS) -> tuple[Layer, ...]:
    """jcjohnson/fast-neural-style: mirrored once by ``pad`` at the start, residual blocks without edges, tanh x 150.

    ``norm`` is "norm" (its instance_norm models) or "affine" (its eccv16 models: batch norm that has learned). Its convolutions
    outside of residual blocks pad with zeros, and upsample by transposed ones.
    """
    wide, wider = 2 * width, 4 * width
    conv: dict[str, Any] = {"edges": "zero", "norm": norm}
    return (
        colors.entering(),
        {"type": "pad", "size": pad},
        *_conv(3, width, 9, **conv),
        *_conv(width, wide, 3, stride=2, **conv),
        *_conv(wide, wider, 3, stride=2, **conv),
        *(_residual(wider, edges="none", norm=norm, shave=2) for _ in range(5)),
        *_transposed(wider, wide, norm=norm),
        *_transposed(wide, width, norm=norm),
        {"type": "conv", "in": width, "out": 3, "kernel": 9, "edges": "zero"},
        {"type": "tanh", "scale": JOHNSON_TANH, "shift": 0.0},
        colors.leaving(),
    )


def engstrom() -> tuple[Layer, ...]:
    """lengstrom/fast-style-transfer: TensorFlow's SAME edges, no biases, an instance norm after the last convolution too."""
    conv: dict[str, Any] = {"edges": "same", "bias": False, "eps": ENGSTROM_EPS}
    return (
        Colors().entering(),
        *_conv(3, 32, 9, **conv),
        *_conv(32, 64, 3, stride=2, **conv),
        *_conv(64, 128, 3, stride=2, **conv),
        *(_residual(128, **conv) for _ in range(5)),
        *_transposed(128, 64, offset=0, bias=False, eps=ENGSTROM_EPS),
        *_transposed(64, 32, offset=0, bias=False, eps=ENGSTROM_EPS),
        *_conv(32, 3, 9, relu=False, **conv),
        {"type": "tanh", "scale": JOHNSON_TANH, "shift": 127.5},
        Colors().leaving(),
    )


def texture_pyramid(*, scales: int = 6, width: int = 8, edges: str = "replicate") -> tuple[Layer, ...]:
    """The multi-scale generator of texture networks: scales from 1 / 2^(scales-1) to 1, joined from coarse to fine.

    As in its authors' `pyramid_mixed`, for stylisation: the photo takes the place of noise.
    """
    joined: tuple[Layer, ...] = ()
    for index in range(scales):
        ratio, channels = 2 ** (scales - 1 - index), width * (index + 1)
        scale = _triple(3, width, edges)
        scale = ({"type": "pool", "size": ratio}, *scale) if ratio > 1 else scale
        if index:
            pair = [[*joined, _norm(width * index)], [*scale, _norm(width)]]
            scale = ({"type": "branches", "branches": pair}, *_triple(channels, channels, edges))
        joined = (*scale, {"type": "enlarge", "factor": 2}) if ratio > 1 else scale
    return (*joined, {"type": "conv", "in": width * scales, "out": 3, "kernel": 1, "edges": "none"})


def _conv(into: int, out: int, kernel: int, *, norm: str = "norm", relu: bool = True, **rest: Any) -> tuple[Layer, ...]:
    eps = rest.pop("eps", blocks.PYTORCH_EPS)
    layer: Layer = {"type": "conv", "in": into, "out": out, "kernel": kernel, **rest}
    return (layer, _norm(out, norm, eps), {"type": "relu"}) if relu else (layer, _norm(out, norm, eps))


def _transposed(into: int, out: int, *, norm: str = "norm", eps: float = blocks.PYTORCH_EPS, **rest: Any) -> tuple[Layer, ...]:
    return {"type": "transposed", "in": into, "out": out, "kernel": 3, **rest}, _norm(out, norm, eps), {"type": "relu"}


def _residual(channels: int, *, shave: int = 0, **rest: Any) -> Layer:
    body = [*_conv(channels, channels, 3, **rest), *_conv(channels, channels, 3, relu=False, **rest)]
    return {"type": "residual", "body": body, "shave": shave}


def _triple(into: int, out: int, edges: str) -> tuple[Layer, ...]:
    return (*_conv(into, out, 3, edges=edges), *_conv(out, out, 3, edges=edges), *_conv(out, out, 1, edges="none"))


def _norm(channels: int, kind: str = "norm", eps: float = blocks.PYTORCH_EPS) -> Layer:
    return {"type": kind, "channels": channels, "eps": eps} if kind == "norm" else {"type": kind, "channels": channels}
