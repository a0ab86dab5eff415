"""The teachers: VGG-19 as deep as its weights go, and, where they end, a compressed VGG-19 for the layers below.

VGG-19's deep layers are also published with kernels in 8 bits, one file a layer: `deep_arrays` reads them.

The compressed network is that of Wang et al. 2020 (Collaborative Distillation), encoder E5 of its published file. Each
layer is divided by its root mean square over training pictures, so that student and losses meet numbers near one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from restyle.models.foreign.readers import read_state_dict
from restyle.networks.encoder import HEAD_WIDTHS
from restyle.networks.features import LAYERS, FeatureTrunk, Head
from restyle.networks.vgg import vgg19_from_caffe_arrays, vgg19_from_state_dict


class CompressedVGG(nn.Module):
    """Encoder E5 of the 16x-compressed VGG-19: relu4_1 and relu5_1 in VGG's 512 channels, the layers between in its own 128."""

    layers = ("relu4_1", "relu4_2", "relu4_3", "relu4_4", "relu5_1")

    def __init__(self, state: Mapping[str, Tensor]) -> None:
        super().__init__()
        self.tensors = nn.ParameterDict({_key(name): nn.Parameter(tensor, requires_grad=False) for name, tensor in state.items()})

    def forward(self, image: Tensor, layers: Collection[str]) -> dict[str, Tensor]:
        """Map RGB (N, 3, H, W) in 0..1 to the named activations."""
        features: dict[str, Tensor] = {}
        # The first convolution turns RGB in 0..1 into BGR in 0..255 less the mean: too fine for bfloat16.
        hidden = F.conv2d(image.float(), self.tensors["conv0_weight"].float(), self.tensors["conv0_bias"].float())
        hidden = hidden.to(self.tensors["conv11_weight"].dtype)
        for layer in LAYERS:
            name = layer.replace("relu", "conv").replace("_", "")
            if name in ("conv21", "conv31", "conv41", "conv51"):
                hidden = F.max_pool2d(hidden, 2)
            hidden = F.relu(self._convolved(F.pad(hidden, (1, 1, 1, 1), mode="reflect"), name))
            if layer in layers:
                wide = f"{name}_aux_weight" in self.tensors
                features[layer] = F.relu(self._convolved(hidden, f"{name}_aux")) if wide else hidden
        return features

    def _convolved(self, hidden: Tensor, name: str) -> Tensor:
        return F.conv2d(hidden, self.tensors[f"{name}_weight"], self.tensors[f"{name}_bias"])


class Teacher:
    """Activations to be imitated, in float32 or the weights' precision, divided by `scales` (1 until calibrated)."""

    def __init__(self, sources: Mapping[Any, Collection[str]]) -> None:
        self._sources = dict(sources)
        self.layers = tuple(layer for layer in LAYERS if any(layer in layers for layers in sources.values()))
        self.scales = dict.fromkeys(self.layers, 1.0)

    def __call__(self, image: Tensor, layers: Collection[str]) -> dict[str, Tensor]:
        """Map RGB (N, 3, H, W) in 0..1 to the named activations of unit mean square."""
        features: dict[str, Tensor] = {}
        for source, offered in self._sources.items():
            if wanted := [layer for layer in layers if layer in offered]:
                features.update(source(image, wanted))
        return {layer: features[layer] / self.scales[layer] for layer in layers}

    def head(self, layer: str) -> Head | None:
        """Return None: a teacher's features are as wide as they get."""
        return None

    @torch.no_grad()
    def calibrate(self, images: Tensor) -> None:
        """Set the scales from pictures (N, 3, H, W)."""
        self.scales = dict.fromkeys(self.layers, 1.0)
        features = self(images, self.layers)
        self.scales = {layer: float(features[layer].float().square().mean().sqrt()) for layer in self.layers}


def load_teacher(
    vgg: Path, compressed: Path | None, device: torch.device, precision: torch.dtype, deep: Path | None = None
) -> Teacher:
    """Read VGG-19 (arrays as published for Caffe, or torchvision's state dict) and, for what it lacks, the compressed network.

    ``deep`` is a folder of VGG-19's layers from conv4_1 in 8 bits; they go on where ``vgg``'s arrays end.
    """
    arrays = dict(read_state_dict(vgg))
    if deep is not None:
        arrays.update(deep_arrays(deep))
    full = vgg19_from_caffe_arrays(arrays) if "conv1_1.weight" in arrays else vgg19_from_state_dict(arrays)
    # Where the compressed network teaches, relu4_2's head has its width.
    given = [
        layer for layer in full.layers if compressed is None or HEAD_WIDTHS.get(layer) == full.convolution(layer).out_channels
    ]
    networks: dict[FeatureTrunk | CompressedVGG, Collection[str]] = {full: given}
    if compressed is not None:
        state = torch.load(compressed, map_location="cpu", weights_only=True)["E5"]
        networks[CompressedVGG(state)] = [layer for layer in CompressedVGG.layers if layer not in given]
    for network in networks:
        network.to(device, precision)
        # Module.to's stub knows no memory format alone.
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return Teacher(networks)


def deep_arrays(folder: Path) -> dict[str, Tensor]:
    """VGG-19's `convB_N.weight` (OIHW) and `.bias` of the files `vgg19_convB_N.npz` in a folder.

    Kernels are HWIO bytes with one scale and offset for all; the last values of a kernel are kept in float32.
    """
    arrays: dict[str, Tensor] = {}
    for path in sorted(folder.glob("vgg19_conv[45]_*.npz")):
        name = path.stem.removeprefix("vgg19_")
        with np.load(path) as stored:
            kernel = (stored["q"] * stored["scale"] + stored["min"]).astype(np.float32)
            kernel.reshape(-1)[-stored["tail"].size :] = stored["tail"]
            arrays[f"{name}.weight"] = torch.from_numpy(kernel).permute(3, 2, 0, 1).contiguous()
            arrays[f"{name}.bias"] = torch.from_numpy(stored["bias"].copy())
    return arrays


def _key(name: str) -> str:
    return name.replace(".", "_")  # a ParameterDict takes no dots


__all__ = ["CompressedVGG", "Teacher", "deep_arrays", "load_teacher"]
