"""The enhancer that ships: light and colour from a small look at the whole photo, detail from a small local network.

`Judge` sees the photo at about 64 px and decides on a `Development`: curves and chroma for all of it. `Detail` works at full
resolution. Both answer "nothing" before training.
Trained by `restyle_training.enhance` with the four losses of Ignatov et al. 2017 (DPED).
"""

from __future__ import annotations

import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from restyle.networks.detail import Detail
from restyle.networks.development import KNOTS, LEAST_SLOPE, Development
from restyle.networks.saving import save_whole
from restyle.pictures.image import luma

__all__ = ["JUDGE_AREA", "Enhancer", "Judge", "figures", "judged_size"]

JUDGE_AREA = 64 * 64  # pixels of the photo that the judge sees
JUDGE_LEAST_PX = 32  # enough pixels for quantiles of a strip
_QUANTILES = (0.005, 0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98, 0.995)
_CHROMA_QUANTILES = (0.25, 0.5, 0.75, 0.9, 0.98)
FIGURES = 4 * len(_QUANTILES) + len(_CHROMA_QUANTILES) + 6  # what `figures` gives
_HIDDEN = 48
_BANDS = 3  # brightnesses that chroma is stretched at
_LIGHT_WAVES, _CAST_WAVES = (
    8,
    2,
)  # cosines that the logarithm of a curve's slope is made of: green's, and red's and blue's difference
_LIGHT_SPREAD, _CAST_SPREAD = 1.5, 0.4  # most that the logarithm may differ from 0
_CHROMA_FLOOR, _CHROMA_FULL = 0.002, 0.012  # root mean square of chroma from which a photo counts as coloured, and as fully so


class Judge(nn.Module):
    """Decides light and colour from a small photo (N, 3, h, w).

    By figures (quantiles of light and chroma) rather than by features: a hundred photos are few, and a network that sees what is
    on them learns them by heart. Local light is not learned at all (`restyle.filters.enhance.local_light`).
    """

    def __init__(self) -> None:
        super().__init__()
        self.summary = nn.Sequential(nn.Linear(FIGURES, _HIDDEN), nn.LeakyReLU(0.1), nn.Dropout(0.1))
        self.whole = nn.Sequential(nn.Linear(_HIDDEN, _HIDDEN), nn.LeakyReLU(0.1))
        self.decision = nn.Linear(_HIDDEN, _LIGHT_WAVES + 2 * _CAST_WAVES + 4 * _BANDS)
        nn.init.zeros_(self.decision.weight)
        nn.init.zeros_(self.decision.bias)

    def forward(self, photo: Tensor) -> Development:
        """The development of a photo (N, 3, h, w) in 0..1, about as large as `judged_size` says."""
        decision = self.decision(self.whole(self.summary(figures(photo))))
        return Development(_curves(decision[:, : -4 * _BANDS], photo), _chroma(decision[:, -4 * _BANDS :]))


class Enhancer(nn.Module):
    """Judge and detail network of one file."""

    def __init__(self) -> None:
        super().__init__()
        self.judge = Judge()
        self.detail = Detail()

    @classmethod
    def from_file(cls, path: str | Path) -> Enhancer:
        """Read a safetensors file into float32, in evaluation mode; RuntimeError where names or shapes differ."""
        enhancer = cls()
        enhancer.load_state_dict({name: tensor.float() for name, tensor in load_file(path).items()})
        return enhancer.requires_grad_(False).eval()

    def save(self, path: str | Path, metadata: dict[str, str] | None = None) -> None:
        """Write a safetensors file in float32."""
        state = {name: tensor.detach().float().contiguous().cpu() for name, tensor in self.state_dict().items()}
        save_whole(state, path, metadata)


def judged_size(height: int, width: int) -> tuple[int, int]:
    """The size at which the judge sees a photo: its shape, about 64 x 64 pixels, no side under 32."""
    scale = (JUDGE_AREA / (height * width)) ** 0.5
    return max(round(height * scale), JUDGE_LEAST_PX), max(round(width * scale), JUDGE_LEAST_PX)


def figures(photo: Tensor) -> Tensor:
    """What the judge goes by, (N, 3, h, w) to (N, FIGURES), about -1..1: quantiles of R, G, B and luma, of chroma, and the mean
    cast of all, of the brighter half and of the darker half (grey world, white patch)."""
    light = luma(photo)
    ordered = torch.cat((photo, light), 1).flatten(2).sort(2).values
    chroma = photo - light
    strength = chroma.abs().amax(1).flatten(1).sort(1).values
    bright = (light > ordered[:, 3:4, ordered.shape[2] // 2, None, None]).float()
    casts = [_mean(chroma[:, ::2], weight) for weight in (torch.ones_like(bright), bright, 1 - bright)]
    spread = [_at(ordered, _QUANTILES).flatten(1) * 2 - 1, _at(strength, _CHROMA_QUANTILES) * 4 - 0.5]
    return torch.cat((*spread, *(cast * 5 for cast in casts)), 1)


def _at(ordered: Tensor, shares: tuple[float, ...]) -> Tensor:
    places = [round(share * (ordered.shape[-1] - 1)) for share in shares]
    return ordered[..., places]


def _mean(values: Tensor, weight: Tensor) -> Tensor:
    return (values * weight).sum((2, 3)) / weight.sum((2, 3)).clamp_min(1)


def _curves(decision: Tensor, photo: Tensor) -> Tensor:
    light, red, blue = decision.split_with_sizes((_LIGHT_WAVES, _CAST_WAVES, _CAST_WAVES), 1)
    given = photo - luma(photo)
    gate = ((given.square().mean((1, 2, 3)).sqrt() - _CHROMA_FLOOR) / (_CHROMA_FULL - _CHROMA_FLOOR)).clamp(0, 1)[:, None]
    shared = _slopes(light, _LIGHT_SPREAD)
    logits = torch.stack((shared + gate * _slopes(red, _CAST_SPREAD), shared, shared + gate * _slopes(blue, _CAST_SPREAD)), 1)
    return torch.softmax(logits, 2) * (1 - LEAST_SLOPE) + LEAST_SLOPE / KNOTS


def _slopes(waves: Tensor, spread: float) -> Tensor:
    """Logarithms of a curve's slopes (N, KNOTS) from amplitudes of cosines (N, k): few waves make no ripples."""
    place = (torch.arange(KNOTS, device=waves.device) + 0.5) * math.pi / KNOTS
    cosines = torch.cos(place * torch.arange(1, waves.shape[1] + 1, device=waves.device)[:, None])
    return torch.tanh(waves @ cosines / spread) * spread


def _chroma(decision: Tensor) -> Tensor:
    change = torch.tanh(decision.view(-1, _BANDS, 2, 2)) * 0.6
    return change + torch.eye(2, device=decision.device)
