"""Losses against the arithmetic written out, and as functions with the properties their names promise."""

import pytest
import torch
from torch import nn

from restyle.features.losses import (
    content_loss,
    feature_mean,
    gram_matrix,
    instance_normalized,
    moments,
    project_gram,
    style_loss,
    total_variation,
)
from restyle.networks.features import Head


@pytest.fixture
def features() -> torch.Tensor:
    return torch.rand((2, 5, 6, 7), generator=torch.Generator().manual_seed(1))


@pytest.fixture
def head() -> Head:
    generator = torch.Generator().manual_seed(2)
    return Head(torch.randn((9, 5), generator=generator), torch.randn(9, generator=generator))


def wide(features: torch.Tensor, head: Head) -> torch.Tensor:
    convolution = nn.Conv2d(5, 9, kernel_size=1)
    convolution.load_state_dict({"weight": head.weight[..., None, None], "bias": head.bias})
    return convolution(features).detach()


def test_a_gram_matrix_is_the_mean_outer_product(features: torch.Tensor) -> None:
    expected = torch.zeros(2, 5, 5)
    for sample in range(2):
        for y in range(6):
            for x in range(7):
                vector = features[sample, :, y, x]
                expected[sample] += torch.outer(vector, vector) / 42
    torch.testing.assert_close(gram_matrix(features), expected)


def test_a_gram_matrix_through_a_head_equals_that_of_the_wide_features(features: torch.Tensor, head: Head) -> None:
    torch.testing.assert_close(gram_matrix(features, head), gram_matrix(wide(features, head)), rtol=1e-4, atol=1e-4)


def test_a_masked_gram_matrix_through_a_head_equals_that_of_the_wide_features(features: torch.Tensor, head: Head) -> None:
    mask = torch.rand((1, 1, 6, 7), generator=torch.Generator().manual_seed(3))
    expected = gram_matrix(wide(features, head), mask=mask)
    torch.testing.assert_close(gram_matrix(features, head, mask), expected, rtol=1e-4, atol=1e-4)


def test_projecting_needs_only_gram_and_mean(features: torch.Tensor, head: Head) -> None:
    projected = project_gram(gram_matrix(features), feature_mean(features), head)
    torch.testing.assert_close(projected, gram_matrix(wide(features, head)), rtol=1e-4, atol=1e-4)


def test_a_binary_mask_selects_positions(features: torch.Tensor) -> None:
    mask = torch.zeros(1, 1, 6, 7)
    mask[..., 2:5, 1:4] = 1
    torch.testing.assert_close(gram_matrix(features, mask=mask), gram_matrix(features[..., 2:5, 1:4]))
    torch.testing.assert_close(feature_mean(features, mask), features[..., 2:5, 1:4].mean(dim=(2, 3)))


def test_an_empty_mask_gives_zeros_and_finite_gradients(features: torch.Tensor) -> None:
    features.requires_grad_()
    gram = gram_matrix(features, mask=torch.zeros(1, 1, 6, 7))
    gram.sum().backward()
    assert float(gram.detach().abs().max()) == 0
    assert torch.isfinite(features.grad).all()


def test_a_gram_matrix_does_not_depend_on_the_size_of_a_repeating_picture(features: torch.Tensor) -> None:
    torch.testing.assert_close(gram_matrix(features.repeat(1, 1, 3, 2)), gram_matrix(features))


def test_channels_last_and_contiguous_features_have_one_gram_matrix(features: torch.Tensor) -> None:
    last = features.contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(gram_matrix(last), gram_matrix(features))


def test_a_bfloat16_gram_matrix_is_near_the_float32_one(features: torch.Tensor) -> None:
    # Both factors and the result are rounded to 8 bits: three roundings of 2^-9 at most.
    torch.testing.assert_close(gram_matrix(features.bfloat16()), gram_matrix(features), rtol=3 * 2**-9, atol=1e-3)


def test_moments_are_mean_and_deviation(features: torch.Tensor) -> None:
    mean, deviation = moments(features)
    torch.testing.assert_close(mean, features.mean(dim=(2, 3)))
    torch.testing.assert_close(deviation, features.std(dim=(2, 3), correction=0))


def test_moments_of_a_constant_have_a_finite_gradient() -> None:
    features = torch.full((1, 2, 4, 4), 0.5, requires_grad=True)
    _, deviation = moments(features)
    deviation.sum().backward()
    assert float(deviation.detach().max()) < 1e-3
    assert torch.isfinite(features.grad).all()


def test_style_loss_is_zero_for_equals_and_one_for_nothing(features: torch.Tensor) -> None:
    gram = gram_matrix(features)
    assert float(style_loss(gram, gram)) == 0
    assert float(style_loss(torch.zeros_like(gram), gram)) == pytest.approx(1)


def test_style_and_content_losses_do_not_depend_on_the_networks_scale(features: torch.Tensor) -> None:
    other = features.flip(2)
    for scale in (1e-3, 1e3):
        torch.testing.assert_close(content_loss(scale * features, scale * other), content_loss(features, other))
        torch.testing.assert_close(
            style_loss(gram_matrix(scale * features), gram_matrix(scale * other)),
            style_loss(gram_matrix(features), gram_matrix(other)),
        )


def test_content_loss_through_a_head_is_that_of_the_wide_features_less_the_bias(features: torch.Tensor, head: Head) -> None:
    unbiased = Head(head.weight, torch.zeros_like(head.bias))
    other = features.flip(3)
    expected = content_loss(wide(features, unbiased), wide(other, unbiased))
    torch.testing.assert_close(content_loss(features, other, head), expected, rtol=1e-4, atol=1e-6)


def test_content_outside_the_mask_does_not_count(features: torch.Tensor) -> None:
    mask = torch.zeros(1, 1, 6, 7)
    mask[..., :3, :] = 1
    other = features.clone()
    other[..., 3:, :] = 0
    assert float(content_loss(features, other, mask=mask)) == 0
    assert float(content_loss(features, other)) > 0.1


def test_total_variation_is_zero_when_flat_and_counts_both_axes() -> None:
    assert float(total_variation(torch.full((1, 3, 4, 4), 0.3))) == 0
    columns = torch.zeros(1, 1, 4, 4)
    columns[..., 1::2] = 1
    assert float(total_variation(columns)) == pytest.approx(1)
    assert float(total_variation(columns.transpose(2, 3))) == pytest.approx(1)


def test_instance_normalized_features_say_nothing_of_contrast_and_are_a_pictures_own(features: torch.Tensor) -> None:
    both = instance_normalized(features)
    # What keeps the deviation from 0 is a thousandth of these features' variance.
    assert torch.allclose(both, instance_normalized(3 * features + 1), atol=5e-3)
    assert both.mean((2, 3)).abs().max() < 1e-6
    for index, picture in enumerate(features.split(1)):
        assert torch.allclose(instance_normalized(picture)[0], both[index], atol=1e-5)
    assert torch.equal(instance_normalized(torch.ones(1, 2, 3, 4)), torch.zeros(1, 2, 3, 4))
