"""Windows: means over the square around each pixel, the part that local models of a picture are made of."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["box_mean", "box_mean_inside", "tent_mean", "wide_box_mean"]


def box_mean(maps: Tensor, radius: int) -> Tensor:
    """The mean of each window of (2 radius + 1) squared of ``maps`` (N, C, H, W), whose last pixels go on beyond their edges."""
    return F.avg_pool2d(F.pad(maps, (radius,) * 4, mode="replicate"), kernel_size=2 * radius + 1, stride=1)


def box_mean_inside(maps: Tensor, radius: int) -> Tensor:
    """The same, at the edges of what lies inside."""
    return F.avg_pool2d(maps, 2 * radius + 1, stride=1, padding=radius, count_include_pad=False)


def tent_mean(maps: Tensor, radius: int) -> Tensor:
    """``wide_box_mean`` twice, which counts what is near more: where one box would leave squares."""
    return wide_box_mean(wide_box_mean(maps, radius), radius)


def wide_box_mean(maps: Tensor, radius: int) -> Tensor:
    """What ``box_mean_inside`` gives, by running sums: the time does not depend on the radius, the last digits do."""
    for dimension in (2, 3):
        size = maps.shape[dimension]
        reach = min(radius, size)
        sums = maps.cumsum(dimension)
        # Slices of sums that go on beyond both ends: picking them one by one takes several times as long.
        before, after = torch.zeros_like(_repeated(sums, dimension, 0, reach + 1)), _repeated(sums, dimension, size - 1, reach)
        sums = torch.cat((before, sums, after), dimension)
        place = torch.arange(size, device=maps.device)
        counts = (place + reach + 1).clamp_max(size) - (place - reach).clamp_min(0)
        maps = sums.narrow(dimension, 2 * reach + 1, size) - sums.narrow(dimension, 0, size)
        maps = maps.div_(counts.view(-1, 1) if dimension == 2 else counts)
    return maps


def _repeated(maps: Tensor, dimension: int, place: int, count: int) -> Tensor:
    """One row or column of maps, as often."""
    return maps.narrow(dimension, place, 1).repeat_interleave(count, dimension)
