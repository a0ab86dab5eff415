"""VGG-19 from both published forms of weights, against torchvision's network and against the arithmetic of the original."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from restyle.models.foreign.readers import read_state_dict
from restyle.networks.features import LAYERS
from restyle.networks.torchvision_vgg import convolution_places
from restyle.networks.vgg import (
    CAFFE_MEAN_BGR,
    VGG19,
    VGG19_WIDTHS,
    vgg19_from_caffe_arrays,
    vgg19_from_state_dict,
)


def torchvision_features() -> nn.Sequential:
    """torchvision's own VGG-19 with random weights."""
    convolution_places()  # makes torchvision's Python parts importable beside any PyTorch
    from torchvision.models import vgg19

    return vgg19(weights=None).features.eval()


def caffe_arrays(generator: torch.Generator) -> dict[str, torch.Tensor]:
    arrays, previous = {}, 3
    for layer in LAYERS[:8]:
        name, width = layer.replace("relu", "conv"), VGG19_WIDTHS[layer]
        arrays[f"{name}.weight"] = torch.randn((width, previous, 3, 3), generator=generator) / previous
        arrays[f"{name}.bias"] = torch.randn(width, generator=generator)
        previous = width
    return arrays


def caffe_forward(arrays: dict[str, torch.Tensor], image: torch.Tensor) -> dict[str, torch.Tensor]:
    """The network as published: BGR in 0..255 less the mean colour, zero padding, max pooling."""
    hidden = image.flip(1) * 255 - torch.tensor(CAFFE_MEAN_BGR).view(1, 3, 1, 1)
    features = {}
    for layer in LAYERS[:8]:
        name = layer.replace("relu", "conv")
        if layer in ("relu2_1", "relu3_1"):
            hidden = F.max_pool2d(hidden, 2)
        hidden = F.relu(F.conv2d(hidden, arrays[f"{name}.weight"], arrays[f"{name}.bias"], padding=1))
        features[layer] = hidden
    return features


def test_features_equal_torchvisions_for_its_state_dict() -> None:
    theirs = torchvision_features()
    network = vgg19_from_state_dict({f"features.{name}": tensor for name, tensor in theirs.state_dict().items()})
    image = torch.rand((1, 3, 48, 40), generator=torch.Generator().manual_seed(1))
    ours = network(image, LAYERS)
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    hidden = (image - mean.view(1, 3, 1, 1)) / std.view(1, 3, 1, 1)
    activations = {}
    with torch.no_grad():
        for index, module in enumerate(theirs):
            hidden = module(hidden)
            activations[index] = hidden.clone()
    for layer in LAYERS:
        # The same operations in the same order: only the convolution's own rounding may differ.
        torch.testing.assert_close(ours[layer], activations[convolution_places()[layer] + 1], rtol=1e-4, atol=1e-6)


def test_torchvision_is_not_loaded_before_its_vgg_19_is() -> None:
    program = "import restyle.networks.vgg, sys; print('torchvision' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_features_equal_those_of_caffe_arrays_on_their_own_input() -> None:
    generator = torch.Generator().manual_seed(2)
    arrays = caffe_arrays(generator)
    image = torch.rand((2, 3, 40, 32), generator=generator)
    network = vgg19_from_caffe_arrays(arrays)
    expected = caffe_forward(arrays, image)
    assert network.layers == LAYERS[:8]
    for layer, features in network(image, LAYERS[:8]).items():
        # (x - mean) / (1/255) against 255 x - mean: float32 rounding, accumulated over eight layers.
        torch.testing.assert_close(features, expected[layer], rtol=1e-3, atol=1e-3 * float(expected[layer].max()))


def test_the_real_weights_read_into_the_network(reference: Path) -> None:
    arrays = read_state_dict(reference / "vgg" / "vgg19_conv1_1-conv3_4.npz")
    image = torch.rand((1, 3, 32, 32), generator=torch.Generator().manual_seed(3))
    features = vgg19_from_caffe_arrays(arrays)(image, ["relu3_4"])["relu3_4"]
    torch.testing.assert_close(features, caffe_forward(arrays, image)["relu3_4"], rtol=1e-3, atol=0.05)


def test_no_layer_below_the_deepest_asked_for_is_computed() -> None:
    network = VGG19()
    seen = []
    for layer in network.layers:
        network.convolution(layer).register_forward_hook(lambda *_, layer=layer: seen.append(layer))
    features = network(torch.rand(1, 3, 16, 16), ["relu2_1", "relu1_1"])
    assert set(features) == {"relu1_1", "relu2_1"}
    assert seen == ["relu1_1", "relu1_2", "relu2_1"]


def test_an_unknown_layer_is_named_in_the_error() -> None:
    with pytest.raises(KeyError, match="relu9_9"):
        VGG19(last="relu1_2")(torch.rand(1, 3, 16, 16), ["relu9_9"])


def test_average_pooling_averages_and_max_pooling_takes_the_largest() -> None:
    image = torch.rand((1, 3, 16, 16), generator=torch.Generator().manual_seed(4))
    maximum = VGG19("max", last="relu2_1")
    average = VGG19("average", last="relu2_1")
    average.load_state_dict(maximum.state_dict())
    before = maximum(image, ["relu1_2"])["relu1_2"]
    second = maximum.convolution("relu2_1")
    expected = F.relu(second(F.avg_pool2d(before, 2)))
    torch.testing.assert_close(average(image, ["relu2_1"])["relu2_1"], expected)
    assert not torch.equal(average(image, ["relu2_1"])["relu2_1"], maximum(image, ["relu2_1"])["relu2_1"])


def test_weights_of_another_shape_are_refused() -> None:
    arrays = caffe_arrays(torch.Generator().manual_seed(5))
    arrays["conv2_1.weight"] = arrays["conv2_1.weight"][:, :32]
    with pytest.raises(ValueError, match="expected weights of shape"):
        vgg19_from_caffe_arrays(arrays)
