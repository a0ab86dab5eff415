"""Magenta's arbitrary stylisation (Ghiasi et al. 2017): one network reads a style as 100 numbers, another paints by them.

Both are graphs of operators, as they were published for phones. RGB in 0..1.
"""

from __future__ import annotations

from typing import cast

from torch import Tensor, nn
from torch.nn import functional as F

from restyle.networks.tensor_graph import TensorGraph

__all__ = ["PREDICTOR_PX", "Magenta"]

STRIDE = 4  # of the transformer
PREDICTOR_PX = 256  # side of the pictures that the predictor was trained on


class Magenta(nn.Module):
    """The painting (1, 3, H, W) of a photo by a bottleneck (1, 100, 1, 1), which styles are blended in."""

    def __init__(self, predictor: TensorGraph, transformer: TensorGraph) -> None:
        super().__init__()
        self.predictor, self.transformer = predictor, transformer

    def read_style(self, style: Tensor) -> Tensor:
        """The bottleneck of a picture (1, 3, h, w) in 0..1, best of PREDICTOR_PX along its shorter side."""
        return cast("Tensor", self.predictor(style))

    def forward(self, photo: Tensor, bottleneck: Tensor) -> Tensor:
        """Paint (1, 3, H, W) in 0..1, its sides at least 8, at the same size and in 0..1."""
        height, width = photo.shape[2:]
        # The transformer halves sides twice and doubles them again; what is painted beyond the photo is cut off.
        padded = F.pad(photo, (0, -width % STRIDE, 0, -height % STRIDE), mode="reflect")
        painted: Tensor = self.transformer(padded, bottleneck)
        return painted[:, :, :height, :width]
