"""Gram matrices against the arithmetic written out, forward, back and back again."""

import pytest
import torch
from torch import Tensor, nn

from restyle.features.gram import (
    extended_gram,
    gram_distance,
    gram_energy,
    gram_matrix,
    head_root,
    position_weights,
    relative_root,
)
from restyle.features.moments import feature_mean
from restyle.networks.features import Head


@pytest.fixture
def masks() -> Tensor:
    return torch.rand((1, 3, 6, 7), generator=torch.Generator().manual_seed(3))


def wide(features: Tensor, head: Head) -> Tensor:
    convolution = nn.Conv2d(5, 9, kernel_size=1)
    convolution.load_state_dict({"weight": head.weight[..., None, None], "bias": head.bias})
    return convolution(features).detach()


def written_out(features: Tensor, mask: Tensor | None = None) -> Tensor:
    """The moments of one picture (1, C, H, W) extended by ones, by autograd's own operators."""
    vectors = torch.cat((features[0].flatten(1), torch.ones(1, features[0, 0].numel())))
    weights = torch.ones(vectors.shape[1]) if mask is None else mask.flatten()
    return vectors * (weights / weights.sum()) @ vectors.T


def test_a_gram_matrix_is_the_mean_outer_product(features: Tensor) -> None:
    expected = torch.zeros(2, 5, 5)
    for sample in range(2):
        for y in range(6):
            for x in range(7):
                vector = features[sample, :, y, x]
                expected[sample] += torch.outer(vector, vector) / 42
    torch.testing.assert_close(gram_matrix(features), expected)


def test_a_gram_matrix_through_a_head_equals_that_of_the_wide_features(features: Tensor, head: Head) -> None:
    torch.testing.assert_close(gram_matrix(features, head), gram_matrix(wide(features, head)), rtol=1e-4, atol=1e-4)


def test_a_gram_matrix_does_not_depend_on_the_size_of_a_repeating_picture(features: Tensor) -> None:
    torch.testing.assert_close(gram_matrix(features.repeat(1, 1, 3, 2)), gram_matrix(features))


def test_channels_last_and_contiguous_features_have_one_gram_matrix(features: Tensor) -> None:
    last = features.contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(gram_matrix(last), gram_matrix(features))


def test_a_bfloat16_gram_matrix_is_float32_and_near_that_of_float32_features(features: Tensor) -> None:
    # Both factors and the result are rounded to 8 bits: three roundings of 2^-9 at most.
    torch.testing.assert_close(gram_matrix(features.bfloat16()), gram_matrix(features), rtol=3 * 2**-9, atol=1e-3)


def test_the_extended_form_holds_gram_matrix_means_and_one(features: Tensor) -> None:
    extended = extended_gram(features)
    torch.testing.assert_close(extended[:, :5, :5], gram_matrix(features))
    torch.testing.assert_close(extended[:, 5, :5], feature_mean(features))
    assert (extended[:, 5, 5] == 1).all()


def test_moments_of_tiles_add_up_to_those_of_the_whole(features: Tensor) -> None:
    left, right = features.split((3, 4), dim=3)
    torch.testing.assert_close(extended_gram(left) * 3 / 7 + extended_gram(right) * 4 / 7, extended_gram(features))


def test_moments_of_regions_whose_masks_sum_to_one_add_up_to_those_of_the_whole(features: Tensor, masks: Tensor) -> None:
    shares = masks / masks.sum(1, keepdim=True)
    areas = shares.mean((0, 2, 3)).view(-1, 1, 1)
    parts = extended_gram(features[:1], position_weights(shares))
    torch.testing.assert_close((areas * parts).sum(0), extended_gram(features[:1])[0])


def test_a_binary_mask_selects_positions(features: Tensor) -> None:
    mask = torch.zeros(1, 1, 6, 7)
    mask[..., 2:5, 1:4] = 1
    measured = extended_gram(features[:1], position_weights(mask))
    torch.testing.assert_close(measured, extended_gram(features[:1, :, 2:5, 1:4]))


@pytest.mark.parametrize("channels", [5, 40])
def test_weights_repeated_for_narrow_features_are_the_same_weights(masks: Tensor, channels: int) -> None:
    features = torch.rand((1, channels, *masks.shape[2:]), generator=torch.Generator().manual_seed(6)).bfloat16()
    plain, repeated = position_weights(masks), position_weights(masks, features)
    assert (repeated.repeated is None) == (channels == 40)
    found = []
    for weights in (plain, repeated):
        picture = features.clone().requires_grad_()
        measured = extended_gram(picture, weights)
        found.append((measured, *torch.autograd.grad(measured.square().sum(), picture)))
    for one, other in zip(*found, strict=True):
        assert torch.equal(one, other)


def test_an_empty_mask_gives_no_moments_and_finite_gradients(features: Tensor) -> None:
    picture = features[:1].requires_grad_()
    measured = extended_gram(picture, position_weights(torch.zeros(1, 1, 6, 7)))
    measured.sum().backward()
    assert measured[:, :5].abs().max() == 0
    assert picture.grad.abs().max() == 0


@pytest.mark.parametrize("regions", [False, True])
def test_gradients_and_their_gradients_are_those_of_the_arithmetic_written_out(features: Tensor, masks: Tensor, regions) -> None:
    picture = features[:1].requires_grad_()
    metric = torch.randn((3 if regions else 1, 6, 6), generator=torch.Generator().manual_seed(4))
    seen = torch.randn(picture.shape, generator=torch.Generator().manual_seed(5))

    def gradients(measured: Tensor) -> tuple[Tensor, Tensor]:
        (first,) = torch.autograd.grad((measured.square() * metric).sum(), picture, create_graph=True)
        return first, torch.autograd.grad((first * seen).sum(), picture)[0]

    ours = gradients(extended_gram(picture, position_weights(masks) if regions else None))
    parts = [written_out(picture, mask) for mask in masks[0]] if regions else [written_out(picture)]
    for found, expected in zip(ours, gradients(torch.stack(parts)), strict=True):
        torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("through_head", [False, True])
def test_distances_and_their_gradients_equal_those_of_the_wide_gram_matrices(features: Tensor, head: Head, through_head) -> None:
    first, second = features.split(1)
    first.requires_grad_()
    seen_through = head if through_head else None
    there = gram_matrix(second, seen_through)
    plain = (gram_matrix(first, seen_through) - there).square().sum() / there.square().sum()

    target = extended_gram(second)
    root = relative_root(head_root(seen_through, 5), target)
    (distance,) = gram_distance(extended_gram(first), target, root)

    # float32 sums in another order.
    torch.testing.assert_close(distance, plain, rtol=1e-4, atol=1e-7)
    found, expected = (torch.autograd.grad(value, first)[0] for value in (distance, plain))
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-6)


def test_what_is_seen_through_a_relative_root_has_unit_energy_on_average(features: Tensor, head: Head) -> None:
    measured = [extended_gram(scale * picture) for scale, picture in zip((1e-2, 30), features.split(1), strict=True)]
    root = relative_root(head_root(head, 5), *measured)
    assert float(torch.cat([gram_energy(each, root) for each in measured]).mean()) == pytest.approx(1, rel=1e-4)


def test_a_head_narrower_than_its_features_is_used_as_it_is() -> None:
    assert head_root(Head(torch.randn(2, 5), torch.randn(2)), 5).shape == (2, 6)
