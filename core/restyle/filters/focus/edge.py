"""Edge: the colours of the subject and of what lies behind it, around where one goes over into the other.

A pixel of hair is a mixture of both. From means of what is surely the one or the other nearby, and the pixel itself, follows what
the hair alone would be (Forte: Approximate Fast Foreground Colour Estimation, ICIP 2021), so that it can be laid over another
background. The means are small; what lies behind the subject, where nothing is seen of it, is filled in from around.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.pictures.enlarging import enlarged_rows
from restyle.pictures.image import Image
from restyle.pictures.transparency import fill_transparent
from restyle.pictures.windows import box_mean

__all__ = ["Edge", "edge_scale"]

MEANS_PX = 512  # longer side of the means, about
MEAN_RADIUS_PX = 2  # hair is mixed with what is next to it
LEAST_WEIGHT = 1e-3
SURE = 4  # power of how much a pixel is the subject's that it counts with in its mean


def edge_scale(height: int, width: int) -> int:
    """How much smaller the means are, a power of two."""
    scale = 1
    while max(height, width) / (2 * scale) >= MEANS_PX / 2**0.5:
        scale *= 2
    return scale


class Edge:
    """The means of a picture of height x width, seen band after band, each of a multiple of ``scale`` rows but the last."""

    def __init__(self, height: int, width: int) -> None:
        self.scale = edge_scale(height, width)
        self._height, self._width = height, width
        self._seen: list[Tensor] = []
        self._subject = self._behind = torch.zeros(1, 3, 1, 1)

    def see(self, linear: Tensor, weighted: Tensor, alpha: Tensor | None) -> None:
        """The next rows: linear colours (1, 3, n, W), the background's light with its weight (1, 4, n, W), the matte."""
        sure = torch.zeros_like(weighted[:, :1]) if alpha is None else alpha**SURE
        planes = torch.cat((weighted, linear * sure, sure), 1)
        self._seen.append(F.avg_pool2d(planes, self.scale, ceil_mode=True, count_include_pad=False))

    def finish(self) -> None:
        """All rows were seen."""
        means = torch.cat(self._seen, 2)
        self._seen.clear()
        self._behind, self._subject = (_mean(part) for part in means.split(4, 1))  # type: ignore[no-untyped-call]

    def behind(self, rows: slice) -> Tensor:
        """The background's light (1, 3, n, W) near these rows, filled in where it cannot be seen."""
        return enlarged_rows(self._behind, rows, self._height, self._width)

    def filling(self, height: int, width: int) -> Tensor:
        """The same for the whole picture at another size."""
        return F.interpolate(self._behind, size=(height, width), mode="bilinear", align_corners=False)

    def freed(self, linear: Tensor, alpha: Tensor, behind: Tensor, rows: slice) -> Tensor:
        """The subject's own colours in these rows (1, 3, n, W), of ``linear`` ones before a background ``behind``."""
        own = enlarged_rows(self._subject, rows, self._height, self._width)
        unexplained = linear - alpha * own - (1 - alpha) * behind
        # Of a hair's tip what is left may be the background's; Forte gives it all by alpha, which pales what is nearly opaque.
        # Below 0 it may be: before a background like its own it is what it was.
        return own + unexplained * (2 - alpha)


def _mean(planes: Tensor) -> Tensor:
    """Means (1, 3, h, w) around each place of weighted colours with their weight (1, 4, h, w), filled in where there are none."""
    near = box_mean(planes, MEAN_RADIUS_PX)
    weight = near[:, 3:]
    colours = near[:, :3] / weight.clamp_min(LEAST_WEIGHT)
    return fill_transparent(Image(colours, (weight > LEAST_WEIGHT).to(colours.dtype)))
