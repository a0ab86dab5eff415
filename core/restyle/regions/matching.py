"""Matching: which region of the style guides which region of the content.

As in Deep Photo Style Transfer (Luan et al. 2017), a label guides its equal, and a region that only the content has takes
the style's most similar one. Where they compare nothing but labels, we compare colour, place and size.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.regions import REST, Regions

__all__ = ["RegionPair", "match", "whole"]

LEAST_SHARE = 0.005
"""Of the picture's area: a smaller region has no statistics to speak of (the paper's own measure leaves them out, too)."""

WORKING_PX = 128
"""Longer side at which regions are compared: sizes, places and mean colours need no more."""


@dataclass(frozen=True)
class RegionPair:
    """A region of the content and the one of the style that guides it; masks (1, 1, h, w) stretch over their pictures.

    The content's masks of all pairs sum to 1 everywhere.
    """

    name: str
    content: Tensor
    style: Tensor


def whole() -> tuple[RegionPair, ...]:
    """The one pair where pictures are not divided."""
    return (RegionPair(REST, torch.ones(1, 1, 1, 1), torch.ones(1, 1, 1, 1)),)


def match(
    content: Regions, style: Regions, content_pixels: Tensor | None = None, style_pixels: Tensor | None = None
) -> tuple[RegionPair, ...]:
    """Pair the regions of two pictures; there is at least one pair.

    Equal names go together. A region of the content alone takes the style's most similar by colour (where the pictures'
    ``pixels`` (1, 3, H, W) are given), place and size. Regions too small to have statistics join the most similar one of
    their picture, and what no region covers is a region called "rest".
    """
    content, style = _complete(content), _complete(style)
    if not content.names or not style.names:
        return whole()
    content_features, style_features = _features(content, content_pixels), _features(style, style_pixels)
    if content_pixels is None or style_pixels is None:
        content_features, style_features = content_features[:, :4], style_features[:, :4]
    distances = torch.cdist(content_features, style_features)
    pairs = []
    for i, name in enumerate(content.names):
        partner = style.names.index(name) if name in style.names else int(distances[i].argmin())
        pairs.append(RegionPair(name, content.masks[:, i : i + 1], style.masks[:, partner : partner + 1]))
    return tuple(pairs)


def _complete(regions: Regions) -> Regions:
    """Masks that sum to 1 everywhere: overlaps are shared, the rest is named, small regions join others."""
    total = regions.masks.sum(1, keepdim=True)
    rest = (1 - total).clamp_min(0)
    masks, names = torch.cat((regions.masks, rest), 1), (*regions.names, REST)
    if REST in regions.names:
        place = regions.names.index(REST)
        masks, names = regions.masks.clone(), regions.names
        masks[:, place : place + 1] += rest
    shares = masks.mean((0, 2, 3))
    kept = [i for i in range(len(names)) if shares[i] >= LEAST_SHARE] or [int(shares.argmax())]
    chosen = masks[:, kept]
    total = chosen.sum(1, keepdim=True)
    # What lay in dropped regions alone goes to the largest.
    largest = int(chosen.mean((0, 2, 3)).argmax())
    chosen[:, largest : largest + 1] += (total <= 0).float()
    return Regions(tuple(names[i] for i in kept), chosen / chosen.sum(1, keepdim=True))


def _features(regions: Regions, pixels: Tensor | None) -> Tensor:
    """(R, 4 or 7): centre, share of the area, spread down the picture, and mean colour."""
    masks = regions.within(WORKING_PX).masks[0].flatten(1)
    height, width = regions.within(WORKING_PX).masks.shape[2:]
    down, across = torch.meshgrid(torch.linspace(0, 1, height), torch.linspace(0, 1, width), indexing="ij")
    weights = masks / masks.sum(1, keepdim=True).clamp_min(1e-8)
    columns = [weights @ down.flatten(), 0.3 * (weights @ across.flatten()), masks.mean(1).sqrt(), weights @ down.flatten() ** 2]
    if pixels is not None:
        small = F.interpolate(pixels, size=(height, width), mode="bilinear", antialias=True, align_corners=False)
        columns += list(2 * (weights @ small[0].flatten(1).T).T)
    return torch.stack(columns, 1)
