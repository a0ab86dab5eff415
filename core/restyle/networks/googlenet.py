"""GoogLeNet's features (Szegedy et al.: Going Deeper with Convolutions, CVPR 2015), as torchvision describes the network.

Named activations from `conv1` to `inception5b`, in the order of the forward pass; the classifiers are left out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import torch
from torch import Tensor, nn

from restyle.networks.torchvision_parts import torchvision_module

__all__ = ["GOOGLENET_LAYERS", "GoogLeNet", "googlenet_from_state_dict"]

_FORWARD = (
    "conv1", "maxpool1", "conv2", "conv3", "maxpool2", "inception3a", "inception3b", "maxpool3",
    "inception4a", "inception4b", "inception4c", "inception4d", "inception4e", "maxpool4", "inception5a", "inception5b",
)  # fmt: skip
GOOGLENET_LAYERS = tuple(name for name in _FORWARD if not name.startswith("maxpool"))
_MIDDLE, _HALF_RANGE = 0.5, 0.5  # the weights came from TensorFlow, where pictures lie in -1..1: torchvision's transform_input


class GoogLeNet(nn.Module):
    """Named activations of GoogLeNet, random until weights are loaded; batch norm by its running statistics."""

    def __init__(self) -> None:
        super().__init__()
        described = torchvision_module("torchvision.models.googlenet")
        whole: nn.Module = described.GoogLeNet(num_classes=1, aux_logits=False, init_weights=False)
        for name in _FORWARD:
            self.add_module(name, whole.get_submodule(name))
        self.requires_grad_(False).eval()

    def forward(self, image: Tensor, layers: Collection[str]) -> dict[str, Tensor]:
        """Map RGB (N, 3, H, W) in 0..1 to the named activations, going no deeper than needed; KeyError for an unknown name."""
        wanted = set(layers)
        if unknown := wanted.difference(GOOGLENET_LAYERS):
            raise KeyError(f"no such layer in this network: {', '.join(sorted(unknown))}")
        features: dict[str, Tensor] = {}
        hidden = ((image - _MIDDLE) / _HALF_RANGE).to(next(self.parameters()).dtype)
        for name in _FORWARD:
            if len(features) == len(wanted):
                break
            hidden = self.get_submodule(name)(hidden)
            if name in wanted:
                features[name] = hidden
        return features


def googlenet_from_state_dict(state: Mapping[str, Tensor]) -> GoogLeNet:
    """The network with torchvision's published weights, with or without classifiers; RuntimeError for another's."""
    network = GoogLeNet()
    kept = {name: tensor.float() for name, tensor in state.items() if name.startswith(GOOGLENET_LAYERS)}
    counters = {name: torch.tensor(0) for name in network.state_dict() if name.endswith("num_batches_tracked")}
    # Files of before PyTorch 0.4.1 have no counters, and nothing here reads them.
    network.load_state_dict({**counters, **{name: tensor for name, tensor in kept.items() if name not in counters}})
    return network.requires_grad_(False).eval()
