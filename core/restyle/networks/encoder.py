"""Narrow encoders of VGG-19's shape: one of about a quarter of its channels, and one wide enough for large forms.

Distilled from VGG-19 by `restyle_training.distil`. The compact one has a sixteenth of VGG-19's arithmetic and tells strokes and
palette; the deep one keeps half of the channels where maps are small, so that what relu4_1 and relu5_1 say of forms survives,
and is thin where maps are large. A 1x1 head per supervised layer maps its features to the teacher's, scaled to
unit mean square. Heads are linear, so a Gram matrix is taken of the narrow features and then projected (`features.gram`):
the wide features are never computed while painting. Narrow features are non-negative and of unit mean square per channel, which
keeps them inside bfloat16 and float16 and makes them a fit code for decoders: the encoder is one half of an autoencoder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from restyle.networks.features import LAYERS, FeatureTrunk, Head, Padding, Pooling
from restyle.networks.saving import save_whole
from restyle.networks.vgg import VGG19_WIDTHS

# A quarter of VGG-19's channels on both sides of a convolution is a sixteenth of its multiplications. relu2_2 is narrowed less: a
# quarter of its channels keeps 0.83 of its energy under the best linear head, against 0.97 and more of relu3_3 and relu3_4. The
# layers from relu4_1 on pay for it, whose teacher is no wider than 128 itself.
COMPACT_WIDTHS = dict(zip(LAYERS, (16, 16, 32, 64, 64, 64, 64, 64, 96, 96, 96, 96, 96), strict=True))
# relu4_2 has no VGG-19 teacher of full width at hand: its head leads to the 128 channels of the 16x-compressed VGG-19.
HEAD_WIDTHS = {
    layer: (128 if layer == "relu4_2" else width) for layer, width in VGG19_WIDTHS.items() if layer not in ("relu4_3", "relu4_4")
}
# Blocks 1 and 2 see pictures of 512 px and are thin; at 128 and 256 px, where forms are made, the others cost little.
DEEP_WIDTHS = dict(zip(LAYERS, (24, 32, 64, 64, 128, 128, 128, 128, 256, 256, 256, 256, 256), strict=True))
# Layers that style is compared in, and so supervised.
DEEP_HEADS = ("relu1_1", "relu2_1", "relu3_1", "relu3_4", "relu4_1", "relu5_1")


@dataclass(frozen=True)
class Design:
    """Channels of each layer of an encoder, and of the heads that it has."""

    widths: Mapping[str, int]
    heads: Mapping[str, int]


COMPACT = Design(COMPACT_WIDTHS, HEAD_WIDTHS)
DEEP = Design(DEEP_WIDTHS, {layer: VGG19_WIDTHS[layer] for layer in DEEP_HEADS})
DESIGNS = {"compact": COMPACT, "deep": DEEP}


class CompactEncoder(FeatureTrunk):
    """Named features of a narrow VGG, with heads to VGG-19's channels; random until weights are loaded."""

    def __init__(self, pooling: Pooling = "max", padding: Padding = "zeros", design: Design = COMPACT) -> None:
        super().__init__(design.widths, pooling, padding)
        self.design = design
        self.heads = nn.ModuleDict(
            {layer: nn.Conv2d(design.widths[layer], wide, kernel_size=1) for layer, wide in design.heads.items()}
        )
        for convolution in map(self.convolution, self.layers):
            # ReLU halves the energy: He et al. 2015 keep it constant through the depth.
            nn.init.kaiming_normal_(convolution.weight, nonlinearity="relu")
            nn.init.zeros_(_bias(convolution))

    @classmethod
    def from_file(cls, path: str | Path, pooling: Pooling = "max", padding: Padding = "zeros") -> CompactEncoder:
        """Read a safetensors file of any design into float32, in evaluation mode; RuntimeError where it is no encoder's."""
        state = {name: tensor.float() for name, tensor in load_file(path).items()}
        encoder = cls(pooling, padding, _design_of(state))
        encoder.load_state_dict(state)
        return encoder.requires_grad_(False).eval()

    def save(self, path: str | Path, metadata: dict[str, str] | None = None) -> None:
        """Write a safetensors file in float16: half the bytes, and an error far below the distillation's own."""
        state = {name: tensor.detach().half().contiguous().cpu() for name, tensor in self.state_dict().items()}
        save_whole(state, path, metadata)

    def head(self, layer: str) -> Head | None:
        """Return the linear map from this layer's features to the teacher's, or None where it has none."""
        if layer not in self.heads:
            return None
        convolution = self._head(layer)
        return Head(convolution.weight.flatten(1), _bias(convolution))

    @torch.no_grad()
    def rescale(self, layer: str, factors: Tensor) -> None:
        """Multiply each channel of a layer's features by a positive factor (C,) and leave all that follows as it was."""
        convolution = self.convolution(layer)
        convolution.weight.mul_(factors.view(-1, 1, 1, 1))
        _bias(convolution).mul_(factors)
        followers = [self._head(layer)] if layer in self.heads else []
        position = self.layers.index(layer) + 1
        if position < len(self.layers):
            followers.append(self.convolution(self.layers[position]))
        for follower in followers:
            follower.weight.div_(factors.view(1, -1, 1, 1))

    def _head(self, layer: str) -> nn.Conv2d:
        return cast("nn.Conv2d", self.heads[layer])


def _design_of(state: Mapping[str, Tensor]) -> Design:
    """The design that these tensors are of; the compact one where a layer is missing, so that loading says what is."""
    widths = {layer: f"convolutions.{layer}.weight" for layer in LAYERS}
    heads = {layer: f"heads.{layer}.weight" for layer in LAYERS if f"heads.{layer}.weight" in state}
    if not all(name in state for name in widths.values()):
        return COMPACT
    return Design(*({layer: len(state[name]) for layer, name in names.items()} for names in (widths, heads)))


def _bias(convolution: nn.Conv2d) -> Tensor:
    return cast("Tensor", convolution.bias)


__all__ = [
    "COMPACT",
    "COMPACT_WIDTHS",
    "DEEP",
    "DEEP_WIDTHS",
    "DESIGNS",
    "HEAD_WIDTHS",
    "CompactEncoder",
    "Design",
]
