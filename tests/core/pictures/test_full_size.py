"""The way from a small painting to the photo's size."""

import pytest
import torch

from restyle.pictures.full_size import BAND_ROWS, SHORTEST_SIDE_PX, at_strength, carry_to_full_size, reduced
from restyle.pictures.image import luma
from restyle.pictures.resizing import resized

HEIGHT, WIDTH = 3 * BAND_ROWS + 5, 240  # several bands, the last of them incomplete


@pytest.fixture
def photo():
    """Smooth shades with sharp-edged squares and fine lines."""
    down, across = torch.linspace(0.2, 0.7, HEIGHT), torch.linspace(0.3, 0.6, WIDTH)
    pixels = ((down[:, None] + across) / 2).expand(1, 3, HEIGHT, WIDTH).clone()
    pixels[:, 0, 50:120, 60:150] = 0.9
    pixels[:, :, 130:170:4] *= 0.5
    return pixels


@pytest.fixture
def small(photo):
    return resized(photo, HEIGHT // 4, WIDTH // 4).clamp(0, 1)


def sharpness(pixels):
    """Mean square of the second differences of brightness."""
    bright = luma(pixels)
    return (2 * bright[..., 1:-1, :] - bright[..., 2:, :] - bright[..., :-2, :]).square().mean()


def test_an_unchanged_picture_comes_back_as_the_photo(photo, small):
    whole = carry_to_full_size(small, small, photo)

    # Colour is enlarged as it is, so a coloured edge is as soft as in the small picture; brightness comes back.
    assert (luma(whole) - luma(photo)).abs().mean() < 1 / 255


def test_the_photo_is_not_blurred(photo, small):
    darker = small * 0.8

    assert sharpness(carry_to_full_size(darker, small, photo)) > 0.5 * sharpness(photo)
    # To tell that the claim could fail: enlarging alone does blur.
    assert sharpness(resized(darker, HEIGHT, WIDTH)) < 0.2 * sharpness(photo)


def test_a_flat_painting_of_a_flat_photo_stays_flat():
    flat = torch.full((1, 3, 400, 300), 0.4)

    whole = carry_to_full_size(torch.full((1, 3, 40, 30), 0.7), torch.full((1, 3, 40, 30), 0.4), flat)

    assert (whole - 0.7).abs().max() < 1e-5


def test_bands_leave_no_seams(photo, small, monkeypatch):
    banded = carry_to_full_size(small.flip(1), small, photo)
    monkeypatch.setattr("restyle.pictures.full_size.BAND_ROWS", HEIGHT)

    assert torch.allclose(carry_to_full_size(small.flip(1), small, photo), banded, atol=1e-5)


@pytest.mark.parametrize("size", [(40, 30), (20, 15), (1, 1)])
def test_a_painting_no_smaller_than_the_photo_is_resized(size):
    painted = torch.rand(1, 3, 40, 30)

    whole = carry_to_full_size(painted, painted, torch.rand(1, 3, *size))

    assert torch.equal(whole, resized(painted, *size).clamp(0, 1))


def test_values_stay_in_range(photo, small):
    whole = carry_to_full_size((small > 0.5).float(), small, photo)

    assert 0 <= whole.min() <= whole.max() <= 1


def test_a_picture_is_reduced_to_so_many_pixels_and_never_enlarged():
    picture = torch.rand(1, 3, 200, 300)

    assert reduced(picture, 60_000) is picture
    assert reduced(picture, 15_000).shape == (1, 3, 100, 150)
    assert min(reduced(picture, 10).shape[2:]) == SHORTEST_SIDE_PX


def test_half_the_strength_is_half_way():
    photo, painted = torch.zeros(1, 3, 300, 4), torch.ones(1, 3, 300, 4)

    assert torch.equal(at_strength(photo, painted.clone(), 0.5), torch.full_like(photo, 0.5))
    assert torch.equal(at_strength(photo, painted.clone(), 1), painted)
