"""Refining: masks that follow the edges of the picture they belong to, though they were drawn roughly.

The guided filter (He, Sun, Tang: Guided Image Filtering, 2013) in its fast form (He, Sun: Fast Guided Filter, 2015): in each
window a mask is a linear function of the colours. The functions are found on a small copy of the picture by box sums, and
applied to the picture itself row band by row band, so any size takes the same memory. Where we differ: the colours of a
window weigh less the further they lie from its middle (two box sums in a row), and refined masks share each pixel by their
squares, which takes the haze off that the filter leaves along edges.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.pictures.bands import bands
from restyle.pictures.enlarging import enlarged_rows
from restyle.pictures.windows import tent_mean

__all__ = ["Refined", "refine"]

WORKING_PX = 512
"""Longer side of the copy on which the linear functions are found."""

REACH_SHARE = 1 / 64
"""Radius of a box, of the longer side: masks drawn by hand or made at low resolution are off by about as much."""

EDGE_VARIANCE = 0.02**2
"""Variance of colour (of five 8-bit steps) below which a window holds no edge that a mask could follow."""

LEAST_TOTAL = 1e-6
"""Of squares; where no mask claims a pixel all stay at 0."""

BAND_ROWS = 64


@dataclass(frozen=True)
class Refined:
    """Masks as linear functions of colour that vary over the picture: ``slopes`` (R, 3, h, w) and ``offsets`` (R, 1, h, w)."""

    slopes: Tensor
    offsets: Tensor

    def rows(self, pixels: Tensor, rows: slice, height: int) -> Tensor:
        """The masks (1, R, n, W) of a band of ``rows`` of a picture with ``height`` of them in all.

        ``pixels`` is the band (1, 3, n, W). Masks are in 0..1 and sum to 1 where there are several.
        """
        red, green, blue = pixels[0]
        crisp = torch.empty(1, len(self.offsets), *pixels.shape[2:], device=pixels.device)
        for i, (slopes, offset) in enumerate(zip(self.slopes, self.offsets, strict=True)):
            # One mask after the other, in place: a band of a large picture stays in the cache.
            crisp[0, i] = _function(slopes, offset, (red, green, blue), rows, height).square_()
        if len(self.offsets) > 1:
            return crisp.div_(crisp.sum(1, keepdim=True).clamp_min_(LEAST_TOTAL))
        return crisp / (crisp + (1 - crisp.sqrt()).square()).clamp_min_(LEAST_TOTAL)

    def linear(self, pixels: Tensor, rows: slice, height: int) -> Tensor:
        """As `rows`, with the haze: each mask as the functions say it, whatever the others are; a hair's share of a pixel."""
        planes = tuple(pixels[0])
        masks = [_function(*one, planes, rows, height) for one in zip(self.slopes, self.offsets, strict=True)]
        return torch.stack(masks).unsqueeze(0)

    def masks(self, pixels: Tensor) -> Tensor:
        """All rows: the masks (1, R, H, W) of ``pixels`` (1, 3, H, W)."""
        height = pixels.shape[2]
        return torch.cat([self.rows(pixels[:, :, band.rows], band.rows, height) for band in bands(height, BAND_ROWS)], 2)


@torch.no_grad()
def refine(
    masks: Tensor,
    pixels: Tensor,
    reach: float = REACH_SHARE,
    edge_variance: float = EDGE_VARIANCE,
    working_px: int = WORKING_PX,
) -> Refined:
    """Find how ``masks`` (1, R, h, w, of any size) follow the colours of ``pixels`` (1, 3, H, W), all in 0..1.

    ``reach`` is how far, in shares of the longer side, an edge is looked for; ``working_px`` the longer side of the copy.
    """
    height, width = pixels.shape[2:]
    scale = min(1.0, working_px / max(height, width))
    size = max(1, round(height * scale)), max(1, round(width * scale))
    guide = F.interpolate(pixels, size=size, mode="bilinear", antialias=True, align_corners=False)
    rough = F.interpolate(masks, size=size, mode="bilinear", antialias=True, align_corners=False).transpose(0, 1)
    radius = max(1, round(max(size) * reach))
    mean, mean_mask = tent_mean(guide, radius), tent_mean(rough, radius)
    inverse = _inverse_covariance(guide, mean, radius, edge_variance)
    # (R, 3, h, w): how each mask varies with each channel.
    together = tent_mean((rough.unsqueeze(2) * guide.unsqueeze(1)).flatten(0, 1), radius).view(-1, 3, *size)
    covariance = together - mean_mask * mean
    slopes = torch.stack([(inverse[row] * covariance).sum(1) for row in range(3)], 1)
    offsets = mean_mask - (slopes * mean).sum(1, keepdim=True)
    return Refined(tent_mean(slopes, radius), tent_mean(offsets, radius))


def _function(slopes: Tensor, offset: Tensor, planes: tuple[Tensor, ...], rows: slice, height: int) -> Tensor:
    """One mask (n, W) in 0..1 of a band with these ``planes``, red, green and blue."""
    width = planes[0].shape[1]
    functions = enlarged_rows(torch.cat((slopes, offset)).unsqueeze(0), rows, height, width)[0]
    mask = functions[3]
    for slope, plane in zip(functions[:3], planes, strict=True):
        mask.addcmul_(slope, plane)
    return mask.clamp_(0, 1)


def _inverse_covariance(guide: Tensor, mean: Tensor, radius: int, edge_variance: float) -> list[Tensor]:
    """The inverse of each window's 3x3 covariance of colour, as its three rows (1, 3, H, W)."""
    rr, rg, rb, gg, gb, bb = (
        tent_mean(guide[:, i : i + 1] * guide[:, j : j + 1], radius) - mean[:, i : i + 1] * mean[:, j : j + 1]
        for i, j in ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
    )
    rr, gg, bb = rr + edge_variance, gg + edge_variance, bb + edge_variance
    cofactors = [gg * bb - gb * gb, rb * gb - rg * bb, rg * gb - rb * gg]
    determinant = rr * cofactors[0] + rg * cofactors[1] + rb * cofactors[2]
    lower = [rr * bb - rb * rb, rb * rg - rr * gb, rr * gg - rg * rg]
    rows = [cofactors, [cofactors[1], lower[0], lower[1]], [cofactors[2], lower[1], lower[2]]]
    return [torch.cat(row, 1) / determinant for row in rows]
