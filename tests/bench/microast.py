"""MicroAST (Wang et al. 2023) as a peer: its published weights, run by a functional form of its inference."""

from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["MicroAST"]

PARTS = ("content_encoder", "style_encoder", "modulator", "decoder")
EPSILON = 1e-5


class MicroAST:
    """The network of ``folder``'s four files, float32, on the CPU."""

    def __init__(self, folder: Path) -> None:
        self._weights = {
            f"{part}.{name}": tensor
            for part in PARTS
            for name, tensor in torch.load(
                folder / f"{part}_iter_160000.pth.tar", map_location="cpu", weights_only=True
            ).items()
        }  # fmt: skip

    @torch.no_grad()
    def __call__(self, photo: Tensor, style: Tensor) -> Tensor:
        """The photo (1, 3, H, W) in the style's manner; H and W multiples of 4, or the result is cut to fit."""
        height, width = photo.shape[2:]
        photo = F.pad(photo, (0, -width % 4, 0, -height % 4), mode="reflect")
        styles = self._encoded(style, "style_encoder")
        gains = [self._signal(features, f"weight{i}") for i, features in enumerate(styles, start=1)]
        biases = [self._signal(features, f"bias{i}") for i, features in enumerate(styles, start=1)]
        _, deep = self._encoded(photo, "content_encoder")
        hidden = self._modulated(_adain(deep, styles[1]), "decoder.dec1", gains[1], biases[1])
        hidden = self._modulated(_adain(hidden, styles[0]), "decoder.dec2", gains[0], biases[0])
        return self._decoded(hidden)[:, :, :height, :width].clamp(0, 1)

    def _encoded(self, picture: Tensor, part: str) -> tuple[Tensor, Tensor]:
        hidden = F.relu(self._conv(picture, f"{part}.enc1.0"))
        for depthwise, pointwise in ((2, 4), (6, 8)):
            hidden = F.relu(self._conv(hidden, f"{part}.enc1.{depthwise}", stride=2))
            hidden = F.relu(self._conv(hidden, f"{part}.enc1.{pointwise}"))
        shallow = self._residual(hidden, f"{part}.enc1.10")
        return shallow, self._residual(shallow, f"{part}.enc2.0")

    def _decoded(self, hidden: Tensor) -> Tensor:
        for depthwise, pointwise in ((1, 3), (6, 8)):
            hidden = F.interpolate(hidden, scale_factor=2, mode="bilinear")
            hidden = F.relu(self._conv(hidden, f"decoder.dec3.{depthwise}"))
            hidden = F.relu(self._conv(hidden, f"decoder.dec3.{pointwise}"))
        return self._conv(hidden, "decoder.dec3.10")

    def _residual(self, hidden: Tensor, name: str) -> Tensor:
        return hidden + self._conv(F.relu(self._conv(hidden, f"{name}.conv1")), f"{name}.conv2")

    def _modulated(self, hidden: Tensor, name: str, gain: Tensor, bias: Tensor) -> Tensor:
        first = F.relu(gain * self._conv(hidden, f"{name}.conv1") + bias * hidden)
        return hidden + gain * self._conv(first, f"{name}.conv2") + bias * first

    def _signal(self, features: Tensor, name: str) -> Tensor:
        return self._conv(features, f"modulator.{name}.0").mean((2, 3), keepdim=True)

    def _conv(self, hidden: Tensor, name: str, stride: int = 1) -> Tensor:
        weight, bias = self._weights[f"{name}.conv_layer.weight"], self._weights[f"{name}.conv_layer.bias"]
        margin = weight.shape[2] // 2
        groups = hidden.shape[1] // weight.shape[1]
        return F.conv2d(F.pad(hidden, (margin,) * 4, mode="reflect"), weight, bias, stride, groups=groups)


def _adain(features: Tensor, style: Tensor) -> Tensor:
    (mean, deviation), (wanted_mean, wanted_deviation) = _moments(features), _moments(style)
    return (features - mean) / deviation * wanted_deviation + wanted_mean


def _moments(features: Tensor) -> tuple[Tensor, Tensor]:
    variance, mean = torch.var_mean(features, dim=(2, 3), keepdim=True)
    return mean, (variance + EPSILON).sqrt()
