"""Carries a small painting to the photo's full size: strokes are enlarged, the photo's finest detail is put back.

What the full photo has beyond the small one goes through a local affine model of how the painting follows the photo (guided
filter: He, Sun, Tang 2010; bilateral guided upsampling: Chen et al. 2016), so that an edge which the painter deepened is
deepened, and none is blurred. Only brightness is put back: the photo's hues have no place in another palette.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from restyle.pictures.bands import bands
from restyle.pictures.enlarging import Enlarged
from restyle.pictures.image import luma
from restyle.pictures.resizing import resized
from restyle.pictures.windows import box_mean

__all__ = ["SHORTEST_SIDE_PX", "at_strength", "carry_to_full_size", "reduced", "size_to_paint"]

SHORTEST_SIDE_PX = 64  # four positions in the deepest layer used; below, there is nothing to take statistics of
MODEL_RADIUS_PX = 2  # of the window of the local model, in painted pixels: about a stroke's width
GRAIN_RADIUS_PX = 1  # single pixels of odd hue are texture at their own size and specks when enlarged
FLATNESS = 0.02**2  # variance (of five 8-bit steps) below which the photo is flat and says nothing about the painting
LEAST_GAIN = 0.75  # less leaves the result blurred at 100 %; more lets the photo shine through the strokes
GREATEST_GAIN = 1.3  # beyond, grain and JPEG blocks turn into specks
BLENDED_ROWS = 256  # at once: bounds the memory for copies
BAND_ROWS = 64  # rows made at once: bounds the memory, and a band of 24 MP fits the cache


def size_to_paint(height: int, width: int, working_size: int) -> tuple[int, int]:
    """The photo's size, at most ``working_size`` along the longer side, at least `SHORTEST_SIDE_PX` along the shorter."""
    scale = min(1.0, working_size / max(height, width))
    scale = max(scale, SHORTEST_SIDE_PX / min(height, width))
    return round(height * scale), round(width * scale)


def reduced(picture: Tensor, most_pixels: float) -> Tensor:
    """``picture`` (1, 3, H, W) in 0..1 with at most so many pixels, and at least `SHORTEST_SIDE_PX` along the shorter side."""
    height, width = picture.shape[2:]
    scale = max(math.sqrt(most_pixels / (height * width)), SHORTEST_SIDE_PX / min(height, width))
    return resized(picture, round(height * scale), round(width * scale)).clamp(0, 1) if scale < 1 else picture


def at_strength(photo: Tensor, painted: Tensor, strength: float) -> Tensor:
    """``strength`` 0..1 of the painting over the photo, in the painting's memory."""
    if strength < 1:
        for band in bands(photo.shape[2], BLENDED_ROWS):
            painted[:, :, band.rows] = torch.lerp(photo[:, :, band.rows], painted[:, :, band.rows], strength)
    return painted


def carry_to_full_size(painted: Tensor, small: Tensor, photo: Tensor) -> Tensor:
    """Enlarge ``painted``, made from ``small`` (both (1, 3, h, w)), to the size of ``photo`` (1, 3, H, W).

    All are float32 in 0..1 on one device. A painting that is not smaller than the photo is only resized.
    """
    height, width = photo.shape[2:]
    if painted.shape[2] >= height or painted.shape[3] >= width:
        return resized(painted, height, width).clamp(0, 1)
    brightness = luma(small)
    gain = Enlarged(_local_gain(brightness, luma(painted)), height, width)
    strokes, blurred = Enlarged(_without_grain(painted), height, width), Enlarged(brightness, height, width)
    out = torch.empty(photo.shape, device=photo.device)
    for band in bands(height, BAND_ROWS):
        detail = (luma(photo[:, :, band.rows]) - blurred.rows(band.rows)).mul_(gain.rows(band.rows))
        torch.add(strokes.rows(band.rows), detail, out=out[:, :, band.rows])
    return out.clamp_(0, 1)


def _local_gain(photo: Tensor, painted: Tensor) -> Tensor:
    """Slope of the best local line from the photo's brightness to the painting's, within bounds."""
    mean_photo, mean_painted = box_mean(photo, MODEL_RADIUS_PX), box_mean(painted, MODEL_RADIUS_PX)
    covariance = box_mean(photo * painted, MODEL_RADIUS_PX) - mean_photo * mean_painted
    variance = box_mean(photo * photo, MODEL_RADIUS_PX) - mean_photo * mean_photo
    # Where the small photo is flat the painting cannot follow it, and its finest detail is taken as it is: a slope of 1.
    slope = (covariance + FLATNESS) / (variance.clamp_min(0) + FLATNESS)
    return box_mean(slope.clamp(LEAST_GAIN, GREATEST_GAIN), MODEL_RADIUS_PX)


def _without_grain(painted: Tensor) -> Tensor:
    """``painted`` with hues smoothed over neighbouring pixels, brightness as it is."""
    brightness = luma(painted)
    return brightness + box_mean(painted - brightness, GRAIN_RADIUS_PX)
