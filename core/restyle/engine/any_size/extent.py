"""Extent: how far a network looks, and how much memory its maps take, found by walking its blocks without computing."""

from __future__ import annotations

from dataclasses import dataclass, field

from torch import nn

from restyle.engine.any_size.convolution import kernel_of
from restyle.networks.blocks import Branches, ConvLayer, Enlarge, InstanceNorm, Pool, Residual, Sequence, TransposedConv
from restyle.networks.noise import Noise

__all__ = ["Extent", "extent_of"]


@dataclass(frozen=True)
class Extent:
    """Of a network that takes pictures of so many channels as `extent_of` was told."""

    reach_px: float
    """How far from a pixel of the picture, at most, lies what it influences."""
    numbers_per_pixel: float
    """Numbers in memory per pixel of the picture when most are: those waiting at a norm, and beside it for residuals."""
    widest_numbers_per_pixel: float
    """Numbers of the largest map, per pixel of the picture."""
    stride: int
    """Of what sizes of pictures are multiples where no scale has half a pixel."""
    work_per_pixel: float
    """Numbers that convolutions give, per pixel of the picture: a measure of progress."""
    work_to_norms: tuple[float, ...]
    """The same, of what comes before each of the instance norms."""


@dataclass
class _Place:
    channels: int
    scale: float = 1.0
    reach: float = 0.0
    kept: float = 0.0
    most: float = 0.0
    widest: float = 0.0
    stride: float = 1.0
    work: float = 0.0
    to_norms: list[float] = field(default_factory=list)

    @property
    def numbers(self) -> float:
        """Of the map here, per pixel of the picture."""
        return self.channels / self.scale**2


def extent_of(network: Sequence, channels: int = 3) -> Extent:
    """The extent of a network that takes pictures of so many channels."""
    place = _Place(channels)
    _walk(network, place)
    return Extent(
        place.reach, max(place.most, place.numbers), place.widest, round(place.stride), place.work, tuple(place.to_norms)
    )


def _walk(blocks: Sequence, place: _Place) -> None:
    for block in blocks:
        if isinstance(block, (ConvLayer, TransposedConv)):
            _convolve(block, place)
        elif isinstance(block, InstanceNorm):
            place.to_norms.append(place.work)
            place.most = max(place.most, place.numbers + place.kept)
        elif isinstance(block, Residual):
            place.kept += place.numbers
            before = place.numbers
            _walk(block.body, place)
            place.kept -= before
        elif isinstance(block, Noise):
            place.channels = block.out_channels
        elif isinstance(block, (Pool, Enlarge)):
            _rescale(block, place)
        elif isinstance(block, Branches):
            _branch(block, place)


def _convolve(block: ConvLayer | TransposedConv, place: _Place) -> None:
    kernel = kernel_of(block)
    place.reach += place.scale * (kernel.reach // 2)
    place.scale *= kernel.step / kernel.grid
    place.stride = max(place.stride, place.scale)
    place.channels = block.out_channels
    place.work += place.numbers
    place.widest = max(place.widest, place.numbers)


def _rescale(block: nn.Module, place: _Place) -> None:
    factor = block.size if isinstance(block, Pool) else 1 / block.factor if isinstance(block, Enlarge) else 1
    place.scale *= factor
    place.stride = max(place.stride, place.scale)
    place.reach += place.scale


def _branch(block: Branches, place: _Place) -> None:
    """One branch after the other; each starts where the first one did, and what the others gave waits."""
    start = _Place(**vars(place))
    channels = 0
    for branch in block.branches:
        if isinstance(branch, Sequence):
            here = _Place(**{**vars(start), "kept": start.kept + start.numbers + channels / start.scale**2, "work": place.work})
            _walk(branch, here)
            channels += here.channels
            for name in ("most", "widest", "stride", "reach"):
                setattr(place, name, max(getattr(place, name), getattr(here, name)))
            place.scale, place.work = here.scale, here.work
    place.channels = channels
