"""Image: the one form in which a picture travels through the core, and the doors to and from bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from restyle.contract.errors import InvalidImage
from restyle.contract.sentence import said

__all__ = ["MAXIMUM_PIXELS", "NOT_FINITE", "PIXEL_DTYPES", "Image", "luma"]

MAXIMUM_PIXELS = 400_000_000
"""Four times the 100 megapixels of the largest medium-format backs; a bound against mistakes and bombs."""

PIXEL_DTYPES: dict[str, np.dtype[np.generic]] = {
    "u8": np.dtype("u1"),
    "u16": np.dtype("<u2"),
    "f32": np.dtype("<f4"),
}
"""Sample types of the wire, little-endian."""

NOT_FINITE = said("The picture has pixels that are no finite numbers; convert it to 16 bit and try again.")

_ALPHA_CHANNELS = (2, 4)

_LIMITS = {PIXEL_DTYPES["u8"]: 255, PIXEL_DTYPES["u16"]: 65535}
"""What 1.0 is in integers."""

_BAND_ROWS = 32
"""Rows converted at a time: for usual widths they stay in the cache, which halves the time (measured, 6000 px wide)."""


@dataclass(frozen=True)
class Image:
    """A picture: sRGB-encoded colour, with alpha apart.

    ``pixels``: float32 (1, 3, H, W), nominally 0..1, straight (not premultiplied). ``alpha``: float32 (1, 1, H, W) in
    0..1, or None where everything is opaque. Grey pictures have three equal channels.
    """

    pixels: Tensor
    alpha: Tensor | None = None

    @property
    def width(self) -> int:
        """Pixels in a row."""
        return self.pixels.shape[3]

    @property
    def height(self) -> int:
        """Rows."""
        return self.pixels.shape[2]

    @classmethod
    def from_bytes(cls, data: bytes | bytearray | memoryview, width: int, height: int, *, channels: int, dtype: str) -> Image:
        """Read interleaved rows of grey, grey + alpha, RGB or RGBA samples (``channels`` 1 to 4; ``dtype`` u8, u16, f32).

        Raises InvalidImage when the length does not fit or samples are not finite.
        """
        kind = PIXEL_DTYPES[dtype]
        expected = width * height * channels * kind.itemsize
        if width < 1 or height < 1 or len(data) != expected:
            raise InvalidImage(
                said(
                    "The picture came with {count} bytes instead of {expected}; start the filter again.",
                    count=len(data),
                    expected=expected,
                )
            )
        samples = np.frombuffer(data, dtype=kind).reshape(height, width, channels)
        planes = torch.from_numpy(_to_planes(samples)).unsqueeze(0)
        colour = planes[:, : 1 if channels <= 2 else 3]
        alpha = planes[:, -1:].clamp_(0, 1) if channels in _ALPHA_CHANNELS else None
        return cls(colour.expand(1, 3, height, width).contiguous(), alpha)

    def to_bytes(self, *, channels: int, dtype: str) -> bytes:
        """Write what ``from_bytes`` reads; grey is the luma of Rec. 709, integers are rounded and clipped."""
        colour = self.pixels if channels >= 3 else luma(self.pixels)
        planes = list(colour[0].detach().to("cpu", torch.float32).numpy())
        if channels in _ALPHA_CHANNELS:
            planes.append(np.ones_like(planes[0]) if self.alpha is None else self.alpha[0, 0].cpu().numpy())
        return _from_planes(planes, PIXEL_DTYPES[dtype]).tobytes()

    def blend(self, other: Image, mask: Tensor) -> Image:
        """This picture where ``mask`` (1, 1, H, W) is 0, ``other`` where it is 1, a mixture between; this alpha."""
        return self.with_pixels(torch.lerp(self.pixels, other.pixels, mask))

    def with_pixels(self, pixels: Tensor) -> Image:
        """The same alpha over other colours of the same size."""
        return replace(self, pixels=pixels)


def luma(pixels: Tensor) -> Tensor:
    """Rec. 709 luma of sRGB-encoded ``pixels`` (N, 3, H, W) as (N, 1, H, W); greys come out exactly as they are."""
    red, green, blue = pixels[:, 0:1], pixels[:, 1:2], pixels[:, 2:3]
    return green + (red - green) * 0.2126 + (blue - green) * 0.0722


def _to_planes(samples: np.ndarray[tuple[int, int, int], Any]) -> np.ndarray[tuple[int, int, int], Any]:
    """(H, W, C) samples as float32 planes (C, H, W), integers as 0..1; InvalidImage unless all are finite."""
    height, width, channels = samples.shape
    limit = _LIMITS.get(samples.dtype)
    planes = np.empty((channels, height, width), np.float32)
    for rows in _bands(height):
        if limit is None and not np.isfinite(samples[rows]).all():
            raise InvalidImage(NOT_FINITE)
        for channel, plane in enumerate(planes):
            np.multiply(samples[rows, :, channel], np.float32(1 / limit if limit else 1), out=plane[rows])
    return planes


def _from_planes(planes: list[Any], kind: np.dtype[np.generic]) -> np.ndarray[tuple[int, int, int], Any]:
    """Float planes (H, W) as (H, W, C) samples."""
    height, width = planes[0].shape
    limit = _LIMITS.get(kind)
    samples = np.empty((height, width, len(planes)), kind)
    for rows in _bands(height):
        for channel, plane in enumerate(planes):
            if limit is None:
                samples[rows, :, channel] = plane[rows]
            else:
                whole = np.clip(plane[rows], 0, 1) * np.float32(limit)
                # Conversion cuts off, so half a step first makes it round.
                np.add(whole, np.float32(0.5), out=samples[rows, :, channel], casting="unsafe")
    return samples


def _bands(height: int) -> Iterator[slice]:
    return (slice(first, first + _BAND_ROWS) for first in range(0, height, _BAND_ROWS))
