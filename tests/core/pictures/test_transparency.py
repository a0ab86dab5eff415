"""What is transparent is not seen, and does not paint."""

from __future__ import annotations

import pytest
import torch

from restyle.contract.errors import InvalidInput
from restyle.pictures.image import Image
from restyle.pictures.transparency import as_seen, laid_on

BLUE, RED = (torch.tensor(colour).view(1, 3, 1, 1).expand(1, 3, 32, 48) for colour in ((0.1, 0.2, 0.8), (1.0, 0.0, 0.0)))


def cut_out(alpha_right: float) -> Image:
    """Blue that is opaque on the left, and red beside it."""
    alpha = torch.ones(1, 1, 32, 48)
    alpha[..., 24:] = alpha_right
    return Image(torch.where(alpha == 1, BLUE, RED), alpha)


def test_what_is_hidden_is_taken_from_what_is_visible_around_it():
    assert (as_seen(cut_out(0)) - BLUE).abs().max() < 1e-5


def test_what_can_hardly_be_seen_hardly_counts():
    # An alpha of one 8-bit step mixes in as much of the red.
    assert (as_seen(cut_out(1 / 255)) - BLUE).abs().max() < 1.01 / 255
    assert (as_seen(cut_out(1)) - cut_out(1).pixels).abs().max() == 0


def test_what_is_thin_everywhere_is_seen_as_it_is():
    picture = Image(torch.rand(1, 3, 8, 8), torch.full((1, 1, 8, 8), 0.3))
    assert torch.allclose(as_seen(picture), picture.pixels)


def test_an_opaque_picture_is_the_very_same():
    picture = Image(torch.rand(1, 3, 8, 8), torch.ones(1, 1, 8, 8))
    assert as_seen(picture) is picture.pixels
    assert as_seen(Image(picture.pixels)) is picture.pixels


def test_a_picture_that_cannot_be_seen_is_one_sentence():
    with pytest.raises(InvalidInput, match="transparent"):
        as_seen(Image(torch.rand(1, 3, 8, 8), torch.zeros(1, 1, 8, 8)))


def test_what_is_laid_on_a_ground_covers_it_by_its_alpha() -> None:
    ground = Image(torch.zeros(1, 3, 4, 5))
    alpha = torch.tensor([[1.0, 0.5], [0.0, 1.0]]).view(1, 1, 2, 2)
    laid = laid_on(ground, Image(torch.ones(1, 3, 2, 2), alpha), 4, 1)
    wanted = torch.zeros(4, 5)
    wanted[1, 4], wanted[2, 4] = 1, 0
    assert torch.equal(laid.pixels[0, 0], wanted)
    assert laid.alpha is None


def test_what_lies_beside_the_ground_leaves_it_as_it_was() -> None:
    ground = Image(torch.rand(1, 3, 4, 5))
    assert laid_on(ground, Image(torch.ones(1, 3, 2, 2)), -2, 0) is ground


def test_a_ground_that_is_seen_through_is_filled_where_something_lies_on_it() -> None:
    ground = Image(torch.zeros(1, 3, 1, 2), torch.tensor([0.0, 0.5]).view(1, 1, 1, 2))
    laid = laid_on(ground, Image(torch.ones(1, 3, 1, 2), torch.full((1, 1, 1, 2), 0.5)), 0, 0)
    assert laid.alpha is not None
    # Porter and Duff: alpha 0.5 + 0.5 * 0.5, of which two thirds are the upper colour.
    torch.testing.assert_close(laid.alpha.flatten(), torch.tensor([0.5, 0.75]))
    torch.testing.assert_close(laid.pixels[0, 0, 0], torch.tensor([1.0, 2 / 3]))
