"""Regions as a picture: found on a small copy, refined along the photo's edges, and painted row band by row band."""

from __future__ import annotations

import torch

from restyle.context import Context
from restyle.contract.loaded import Loaded
from restyle.contract.sentence import said
from restyle.filters.find_regions import CONTENT, RegionsParams
from restyle.pictures.bands import bands
from restyle.pictures.image import Image
from restyle.regions.automatic import find_regions
from restyle.regions.maps import colors_for
from restyle.regions.pairing import load_eyes
from restyle.regions.patches import cut_into_patches
from restyle.regions.refine import BAND_ROWS, refine

__all__ = ["paint_regions"]


def paint_regions(inputs: Loaded, params: RegionsParams, context: Context) -> Image:
    """The regions of the content as a map in flat colours of its size, from the top down in the paper's colours.

    Raises WeightsUnavailable, WeightsDamaged, Cancelled.
    """
    pixels = inputs[CONTENT].pixels
    height = pixels.shape[2]
    plan = list(bands(height, BAND_ROWS))
    context.progress.step(0, of=len(plan) + 1, message=said("Finding regions"))
    eyes = load_eyes(context)
    regions = find_regions(cut_into_patches(pixels, eyes.textures, eyes.labellers), params.most)
    refined = refine(regions.masks, pixels)
    colors = torch.tensor(colors_for(regions.names), dtype=torch.float32) / 255
    out = torch.empty_like(pixels)
    for i, band in enumerate(plan, start=1):
        context.progress.step(i, of=len(plan) + 1, message=said("Painting regions"))
        labels = refined.rows(pixels[:, :, band.rows], band.rows, height)[0].argmax(0)
        out[0, :, band.rows] = colors[labels].permute(2, 0, 1)
    return inputs[CONTENT].with_pixels(out)
