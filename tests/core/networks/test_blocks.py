"""The blocks that feed-forward networks are built of."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from restyle.networks.blocks import (
    Branches,
    ConditionalInstanceNorm,
    ConvLayer,
    InstanceNorm,
    Residual,
    Sequence,
    TransposedConv,
    fixed_mixture,
    instance_norms,
    same_padding,
)


@pytest.fixture(autouse=True)
def always_the_same_weights() -> None:
    torch.manual_seed(0)


def test_reflecting_convolutions_keep_the_size_and_halve_it_by_a_stride() -> None:
    picture = torch.rand(1, 3, 13, 18)
    assert ConvLayer(3, 4, 9)(picture).shape == (1, 4, 13, 18)
    assert ConvLayer(3, 4, 3, stride=2)(picture).shape == (1, 4, 7, 9)
    assert ConvLayer(3, 4, 3, edges="none")(picture).shape == (1, 4, 11, 16)
    assert ConvLayer(3, 4, 3, upsample=2)(picture).shape == (1, 4, 26, 36)


@pytest.mark.parametrize(("length", "expected"), [(8, (0, 1)), (7, (1, 1))])
def test_same_padding_of_an_even_line_lies_behind_it(length: int, expected: tuple[int, int]) -> None:
    assert same_padding(length, kernel=3, stride=2) == expected


def test_the_transposed_convolution_is_pytorchs_at_offset_one_and_the_gradient_of_same_at_offset_zero() -> None:
    picture = torch.rand(1, 5, 6, 7)
    block = TransposedConv(5, 4, 3, offset=1)
    expected = F.conv_transpose2d(picture, block.weight, block.bias, 2, padding=1, output_padding=1)
    torch.testing.assert_close(block(picture), expected)
    tensorflow = TransposedConv(5, 4, 3, offset=0, bias=False)
    # TensorFlow defines it as the gradient of the convolution with SAME from twice the size.
    large = torch.zeros(1, 4, 12, 14, requires_grad=True)
    small = F.conv2d(F.pad(large, (0, 1, 0, 1)), tensorflow.weight, stride=2)
    (gradient,) = torch.autograd.grad(small, large, picture)
    torch.testing.assert_close(tensorflow(picture), gradient)


def test_a_residual_of_valid_convolutions_adds_the_middle_of_what_it_was_given() -> None:
    body = Sequence(ConvLayer(3, 3, 3, edges="none"), nn.ReLU(), ConvLayer(3, 3, 3, edges="none"))
    picture = torch.rand(1, 3, 10, 12)
    torch.testing.assert_close(Residual(body, shave=2)(picture), body(picture) + picture[..., 2:-2, 2:-2])


def test_a_conditional_norm_of_one_style_is_that_styles_instance_norm() -> None:
    norm = ConditionalInstanceNorm(4, styles=3)
    nn.init.normal_(norm.weight)
    nn.init.normal_(norm.bias)
    picture = torch.rand(2, 4, 9, 8)
    plain = InstanceNorm(4)
    plain.load_state_dict({"weight": norm.weight[1], "bias": norm.bias[1]})
    torch.testing.assert_close(norm(picture, torch.tensor([[0.0, 1.0, 0.0]])), plain(picture))


def test_without_a_mixture_a_conditional_norm_refuses() -> None:
    with pytest.raises(ValueError, match="mixture"):
        Sequence(ConditionalInstanceNorm(4, styles=3))(torch.rand(1, 4, 8, 8))


def test_fixing_the_mixture_gives_the_same_picture_without_copying_convolutions() -> None:
    first = ConvLayer(3, 4, 3)
    body = Sequence(ConvLayer(4, 4, 3), ConditionalInstanceNorm(4, 2))
    network = Sequence(first, ConditionalInstanceNorm(4, 2), nn.ReLU(), Residual(body), Branches(Sequence(ConvLayer(4, 3, 3))))
    for norm in instance_norms(network):
        nn.init.normal_(norm.weight)
    mixture = torch.tensor([0.25, 0.75])
    fixed = fixed_mixture(network, mixture)
    picture = torch.rand(1, 3, 12, 12)
    torch.testing.assert_close(fixed(picture), network(picture, mixture[None]))
    assert fixed[0] is first
    assert all(isinstance(norm, InstanceNorm) for norm in instance_norms(fixed))


def test_each_picture_of_a_batch_can_have_its_own_mixture() -> None:
    network = Sequence(ConvLayer(3, 4, 3), ConditionalInstanceNorm(4, 2))
    norm = next(instance_norms(network))
    nn.init.normal_(norm.weight)
    pictures = torch.rand(2, 3, 8, 8)
    together = network(pictures, torch.eye(2))
    torch.testing.assert_close(together[1:], network(pictures[1:], torch.eye(2)[1:]))
