"""Extended Gram matrices: equal to the plain ones, forward and back."""

import pytest
import torch

from restyle.features.losses import gram_matrix, style_loss
from restyle.filters.neural_style.statistics import gram_distance, head_root, relative_root, statistics
from restyle.networks.features import Head


@pytest.fixture
def features():
    generator = torch.Generator().manual_seed(3)
    return torch.rand(1, 5, 6, 7, generator=generator), torch.rand(1, 5, 9, 4, generator=generator)


@pytest.fixture
def head():
    generator = torch.Generator().manual_seed(4)
    return Head(torch.randn(12, 5, generator=generator), torch.randn(12, generator=generator))


def mask_for(features):
    return torch.rand(1, 1, *features.shape[2:], generator=torch.Generator().manual_seed(5))


def test_statistics_hold_the_gram_matrix_and_the_means(features):
    measured = statistics(features[0])

    assert torch.allclose(measured[:5, :5], gram_matrix(features[0])[0], atol=1e-6)
    assert torch.allclose(measured[5, :5], features[0].mean((0, 2, 3)), atol=1e-6)
    assert measured[5, 5] == 1


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("wide", [False, True])
def test_the_distance_and_its_gradient_equal_those_of_the_wide_gram_matrices(features, head, masked, wide):
    first, second = features
    first.requires_grad_(True)
    mask = mask_for(first) if masked else None
    seen_through = head if wide else None
    plain = style_loss(gram_matrix(first, seen_through, mask), gram_matrix(second, seen_through))
    (wanted,) = torch.autograd.grad(plain, first)

    target = statistics(second)
    root = relative_root(head_root(seen_through, 5), target)
    distance = gram_distance(statistics(first, mask), target, root)
    (gradient,) = torch.autograd.grad(distance, first)

    # float32 sums in another order.
    assert torch.allclose(distance, plain, rtol=1e-4)
    assert torch.allclose(gradient, wanted, rtol=1e-3, atol=1e-6)


def test_statistics_of_tiles_add_up_to_those_of_the_whole(features):
    whole = statistics(features[0])
    left, right = features[0].split((3, 4), dim=3)

    assert torch.allclose(statistics(left) * 3 / 7 + statistics(right) * 4 / 7, whole, atol=1e-6)


def test_a_head_narrower_than_its_features_is_used_as_it_is():
    head = Head(torch.randn(2, 5), torch.randn(2))

    assert head_root(head, 5).shape == (2, 6)


def test_an_empty_mask_gives_no_statistics_and_no_invalid_numbers(features):
    measured = statistics(features[0], torch.zeros(1, 1, 6, 7))

    assert measured.isfinite().all()
    assert measured[:5, :5].abs().max() == 0


def test_bfloat16_features_give_float32_statistics_near_those_of_float32(features):
    coarse = statistics(features[0].bfloat16())

    assert coarse.dtype == torch.float32
    # bfloat16 keeps eight bits: half a percent of values of about a third, twice over.
    assert torch.allclose(coarse, statistics(features[0]), rtol=0.02)
