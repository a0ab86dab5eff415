"""Colour marks: the colours that the style's regions have, and how far others are from them.

Gram matrices of deep features forgive a green in a black sky, and people do not. For each region the colours of the style are
marked in a space of brightness and two colour differences; what lies far from every mark costs the square of its distance.
"""

from __future__ import annotations

import numpy as np
import torch
from scipy import ndimage
from torch import Tensor
from torch.nn import functional as F

from restyle.filters.photo_style.scene import Scene
from restyle.pictures.bilateral_grid import strongest
from restyle.pictures.image import luma

__all__ = ["ColourMarks"]

BINS = (24, 48, 48)  # brightness, red and blue less brightness: as fine as the eye tells colours of patches apart, about 1/25
LEAST_SHARE = 3e-4  # of a region: rarer colours are noise and fringes
DIFFERENCE_REACH = 0.9  # the largest difference of blue from brightness that sRGB has is 0.93
BRIGHTNESS_WEIGHT = 0.5  # a step of brightness between two of the style's colours is no false colour, one of hue is
SPACING_PX = 2
TOLERANCE = 0.03  # of the range: colours as near as this to one of the style's count as its own


class ColourMarks:
    """Measures pictures of the photo's size in ``scene``, each place by the region that has most of it."""

    def __init__(self, scene: Scene) -> None:
        colors = _places(scene.style.pixels)
        distances = [_distances(colors, mask) for mask in scene.style.masks[0].flatten(1)]
        self._distances = torch.cat(distances).view(1, 1, -1, *BINS[1:]).to(scene.photo.pixels.device)
        masks = _sampled(scene.photo.masks)
        self._first_bins = strongest(masks[0].flatten(1))[1] * BINS[0]

    def __call__(self, picture: Tensor) -> Tensor:
        """The mean squared distance of the colours of ``picture`` (1, 3, H, W) from those of the style, beyond the tolerance."""
        blue, red, brightness = _places(_sampled(picture)).unbind(1)
        # The regions' bins lie one behind the other, and a colour outside of its region's range must not enter the next one's.
        bins = self._first_bins + ((brightness + 1) / 2).clamp(0, 1) * (BINS[0] - 1)
        grid = torch.stack((blue, red, bins * (2 / (self._distances.shape[2] - 1)) - 1), 1)
        away = F.grid_sample(self._distances, grid.view(1, 1, 1, -1, 3), padding_mode="border", align_corners=True)
        return (away - TOLERANCE).clamp_min(0).square().mean()


def _sampled(maps: Tensor) -> Tensor:
    """Every second pixel each way of (1, C, H, W): what is false in a picture of smooth maps is so in more than one."""
    return maps[..., ::SPACING_PX, ::SPACING_PX]


def _places(picture: Tensor) -> Tensor:
    """Colours (P, 3) as coordinates in -1..1: blue difference, red difference, brightness (as grid_sample orders them)."""
    brightness = luma(picture)
    differences = (picture[:, 2:3] - brightness, picture[:, 0:1] - brightness)
    return torch.cat((*(item / DIFFERENCE_REACH for item in differences), brightness * 2 - 1), 1)[0].flatten(1).T


def _distances(colors: Tensor, mask: Tensor) -> Tensor:
    """BINS: the distance, in units of brightness, of the colours of each bin from the nearest of a region's."""
    counts = torch.tensor(BINS, device=colors.device)
    bins = ((colors.flip(1).clamp(-1, 1) + 1) / 2 * (counts - 1)).round().long()
    flat = (bins[:, 0] * BINS[1] + bins[:, 1]) * BINS[2] + bins[:, 2]
    shares = torch.zeros(int(np.prod(BINS)), device=colors.device).index_add_(0, flat, mask)
    shares /= mask.sum().clamp_min(torch.finfo(torch.float32).tiny)
    marked = (shares >= min(LEAST_SHARE, float(shares.max()))).view(BINS).cpu().numpy()
    steps = (BRIGHTNESS_WEIGHT / (BINS[0] - 1), *(2 * DIFFERENCE_REACH / (count - 1) for count in BINS[1:]))
    away = ndimage.distance_transform_edt(~marked, sampling=steps)
    return torch.from_numpy(away.astype(np.float32))
