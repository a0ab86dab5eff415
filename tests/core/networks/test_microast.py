"""MicroAST: the module against a plain form of what its authors' inference does."""

from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.models.foreign.readers import read_state_dict
from restyle.networks.microast import MicroAST, blended_signals, microast_from_state_dict

PARTS = ("content_encoder", "style_encoder", "modulator", "decoder")
EPSILON = 1e-5
TOLERANCE = 1e-4
"""Float32 in another order of computing: AdaIN divides here by what is multiplied there."""


@pytest.fixture(scope="module")
def state():
    torch.manual_seed(0)
    return MicroAST().state_dict()


@pytest.fixture(scope="module")
def pictures():
    generator = torch.Generator().manual_seed(1)
    return torch.rand(1, 3, 40, 52, generator=generator), torch.rand(1, 3, 33, 30, generator=generator)


def conv(weights: dict, hidden: Tensor, name: str, stride: int = 1) -> Tensor:
    weight, bias = weights[f"{name}.conv_layer.weight"], weights[f"{name}.conv_layer.bias"]
    padded = F.pad(hidden, (weight.shape[2] // 2,) * 4, mode="reflect")
    return F.conv2d(padded, weight, bias, stride, groups=hidden.shape[1] // weight.shape[1])


def encoded(weights: dict, picture: Tensor, part: str) -> tuple[Tensor, Tensor]:
    hidden = conv(weights, picture, f"{part}.enc1.0").relu()
    for depthwise, pointwise in ((2, 4), (6, 8)):
        hidden = conv(weights, hidden, f"{part}.enc1.{depthwise}", 2).relu()
        hidden = conv(weights, hidden, f"{part}.enc1.{pointwise}").relu()
    levels = []
    for name in ("enc1.10", "enc2.0"):
        hidden = hidden + conv(weights, conv(weights, hidden, f"{part}.{name}.conv1").relu(), f"{part}.{name}.conv2")
        levels.append(hidden)
    return levels[0], levels[1]


def adain(features: Tensor, style: Tensor) -> Tensor:
    mean, wanted = features.mean((2, 3), keepdim=True), style.mean((2, 3), keepdim=True)
    deviation, to = ((item.var((2, 3), keepdim=True) + EPSILON).sqrt() for item in (features, style))
    return (features - mean) / deviation * to + wanted


def painted(weights: dict, photo: Tensor, style: Tensor) -> Tensor:
    styles = encoded(weights, style, "style_encoder")
    _, hidden = encoded(weights, photo, "content_encoder")
    for level, block in ((1, "decoder.dec1"), (0, "decoder.dec2")):
        gain, bias = (
            conv(weights, styles[level], f"modulator.{kind}{level + 1}.0").mean((2, 3), keepdim=True)
            for kind in ("weight", "bias")
        )
        start = adain(hidden, styles[level])
        first = (gain * conv(weights, start, f"{block}.conv1") + bias * start).relu()
        hidden = start + gain * conv(weights, first, f"{block}.conv2") + bias * first
    for depthwise, pointwise in ((1, 3), (6, 8)):
        hidden = F.interpolate(hidden, scale_factor=2, mode="bilinear")
        hidden = conv(weights, hidden, f"decoder.dec3.{depthwise}").relu()
        hidden = conv(weights, hidden, f"decoder.dec3.{pointwise}").relu()
    return conv(weights, hidden, "decoder.dec3.10")


def difference(weights: dict, photo: Tensor, style: Tensor) -> float:
    network = microast_from_state_dict(weights)
    return float((network(photo, network.read_style(style)) - painted(weights, photo, style)).abs().max())


@torch.no_grad()
def test_it_computes_what_the_published_inference_does(state, pictures):
    assert difference(state, *pictures) < TOLERANCE


@torch.no_grad()
def test_it_does_so_with_the_published_weights(reference: Path, pictures):
    folder = reference / "any_style" / "microast"
    weights = {
        f"{part}.{name}": tensor
        for part in PARTS
        for name, tensor in read_state_dict(folder / f"{part}_iter_160000.pth.tar").items()
    }
    assert difference(weights, *pictures) < TOLERANCE


@torch.no_grad()
def test_a_photo_of_any_sides_keeps_them(state, pictures):
    network = microast_from_state_dict(state)
    style = network.read_style(pictures[1])
    for size in ((8, 8), (9, 11), (30, 17)):
        assert network(torch.rand(1, 3, *size), style).shape == (1, 3, *size)


@torch.no_grad()
def test_a_blend_lies_between_its_styles(state, pictures):
    network = microast_from_state_dict(state)
    first, second = (network.read_style(picture) for picture in pictures)
    assert torch.equal(blended_signals((first, second), (1.0, 0.0)).gains[0], first.gains[0])
    middle = blended_signals((first, second), (0.25, 0.75))
    for kind in ("means", "deviations", "gains", "biases"):
        for level in (0, 1):
            expected = 0.25 * getattr(first, kind)[level] + 0.75 * getattr(second, kind)[level]
            assert torch.allclose(getattr(middle, kind)[level], expected)


def test_another_networks_weights_are_refused():
    with pytest.raises(RuntimeError):
        microast_from_state_dict({"features.0.weight": torch.zeros(1)})
