"""Label maps: regions as whole numbers, as programs for segmentation write them; seen as a picture they are nearly black.

8 or 16 bits of grey, or wider numbers, with 0, 1, 2 … for what other maps show in colours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage

from restyle.contract.inputs.regions import MAXIMUM_REGIONS
from restyle.pictures.image import Image
from restyle.regions import REST, Regions

__all__ = ["read_label_maps"]

_UNITS = (1, 2**8 - 1, 2**16 - 1, 2**31 - 1, 2**32 - 1)
"""What 1.0 may have been: a float's one, and the largest number of 8, 16 and 32 bits."""

_WHOLE = 0.02
"""How far from a whole number a label may be; float32 holds 16 bits to a hundredth."""

_COVERED = 0.98
"""Of a map's area: what numbers that count make up, where the map has no noise and no wide soft edges."""

_LARGEST_LABEL = 182
"""Of 8 bits, beside 255 for what is nothing: COCO-Stuff's. Greys beyond are a painter's whites."""


def read_label_maps(maps: Sequence[Image], *, least_share: float, same_color: float) -> list[Regions] | None:
    """The regions of maps that belong together, called by their numbers; None where the maps are painted in colours.

    Numbers that nowhere fill ``least_share`` of a map's area do not count. Maps are of labels where two numbers look alike: are
    closer than ``same_color``, of 255 as a distance of colours. Of more numbers than there may be regions the rarest, and what
    does not count, are the rest.
    """
    planes = [_grey(item) for item in maps]
    greys = [plane for plane in planes if plane is not None]
    if not greys or len(greys) < len(planes):
        return None
    unit = _unit(greys)
    if unit is None:
        return None
    numbers = [np.rint(plane.astype(np.float64) * unit).astype(np.int64) for plane in greys]
    shares = [_shares(item) for item in numbers]
    filled = [_shares(item, _is_flat(item)) for item in numbers]
    common = {label for share in filled for label, part in share.items() if part >= least_share}
    if any(sum(part for label, part in share.items() if label in common) < _COVERED for share in shares):
        return None
    if not _look_alike(sorted(common), unit, same_color):
        return None
    total: Counter[int] = sum((Counter(share) for share in shares), Counter())
    named = [label for label, _ in total.most_common() if label in common][: MAXIMUM_REGIONS - 1]
    return [_regions(labels, named, picture) for labels, picture in zip(numbers, maps, strict=True)]


def _grey(picture: Image) -> NDArray[np.float32] | None:
    """The one plane (H, W) of a map without colours."""
    red, green, blue = picture.pixels[0].cpu().numpy()
    return red if np.array_equal(red, green) and np.array_equal(red, blue) else None


def _unit(planes: Sequence[NDArray[np.float32]]) -> int | None:
    """What the values were divided by when they were whole numbers; None where they never were."""
    values = np.unique(np.concatenate([np.unique(plane) for plane in planes])).astype(np.float64)
    # Numbers beyond 1 were not divided at all.
    for unit in _UNITS[:1] if values[-1] > 1 else _UNITS[1:]:
        whole = np.rint(values * unit)
        if (np.abs(values * unit - whole) < _WHOLE).all() and len(np.unique(whole)) == len(values):
            return unit
    return None


def _is_flat(labels: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Where all neighbours are equal: numbers of soft edges never are."""
    flat: NDArray[np.bool_] = ndimage.maximum_filter(labels, 3) == ndimage.minimum_filter(labels, 3)
    return flat


def _shares(labels: NDArray[np.int64], where: NDArray[np.bool_] | None = None) -> dict[int, float]:
    """Of the whole area: that of each number, where it shall be looked for."""
    values, counts = np.unique(labels if where is None else labels[where], return_counts=True)
    return dict(zip(values.tolist(), (counts / labels.size).tolist(), strict=True))


def _look_alike(labels: list[int], unit: int, same_color: float) -> bool:
    """Whether a reader of colours would take two of the labels for one; never for what can be greys of 8 bits on purpose."""
    if unit == 255 and any(_LARGEST_LABEL < label < unit for label in labels):
        return False
    levels = np.array(labels, np.float64) * (1 if unit == 1 else 255 / unit)
    # A distance of greys has three equal parts.
    return len(levels) > 1 and bool(np.diff(levels).min() * np.sqrt(3) <= same_color)


def _regions(labels: NDArray[np.int64], named: Sequence[int], picture: Image) -> Regions:
    known = np.isin(labels, named)
    if picture.alpha is not None:
        known &= picture.alpha[0, 0].cpu().numpy() >= 0.5
    masks = [(str(label), (labels == label) & known) for label in named] + [(REST, ~known)]
    used = [(name, mask) for name, mask in masks if mask.any()]
    stacked = torch.from_numpy(np.stack([mask for _, mask in used]).astype(np.float32)).unsqueeze(0)
    return Regions(tuple(name for name, _ in used), stacked).in_reading_order()
