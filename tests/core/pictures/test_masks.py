"""A mask is what a person means by it, in whatever channel it stands."""

from __future__ import annotations

import torch

from restyle.pictures.image import Image
from restyle.pictures.masks import mask_of

LEFT = torch.zeros(1, 1, 8, 16)
LEFT[..., :8] = 1


def flat(value: float) -> torch.Tensor:
    return torch.full((1, 3, 8, 16), value)


def test_white_is_inside_and_black_outside():
    assert torch.equal(mask_of(Image(LEFT.expand(-1, 3, -1, -1))), LEFT)


def test_of_one_colour_that_was_cut_out_alpha_counts_whichever_it_is():
    for value in (0.0, 0.3, 1.0):
        assert torch.equal(mask_of(Image(flat(value), LEFT)), LEFT)


def test_what_a_cut_out_mask_hides_does_not_count():
    hidden = torch.where(LEFT > 0, 1.0, torch.rand(1, 1, 8, 16)).expand(-1, 3, -1, -1)
    assert torch.equal(mask_of(Image(hidden, LEFT)), LEFT)


def test_soft_alpha_is_a_soft_mask():
    ramp = torch.linspace(0, 1, 16).expand(1, 1, 8, 16)
    assert torch.equal(mask_of(Image(flat(1), ramp)), ramp)


def test_black_and_white_with_alpha_are_inside_where_they_are_white_and_visible():
    top = torch.zeros(1, 1, 8, 16)
    top[..., :4, :] = 1
    assert torch.equal(mask_of(Image(LEFT.expand(-1, 3, -1, -1), top)), LEFT * top)


def test_an_opaque_mask_may_have_an_alpha_channel_all_the_same():
    assert torch.equal(mask_of(Image(LEFT.expand(-1, 3, -1, -1), torch.ones(1, 1, 8, 16))), LEFT)
    assert mask_of(Image(flat(0), torch.ones(1, 1, 8, 16))).max() == 0
