"""Colour spaces and colour transfer, against scikit-image, SciPy and the definitions."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.color import rgb2lab

from restyle.pictures.color import (
    linear_to_srgb,
    match_histogram,
    match_luminance,
    match_moments,
    rgb_to_lab,
    srgb_to_linear,
    transfer_luminance,
)
from restyle.pictures.image import luma


def random_picture(seed: int, height: int = 40, width: int = 30) -> torch.Tensor:
    """Correlated colours, as photos have them, inside 0..1."""
    generator = torch.Generator().manual_seed(seed)
    mixing = torch.rand(3, 3, generator=generator) / 3
    return torch.einsum("dc,nchw->ndhw", mixing, torch.rand(1, 3, height, width, generator=generator))


def covariance(pixels: torch.Tensor) -> torch.Tensor:
    return torch.cov(pixels.flatten(2)[0].double())


def test_the_srgb_curve_has_the_values_of_the_standard():
    encoded = torch.tensor([0.0, 0.04045, 0.5, 1.0])
    expected = torch.tensor([0.0, 0.0031308, 0.2140411, 1.0])
    # The standard's knee is rounded to five digits, so both branches differ by 1e-7 there.
    assert torch.allclose(srgb_to_linear(encoded), expected, atol=1e-6)


@settings(max_examples=50, deadline=None)
@given(st.floats(-2, 3, width=32))
def test_linear_and_back_is_the_identity_even_out_of_range(value):
    encoded = torch.tensor([value], dtype=torch.float64)
    # The two branches of the standard meet only to within 1e-7.
    assert linear_to_srgb(srgb_to_linear(encoded)).item() == pytest.approx(value, abs=1e-6)


def test_lab_is_what_scikit_image_computes():
    pixels = random_picture(0)
    expected = rgb2lab(pixels[0].permute(1, 2, 0).double().numpy())
    # scikit-image rounds matrix and white to 5 digits; L, a, b are of the order of 100.
    assert np.abs(rgb_to_lab(pixels.double())[0].permute(1, 2, 0).numpy() - expected).max() < 0.02


def test_greys_have_no_colour_in_lab():
    grey = torch.linspace(0, 1, 11, dtype=torch.float64).view(1, 1, 1, 11).expand(1, 3, 1, 11)
    assert rgb_to_lab(grey)[:, 1:].abs().max() < 1e-3


def test_gradients_pass_through_lab_at_black():
    black = torch.zeros(1, 3, 2, 2, requires_grad=True)
    rgb_to_lab(black).sum().backward()
    assert black.grad is not None
    assert torch.isfinite(black.grad).all()


@pytest.mark.parametrize("seed", range(5))
def test_luminance_transfer_has_the_painting_s_luma_and_the_photo_s_hue(seed):
    painted, photo = torch.rand(1, 3, 20, 20), random_picture(seed, 20, 20)
    result = transfer_luminance(painted, photo)
    assert (luma(result) - luma(painted)).abs().max() < 1e-5
    chroma, wanted = result - luma(result), photo - luma(photo)
    # Paling scales the colour differences, so they stay parallel to the photo's.
    assert torch.linalg.cross(chroma, wanted, dim=1).abs().max() < 1e-5
    assert result.min() >= 0
    assert result.max() <= 1


def test_a_painting_that_is_the_photo_keeps_it():
    photo = torch.rand(1, 3, 20, 20)
    assert (transfer_luminance(photo, photo) - photo).abs().max() < 1e-5


def test_matched_luminance_has_the_photo_s_mean_and_deviation():
    style, photo = random_picture(1) * 0.5 + 0.3, random_picture(2) * 0.3 + 0.3
    matched = match_luminance(style, photo)
    assert luma(matched).mean().item() == pytest.approx(luma(photo).mean().item(), abs=1e-3)
    # The floor under the variance costs a little of it.
    assert luma(matched).std().item() == pytest.approx(luma(photo).std().item(), rel=1e-2)
    assert matched.shape == style.shape


def test_matched_moments_are_the_target_s():
    source, target = random_picture(3, 40, 30), random_picture(4, 25, 60)
    matched = match_moments(source, target)
    assert torch.allclose(matched.mean((0, 2, 3)), target.mean((0, 2, 3)), atol=1e-5)
    # float32 pixels, and the floor of 1e-6 under variances of about 1e-2.
    assert torch.allclose(covariance(matched), covariance(target), atol=2e-5)


def test_a_picture_matched_to_itself_stays_as_it_is():
    picture = random_picture(5)
    assert (match_moments(picture, picture) - picture).abs().max() < 1e-5


def test_colours_are_moved_less_than_by_cholesky_factors():
    source, target = random_picture(6).double(), random_picture(7).double()
    # Gatys et al., equation 9.
    matrix = torch.linalg.cholesky(covariance(target)) @ torch.linalg.cholesky(covariance(source)).inverse()
    by_factors = torch.einsum("dc,nchw->ndhw", matrix, source - source.mean((2, 3), keepdim=True)) + target.mean(
        (2, 3), keepdim=True
    )
    assert torch.allclose(covariance(by_factors), covariance(target))
    assert (match_moments(source, target) - source).square().mean() < (by_factors - source).square().mean()


def test_flat_pictures_give_finite_colours_on_both_sides():
    flat, picture = torch.full((1, 3, 8, 8), 0.5), random_picture(8)
    for source, target in ((flat, picture), (picture, flat), (flat, flat)):
        matched = match_moments(source, target)
        assert torch.isfinite(matched).all()
        assert torch.allclose(matched.mean((0, 2, 3)), target.mean((0, 2, 3)), atol=1e-4)


def test_matched_histograms_are_the_target_s():
    source, target = random_picture(9, 64, 64), random_picture(10, 64, 64)
    matched = match_histogram(source, target)
    for channel in range(3):
        ours, theirs = (picture[0, channel].flatten().sort().values for picture in (matched, target))
        # Quantile functions of 4096 points on 4096 pixels: exact up to float32.
        assert (ours - theirs).abs().max() < 1e-4


def test_histogram_match_keeps_the_order_of_values():
    source, target = random_picture(11), random_picture(12)
    order = source[0, 0].flatten().argsort()
    assert match_histogram(source, target)[0, 0].flatten()[order].diff().min() >= 0


def test_a_flat_channel_becomes_the_target_s_mean():
    target = random_picture(13)
    matched = match_histogram(torch.full((1, 3, 8, 8), 0.5), target)
    # 4096 quantiles of 1200 values miss the mean by half a step at each end.
    assert torch.allclose(matched.mean((0, 2, 3)), target.mean((0, 2, 3)), atol=1e-3)
