"""What an edit changes where the photo does not."""

import torch

from restyle.filters.photo_style.calm import Patches, calm
from restyle.pictures.bilateral_grid import GridShape, Slicer, constant_grids

HEIGHT, WIDTH = 32, 64
SHAPE = GridShape(2, 2, 4)


def half_calm() -> torch.Tensor:
    """Grey on the left, on the right stripes of two pixels."""
    picture = torch.full((1, 3, HEIGHT, WIDTH), 0.5)
    stripes = torch.arange(WIDTH) % 4 < 2
    picture[..., stripes & (torch.arange(WIDTH) >= WIDTH // 2)] = 0.8
    return picture


def patches(photo: torch.Tensor) -> Patches:
    return Patches(photo, Slicer(photo, torch.ones(1, 1, HEIGHT, WIDTH), SHAPE), SHAPE)


def ramp(entry: int, columns: slice) -> torch.Tensor:
    """Grids that leave everything alone but for one number of their maps, which grows along these columns of cells."""
    grids = constant_grids(torch.eye(3, 4).unsqueeze(0), SHAPE)
    grids[:, :, :, columns, entry] += torch.linspace(0, 1, 4)[columns]
    return grids


def test_a_flat_photo_is_calm_and_a_pattern_is_not() -> None:
    found = calm(half_calm())
    assert found[..., : WIDTH // 4].min() > 0.99
    assert found[..., -WIDTH // 4 :].max() < 0.01


def test_the_same_edit_everywhere_makes_no_patch() -> None:
    assert patches(half_calm())(constant_grids(torch.randn(1, 3, 4), SHAPE)) < 1e-9


def test_a_slope_is_a_patch_where_the_photo_is_calm_only() -> None:
    measure, shift_of_red = patches(half_calm()), 3
    calm_side, other_side = (measure(ramp(shift_of_red, columns)) for columns in (slice(0, 2), slice(2, 4)))
    assert calm_side > 0.1
    # The window's blur makes the middle of the picture half calm.
    flat = torch.full((1, 3, HEIGHT, WIDTH), 0.5)
    assert other_side < 0.5 * patches(flat)(ramp(shift_of_red, slice(2, 4)))


def test_what_maps_make_of_colours_that_are_not_there_is_no_patch() -> None:
    black = torch.zeros(1, 3, HEIGHT, WIDTH)
    gain_of_red, shift_of_red = 0, 3
    everywhere = slice(0, 4)
    assert patches(black)(ramp(gain_of_red, everywhere)) == 0
    # A third from one cell to the next, over four cells: a slope of 4/3 in three of four pairs, of which none hold the ends.
    assert patches(black)(ramp(shift_of_red, everywhere)) > 1
