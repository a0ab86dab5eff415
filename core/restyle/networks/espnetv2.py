"""ESPNetv2 for segmentation, at width 2.0, as its authors publish it (Mehta et al. 2019; sacmehta/EdgeNets).

Modules are named so that the published state dicts load as they are. RGB in 0..1 goes in, normalised as ImageNet's; out come
logits per class at the size of the input, whose sides have to be multiples of 16.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from restyle.networks.features import IMAGENET_MEAN, IMAGENET_STD

__all__ = ["CITYSCAPES", "PASCAL_VOC", "STRIDE", "ESPNetv2", "espnetv2_from_state_dict"]

CITYSCAPES = (
    "road", "sidewalk", "building", "wall", "fence", "pole", "traffic light", "traffic sign", "vegetation", "terrain", "sky",
    "person", "rider", "car", "truck", "bus", "train", "motorcycle", "bicycle", "background",
)  # fmt: skip
PASCAL_VOC = (
    "background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable", "dog",
    "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
)  # fmt: skip

STRIDE = 16
WIDTHS = (32, 128, 256, 512)  # of the four levels
REPEATS = (3, 7)  # of the blocks in the two deeper levels
BRANCHES = 4
LARGEST_KERNELS = (13, 11, 9, 7)  # of the pyramids, level by level; blocks have that of the level after them
DECODER_WIDTHS = (64, 48, 32)
PYRAMID_SCALES = (2.0, 1.5, 1.0, 0.5, 0.1)
SMALLEST_PYRAMID_PX = 5


class _Unit(nn.Module):
    """Convolution, batch norm and PReLU, or those of them that are asked for."""

    def __init__(self, before: int, after: int, size: int = 1, stride: int = 1, groups: int = 1, *, active: bool = True) -> None:
        super().__init__()
        self.conv = nn.Conv2d(before, after, size, stride, size // 2, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(after)
        self.act = nn.PReLU(after) if active else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return cast("Tensor", self.act(self.bn(self.conv(x))))


class _Activated(nn.Module):
    """Batch norm and PReLU."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.bn = nn.BatchNorm2d(width)
        self.act = nn.PReLU(width)

    def forward(self, x: Tensor) -> Tensor:
        return cast("Tensor", self.act(self.bn(x)))


