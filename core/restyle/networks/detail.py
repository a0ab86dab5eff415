"""Detail: a small local network that says what to add to a photo so that it is sharp and clean.

It works on luma and chroma that are packed two by two, and sees what lies above the coarse brightness, so that bfloat16 cannot
put steps into smooth gradients. What is done pixel by pixel before and after the convolutions is done in strips that stay in the
processor's cache: out of memory it took longer than the convolutions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from restyle.pictures.bands import strips
from restyle.pictures.enlarging import enlarged_rows
from restyle.pictures.image import luma

__all__ = ["DETAIL_REACH_PX", "DETAIL_UNIT_PX", "Change", "Detail", "unit_means"]

DETAIL_UNIT_PX = 8  # cells of the coarse brightness, and what `Detail` needs sizes to be multiples of
DETAIL_REACH_PX = 24  # whole units beyond a pixel that can change the answer for it: five convolutions, and a cell at their end
_NARROW, _WIDE = 16, 48
_CHROMA_GATE = 0.02  # chroma in the neighbourhood from which on chroma may be corrected freely
_PACKED = 13  # channels: three colours of four pixels, and the coarse brightness


@dataclass(frozen=True)
class Change:
    """What to add: ``light`` (N, 1, H, W) to all channels, and ``chroma`` (N, 2, H / 2, W / 2) to red and to blue, so much less
    to green that luma stays. Half size is enough for chroma, as it is for JPEG."""

    light: Tensor
    chroma: Tensor

    def whole(self) -> Tensor:
        """All of it, as colours (N, 3, H, W)."""
        return _coloured(self.light, F.interpolate(self.chroma, scale_factor=2, mode="bilinear", align_corners=False))

    def rows(self, rows: slice) -> Tensor:
        """These rows (N, 3, n, W)."""
        return _coloured(self.light[:, :, rows], enlarged_rows(self.chroma, rows, *self.light.shape[2:]))


class Detail(nn.Module):
    """Says what to add to a photo (N, 3, H, W), sides multiples of 8, so that it is sharp and clean."""

    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Conv2d(_PACKED, _NARROW, 3, padding=1)
        self.down = nn.Conv2d(_NARROW, _WIDE, 2, stride=2)
        self.body = nn.ModuleList(nn.Conv2d(_WIDE, _WIDE, 3, padding=1) for _ in range(3))
        self.up = nn.Conv2d(_WIDE, 4 * _NARROW, 1)
        self.tail = nn.Conv2d(_NARROW, 6, 3, padding=1)
        nn.init.zeros_(self.tail.weight)
        nn.init.zeros_(cast("Tensor", self.tail.bias))

    def forward(self, photo: Tensor) -> Tensor:
        """What to add (N, 3, H, W), in float32; nothing to chroma where there is none."""
        return self.change(photo, unit_means(photo)).whole()

    def change(self, photo: Tensor, means: Tensor) -> Change:
        """The same in its parts, on the photo's device, which need not be the weights'; ``means`` are its `unit_means`."""
        answer = self.answer(self._packed(photo, means).to(self.head.weight.device)).to(photo.device)
        gate = F.interpolate(_chroma_gate(photo), answer.shape[2:], mode="nearest")
        # Planes first: shuffling pixels that lie together takes three times as long.
        light, chroma = (part.contiguous().float() for part in (answer[:, :4], answer[:, 4:]))
        return Change(F.pixel_shuffle(light, 2), chroma * gate)

    def answer(self, packed: Tensor) -> Tensor:
        """(N, 13, h, w) to (N, 6, h, w): luma of the four pixels, red and blue less luma; computed in the weights' dtype."""
        hidden = self.head(packed).relu_()
        wide = self.down(hidden).relu_()
        for convolution in self.body:
            wide = wide + convolution(wide).relu_()
        return cast("Tensor", self.tail((hidden + F.pixel_shuffle(self.up(wide), 2)).relu_()))

    def _packed(self, photo: Tensor, means: Tensor) -> Tensor:
        """What the convolutions see of a photo (N, 3, H, W): (N, 13, H / 2, W / 2)."""
        height, width = photo.shape[2:]
        dtype = self.head.weight.dtype
        packed = torch.empty(len(photo), _PACKED, height // 2, width // 2, dtype=dtype, device=photo.device)
        for rows in _unit_strips(photo):
            # Above the coarse brightness the values are small, so that bfloat16 is fine enough for them.
            fine = photo[:, :, rows] - enlarged_rows(means, rows, height, width)
            packed[:, :-1, rows.start // 2 : rows.stop // 2] = F.pixel_unshuffle(fine.to(dtype), 2)
        packed[:, -1:] = F.interpolate(luma(means), packed.shape[2:], mode="bilinear", align_corners=False) - 0.5
        return packed


def unit_means(photo: Tensor) -> Tensor:
    """The mean colour of each unit (N, 3, H / 8, W / 8): the coarse picture."""
    return torch.cat([F.avg_pool2d(photo[:, :, rows], DETAIL_UNIT_PX) for rows in _unit_strips(photo)], 2)


def _chroma_gate(photo: Tensor) -> Tensor:
    """How far each unit's chroma may be corrected (N, 1, H / 8, W / 8): not where the photo is grey."""
    present = []
    for rows in _unit_strips(photo):
        piece = photo[:, :, rows]
        present.append(F.avg_pool2d((piece - luma(piece)).abs().amax(1, keepdim=True), DETAIL_UNIT_PX))
    around = F.max_pool2d(torch.cat(present, 2), 3, stride=1, padding=1)
    return (around / _CHROMA_GATE).clamp_max(1)


def _coloured(light: Tensor, chroma: Tensor) -> Tensor:
    red, blue = chroma[:, 0:1], chroma[:, 1:2]
    green = (red * 0.2126 + blue * 0.0722) / -0.7152
    return torch.cat((light + red, light + green, light + blue), 1)


def _unit_strips(photo: Tensor) -> Iterator[slice]:
    return strips(*photo.shape[2:], unit=DETAIL_UNIT_PX)
