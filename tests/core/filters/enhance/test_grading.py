"""Grading: what of exposure, depth and cast is decided from a photo, and what every colour becomes."""

from dataclasses import replace

import pytest
import torch
from tests.golden.scenes import scene

from restyle.filters.enhance.cast import shadow_cast, without_cast
from restyle.filters.enhance.grading import NODES, Grading
from restyle.filters.enhance.looks import LOOKS
from restyle.filters.enhance.protection import Protection
from restyle.networks.enhancer import Enhancer
from restyle.networks.lut import apply_lut
from restyle.pictures.image import luma

ROUNDING = 1e-5  # of a few float32 operations on values in 0..1
BARE = replace(LOOKS["natural"], depth=0.0, neutrality=0.0, exposure=0.0)
JUDGE = Enhancer().judge.eval().requires_grad_(False)
"""Untrained, it changes nothing: what is left is the grading's own."""


def graded(photo: torch.Tensor, amount: float = 1.0, **look: float) -> torch.Tensor:
    table = Grading.of(photo, photo, replace(BARE, **look), amount, JUDGE).table(Protection(0.0, 0.0))
    assert table.shape == (3, NODES, NODES, NODES)
    return apply_lut(table, photo)


def spread(photo: torch.Tensor, low: float, high: float) -> torch.Tensor:
    """The photo in grey, with its brightness between these."""
    light = luma(photo).expand(-1, 3, -1, -1)
    return low + (high - low) * (light - light.min()) / (light.max() - light.min())


def test_a_bare_look_changes_nothing():
    photo = scene(60, 80)
    assert (graded(photo) - photo).abs().max() < ROUNDING


def test_an_underexposed_photo_gets_its_white_and_no_more():
    dark, bright = spread(scene(60, 80), 0.02, 0.5), spread(scene(60, 80), 0.02, 0.95)
    made = luma(graded(dark, exposure=1.0)).quantile(0.99)
    assert luma(dark).quantile(0.99) * 1.3 < made < 0.9
    assert (graded(bright, exposure=1.0) - bright).abs().max() < ROUNDING


def test_fog_is_meant():
    fog = spread(scene(60, 80), 0.3, 0.5)
    assert (graded(fog, exposure=1.0) - fog).abs().max() < ROUNDING


def test_a_veil_is_taken_from_what_is_dark_alone():
    veiled = spread(scene(60, 80), 0.12, 0.9)
    made = graded(veiled, depth=1.0)
    assert luma(made).min() < 0.08
    bright = (veiled.amin(1, keepdim=True) > 0.5).expand_as(veiled)
    # The table is linear between its nodes; the veil ends at a corner.
    assert (made - veiled)[bright].abs().max() < 0.005


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_black_stays_black_and_white_white(level):
    flat = torch.full((1, 3, 8, 8), level)
    assert (graded(flat, depth=1.0, exposure=1.0, neutrality=1.0) - flat).abs().max() < ROUNDING


def test_order_of_brightness_is_kept_at_any_amount():
    grey = torch.linspace(0, 1, 300).expand(1, 3, 1, 300)
    photo = spread(scene(60, 80), 0.15, 0.5)
    for amount in (0.5, 1.0, 1.5):
        table = Grading.of(photo, photo, LOOKS["natural"], amount, JUDGE).table(Protection(0.0, 0.0))
        # Between its nodes the table mixes in colours beside grey: near white, about an 8-bit step.
        assert (luma(apply_lut(table, grey)).diff() > -0.005).all()


def test_grey_shadows_lose_their_cast_and_leaves_stay_green():
    shadows = torch.tensor([0.16, 0.18, 0.15]).view(1, 3, 1, 1).expand(1, 3, 20, 20).clone()
    leaves = torch.tensor([0.08, 0.2, 0.03]).view(1, 3, 1, 1).expand(1, 3, 20, 20).clone()
    photo = torch.cat((shadows, leaves), 3)
    cast = shadow_cast(photo)
    assert abs(float(luma(cast))) < ROUNDING
    made = without_cast(photo, cast, 1.0)
    before, after = ((picture[..., :20] - luma(picture[..., :20])).abs().max() for picture in (photo, made))
    assert after < 0.6 * before
    assert torch.equal(made[..., 20:], leaves)
    assert (luma(made) - luma(photo)).abs().max() < ROUNDING


def test_grey_shadows_have_no_cast():
    assert shadow_cast(torch.rand(1, 1, 30, 40).expand(1, 3, 30, 40)).abs().max() == 0
