"""VGG-19's features, and readers for the two forms in which its weights are published.

torchvision's file takes RGB in 0..1, normalised by ImageNet's mean and deviation. The original Caffe weights take BGR in
0..255 less the mean colour; they are brought to the same input by turning the first convolution's channels and its scale.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from restyle.networks.features import IMAGENET_MEAN, IMAGENET_STD, LAYERS, FeatureTrunk, Padding, Pooling, widths_until
from restyle.networks.torchvision_vgg import convolution_places

VGG19_WIDTHS = dict(zip(LAYERS, (64, 64, 128, 128, 256, 256, 256, 256, 512, 512, 512, 512, 512), strict=True))
CAFFE_MEAN_BGR = (103.939, 116.779, 123.68)  # Simonyan and Zisserman's model card
CAFFE_RANGE = 255.0


class VGG19(FeatureTrunk):
    """VGG-19 up to `last`, with random weights until some are loaded.

    Max pooling is what it was trained with; Gatys et al. found that average pooling paints slightly smoother pictures.
    """

    def __init__(self, pooling: Pooling = "max", last: str = "relu5_1", padding: Padding = "zeros") -> None:
        super().__init__(widths_until(last, VGG19_WIDTHS), pooling, padding)


def vgg19_from_state_dict(
    state: Mapping[str, Tensor], pooling: Pooling = "max", last: str = "relu5_1", padding: Padding = "zeros"
) -> VGG19:
    """Build VGG-19 from torchvision's `vgg19` state dict (`features.N.weight`); KeyError where a tensor is missing."""
    network, places = VGG19(pooling, last, padding), convolution_places()
    with torch.no_grad():
        for layer, convolution in network.convolutions.items():
            name = f"features.{places[layer]}"
            _assign(convolution, state[f"{name}.weight"], state[f"{name}.bias"])
    return network.requires_grad_(False).eval()


def vgg19_from_caffe_arrays(arrays: Mapping[str, Any], pooling: Pooling = "max", last: str | None = None) -> VGG19:
    """Build VGG-19 from arrays `convB_N.weight` (OIHW) and `.bias` that expect BGR in 0..255 less the mean colour.

    Without `last` the network ends where the arrays do. Features equal those of the original weights on the original input.
    """
    present = [layer for layer in LAYERS if f"{_caffe_name(layer)}.weight" in arrays]
    network = VGG19(pooling, last or present[-1])
    with torch.no_grad():
        for layer, convolution in network.convolutions.items():
            weight = torch.as_tensor(arrays[f"{_caffe_name(layer)}.weight"])
            if layer == LAYERS[0]:
                # (x - mean) / std with std = 1 / 255 is the original input in RGB; the mean stays outside the convolution
                # so that zero padding still stands for the mean colour.
                weight = weight.flip(1)
            _assign(convolution, weight, torch.as_tensor(arrays[f"{_caffe_name(layer)}.bias"]))
        mean_rgb = torch.tensor(CAFFE_MEAN_BGR).flip(0) / CAFFE_RANGE
        network.mean.copy_(mean_rgb.view(1, 3, 1, 1))
        network.std.fill_(1 / CAFFE_RANGE)
    return network.requires_grad_(False).eval()


def _caffe_name(layer: str) -> str:
    return layer.replace("relu", "conv")


def _assign(convolution: Any, weight: Tensor, bias: Tensor) -> None:
    if weight.shape != convolution.weight.shape or bias.shape != convolution.bias.shape:
        raise ValueError(f"expected weights of shape {tuple(convolution.weight.shape)}, got {tuple(weight.shape)}")
    convolution.weight.copy_(weight)
    convolution.bias.copy_(bias)


__all__ = ["IMAGENET_MEAN", "IMAGENET_STD", "VGG19", "VGG19_WIDTHS", "vgg19_from_caffe_arrays", "vgg19_from_state_dict"]
