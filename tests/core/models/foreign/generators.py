"""Generators of CycleGAN and pix2pix by their published descriptions, in plain PyTorch, for tests to compare with."""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

import torch
from torch import Tensor, nn

__all__ = ["Block", "Level", "NormKind", "norm_of", "residual_generator", "shaken", "unet"]

NormKind = Literal["instance", "tracked", "affine", "batch"]


def norm_of(kind: NormKind) -> Any:
    """What makes a norm: instance, as it is now; with the statistics that it once kept; with weights; batch norm."""
    if kind == "batch":
        return nn.BatchNorm2d
    return partial(nn.InstanceNorm2d, affine=kind == "affine", track_running_stats=kind == "tracked")


class Block(nn.Module):
    """Two convolutions of mirrored (or zero) edges, added to what they were given."""

    def __init__(self, width: int, norm: Any, bias: bool, *, dropout: bool, is_mirrored: bool) -> None:
        super().__init__()
        pad = 0 if is_mirrored else 1

        def edges() -> list[nn.Module]:
            return [nn.ReflectionPad2d(1)] if is_mirrored else []

        first: list[nn.Module] = [*edges(), nn.Conv2d(width, width, 3, padding=pad, bias=bias), norm(width), nn.ReLU()]
        first += [nn.Dropout(0.5)] if dropout else []
        self.conv_block = nn.Sequential(*first, *edges(), nn.Conv2d(width, width, 3, padding=pad, bias=bias), norm(width))

    def forward(self, hidden: Tensor) -> Tensor:
        return hidden + self.conv_block(hidden)


def residual_generator(
    kind: NormKind = "instance",
    *,
    width: int = 8,
    blocks: int = 6,
    dropout: bool = False,
    is_mirrored: bool = True,
    is_enlarging: bool = False,
) -> nn.Sequential:
    """Zhu et al. 2017, appendix; ``is_enlarging`` as later versions do it, repeating pixels before a convolution."""
    norm, bias = norm_of(kind), kind != "batch"
    layers: list[nn.Module] = [nn.ReflectionPad2d(3), nn.Conv2d(3, width, 7, bias=bias), norm(width), nn.ReLU()]
    for before in (width, 2 * width):
        layers += [nn.Conv2d(before, 2 * before, 3, 2, 1, bias=bias), norm(2 * before), nn.ReLU()]
    layers += [Block(4 * width, norm, bias, dropout=dropout, is_mirrored=is_mirrored) for _ in range(blocks)]
    for after in (2 * width, width):
        if is_enlarging:
            layers += [nn.Upsample(scale_factor=2), nn.ReflectionPad2d(1), nn.Conv2d(2 * after, after, 3, bias=bias)]
        else:
            layers.append(nn.ConvTranspose2d(2 * after, after, 3, 2, 1, 1, bias=bias))
        layers += [norm(after), nn.ReLU()]
    return nn.Sequential(*layers, nn.ReflectionPad2d(3), nn.Conv2d(width, 3, 7), nn.Tanh())


class Level(nn.Module):
    """One level of a U-Net (Isola et al. 2017), with the next one in it."""

    def __init__(self, outer: int, inner: int, norm: Any, bias: bool, held: Level | None, *, is_outermost: bool = False) -> None:
        super().__init__()
        down: list[nn.Module] = [nn.Conv2d(3 if is_outermost else outer, inner, 4, 2, 1, bias=bias)]
        joined = inner * (2 if held else 1)
        up: list[nn.Module] = [nn.ReLU(), nn.ConvTranspose2d(joined, outer, 4, 2, 1, bias=bias or is_outermost)]
        if not is_outermost:
            down, up = [nn.LeakyReLU(0.2), *down], [*up, norm(outer)]
        if held is not None and not is_outermost:
            down.append(norm(inner))
        end = [nn.Tanh()] if is_outermost else []
        self.is_outermost = is_outermost
        self.model = nn.Sequential(*down, *([held] if held else []), *up, *end)

    def forward(self, hidden: Tensor) -> Tensor:
        made: Tensor = self.model(hidden)
        return made if self.is_outermost else torch.cat((hidden, made), 1)


def unet(depth: int, kind: NormKind = "batch", width: int = 4) -> Level:
    """A U-Net that halves a picture ``depth`` times, as the authors name its parts."""
    norm, bias = norm_of(kind), kind != "batch"
    widths = [width * min(2**level, 8) for level in range(depth)]
    held: Level | None = None
    for level in range(depth - 1, 0, -1):
        held = Level(widths[level - 1], widths[level], norm, bias, held)
    return Level(3, width, norm, bias, held, is_outermost=True)


@torch.no_grad()
def shaken(network: nn.Module) -> nn.Module:
    """The network with numbers of a trained one's kind: all norms and statistics of their own, colours that differ."""
    for name, tensor in (*network.named_parameters(), *network.named_buffers()):
        if name.endswith(("running_var",)):
            tensor.copy_(torch.rand_like(tensor) + 0.5)
        elif tensor.is_floating_point():
            tensor.add_(torch.randn_like(tensor) * (0.3 if tensor.ndim == 1 else 0.02))
    return network
