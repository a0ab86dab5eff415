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
from restyle.pictures.image import luma

__all__ = ["ColourMarks"]

BINS = (24, 48, 48)  # brightness, red and blue less brightness: as fine as the eye tells colours of patches apart, about 1/25
LEAST_SHARE = 3e-4  # of a region: rarer colours are noise and fringes
DIFFERENCE_REACH = 0.9  # the largest difference of blue from brightness that sRGB has is 0.93
BRIGHTNESS_WEIGHT = 0.5  # a step of brightness between two of the style's colours is no false colour, one of hue is
TOLERANCE = 0.03  # of the range: colours as near as this to one of the style's count as its own


class ColourMarks:
    """Measures pictures of the photo's size in ``scene``, region by region."""

    def __init__(self, scene: Scene) -> None:
        labels = scene.photo.masks[0].flatten(1).argmax(0)
        colors = _places(scene.style.pixels)
        self._regions: list[tuple[Tensor, Tensor]] = []
        for i, mask in enumerate(scene.style.masks[0].flatten(1)):
            pixels = (labels == i).nonzero().flatten()
            if len(pixels):
                self._regions.append((pixels, _distances(colors, mask).to(labels.device)))

    def __call__(self, picture: Tensor) -> Tensor:
        """The mean squared distance of the colours of ``picture`` (1, 3, H, W) from those of the style, beyond the tolerance."""
        places = _places(picture)
        total = picture.new_zeros(())
        for pixels, distances in self._regions:
            grid = places[pixels].view(1, 1, 1, -1, 3)
            away = F.grid_sample(distances, grid, padding_mode="border", align_corners=True)
            total = total + (away - TOLERANCE).clamp_min(0).square().sum()
        return total / len(places)


def _places(picture: Tensor) -> Tensor:
    """Colours (P, 3) as coordinates in -1..1: blue difference, red difference, brightness (as grid_sample orders them)."""
    brightness = luma(picture)
    differences = (picture[:, 2:3] - brightness, picture[:, 0:1] - brightness)
    return torch.cat((*(item / DIFFERENCE_REACH for item in differences), brightness * 2 - 1), 1)[0].flatten(1).T


def _distances(colors: Tensor, mask: Tensor) -> Tensor:
    """(1, 1, *BINS): the distance, in units of brightness, of the colours of each bin from the nearest of a region's."""
    counts = torch.tensor(BINS, device=colors.device)
    bins = ((colors.flip(1).clamp(-1, 1) + 1) / 2 * (counts - 1)).round().long()
    flat = (bins[:, 0] * BINS[1] + bins[:, 1]) * BINS[2] + bins[:, 2]
    shares = torch.zeros(int(np.prod(BINS)), device=colors.device).index_add_(0, flat, mask)
    shares /= mask.sum().clamp_min(torch.finfo(torch.float32).tiny)
    marked = (shares >= min(LEAST_SHARE, float(shares.max()))).view(BINS).cpu().numpy()
    steps = (BRIGHTNESS_WEIGHT / (BINS[0] - 1), *(2 * DIFFERENCE_REACH / (count - 1) for count in BINS[1:]))
    away = ndimage.distance_transform_edt(~marked, sampling=steps)
    return torch.from_numpy(away.astype(np.float32)).view(1, 1, *BINS)
