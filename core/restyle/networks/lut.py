"""Image-adaptive 3D lookup tables (Zeng, Cai, Li, Cao, Zhang: Learning Image-Adaptive 3D Lookup Tables, TPAMI 2020).

A small classifier sees the photo at 256 x 256 and says how much of each basis table counts; their sum is one table that
maps every colour of the photo, whatever its size. A table is (3, n, n, n): channel, blue, green, red, values for the
nodes 0, 1 / (n - 1), ..., 1, as the authors store it. We resize to the classifier's input with antialiasing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = ["AdaptiveLut", "apply_lut", "identity_lut"]

CLASSIFIER_PX = 256
LEAK = 0.2  # slope of the leaky ReLU below zero
_WIDTHS = (16, 32, 64, 128, 128)
_LUT_PREFIX, _CLASSIFIER_PREFIX = "luts.", "classifier."


class AdaptiveLut(nn.Module):
    """Basis tables and the classifier that mixes them; random until weights are loaded."""

    def __init__(self, tables: int = 3, nodes: int = 33, normalized: tuple[bool, ...] = (True, True, True, True, False)) -> None:
        super().__init__()
        self.luts = nn.Parameter(torch.randn(tables, 3, nodes, nodes, nodes) * 0.01)
        channels = (3, *_WIDTHS)
        self.convolutions = nn.ModuleList(
            nn.Conv2d(before, after, 3, stride=2, padding=1) for before, after in zip(channels, _WIDTHS, strict=False)
        )
        self.norms = nn.ModuleList(
            nn.InstanceNorm2d(width, affine=True) if has else nn.Identity()
            for width, has in zip(_WIDTHS, normalized, strict=True)
        )
        self.answer = nn.Conv2d(_WIDTHS[-1], tables, CLASSIFIER_PX >> len(_WIDTHS))

    @classmethod
    def from_state_dict(cls, state: Mapping[str, Tensor]) -> AdaptiveLut:
        """Build from the authors' two files put together: `luts.N.LUT` and `classifier.model.M.weight`.

        KeyError or RuntimeError where a tensor is missing or of another shape.
        """
        names = sorted(name for name in state if name.startswith(_LUT_PREFIX))
        layers = sorted({int(name.split(".")[2]) for name in state if name.startswith(_CLASSIFIER_PREFIX)})
        # A norm has as many weights as channels, a convolution four dimensions; the last convolution answers.
        is_norm = [state[f"{_CLASSIFIER_PREFIX}model.{layer}.weight"].ndim == 1 for layer in (*layers, layers[-1])]
        convolutions = [place for place in range(len(layers)) if not is_norm[place]]
        normalized = tuple(is_norm[place + 1] for place in convolutions[:-1])
        network = cls(len(names), state[names[0]].shape[-1], normalized)
        network.load_state_dict(_renamed(state, names, layers, is_norm))
        return network.requires_grad_(False).eval()

    def forward(self, photo: Tensor) -> Tensor:
        """The table (3, n, n, n) for a photo (1, 3, H, W) in 0..1."""
        size = (CLASSIFIER_PX, CLASSIFIER_PX)
        hidden = F.interpolate(photo, size, mode="bilinear", align_corners=False, antialias=True)
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            hidden = norm(F.leaky_relu(convolution(hidden), LEAK))
        shares = cast("Tensor", self.answer(hidden)).flatten()
        return torch.einsum("t,tcbgr->cbgr", shares, self.luts)


def identity_lut(nodes: int) -> Tensor:
    """The table (3, n, n, n) that changes nothing."""
    axis = torch.linspace(0, 1, nodes)
    blue, green, red = torch.meshgrid(axis, axis, axis, indexing="ij")
    return torch.stack((red, green, blue))


def apply_lut(lut: Tensor, pixels: Tensor) -> Tensor:
    """Map RGB (1, 3, H, W) in 0..1 through a table (3, n, n, n), trilinearly between its nodes, in float32."""
    # Two lookups in the planes of the blues below and above: torch has vector instructions for two dimensions, not for three.
    # The planes lie one under the other, each with its outermost rows twice, so that rounding leads to none of its neighbours.
    nodes, height = lut.shape[-1], lut.shape[-1] + 2
    planes = F.pad(lut, (0, 0, 1, 1), mode="replicate").view(1, 3, nodes * height, nodes)
    row = 2 / (nodes * height - 1)
    blue = pixels[:, 2].clamp(0, 1) * (nodes - 1)
    below = blue.floor().clamp_max_(nodes - 2)
    down = pixels[:, 1].clamp(0, 1).mul_((nodes - 1) * row).add_(below, alpha=height * row).add_(row - 1)
    places = torch.stack((pixels[:, 0] * 2 - 1, down), 3)
    first = F.grid_sample(planes, places, mode="bilinear", padding_mode="border", align_corners=True)
    places[..., 1] += height * row
    second = F.grid_sample(planes, places, mode="bilinear", padding_mode="border", align_corners=True)
    return torch.lerp(first, second, blue - below)


def _renamed(state: Mapping[str, Tensor], luts: list[str], layers: list[int], is_norm: list[bool]) -> dict[str, Tensor]:
    renamed = {"luts": torch.stack([state[name] for name in luts])}
    position = -1
    for place, layer in enumerate(layers):
        position += not is_norm[place]
        name = f"norms.{position}" if is_norm[place] else f"convolutions.{position}"
        if place == len(layers) - 1:
            name = "answer"
        for part in ("weight", "bias"):
            renamed[f"{name}.{part}"] = state[f"{_CLASSIFIER_PREFIX}model.{layer}.{part}"]
    return renamed
