"""Enlarging: small maps at a picture's full size, made for some of its rows at a time, so that no size takes much memory.

Everywhere the middles of pixels are what lies on a line, as in torch's ``interpolate`` without aligned corners.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["Enlarged", "enlarged_rows"]


class Enlarged:
    """Maps (N, C, h, w) enlarged by a cubic, which is smooth where a line has corners, to height x width."""

    def __init__(self, maps: Tensor, height: int, width: int) -> None:
        rows = maps.shape[2]
        # Columns first: h x W is small. Rows then are a product with a narrow strip of the interpolation matrix.
        self._wide = F.interpolate(maps, size=(rows, width), mode="bicubic", align_corners=False)
        identity = torch.eye(rows, device=maps.device).view(1, 1, rows, rows)
        self._matrix = F.interpolate(identity, size=(height, rows), mode="bicubic", align_corners=False)[0, 0]

    def rows(self, rows: slice) -> Tensor:
        """These rows (N, C, n, W) of the enlarged maps."""
        height, small = self._matrix.shape
        # A cubic is made of the two rows above a place and the two below.
        above, below = (math.floor((row + 0.5) * small / height - 0.5) for row in (rows.start, rows.stop - 1))
        first, last = max(above - 1, 0), min(below + 3, small)
        return self._matrix[rows, first:last] @ self._wide[:, :, first:last]


def enlarged_rows(maps: Tensor, rows: slice, height: int, width: int) -> Tensor:
    """These ``rows`` (N, C, n, W) of maps (N, C, h, w) enlarged linearly to height x width.

    Of many maps that are asked for once: nothing is kept between bands, as wide as the picture or otherwise.
    """
    small = maps.shape[2]
    place = torch.arange(rows.start, rows.stop, device=maps.device) + 0.5
    place = (place * (small / height) - 0.5).clamp(0, small - 1)
    # Columns first: the rows of the maps are few. Each row asked for is then a mixture of the two of them around it.
    near = torch.arange(int(place[0]), min(int(place[-1]) + 2, small), device=maps.device)
    wide = F.interpolate(maps[:, :, near[0] : near[-1] + 1], (len(near), width), mode="bilinear", align_corners=False)
    return (1 - (place.unsqueeze(1) - near).abs()).clamp_min(0) @ wide
