"""Shading: colours of a plan that run into each other are one region, whatever a reader of flat colours makes of them.

A gradient is no border; each of its colours alone would be a region too narrow to have a look of its own. Yet where in the
gradient a place lies still says what belongs there (`softened`): the top of a sky, or its foot.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from torch import Tensor

from restyle.pictures.image import Image
from restyle.pictures.resizing import fitted
from restyle.pictures.windows import tent_mean
from restyle.regions import Regions
from restyle.regions.maps import own_color

__all__ = ["joined", "shades", "softened", "with_near"]

LONGER_PX = 512
ACROSS_PX = 4  # from one side of a border to the other: soft edges, of an eraser or of scaling, change more over so much
SOFTNESS = 1 / 16  # of the longer side, as a radius: about as far as from one of a gradient's colours to the next
LEAST = 1e-3
NEAR = 100  # of 255, as a distance of colours: twice what a reader of maps takes for one
SOFT_PX = 256  # longer side at which that is enough
FAINTEST = 0.1  # of the range of a channel: what changes less from side to side is shading


def shades(regions: Regions, plan: Image) -> tuple[tuple[str, ...], ...]:
    """The names of ``regions``, those together that shade into each other in the plan; in their order."""
    scale = min(1.0, LONGER_PX / max(plan.height, plan.width))
    size = max(1, round(plan.height * scale)), max(1, round(plan.width * scale))
    labels = regions.resized(*size).masks[0].argmax(0).numpy()
    colors = fitted(plan.pixels, *size)[0].permute(1, 2, 0).numpy()
    count = len(regions.names)
    lengths, steps = np.zeros(count * count), np.zeros(count * count)
    for turned in (False, True):
        here, seen = (item.swapaxes(0, 1) if turned else item for item in (labels, colors))
        first, second = here[ACROSS_PX:], here[:-ACROSS_PX]
        step = np.abs(seen[ACROSS_PX:] - seen[:-ACROSS_PX]).max(2)
        code = np.minimum(first, second) * count + np.maximum(first, second)
        lengths += np.bincount(code.ravel(), minlength=count * count)
        steps += np.bincount(code.ravel(), step.ravel(), minlength=count * count)
    is_faint = (lengths > 0) & (steps < FAINTEST * lengths)
    # Numbers that stand for regions are near one another by nature.
    is_color = np.array([own_color(name) is not None for name in regions.names])
    return _grouped(regions.names, np.flatnonzero(is_faint & np.outer(is_color, is_color).ravel()))


def joined(regions: Regions, groups: tuple[tuple[str, ...], ...]) -> Regions:
    """``regions`` with those of a group as one, called by its first name, also where only some of the group are there."""
    called = {name: group[0] for group in groups for name in group}
    names = list(dict.fromkeys(called.get(name, name) for name in regions.names))
    masks = regions.masks.new_zeros(1, len(names), regions.height, regions.width)
    for i, name in enumerate(regions.names):
        masks[:, names.index(called.get(name, name))] += regions.masks[:, i]
    return Regions(tuple(names), masks.clamp(0, 1))


def with_near(groups: tuple[tuple[str, ...], ...], names: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Groups of another map, called ``names``, in which a gradient's colours may be called a little otherwise."""
    known = {name: number for number, group in enumerate(groups) for name in group}
    found = [list(group) for group in groups]
    for name in names:
        color = own_color(name)
        if name in known or color is None:
            continue
        distances = {other: math.dist(color, theirs) for other in known if (theirs := own_color(other)) is not None}
        nearest = min(distances, key=lambda other: distances[other], default=None)
        if nearest is not None and len(groups[known[nearest]]) > 1 and distances[nearest] <= NEAR:
            found[known[nearest]].append(name)
    return tuple(tuple(group) for group in found)


def softened(regions: Regions, groups: tuple[tuple[str, ...], ...]) -> Tensor:
    """The gradients of ``regions`` as they were: the colours (1, 3, h, w) in 0..1 of those that shade, and 0 elsewhere."""
    small = regions.within(SOFT_PX)
    radius = max(1, round(SOFTNESS * max(small.height, small.width)))
    out = small.masks.new_zeros(1, 3, small.height, small.width)
    for group in groups:
        members = [name for name in group if name in small.names and own_color(name) is not None]
        if len(group) < 2 or not members:
            continue
        masks = torch.cat([small.mask(name) for name in members], 1)
        colors = torch.tensor([own_color(name) for name in members], dtype=torch.float32) / 255
        inside = masks.sum(1, keepdim=True)
        painted = torch.cat((torch.einsum("nrhw,rc->nchw", masks, colors), inside), 1)
        blurred = tent_mean(painted, radius)
        out += inside * blurred[:, :3] / blurred[:, 3:].clamp_min(LEAST)
    return out


def _grouped(names: tuple[str, ...], faint: NDArray[np.int64]) -> tuple[tuple[str, ...], ...]:
    count = len(names)
    links = coo_array((np.ones(len(faint)), (faint // count, faint % count)), shape=(count, count))
    number, label = connected_components(links, directed=False)
    return tuple(tuple(name for name, own in zip(names, label, strict=True) if own == group) for group in range(number))
