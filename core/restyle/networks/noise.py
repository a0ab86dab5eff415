"""Noise: what texture networks mix into a picture at each of its scales (Ulyanov et al. 2016), drawn anew for each seed."""

from __future__ import annotations

from copy import deepcopy
from typing import Literal, TypeVar

import torch
from torch import Tensor, nn

__all__ = ["Noise", "Spread", "seeded"]

Spread = Literal["even", "normal"]
"""How numbers are spread: evenly over 0..1, or with mean 0 and deviation 1."""

SEED_STEP = 1 << 16
"""From one seed of a whole network to the next: more than any network has layers, each of which has a seed of its own."""

Network = TypeVar("Network", bound=nn.Module)


class Noise(nn.Module):
    """``shift`` + ``scale`` times noise in place of what comes in: the same for the same size, whole or band by band.

    Where a picture is painted in parts each part has its own. Two of a network need two seeds: with one, the noise of a scale is
    that of another, read in rows of another length, and the picture gets bars.
    """

    def __init__(self, channels: int, scale: float = 1.0, shift: float = 0.0, spread: Spread = "even", seed: int = 0) -> None:
        super().__init__()
        self.out_channels, self.scale, self.shift, self.spread, self.seed = channels, scale, shift, spread, seed

    def forward(self, hidden: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, channels, H, W)."""
        return self.rows(hidden, self.beginning())

    def beginning(self) -> torch.Generator:
        """What the first row is drawn by."""
        return torch.Generator().manual_seed(self.seed)

    def rows(self, hidden: Tensor, generator: torch.Generator) -> Tensor:
        """The next rows, as many as ``hidden`` has."""
        count, _, height, width = hidden.shape
        draw = torch.randn if self.spread == "normal" else torch.rand
        drawn = torch.stack([draw(self.out_channels, width, generator=generator) for _ in range(height)], 1)
        return (self.shift + self.scale * drawn).expand(count, -1, -1, -1).to(hidden)


def seeded(network: Network, seed: int) -> Network:
    """A copy of a network whose noise is another one for each seed, 0 being its own."""
    copy = deepcopy(network)
    for block in copy.modules():
        if isinstance(block, Noise):
            block.seed += SEED_STEP * seed
    return copy
