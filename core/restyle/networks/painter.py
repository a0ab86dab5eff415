"""The painter: one picture of the compact encoder's deep features, each level's brought to a style's statistics before.

An autoencoder with skips, coarse to fine: every level joins what was decoded from the level below. Universal style transfer (Li
et al. 2017) encodes and decodes five times, once for each level; here each is done once, for a fifth of the arithmetic. Features
finer than relu3_1 are left out: they would hand on the photo's texture, and the style's is to be painted. What a flat sky's
features cannot tell, strokes, comes from the style's statistics themselves, by which each level's first channels are modulated
(Dumoulin et al. 2017, Wang et al. 2023). Enlargement repeats pixels, which leaves no checkerboard, and borders are reflected.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from restyle.networks.encoder import COMPACT_WIDTHS
from restyle.networks.saving import save_whole

LEVELS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
SEEN = ("relu3_1", "relu4_1", "relu5_1")  # the levels whose features the painter gets; of the others it gets the statistics
# What each level's convolutions give, from coarse to fine.
PAINTER_WIDTHS = {"relu5_1": (96, 96), "relu4_1": (96, 64), "relu3_1": (64, 64, 48), "relu2_1": (32, 24), "relu1_1": (16, 3)}
_FINEST = "relu1_1"

Touch = tuple[Tensor, Tensor]  # gain and shift of a level's first channels: (N, W, 1, 1), or of each place (N, W, h, w)


class Painter(nn.Module):
    """Features (N, C, H / 2^k, W / 2^k) to RGB (N, 3, H, W), about 0..1 and not clamped; H and W are multiples of 16."""

    def __init__(self) -> None:
        super().__init__()
        self.levels = nn.ModuleDict()
        self.touches = nn.ModuleDict()
        below = 0
        for level, widths in PAINTER_WIDTHS.items():
            previous = below + (COMPACT_WIDTHS[level] if level in SEEN else 0)
            convolutions = nn.ModuleList()
            for width in widths:
                convolutions.append(nn.Conv2d(previous, width, kernel_size=3, padding=1, padding_mode="reflect"))
                previous = width
            self.levels[level] = convolutions
            self.touches[level] = nn.Linear(2 * COMPACT_WIDTHS[level], 2 * widths[0])
            below = previous
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
                nn.init.zeros_(cast("Tensor", module.bias))
            if isinstance(module, nn.Linear):
                nn.init.zeros_(module.weight)
                nn.init.zeros_(module.bias)

    def forward(self, features: Mapping[str, Tensor], touches: Mapping[str, Touch]) -> Tensor:
        """Paint from the features of the levels in `SEEN`, in the weights' dtype, with the touch of each level."""
        hidden: Tensor | None = None
        for level in PAINTER_WIDTHS:
            hidden = self.painted(level, features.get(level), hidden, touches[level])
        return cast("Tensor", hidden)

    def touch(self, level: str, mean: Tensor, deviation: Tensor) -> Touch:
        """How the style with these statistics (N, C) of a level's features modulates that level."""
        linear = self.touches[level]
        signal = torch.cat((mean, deviation), 1).to(next(linear.parameters()).dtype)
        gain, shift = linear(signal)[:, :, None, None].chunk(2, 1)
        return 1 + gain, shift

    def painted(self, level: str, features: Tensor | None, below: Tensor | None, touch: Touch) -> Tensor:
        """What one level makes of its features, if it sees any, and of what the coarser level gave, None for the coarsest."""
        parts = [] if features is None else [features]
        if below is not None:
            parts.append(F.interpolate(below, scale_factor=2, mode="nearest"))
        hidden = torch.cat(parts, 1) if len(parts) > 1 else parts[0]
        convolutions = cast("nn.ModuleList", self.levels[level])
        for index, convolution in enumerate(convolutions):
            hidden = convolution(hidden)
            if index == 0:
                hidden = torch.addcmul(touch[1], hidden, touch[0])
            if level != _FINEST or index < len(convolutions) - 1:
                hidden = F.relu(hidden)
        return hidden

    @classmethod
    def from_file(cls, path: str | Path) -> Painter:
        """Read a safetensors file into float32, in evaluation mode; RuntimeError where names or shapes differ."""
        painter = cls()
        painter.load_state_dict({name: tensor.float() for name, tensor in load_file(path).items()})
        return painter.requires_grad_(False).eval()

    def save(self, path: str | Path, metadata: dict[str, str] | None = None) -> None:
        """Write a safetensors file in float16."""
        state = {name: tensor.detach().half().contiguous().cpu() for name, tensor in self.state_dict().items()}
        save_whole(state, path, metadata)


__all__ = ["LEVELS", "PAINTER_WIDTHS", "SEEN", "Painter", "Touch"]
