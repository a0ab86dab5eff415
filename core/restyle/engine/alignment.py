"""Alignment: a method sees rotated, scaled parts of the layer, and its answers go back to where they came from.

A face is best painted upright and as large as the style's. What the method changes is carried back, not what it saw: where it
changes nothing, not a bit of the layer does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.context import Context
from restyle.contract.filter import Filter, Method
from restyle.contract.loaded import Loaded
from restyle.contract.params import Params
from restyle.contract.result import Result
from restyle.pictures.image import Image
from restyle.regions import Regions

__all__ = ["Alignment", "aligned"]

P = TypeVar("P", bound=Params)

_FEATHER_SHARE = 1 / 16
"""Of a part's shorter side: over so much its answer fades out towards its border."""


@dataclass(frozen=True)
class Alignment:
    """A part of the layer: a rectangle about ``x``, ``y`` (its middle, in pixels), turned by ``angle`` (radians, clockwise on the
    screen), seen at ``scale`` times its size with ``height`` rows and ``width`` columns."""

    x: float
    y: float
    angle: float
    scale: float
    height: int
    width: int

    def seen(self, planes: Tensor) -> Tensor:
        """The part (1, C, height, width) of planes (1, C, H, W); what lies outside continues the border."""
        grid = self._grid(planes.shape[2], planes.shape[3]).to(planes)
        return F.grid_sample(planes, grid, mode="bicubic", padding_mode="border", align_corners=False)

    def carried_back(self, difference: Tensor, height: int, width: int) -> Tensor:
        """A change (1, C, height, width) of the part as one of the layer (1, C, H, W), 0 outside, faded at its border."""
        faded = difference * self._feather().to(difference)
        grid = self._inverse_grid(height, width).to(difference)
        return F.grid_sample(faded, grid, mode="bilinear", padding_mode="zeros", align_corners=False)

    def _grid(self, height: int, width: int) -> Tensor:
        """Where in the layer, in -1..1, each pixel of the part lies."""
        rows = (torch.arange(self.height) + 0.5 - self.height / 2) / self.scale
        columns = (torch.arange(self.width) + 0.5 - self.width / 2) / self.scale
        down, across = torch.meshgrid(rows, columns, indexing="ij")
        cosine, sine = math.cos(self.angle), math.sin(self.angle)
        x, y = self.x + cosine * across - sine * down, self.y + sine * across + cosine * down
        return torch.stack((2 * x / width - 1, 2 * y / height - 1), -1)[None]

    def _inverse_grid(self, height: int, width: int) -> Tensor:
        """Where in the part, in -1..1, each pixel of the layer lies."""
        rows, columns = torch.arange(height) + 0.5 - self.y, torch.arange(width) + 0.5 - self.x
        down, across = torch.meshgrid(rows, columns, indexing="ij")
        cosine, sine = math.cos(self.angle) * self.scale, math.sin(self.angle) * self.scale
        x, y = cosine * across + sine * down, cosine * down - sine * across
        return torch.stack((2 * x / self.width, 2 * y / self.height), -1)[None]

    def _feather(self) -> Tensor:
        reach = max(1.0, _FEATHER_SHARE * min(self.height, self.width))
        ramps = []
        for size in (self.height, self.width):
            place = torch.arange(size) + 0.5
            ramps.append((torch.minimum(place, size - place) / reach).clamp(max=1))
        return ramps[0][:, None] * ramps[1]


def aligned(declared: Filter[P], method: Method[P]) -> Method[P]:
    """The method, called for each part that the filter wants aligned; the method itself where it wants none."""
    find = declared.needs.alignments()
    layer = declared.layer
    if find is None or layer is None:
        return method

    def by_parts(inputs: Loaded, params: P, context: Context) -> Image:
        content = inputs[layer]
        pixels = content.pixels.clone()
        alignments = find(inputs, params, context)
        for i, alignment in enumerate(alignments):
            part = context.part(i / len(alignments), (i + 1) / len(alignments))
            turning = _Turning(alignment, content)
            seen = Loaded({item.name: item.turned(inputs[item], turning) for item in declared.inputs})
            made = method(seen, params, part)
            painted = made.picture if isinstance(made, Result) else made
            change = painted.pixels.to("cpu", torch.float32) - seen[layer].pixels
            pixels += alignment.carried_back(change, content.height, content.width)
        return content.with_pixels(pixels)

    return by_parts


@dataclass(frozen=True)
class _Turning:
    """A `restyle.contract.inputs.Turning`: what of a layer and of what lies over it an alignment shows."""

    alignment: Alignment
    layer: Image

    def picture(self, picture: Image) -> Image:
        """Its colours; what is transparent was filled before."""
        return Image(self.mask(picture.pixels))

    def mask(self, mask: Tensor) -> Tensor:
        """In 0..1, beyond which a cubic goes."""
        return self.alignment.seen(mask).clamp(0, 1)

    def regions(self, regions: Regions) -> Regions:
        """At the layer's size first, over which they stretch."""
        return Regions(regions.names, self.mask(regions.resized(self.layer.height, self.layer.width).masks))
