"""The published architectures, as data and as networks."""

import json
from collections.abc import Callable

import pytest
import torch
from tests.architectures import CAFFE_COLORS, Colors, engstrom, johnson, pytorch_examples, texture_pyramid

from restyle.networks.blocks import ChannelAffine, InstanceNorm
from restyle.networks.transformer import build

ARCHITECTURES = {
    "pytorch_examples": pytorch_examples,
    "johnson": johnson,
    "johnson_eccv16": lambda: johnson(norm="affine"),
    "engstrom": engstrom,
    "texture_pyramid": texture_pyramid,
}


@pytest.mark.parametrize("layers", ARCHITECTURES.values(), ids=ARCHITECTURES)
def test_each_architecture_survives_json_and_keeps_a_pictures_size(layers: Callable[[], tuple]) -> None:
    network = build(json.loads(json.dumps(layers())))
    with torch.no_grad():
        assert network(torch.rand(1, 3, 64, 96)).shape == (1, 3, 64, 96)


def test_pytorchs_network_has_as_many_numbers_as_its_published_files() -> None:
    assert sum(parameter.numel() for parameter in build(pytorch_examples()).parameters()) == 1_679_235


def test_the_eccv16_networks_have_no_instance_norm() -> None:
    assert not any(isinstance(block, InstanceNorm) for block in build(johnson(norm="affine")).modules())


@pytest.mark.parametrize("colors", [Colors(), CAFFE_COLORS, Colors(range=2.0, mean=(1.0, 0.5, 0.25), order=(1, 2, 0))])
def test_colours_come_back_as_they_went_in(colors: Colors) -> None:
    picture = torch.rand(1, 3, 2, 2)
    torch.testing.assert_close(build([colors.entering(), colors.leaving()])(picture), picture)


def test_caffes_colours_are_blue_green_red_less_the_mean() -> None:
    (entering,) = build([CAFFE_COLORS.entering()])
    assert isinstance(entering, ChannelAffine)
    red = entering(torch.tensor([1.0, 0.0, 0.0]).view(1, 3, 1, 1)).flatten()
    torch.testing.assert_close(red, torch.tensor([-103.939, -116.779, 255 - 123.68]))


@pytest.mark.parametrize(
    "layer",
    [
        {"type": "unknown"},
        {},
        {"type": "conv", "in": 3, "out": 10**9},
        {"type": "conv", "in": 3, "out": 3, "kernel": 1001},
        {"type": "conv", "in": 3, "out": 3, "edges": "wild"},
        {"type": "conv", "in": True, "out": 3},
        {"type": "conv", "out": 3},
        {"type": "norm", "channels": "many"},
        {"type": "residual", "body": [{"type": "relu"}] * 1000},
    ],
)
def test_layers_that_make_no_sense_are_refused(layer: dict) -> None:
    with pytest.raises(ValueError, match=r"layer|convolution"):
        build([layer])
