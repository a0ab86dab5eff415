"""Bilateral grids: slicing, its gradient, and the same at any size."""

import torch

from restyle.pictures.bands import bands
from restyle.pictures.bilateral_grid import (
    GridShape,
    Slicer,
    constant_grids,
    edit_band,
    inversions,
    plan_shape,
    resampled,
    roughness,
    strongest,
)

HEIGHT, WIDTH = 24, 40


def photo() -> torch.Tensor:
    return torch.rand(1, 3, HEIGHT, WIDTH, generator=torch.Generator().manual_seed(0))


def two_masks() -> torch.Tensor:
    """One on the left, one on the right, and a band that both share."""
    right = ((torch.arange(WIDTH) - 15) / 10).clamp(0, 1).expand(1, 1, HEIGHT, WIDTH)
    return torch.cat((1 - right, right), 1)


def random_grids(shape: GridShape, regions: int = 2) -> torch.Tensor:
    return torch.randn(regions, shape.depth, shape.height, shape.width, 12, generator=torch.Generator().manual_seed(2))


def test_a_plan_has_nearly_square_cells() -> None:
    assert plan_shape(300, 600, longer=12, depth=8) == GridShape(8, 6, 12)
    assert plan_shape(10, 600, longer=12, depth=8) == GridShape(8, 1, 12)


def test_grids_of_one_map_are_that_map() -> None:
    maps = torch.tensor([[[0.5, 0, 0, 0.1], [0, 2.0, 0, 0], [0, 0.3, 1, -0.2]]]).repeat(2, 1, 1)
    shape = GridShape(4, 3, 5)
    expected = torch.einsum("dc,nchw->ndhw", maps[0, :, :3], photo()) + maps[0, :, 3].view(1, 3, 1, 1)
    torch.testing.assert_close(Slicer(photo(), two_masks(), shape)(constant_grids(maps, shape))[0], expected)


def test_bands_equal_the_whole() -> None:
    shape = GridShape(5, 3, 4)
    grids, masks = random_grids(shape), two_masks()
    edited, outside = Slicer(photo(), masks, shape)(grids)
    found = []
    for band in bands(HEIGHT, 7):
        pixels, inside = photo()[:, :, band.rows], masks[:, :, band.rows]
        found.append(edit_band(grids, pixels, inside, band.rows, HEIGHT)[0])
    torch.testing.assert_close(torch.cat(found, 2), edited - outside, atol=1e-4, rtol=1e-4)


def test_pixels_that_three_masks_share_are_mixed_of_all() -> None:
    shape = GridShape(1, 1, 1)
    masks = torch.rand(1, 3, HEIGHT, WIDTH, generator=torch.Generator().manual_seed(5)) + 0.1
    masks /= masks.sum(1, keepdim=True)
    greys = torch.tensor([0.1, 0.5, 0.8])
    maps = torch.zeros(3, 3, 4)
    maps[:, :, 3] = greys.unsqueeze(1)
    expected = (masks * greys.view(1, 3, 1, 1)).sum(1, keepdim=True).expand(1, 3, -1, -1)
    torch.testing.assert_close(Slicer(photo(), masks, shape)(constant_grids(maps, shape))[0], expected)


def test_the_strongest_is_the_first_among_equals() -> None:
    shares = torch.tensor([[0.5, 0.2, 0.3], [0.5, 0.3, 0.3], [0.0, 0.5, 0.4]])
    largest, owner = strongest(shares)
    assert owner.tolist() == [0, 2, 2]
    torch.testing.assert_close(largest, torch.tensor([0.5, 0.5, 0.4]))


