"""Losses against the arithmetic written out, and as functions with the properties their names promise."""

import pytest
import torch
from torch import nn

from restyle.features.losses import content_loss, total_variation
from restyle.networks.features import Head


def wide(features: torch.Tensor, head: Head) -> torch.Tensor:
    convolution = nn.Conv2d(5, 9, kernel_size=1)
    convolution.load_state_dict({"weight": head.weight[..., None, None], "bias": head.bias})
    return convolution(features).detach()


def test_content_loss_does_not_depend_on_the_networks_scale(features: torch.Tensor) -> None:
    other = features.flip(2)
    for scale in (1e-3, 1e3):
        torch.testing.assert_close(content_loss(scale * features, scale * other), content_loss(features, other))


def test_content_loss_through_a_head_is_that_of_the_wide_features_less_the_bias(features: torch.Tensor, head: Head) -> None:
    unbiased = Head(head.weight, torch.zeros_like(head.bias))
    other = features.flip(3)
    expected = content_loss(wide(features, unbiased), wide(other, unbiased))
    torch.testing.assert_close(content_loss(features, other, head), expected, rtol=1e-4, atol=1e-6)


def test_total_variation_is_zero_when_flat_and_counts_both_axes() -> None:
    assert float(total_variation(torch.full((1, 3, 4, 4), 0.3))) == 0
    columns = torch.zeros(1, 1, 4, 4)
    columns[..., 1::2] = 1
    assert float(total_variation(columns)) == pytest.approx(1)
    assert float(total_variation(columns.transpose(2, 3))) == pytest.approx(1)
