"""Generators of CycleGAN and pix2pix (Zhu et al. 2017, Isola et al. 2017) in state dicts, as PyTorch programs name their parts.

Those are modules in a row, named by their places, which say what stands between them and has no tensors: mirrored edges, norms
without weights, enlargements. Residual generators of any number of blocks are read, and U-Nets of any depth, whose parts are
nested. Networks take and give RGB in -1..1.

A U-Net's norms take the picture's own statistics, as the authors show theirs (Isola et al., section 3.3: the test batch's, and
that is one picture); batch norms of others give what they have learned. Dropout, which the authors leave on as noise, is off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import torch
from torch import Tensor

from restyle.models.foreign.layers import Draft, Layer, affine, branches, colors, conv, draft, norm, plain, residual, transposed

__all__ = ["SIGNED", "UNSIGNED", "numbered_generator", "read_generator"]

Parts: TypeAlias = "dict[int, Parts | dict[str, Tensor]]"
"""Modules by their places; each is what it has in it, or its tensors by name."""

SIGNED, UNSIGNED = (2.0, (-1.0,) * 3), (0.5, (0.5,) * 3)
"""Scale and shift from colours in 0..1 to those of the networks, -1..1, and back."""

_EPS = 1e-5  # of PyTorch's norms
_SLOPE = 0.2  # of a U-Net's ReLUs on the way down
_STRIDE = 2
_DEEPEST = 12  # halvings; the authors' have at most eight
_FIRST = 1  # place of the first convolution behind mirrored edges
_NORM_LEAST = 3  # places that a convolution, its norm and its ReLU take
_OUTSIDE, _IN_BLOCK = 11, 4  # convolutions and norms outside of a residual generator's blocks, and in each
_COUNTS = "num_batches_tracked"


def read_generator(state: Mapping[str, Tensor]) -> Draft | None:
    """The generator of a state dict, whose names have no wrappers before them; None where the names are not numbers.

    Raises ValueError, LookupError or TypeError for another network.
    """
    if not all(name.split(".")[0].isdigit() for name in state):
        return None
    parts = _parts_of(state)
    is_net = isinstance(_inner(parts.get(1)), dict) and 0 in parts
    layers = list(_Unet().layers(parts)) if is_net else list(_Row(parts).layers())
    body = draft([colors(*SIGNED), *layers, plain("tanh", scale=1.0, shift=0.0), colors(*UNSIGNED)])
    return Draft(body.architecture, body.state, family="domain")


def numbered_generator(layers: list[tuple[Tensor, Tensor]]) -> dict[str, Tensor]:
    """Weights and biases in the order in which a picture meets them, named as in the authors' residual generators."""
    blocks = (len(layers) - _OUTSIDE) // _IN_BLOCK
    names = [name for place in (1, 4, 7) for name in (f"{place}", f"{place + 1}")]
    names += [f"{10 + block}.conv_block.{place}" for block in range(blocks) for place in (1, 2, 5, 6)]
    at = 10 + blocks
    names += [str(place) for place in (at, at + 1, at + 3, at + 4, at + 7)]
    pairs = zip(names, layers, strict=True)
    return {f"{name}.{kind}": tensor for name, pair in pairs for kind, tensor in zip(("weight", "bias"), pair, strict=True)}


def _parts_of(state: Mapping[str, Tensor]) -> Parts:
    """The tree of modules: numbers in names are places, words between them are what a module calls what it has in it."""
    root: dict[Any, Any] = {}
    for name, tensor in state.items():
        *path, kind = name.split(".")
        here = root
        for place in (int(part) for part in path if part.isdigit()):
            here = here.setdefault(place, {})
        if kind != _COUNTS:
            here[kind] = tensor
    return root


def _inner(part: Any) -> Parts | None:
    """What a module has in it; None where it has tensors or is not there."""
    return part if isinstance(part, dict) and part and all(isinstance(place, int) for place in part) else None


def _tensors(part: Any) -> dict[str, Tensor]:
    """The tensors of a module; none where it is not there or has none."""
    if _inner(part):
        raise ValueError("modules in a place of other modules")
    return dict(part or {})


def _is_convolution(part: Any) -> bool:
    return isinstance(part, dict) and isinstance(part.get("weight"), Tensor) and part["weight"].ndim == 4


def _normed(part: Any, channels: int, has_bias: bool, *, own: bool = False) -> Layer:
    """A norm of whatever kind; ``own`` where it takes the picture's own statistics in any case."""
    tensors = _tensors(part)
    weight, bias = tensors.pop("weight", torch.ones(channels)), tensors.pop("bias", torch.zeros(channels))
    mean, variance = tensors.pop("running_mean", None), tensors.pop("running_var", None)
    if tensors or len(weight) != channels or len(bias) != channels:
        raise ValueError(f"a norm of other than {channels} channels, or with more than a norm has")
    # Instance norms kept statistics, too, before PyTorch 0.4; the authors' convolutions have biases before them alone.
    if mean is None or variance is None or has_bias or own:
        return norm(weight, bias, _EPS)
    scale = weight / (variance + _EPS).sqrt()
    return affine(scale, bias - mean * scale)


