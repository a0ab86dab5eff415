"""The enhancer that ships: light and colour from a small look at the whole photo, detail from a small local network.

`Judge` sees the photo at about 64 px and decides on a `Development`: curves and chroma for all of it. `Detail` works at full
resolution on luma and chroma that are packed two by two; it sees what lies above the coarse brightness, so that bfloat16 cannot
put steps into smooth gradients, and answers with what to add. Both answer "nothing" before training.
Trained by `restyle_training.enhance` with the four losses of Ignatov et al. 2017 (DPED).
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import cast

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from restyle.networks.development import KNOTS, LEAST_SLOPE, Development
from restyle.networks.saving import save_whole
from restyle.pictures.image import luma

__all__ = ["DETAIL_REACH_PX", "JUDGE_AREA", "Detail", "Enhancer", "Judge", "figures", "judged_size"]

JUDGE_AREA = 64 * 64  # pixels of the photo that the judge sees
JUDGE_LEAST_PX = 32  # enough pixels for quantiles of a strip
DETAIL_UNIT_PX = 8  # cells of the coarse brightness, and what `Detail` needs sizes to be multiples of
DETAIL_REACH_PX = 40  # beyond a pixel that can change the answer for it: three convolutions of four pixels' stride and the cells
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
_NARROW, _WIDE = 16, 48
_CHROMA_GATE = 0.02  # chroma in the neighbourhood from which on chroma may be corrected freely


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


class Detail(nn.Module):
    """Says what to add to a photo (N, 3, H, W), sides multiples of 8, so that it is sharp and clean."""

    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Conv2d(13, _NARROW, 3, padding=1)
        self.down = nn.Conv2d(_NARROW, _WIDE, 2, stride=2)
        self.body = nn.ModuleList(nn.Conv2d(_WIDE, _WIDE, 3, padding=1) for _ in range(3))
        self.up = nn.Conv2d(_WIDE, 4 * _NARROW, 1)
        self.tail = nn.Conv2d(_NARROW, 6, 3, padding=1)
        nn.init.zeros_(self.tail.weight)
        nn.init.zeros_(cast("Tensor", self.tail.bias))

    def forward(self, photo: Tensor) -> Tensor:
        """What to add (N, 3, H, W), in float32; nothing to chroma where there is none."""
        cells = F.avg_pool2d(photo, DETAIL_UNIT_PX)
        coarse = F.interpolate(cells, scale_factor=DETAIL_UNIT_PX, mode="bilinear", align_corners=False)
        # Above the coarse brightness the values are small, so that bfloat16 is fine enough for them.
        fine = F.pixel_unshuffle((photo - coarse).to(self.head.weight.dtype), 2)
        level = F.interpolate(luma(cells), scale_factor=DETAIL_UNIT_PX // 2, mode="bilinear", align_corners=False) - 0.5
        answer = self.answer(torch.cat((fine, level.to(fine.dtype)), 1)).float()
        light = F.pixel_shuffle(answer[:, :4], 2)
        return light + _chroma_change(answer[:, 4:], photo)

    def answer(self, packed: Tensor) -> Tensor:
        """(N, 13, h, w) to (N, 6, h, w): luma of the four pixels, red and blue less luma; computed in the weights' dtype."""
        hidden = F.relu(self.head(packed))
        wide = F.relu(self.down(hidden))
        for convolution in self.body:
            wide = wide + F.relu(convolution(wide))
        return cast("Tensor", self.tail(F.relu(hidden + F.pixel_shuffle(self.up(wide), 2))))


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


def _chroma_change(halves: Tensor, photo: Tensor) -> Tensor:
    """The change of chroma at full size, none where the photo is grey."""
    present = F.avg_pool2d((photo - luma(photo)).abs().amax(1, keepdim=True), DETAIL_UNIT_PX)
    around = F.max_pool2d(present, 3, stride=1, padding=1)
    # Half size is enough for chroma, as it is for JPEG.
    gate = (F.interpolate(around, halves.shape[2:], mode="nearest") / _CHROMA_GATE).clamp_max(1)
    halves = halves * gate
    red, blue = halves[:, 0:1], halves[:, 1:2]
    change = torch.cat((red, (red * 0.2126 + blue * 0.0722) / -0.7152, blue), 1)
    return F.interpolate(change, scale_factor=2, mode="bilinear", align_corners=False)
