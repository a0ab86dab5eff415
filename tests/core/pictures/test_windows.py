"""Means over windows, written out."""

import pytest
import torch

from restyle.pictures.windows import box_mean, box_mean_inside, wide_box_mean

MAPS = torch.rand(2, 3, 9, 7, generator=torch.Generator().manual_seed(1))


def window(row: int, column: int, radius: int) -> tuple[slice, slice]:
    return slice(max(row - radius, 0), row + radius + 1), slice(max(column - radius, 0), column + radius + 1)


@pytest.mark.parametrize("mean", [box_mean_inside, wide_box_mean])
def test_a_mean_is_of_what_lies_inside(mean) -> None:
    found = mean(MAPS, 2)
    for row in range(9):
        for column in range(7):
            rows, columns = window(row, column, 2)
            # Running sums of some tens of numbers below 1 in float32.
            torch.testing.assert_close(found[..., row, column], MAPS[..., rows, columns].mean((2, 3)), rtol=0, atol=1e-5)


def test_beyond_the_edges_the_last_pixels_go_on() -> None:
    found = box_mean(MAPS, 1)
    torch.testing.assert_close(found[..., 4, 3], MAPS[..., 3:6, 2:5].mean((2, 3)))
    corner = (4 * MAPS[..., 0, 0] + 2 * MAPS[..., 0, 1] + 2 * MAPS[..., 1, 0] + MAPS[..., 1, 1]) / 9
    torch.testing.assert_close(found[..., 0, 0], corner)


def test_a_window_wider_than_the_picture_is_the_picture() -> None:
    expected = MAPS.mean((2, 3), keepdim=True).expand_as(MAPS)
    torch.testing.assert_close(wide_box_mean(MAPS, 20), expected, rtol=0, atol=1e-5)