@dataclass
class _Row:
    """A residual generator, or the body of one of its blocks: convolutions, norms and blocks by their places."""

    parts: Parts
    channels: int = 3
    is_block: bool = False
    places: list[int] = field(init=False)
    """Of convolutions and blocks, in order."""

    def __post_init__(self) -> None:
        self.places = [place for place in sorted(self.parts) if _is_convolution(self.parts[place]) or _inner(self.parts[place])]
        others = set(self.parts) - set(self.places) - {place + 1 for place in self.places}
        if not self.places or others:
            raise ValueError("its tensors have the names of no style network and no generator")

    def layers(self) -> Iterator[Layer]:
        for number, place in enumerate(self.places):
            if _inner(self.parts[place]):
                yield residual(_Row(_inner(self.parts[place]) or {}, self.channels, is_block=True).layers())
                continue
            is_last = number == len(self.places) - 1
            yield from self._convolution(number, is_last and not self.is_block)
            if is_last and not self.is_block and place + 1 in self.parts:
                raise ValueError("a generator that ends in a norm")

    def _convolution(self, number: int, is_end: bool) -> Iterator[Layer]:
        place = self.places[number]
        tensors = _tensors(self.parts[place])
        weight, bias = tensors.pop("weight"), tensors.pop("bias", None)
        if tensors:
            raise ValueError("a convolution with more than weights and a bias")
        yield self._convolved(weight, bias, number, is_end)
        if is_end:
            return
        if place + 1 in self.parts or self._room(number) >= _NORM_LEAST:
            yield _normed(self.parts.get(place + 1), self.channels, bias is not None)
        if not self.is_block or number < len(self.places) - 1:
            yield plain("relu")

    def _room(self, number: int) -> int:
        """Places from a convolution to the next; a block's last, which has its norm as the others have, as from the first."""
        last = len(self.places) - 1
        number = number - 1 if number == last and number else number
        return self.places[number + 1] - self.places[number] if number < last else _NORM_LEAST

    def _convolved(self, weight: Tensor, bias: Tensor | None, number: int, is_end: bool) -> Layer:
        before = self.channels
        if before not in weight.shape[:2]:
            raise ValueError(f"a convolution of other than {before} channels")
        if weight.shape[1] != before:
            self.channels = weight.shape[1]
            return transposed(weight, bias, stride=_STRIDE, offset=1)
        self.channels = weight.shape[0]
        is_plain = number == 0 or is_end or self.is_block or self.channels == before
        is_enlarging = self.channels < before and not is_plain
        edges = "reflect" if self._is_mirrored(number, is_enlarging) else "zero"
        if is_plain or is_enlarging:
            return conv(weight, bias, edges=edges, upsample=_STRIDE if is_enlarging else 1)
        # An even kernel with one pixel around is TensorFlow's SAME on sides that can be halved.
        return conv(weight, bias, edges=edges if weight.shape[2] % 2 else "same", stride=_STRIDE)

    def _is_mirrored(self, number: int, is_enlarging: bool) -> bool:
        """Whether there is room for mirrored edges before a convolution, and for an enlargement where that is one."""
        if number == 0 or self.is_block:
            return self.places[0] == _FIRST
        place, before = self.places[number], self.places[number - 1]
        return place - before - (1 if _inner(self.parts[before]) else _NORM_LEAST) > is_enlarging


class _Unet:
    """A U-Net: each level halves the picture, holds the next one, doubles it, and is joined to what it was given."""

    def layers(self, parts: Parts, channels: int = 3, depth: int = 0) -> Iterator[Layer]:
        if depth > _DEEPEST:
            raise ValueError("a U-Net deeper than any")
        places = [place for place in sorted(parts) if _is_convolution(parts[place])]
        held = [place for place in sorted(parts) if _inner(parts[place])]
        if len(places) != 2 or len(held) > 1:
            raise ValueError("a level of a U-Net of other than two convolutions")
        (down, up), inner = places, held[0] if held else None
        if depth:
            yield plain("leaky", slope=_SLOPE)
        weight, bias = self._taken(parts, down, channels)
        width = weight.shape[0]
        yield conv(weight, bias, stride=_STRIDE, edges="same")
        if inner is not None:
            if depth:
                yield _normed(parts.pop(down + 1, None), width, bias is not None, own=True)
            yield branches([[], self.layers(_inner(parts.pop(inner)) or {}, width, depth + 1)])
        yield plain("relu")
        weight, bias = self._taken(parts, up, width * (2 if inner is not None else 1))
        yield transposed(weight, bias, stride=_STRIDE, offset=1)
        if depth:
            yield _normed(parts.pop(up + 1, None), weight.shape[1], bias is not None, own=True)
        if parts or weight.shape[1] != channels:
            raise ValueError("a level of a U-Net with more than its two convolutions and norms")

    def _taken(self, parts: Parts, place: int, channels: int) -> tuple[Tensor, Tensor | None]:
        tensors = _tensors(parts.pop(place))
        weight, bias = tensors.pop("weight"), tensors.pop("bias", None)
        is_transposed = place > 1 and weight.shape[0] == channels and not tensors
        if tensors or weight.shape[2:] != (4, 4) or not (is_transposed or weight.shape[1] == channels):
            raise ValueError("a level of a U-Net whose convolution has another size")
        return weight, bias
