"""Refining: rough masks find the edges of the picture."""

import torch

from restyle.pictures.bands import bands
from restyle.regions.refine import refine

OFF_PX = 4
"""Of 512: half of the radius of a box, so that most of each window is on the right side."""


def two_halves(height, width, edge):
    """A picture, dark to the left of ``edge`` and bright to the right, with a little grain; and its exact mask."""
    generator = torch.Generator().manual_seed(0)
    mask = (torch.arange(width) >= edge).float().expand(1, 1, height, width).contiguous()
    colours = torch.lerp(torch.tensor([0.2, 0.3, 0.5]), torch.tensor([0.8, 0.7, 0.6]), mask[0, 0, ..., None]).permute(2, 0, 1)
    return (colours + 0.01 * torch.randn(3, height, width, generator=generator)).clamp(0, 1).unsqueeze(0), mask


def test_a_mask_that_is_a_little_off_moves_to_the_edge():
    pixels, exact = two_halves(96, 512, 300)
    _, rough = two_halves(96, 512, 300 + OFF_PX)
    masks = torch.cat((rough, 1 - rough), 1)
    found = refine(masks, pixels).masks(pixels)
    assert (found[:, :1] - exact).abs().mean() < (rough - exact).abs().mean() / 2
    assert torch.allclose(found.sum(1), torch.ones(1, 96, 512), atol=1e-5)


def test_a_flat_picture_leaves_the_mask_where_it_is():
    mask = (torch.arange(64) >= 32).float().expand(1, 1, 64, 64).contiguous()
    found = refine(mask, torch.full((1, 3, 64, 64), 0.5)).masks(torch.full((1, 3, 64, 64), 0.5))
    # Boxes of one pixel's radius, taken four times, soften the edge by four pixels to each side.
    assert (found - mask)[..., :27].abs().max() < 1e-4
    assert (found - mask)[..., 37:].abs().max() < 1e-4


def test_bands_of_rows_make_the_whole():
    pixels, exact = two_halves(70, 90, 41)
    refined = refine(exact, pixels)
    found = torch.cat([refined.rows(pixels[:, :, band.rows], band.rows, 70) for band in bands(70, 32)], 2)
    # The same arithmetic; only the order of additions may differ.
    assert torch.allclose(found, refined.rows(pixels, slice(0, 70), 70), atol=1e-6)
    assert torch.allclose(refined.masks(pixels), found, atol=1e-6)


def test_masks_of_another_size_than_the_picture_do():
    pixels, exact = two_halves(120, 200, 104)
    small = torch.nn.functional.avg_pool2d(exact, 4)
    found = refine(small, pixels).masks(pixels)
    assert found.shape == exact.shape
    assert (found - exact).abs().mean() < 0.02
