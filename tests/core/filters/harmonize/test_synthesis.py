"""Patch synthesis: forms become the painting's, detail stays."""

import torch
from tests.core.filters.harmonize.test_method import HEIGHT, WIDTH, painting

from restyle.filters.harmonize.synthesis import of_the_painting_s_patches


def test_the_painting_itself_stays_as_it_is() -> None:
    everywhere = torch.ones(1, 1, HEIGHT, WIDTH)
    made = of_the_painting_s_patches(painting(), painting(), everywhere, 0)
    # Chance finds each patch's own place, or one that is a period of the strokes away.
    assert (made - painting()).abs().mean() < 0.01


def test_a_patch_that_the_painting_has_nowhere_becomes_one_that_it_has() -> None:
    strange = painting()
    strange[:, :, 40:56, 40:56] = torch.tensor([0.9, 0.0, 0.9]).view(3, 1, 1)
    cover = torch.zeros(1, 1, HEIGHT, WIDTH)
    cover[..., 36:60, 36:60] = 1
    made = of_the_painting_s_patches(strange, painting(), cover, 0)
    middle = (..., slice(44, 52), slice(44, 52))
    nearest = torch.tensor([0.1, 0.2, 0.7]).view(1, 3, 1, 1)
    assert (made[middle] - nearest).norm() < (strange[middle] - nearest).norm() / 2
    assert torch.equal(made[..., :30], strange[..., :30])


def test_grain_finer_than_patches_stays() -> None:
    grain = 0.06 * torch.rand(1, 3, HEIGHT, WIDTH, generator=torch.Generator().manual_seed(0))
    flat = torch.full((1, 3, HEIGHT, WIDTH), 0.4)
    made = of_the_painting_s_patches(flat + grain, flat, torch.ones(1, 1, HEIGHT, WIDTH), 0)
    assert made.std() > 0.8 * grain.std()


def test_where_nothing_is_covered_or_all_is_too_small_nothing_changes() -> None:
    nowhere = torch.zeros(1, 1, HEIGHT, WIDTH)
    assert torch.equal(of_the_painting_s_patches(painting(), painting(), nowhere, 0), painting())
    small = painting()[:, :, :5, :5]
    assert torch.equal(of_the_painting_s_patches(small, painting(), torch.ones(1, 1, 5, 5), 0), small)