def test_the_gradient_is_that_of_finite_differences() -> None:
    shape = GridShape(3, 2, 2)
    slicer = Slicer(photo(), two_masks(), shape)
    grids = random_grids(shape).requires_grad_(True)
    weights = torch.randn(1, 3, HEIGHT, WIDTH, generator=torch.Generator().manual_seed(3))
    (slicer(grids)[0] * weights).sum().backward()
    direction = torch.randn(grids.shape, generator=torch.Generator().manual_seed(4))
    # Slicing is linear, so a difference over a whole step is exact up to rounding.
    with torch.no_grad():
        change = ((slicer(grids + direction)[0] - slicer(grids)[0]) * weights).sum()
    torch.testing.assert_close((grids.grad * direction).sum(), change, atol=1e-2, rtol=1e-3)


def test_a_region_has_nothing_of_another_ones_colours() -> None:
    shape = GridShape(4, 3, 4)
    grids = constant_grids(torch.eye(3, 4).repeat(2, 1, 1), shape)
    grids[1] = 100.0
    edited, _ = Slicer(photo(), two_masks(), shape)(grids)
    torch.testing.assert_close(edited[..., :15], photo()[..., :15])


def test_what_is_too_bright_in_one_region_does_not_shine_into_the_next() -> None:
    shape = GridShape(1, 1, 1)
    maps = torch.zeros(2, 3, 4)
    maps[1, :, 3] = 10.0  # black on the left, far beyond white on the right
    edited, outside = Slicer(photo(), two_masks(), shape)(constant_grids(maps, shape))
    torch.testing.assert_close(edited - outside, two_masks()[:, 1:].expand(1, 3, -1, -1))


def test_gains_say_how_much_brighter_a_grey_becomes() -> None:
    maps = torch.diag(torch.tensor([0.5, 2.0, 1.0])).unsqueeze(0)
    grids = constant_grids(torch.cat((maps, torch.zeros(1, 3, 1)), 2), GridShape(1, 1, 1))
    _, gains = edit_band(grids, photo(), torch.ones(1, 1, HEIGHT, WIDTH), slice(0, HEIGHT), HEIGHT)
    torch.testing.assert_close(gains, torch.full_like(gains, 0.5 * 0.2126 + 2 * 0.7152 + 0.0722))


def test_brightness_chooses_the_level_and_place_the_cell() -> None:
    shape = GridShape(2, 1, 2)
    grids = torch.zeros(1, 2, 1, 2, 12)
    grids[0, 1, 0, 1, 3] = 1.0  # red, for what is bright and to the right
    picture = torch.zeros(1, 3, 4, 8)
    picture[:, :, :2] = 1.0
    edited, _ = Slicer(picture, torch.ones(1, 1, 4, 8), shape)(grids)
    assert edited[0, 0, 0, -1] == 1.0
    assert edited[0, 0, 0, 0] == 0.0
    assert edited[0, 0, 3].abs().max() == 0.0


def test_resampling_keeps_what_can_be_kept() -> None:
    shape, finer = GridShape(3, 2, 3), GridShape(5, 4, 6)
    constant = constant_grids(torch.randn(2, 3, 4), shape)
    torch.testing.assert_close(resampled(constant, finer), constant[:, :1, :1, :1].expand(2, 5, 4, 6, 12))
    ramp = torch.linspace(0, 1, 3).view(1, 3, 1, 1, 1).expand(1, 3, 2, 3, 12)
    torch.testing.assert_close(resampled(ramp, finer)[0, :, 0, 0, 0], torch.linspace(0, 1, 5))


def test_only_differences_are_rough() -> None:
    shape = GridShape(3, 2, 3)
    assert roughness(constant_grids(torch.randn(1, 3, 4), shape)) == 0
    assert roughness(random_grids(shape)) > 0


def test_an_edge_must_not_turn_round() -> None:
    upright = torch.eye(3, 4).unsqueeze(0)
    negative = torch.cat((-torch.eye(3), torch.ones(3, 1)), 1).unsqueeze(0)
    assert inversions(constant_grids(upright, GridShape(5, 2, 2))) == 0
    # Each of four steps of brightness falls by a quarter.
    torch.testing.assert_close(inversions(constant_grids(negative, GridShape(5, 2, 2))), torch.tensor(1 / 16))
    assert inversions(constant_grids(negative, GridShape(1, 2, 2))) == 0
