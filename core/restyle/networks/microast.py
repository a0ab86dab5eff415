"""MicroAST: any style in one pass, by small encoders and a decoder that the style modulates (Wang et al. 2023).

Modules are named so that the published state dicts load as they are, each under the name of its part. RGB in 0..1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = ["MicroAST", "StyleSignals", "blended_signals", "microast_from_state_dict"]

STRIDE = 4  # of the encoders
WIDTHS = (16, 32, 64)
EPS = 1e-5  # of the variances


@dataclass(frozen=True)
class StyleSignals:
    """What the painter knows of a style; for each of the two levels, the shallow one first, (N, 64, 1, 1) of each."""

    means: tuple[Tensor, ...]
    deviations: tuple[Tensor, ...]
    gains: tuple[Tensor, ...]
    biases: tuple[Tensor, ...]


class MicroAST(nn.Module):
    """The painting (N, 3, H, W) of a photo in a style; random until weights are loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.content_encoder, self.style_encoder = _Encoder(), _Encoder()
        self.modulator, self.decoder = _Modulator(), _Decoder()

    def read_style(self, style: Tensor) -> StyleSignals:
        """The signals of a picture (N, 3, h, w) in 0..1, its sides at least 8."""
        levels: tuple[Tensor, ...] = self.style_encoder(style)
        means, deviations = zip(*(_moments(level) for level in levels), strict=True)
        gains, biases = self.modulator(levels)
        return StyleSignals(means, deviations, gains, biases)

    def forward(self, photo: Tensor, style: StyleSignals) -> Tensor:
        """Paint (N, 3, H, W) in 0..1, its sides at least 8, at the same size; the result is not clipped."""
        height, width = photo.shape[2:]
        # The encoder rounds sides up to its stride; what is painted beyond the photo is cut off.
        padded = F.pad(photo, (0, -width % STRIDE, 0, -height % STRIDE), mode="reflect")
        _, features = self.content_encoder(padded)
        painted: Tensor = self.decoder(features, style)
        return painted[:, :, :height, :width]


def microast_from_state_dict(state: Mapping[str, Tensor]) -> MicroAST:
    """The network with the published weights of its four parts, in evaluation mode; RuntimeError where they are another's."""
    network = MicroAST()
    network.load_state_dict(dict(state))
    return network.requires_grad_(False).eval()


def blended_signals(styles: Sequence[StyleSignals], shares: Sequence[float]) -> StyleSignals:
    """The weighted mean of several styles; ``shares`` sum to 1."""

    def mean(kind: str) -> tuple[Tensor, ...]:
        levels = zip(*(getattr(style, kind) for style in styles), strict=True)
        return tuple(torch.stack([share * of for share, of in zip(shares, level, strict=True)]).sum(0) for level in levels)

    return StyleSignals(mean("means"), mean("deviations"), mean("gains"), mean("biases"))


class _Convolution(nn.Module):
    """A convolution of the picture continued by its mirror image."""

    def __init__(self, before: int, after: int, size: int, stride: int = 1, groups: int = 1) -> None:
        super().__init__()
        self.margin = size // 2
        self.conv_layer = nn.Conv2d(before, after, size, stride, groups=groups)

    def forward(self, hidden: Tensor) -> Tensor:
        made: Tensor = self.conv_layer(F.pad(hidden, (self.margin,) * 4, mode="reflect"))
        return made


class _Residual(nn.Module):
    """Two convolutions beside the identity; with a gain and a bias each of them is modulated (the paper's FilterMod)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv1, self.conv2 = _Convolution(width, width, 3), _Convolution(width, width, 3)

    def forward(self, hidden: Tensor, gain: Tensor | None = None, bias: Tensor | None = None) -> Tensor:
        first = F.relu(_modulated(self.conv1(hidden), hidden, gain, bias))
        return hidden + _modulated(self.conv2(first), first, gain, bias)


class _Encoder(nn.Module):
    """Features at a quarter of the size, (N, 64, H / 4, W / 4): shallow, deep."""

    def __init__(self) -> None:
        super().__init__()
        one, two, three = WIDTHS
        self.enc1 = nn.Sequential(
            _Convolution(3, one, 9),
            nn.ReLU(),
            _Convolution(one, two, 3, stride=2, groups=one),
            nn.ReLU(),
            _Convolution(two, two, 1),
            nn.ReLU(),
            _Convolution(two, three, 3, stride=2, groups=two),
            nn.ReLU(),
            _Convolution(three, three, 1),
            nn.ReLU(),
            _Residual(three),
        )
        self.enc2 = nn.Sequential(_Residual(three))

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        shallow: Tensor = self.enc1(picture)
        return shallow, self.enc2(shallow)


class _Modulator(nn.Module):
    """Gains and biases of the decoder's filters, from both levels of a style."""

    def __init__(self) -> None:
        super().__init__()
        self.weight1, self.bias1 = _signal(), _signal()
        self.weight2, self.bias2 = _signal(), _signal()

    def forward(self, levels: tuple[Tensor, ...]) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
        shallow, deep = levels
        return (self.weight1(shallow), self.weight2(deep)), (self.bias1(shallow), self.bias2(deep))


class _Decoder(nn.Module):
    """From the photo's deep features to a painting: to the style's moments, through modulated filters, deep level first."""

    def __init__(self) -> None:
        super().__init__()
        one, two, three = WIDTHS
        self.dec1, self.dec2 = _Residual(three), _Residual(three)
        self.dec3 = nn.Sequential(
            nn.Upsample(scale_factor=2, mode="bilinear"),
            _Convolution(three, two, 3, groups=two),
            nn.ReLU(),
            _Convolution(two, two, 1),
            nn.ReLU(),
            nn.Upsample(scale_factor=2, mode="bilinear"),
            _Convolution(two, one, 3, groups=one),
            nn.ReLU(),
            _Convolution(one, one, 1),
            nn.ReLU(),
            _Convolution(one, 3, 9),
        )

    def forward(self, features: Tensor, style: StyleSignals) -> Tensor:
        hidden = features
        for level, block in ((1, self.dec1), (0, self.dec2)):
            hidden = _adain(hidden, style.means[level], style.deviations[level])
            hidden = block(hidden, style.gains[level], style.biases[level])
        painted: Tensor = self.dec3(hidden)
        return painted


def _signal() -> nn.Sequential:
    width = WIDTHS[-1]
    return nn.Sequential(_Convolution(width, width, 3, groups=width), nn.AdaptiveAvgPool2d(1))


def _modulated(made: Tensor, before: Tensor, gain: Tensor | None, bias: Tensor | None) -> Tensor:
    return made if gain is None or bias is None else gain * made + bias * before


def _adain(features: Tensor, wanted_mean: Tensor, wanted_deviation: Tensor) -> Tensor:
    """Adaptive instance normalisation (Huang and Belongie 2017)."""
    mean, deviation = _moments(features)
    return (features - mean) * (wanted_deviation / deviation) + wanted_mean


def _moments(features: Tensor) -> tuple[Tensor, Tensor]:
    variance, mean = torch.var_mean(features, dim=(2, 3), keepdim=True)
    return mean, (variance + EPS).sqrt()