class _Dilated(nn.Module):
    def __init__(self, width: int, stride: int, dilation: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, stride, dilation, dilation, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return cast("Tensor", self.conv(x))


class _Pyramid(nn.Module):
    """EESP: a narrow copy seen at several dilations, summed from near to far, and widened again."""

    def __init__(self, before: int, after: int, largest: int, stride: int = 1) -> None:
        super().__init__()
        width = after // BRANCHES
        kernels = sorted(size if size <= largest else 3 for size in range(3, 3 + 2 * BRANCHES, 2))
        self.halves = stride == 2
        self.proj_1x1 = _Unit(before, width, groups=BRANCHES)
        self.spp_dw = nn.ModuleList(_Dilated(width, stride, (size - 1) // 2) for size in kernels)
        self.conv_1x1_exp = _Unit(after, after, groups=BRANCHES, active=False)
        self.br_after_cat = _Activated(after)
        self.module_act = nn.PReLU(after)

    def forward(self, x: Tensor) -> Tensor:
        narrow = self.proj_1x1(x)
        seen: list[Tensor] = []
        for branch in self.spp_dw:
            seen.append(branch(narrow) + seen[-1] if seen else branch(narrow))
        wide: Tensor = self.conv_1x1_exp(self.br_after_cat(torch.cat(seen, 1)))
        # Where the size is halved, what follows adds and activates.
        return wide if self.halves else cast("Tensor", self.module_act(wide + x))


class _Halving(nn.Module):
    """Half the size: an average and a pyramid side by side, and the picture itself added."""

    def __init__(self, before: int, after: int, largest: int) -> None:
        super().__init__()
        self.eesp = _Pyramid(before, after - before, largest, stride=2)
        self.inp_reinf = nn.Sequential(_Unit(3, 3, 3), _Unit(3, after, active=False))
        self.act = nn.PReLU(after)

    def forward(self, x: Tensor, picture: Tensor) -> Tensor:
        out = torch.cat((_halved(x), self.eesp(x)), 1)
        while picture.shape[2] > out.shape[2]:
            picture = _halved(picture)
        return cast("Tensor", self.act(out + self.inp_reinf(picture)))


class _Base(nn.Module):
    """The encoder: features at 1/2, 1/4, 1/8 and 1/16 of the size."""

    def __init__(self) -> None:
        super().__init__()
        self.level1 = _Unit(3, WIDTHS[0], 3, 2)
        self.level2_0 = _Halving(WIDTHS[0], WIDTHS[1], LARGEST_KERNELS[0])
        self.level3_0 = _Halving(WIDTHS[1], WIDTHS[2], LARGEST_KERNELS[1])
        self.level3 = nn.ModuleList(_Pyramid(WIDTHS[2], WIDTHS[2], LARGEST_KERNELS[2]) for _ in range(REPEATS[0]))
        self.level4_0 = _Halving(WIDTHS[2], WIDTHS[3], LARGEST_KERNELS[2])
        self.level4 = nn.ModuleList(_Pyramid(WIDTHS[3], WIDTHS[3], LARGEST_KERNELS[3]) for _ in range(REPEATS[1]))

    def forward(self, picture: Tensor) -> list[Tensor]:
        features = [self.level1(picture)]
        features.append(self.level2_0(features[0], picture))
        for halving, blocks in ((self.level3_0, self.level3), (self.level4_0, self.level4)):
            x = halving(features[-1], picture)
            for block in blocks:
                x = block(x)
            features.append(x)
        return features


class _Shuffle(nn.Module):
    """Channels of several groups, interleaved."""

    def forward(self, x: Tensor) -> Tensor:
        n, channels, height, width = x.shape
        groups = len(PYRAMID_SCALES)
        return x.view(n, groups, channels // groups, height, width).transpose(1, 2).reshape(x.shape)


class _PyramidPool(nn.Module):
    """The decoder's block: a narrow copy filtered at several scales and merged."""

    def __init__(self, before: int, width: int, after: int, *, last: bool = False) -> None:
        super().__init__()
        number = len(PYRAMID_SCALES)
        self.projection_layer = _named("cbr", _unit(before, width))
        self.stages = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1, groups=width, bias=False) for _ in PYRAMID_SCALES)
        self.merge_layer = nn.Sequential(
            _named("br", _norm(width * number)),
            _Shuffle(),
            _named("cbr", _unit(width * number, width, 3, width)),
            nn.Conv2d(width, after, 1, bias=last),
        )
        self.br = nn.Identity() if last else _named("br", _norm(after))

    def forward(self, x: Tensor) -> Tensor:
        x = self.projection_layer(x)
        seen = [_at_scale(stage, x, scale) for stage, scale in zip(self.stages, PYRAMID_SCALES, strict=True)]
        return cast("Tensor", self.br(self.merge_layer(torch.cat(seen, 1))))


class _Gate(nn.Module):
    """What the encoder hands to the decoder, its channels weighted by the whole picture."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.wt_layer = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(before, after, 1, bias=False), nn.Sigmoid())
        self.expansion_layer = _named("cbr", _unit(before, after, 3, math.gcd(before, after)))

    def forward(self, x: Tensor) -> Tensor:
        return cast("Tensor", self.expansion_layer(x) * self.wt_layer(x))


class ESPNetv2(nn.Module):
    """Logits (N, classes, H, W) of pictures (N, 3, H, W) in 0..1; random until weights are loaded."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        width = min(classes // 2, 16)
        first, second, third = DECODER_WIDTHS
        self.base_net = _Base()
        self.bu_dec_l1 = _PyramidPool(WIDTHS[3], width, first)
        self.bu_dec_l2 = _PyramidPool(first, width, second)
        self.bu_dec_l3 = _PyramidPool(second, width, third)
        self.bu_dec_l4 = _PyramidPool(third, width, classes, last=True)
        self.merge_enc_dec_l2 = _Gate(WIDTHS[2], first)
        self.merge_enc_dec_l3 = _Gate(WIDTHS[1], second)
        self.merge_enc_dec_l4 = _Gate(WIDTHS[0], third)
        self.bu_br_l2, self.bu_br_l3, self.bu_br_l4 = _norm(first), _norm(second), _norm(third)

    def forward(self, picture: Tensor) -> Tensor:
        """ValueError where a side is no multiple of STRIDE."""
        if picture.shape[2] % STRIDE or picture.shape[3] % STRIDE:
            raise ValueError(f"{picture.shape[3]} x {picture.shape[2]} are no multiples of {STRIDE}")
        mean, std = (picture.new_tensor(value).view(1, 3, 1, 1) for value in (IMAGENET_MEAN, IMAGENET_STD))
        *shallow, deep = self.base_net((picture - mean) / std)
        x = self.bu_dec_l1(deep)
        x = self.bu_dec_l2(self.bu_br_l2(self.merge_enc_dec_l2(shallow[2]) + _doubled(x)))
        x = self.bu_dec_l3(self.bu_br_l3(self.merge_enc_dec_l3(shallow[1]) + _doubled(x)))
        x = self.bu_dec_l4(self.bu_br_l4(self.merge_enc_dec_l4(shallow[0]) + _doubled(x)))
        return _doubled(x)


def espnetv2_from_state_dict(state: Mapping[str, Tensor]) -> ESPNetv2:
    """The network with published weights, in evaluation mode; KeyError or RuntimeError where they are another's."""
    network = ESPNetv2(len(state["bu_dec_l4.merge_layer.3.bias"]))
    network.load_state_dict(dict(state))
    return network.requires_grad_(False).eval()


def _unit(before: int, after: int, size: int = 1, groups: int = 1) -> nn.Sequential:
    convolution = nn.Conv2d(before, after, size, padding=size // 2, groups=groups, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(after), nn.PReLU(after))


def _norm(width: int) -> nn.Sequential:
    return nn.Sequential(nn.BatchNorm2d(width), nn.PReLU(width))


def _named(name: str, module: nn.Module) -> nn.Sequential:
    """One module under a name, as the published state dicts have it."""
    wrapped = nn.Sequential()
    wrapped.add_module(name, module)
    return wrapped


def _halved(x: Tensor) -> Tensor:
    return F.avg_pool2d(x, kernel_size=3, stride=2, padding=1)


def _doubled(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=True)


def _at_scale(stage: nn.Module, x: Tensor, scale: float) -> Tensor:
    """``stage`` applied to ``x`` at another scale, and back at its size."""
    size = (x.shape[2], x.shape[3])
    other = (max(SMALLEST_PYRAMID_PX, math.ceil(size[0] * scale)), max(SMALLEST_PYRAMID_PX, math.ceil(size[1] * scale)))
    if scale < 1:
        return F.interpolate(stage(F.adaptive_avg_pool2d(x, other)), size, mode="bilinear", align_corners=True)
    if scale > 1:
        return F.adaptive_avg_pool2d(stage(F.interpolate(x, other, mode="bilinear", align_corners=True)), size)
    return cast("Tensor", stage(x))
