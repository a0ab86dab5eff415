"""Discriminators: what tells pictures of a domain from those that a generator made (Isola et al. 2017, Zhu et al. 2017).

Two look at each picture: one at patches, which judges texture and form, and one at single pixels, which judges colours alone
(the PatchGAN and PixelGAN of Isola et al., section 3.2.2). The paper's have instance norms, which take from a picture the very
colours and contrast that a domain may differ in; these have none.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

__all__ = ["Discriminator", "judged_as"]

SLOPE = 0.2
OCTAVES = (1, 2, 4)  # waves of colours across -1..1
_HUES = 5
MOST_WIDENING = 8  # of the first layer's width: the deepest layers have no more


class Discriminator(nn.Module):
    """Judges pictures (N, 3, H, W) in 0..1: 1 for one of the domain, 0 for one that was made, place by place."""

    def __init__(self, width: int = 64, strides: int = 3) -> None:
        super().__init__()
        self.patches = nn.Sequential(*_patches(width, strides))
        self.pixels = nn.Sequential(
            _conv(_HUES * (1 + 2 * len(OCTAVES)), width, 1),
            nn.LeakyReLU(SLOPE),
            _conv(width, width, 1),
            nn.LeakyReLU(SLOPE),
            _conv(width, 1, 1),
        )

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """The judgements of patches and of pixels, (N, 1, h, w) each."""
        signed = 2 * pictures - 1
        return self.patches(signed), self.pixels(_waves(signed))


def _waves(signed: Tensor) -> Tensor:
    """Colours (N, 3, H, W), their two opponents, and waves of all five: a few layers of pixels alone could not tell near colours
    apart (Tancik et al. 2020)."""
    red, green, blue = signed.chunk(3, 1)
    hues = torch.cat((signed, red - green, (red + green) / 2 - blue), 1)
    waves = [wave(math.pi * octave * hues) for octave in OCTAVES for wave in (torch.sin, torch.cos)]
    return torch.cat((hues, *waves), 1)


def judged_as(judgements: tuple[Tensor, Tensor], verdict: float) -> Tensor:
    """How far judgements are from a verdict: least squares (Mao et al. 2017), the mean of both kinds."""
    return sum(((judgement.float() - verdict).square().mean() for judgement in judgements), start=judgements[0].new_zeros(())) / 2


def _patches(width: int, strides: int) -> list[nn.Module]:
    layers: list[nn.Module] = []
    before = 3
    for index in range(strides):
        after = width * min(2**index, MOST_WIDENING)
        layers += [_conv(before, after, 4, 2), nn.LeakyReLU(SLOPE)]
        before = after
    after = width * min(2**strides, MOST_WIDENING)
    return [*layers, _conv(before, after, 3), nn.LeakyReLU(SLOPE), _conv(after, 1, 3)]


def _conv(before: int, after: int, kernel: int, stride: int = 1) -> nn.Conv2d:
    convolution = nn.Conv2d(before, after, kernel, stride, kernel // 2 if kernel % 2 else kernel // 2 - 1)
    nn.init.kaiming_normal_(convolution.weight, SLOPE)
    return convolution
