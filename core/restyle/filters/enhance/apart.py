"""Subject and sky apart: how far each place is changed, where a person wants more or less of it in one of the two.

Regions that were given say where both are by their names. Else the sky is found by what skies have in common: it is smooth, blue
or as bright as anything in the photo, and reaches the upper edge; the subject is who or what a segmentation network sees there,
where one was fetched, and otherwise all that is not sky. The borders follow the photo's edges (`restyle.regions.refine`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor
from torch.nn import functional as F

from restyle.context import Context
from restyle.contract.loaded import Loaded
from restyle.contract.settings import SKY_NAMES, SUBJECT_NAMES
from restyle.filters.enhance import CONTENT, REGIONS, EnhancePhotoParams
from restyle.pictures.image import luma
from restyle.pictures.resizing import small_look
from restyle.regions import Regions
from restyle.regions.labels import NAMES, label, load_labellers
from restyle.regions.named import named_mask
from restyle.regions.refine import Refined, refine

__all__ = ["Apart", "find_sky"]

LOOKED_AT = 256 * 192
"""Pixels of the small look in which the sky is found."""

SKY_LUMA = (0.35, 0.8)
"""Least brightness of a white or grey sky, and the least share of that of the brightest tenth: it is the light of the photo."""

BLUE_LUMA, BLUENESS = 0.1, 0.1
"""Least brightness of a blue sky, and of blue over red from where on it is one, however dark."""

GREATEST_WARMTH = 0.06
"""Of red over blue; an evening's glow has more, but no sky that anybody wants apart is only glow."""

SMOOTH, SMOOTH_PX = 0.065, 3
"""Deviation of colours around a place of the small look; clouds stay below, leaves and walls do not."""

LEAST_SKY = 0.02
"""Of the area, and of the upper edge: less is a lamp."""

ALIKE = 0.12
"""Distance of colours between the sky and a part of it that is seen between branches."""

_Plane = NDArray[np.float32]


@dataclass(frozen=True)
class Apart:
    """Subject, sky and the rest as masks that follow the photo's edges, and how far each is changed (1 as it was made)."""

    edges: Refined
    factors: Tensor
    height: int

    @classmethod
    def of(cls, inputs: Loaded, params: EnhancePhotoParams, context: Context) -> Apart | None:
        """What ``params`` ask for, or None where all places are changed alike. Raises WeightsDamaged."""
        wanted = (params.subject / 100, params.sky / 100)
        if wanted == (1.0, 1.0):
            return None
        context.progress.step(0, of=1, message="Finding subject and sky")
        photo, given = inputs[CONTENT].pixels, inputs[REGIONS]
        masks = _found(photo, context) if given is None and params.regions == "auto" else _named(given)
        if masks is None:
            return None
        rest = (1 - masks.sum(1, keepdim=True)).clamp_min(0)
        edges = refine(torch.cat((masks, rest), 1), small_look(photo, LOOKED_AT))
        return cls(edges, torch.tensor([*wanted, 1.0]).view(1, 3, 1, 1), photo.shape[2])

    def applied(self, before: Tensor, made: Tensor, rows: slice) -> Tensor:
        """These ``rows`` of the photo, ``before`` (1, 3, n, W) and as they were ``made``, each changed as far as is meant."""
        factor = (self.edges.rows(before, rows, self.height) * self.factors).sum(1, keepdim=True)
        return torch.lerp(before, made, factor)


def find_sky(small: Tensor) -> Tensor:
    """Where the sky is in ``small`` (1, 3, h, w) in 0..1: (1, 1, h, w) of 0 and 1."""
    colors, light = small[0].numpy(), luma(small)[0, 0].numpy()
    red, green, blue = colors
    is_blue = (blue - red > BLUENESS) & (blue >= green) & (light > BLUE_LUMA)
    is_bright = (light > max(SKY_LUMA[0], SKY_LUMA[1] * float(np.quantile(light, 0.9)))) & (red - blue < GREATEST_WARMTH)
    likely = (is_blue | is_bright) & (_deviation(colors) < SMOOTH)
    sky = _reaching_up(likely, is_blue, colors)
    # Its edges are no longer smooth, but sky all the same; what is not is left to the photo's own edges.
    sky = ndimage.binary_dilation(sky, iterations=SMOOTH_PX // 2 + 1, mask=is_blue | is_bright)
    return torch.from_numpy(sky.astype(np.float32))[None, None]


def _deviation(colors: _Plane) -> _Plane:
    """Of the colours (3, h, w) around each place, of a channel on the mean."""
    window = (1, SMOOTH_PX, SMOOTH_PX)
    mean = ndimage.uniform_filter(colors, window)
    return np.asarray(np.sqrt(np.maximum(ndimage.uniform_filter(colors**2, window) - mean**2, 0).mean(0)))


def _reaching_up(likely: NDArray[np.bool_], is_blue: NDArray[np.bool_], colors: _Plane) -> NDArray[np.bool_]:
    """Those connected parts that reach the upper edge, with those above their lowest row that look like them.

    Of what is not blue the brightest is the sky: a white wall below a white sky is darker.
    """
    parts, count = ndimage.label(likely)
    numbers = np.arange(count + 1)
    means = np.stack([ndimage.mean(channel, parts, numbers) for channel in colors], 1)
    at_top = (np.bincount(parts[0], minlength=count + 1) > 0) & (numbers > 0)
    blue = ndimage.mean(is_blue, parts, numbers) > 1 / 2
    if not at_top.any():
        return np.zeros_like(likely)
    brightest = means[at_top][means[at_top].sum(1).argmax()]
    is_sky = at_top & (blue | (np.linalg.norm(means - brightest, axis=1) < ALIKE))
    sky = is_sky[parts]
    if sky[0].mean() < LEAST_SKY or sky.mean() < LEAST_SKY:
        return np.zeros_like(likely)
    typical = np.median(colors[:, sky], axis=1)
    is_sky |= (np.linalg.norm(means - typical, axis=1) < ALIKE) & (numbers > 0)
    lowest = int(np.flatnonzero(sky.any(1)).max())
    return np.asarray(is_sky[parts] & (np.arange(len(parts)) <= lowest)[:, None])


def _found(photo: Tensor, context: Context) -> Tensor:
    """Subject and sky (1, 2, h, w)."""
    sky, labels = find_sky(small_look(photo, LOOKED_AT)), label(photo, load_labellers(context.store))
    if labels is None:
        return torch.cat((1 - sky, sky), 1)
    sized = F.interpolate(labels, size=sky.shape[2:], mode="bilinear", align_corners=False)
    subject = sized[:, [NAMES.index("person"), NAMES.index("animal")]].sum(1, keepdim=True).clamp(0, 1)
    return torch.cat((subject, sky * (1 - subject)), 1)


def _named(given: Regions | None) -> Tensor | None:
    """Subject and sky among the given regions; None where none is called so."""
    if given is None:
        return None
    masks = [named_mask(given, names) for names in (SUBJECT_NAMES, SKY_NAMES)]
    if all(mask is None for mask in masks):
        return None
    nothing = torch.zeros_like(given.masks[:, :1])
    return torch.cat([nothing if mask is None else mask for mask in masks], 1)
