"""ICC profiles: pictures from their own colour space to sRGB and back, by Little CMS in float32.

Colours that sRGB does not have become values out of 0..1, so that the way back restores them (measured: within 1e-4); only
what a filter paints is limited to sRGB. Rendering intent is relative colorimetric, which matrix profiles all have.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

import imagecodecs
import numpy as np
import torch
from PIL import ImageCms

from restyle.pictures.image import Image, luma

__all__ = ["ColorSpace", "color_space", "from_srgb", "is_srgb", "is_usable", "to_srgb"]

Samples = np.ndarray[Any, Any]

ColorSpace = Literal["rgb", "gray", "cmyk", "other"]

_SIGNATURES: dict[bytes, ColorSpace] = {b"RGB ": "rgb", b"GRAY": "gray", b"CMYK": "cmyk"}
_SIGNATURE_AT = slice(16, 20)
"""Where a profile's head names its colour space (ICC.1:2010, 7.2.6)."""

_PROBE_STEPS = 9
_SRGB_TOLERANCE = 1 / 1024
"""A quarter of an 8-bit step: profiles that differ less from sRGB are sRGB with other roundings."""

_WAY_BACK_TOLERANCE = 1 / 256
"""What a value may lose on the way to sRGB and back; profiles of tables and of extended ranges lose whole colours."""

_BAND_ROWS = 64


def color_space(profile: bytes) -> ColorSpace:
    """The colour space whose values a profile explains."""
    return _SIGNATURES.get(profile[_SIGNATURE_AT], "other")


def is_usable(profile: bytes) -> bool:
    """Whether pictures can be converted from this profile to sRGB and back."""
    space = color_space(profile)
    if space not in ("rgb", "gray"):
        return False
    probe = _probe(3 if space == "rgb" else 1)
    try:
        there = _transform(probe, profile, _srgb_profile(), space, "rgb")
        back = _transform(there, _srgb_profile(), profile, "rgb", space)
    except imagecodecs.CmsError:
        return False
    return bool(np.abs(back - probe).max() < _WAY_BACK_TOLERANCE)


def is_srgb(profile: bytes) -> bool:
    """Whether converting (from a usable profile) would change nothing that can be seen."""
    if color_space(profile) != "rgb":
        return False
    probe = _probe(3)
    converted = _transform(probe, profile, _srgb_profile(), "rgb", "rgb")
    return bool(np.abs(converted - probe).max() < _SRGB_TOLERANCE)


def to_srgb(image: Image, profile: bytes) -> Image:
    """A picture whose values are those of ``profile`` (usable) as sRGB."""
    space = color_space(profile)
    pixels = image.pixels if space == "rgb" else image.pixels[:, :1]
    return image.with_pixels(_converted(pixels, profile, _srgb_profile(), space, "rgb"))


def from_srgb(image: Image, profile: bytes) -> Image:
    """The inverse of ``to_srgb``; for grey profiles the luma counts, and all three channels come out equal."""
    space = color_space(profile)
    pixels = image.pixels if space == "rgb" else luma(image.pixels).expand(-1, 3, -1, -1)
    converted = _converted(pixels, _srgb_profile(), profile, "rgb", space)
    return image.with_pixels(converted.expand(-1, 3, -1, -1).contiguous())


def _converted(pixels: torch.Tensor, source: bytes, target: bytes, space: str, target_space: str) -> torch.Tensor:
    rows = pixels[0].permute(1, 2, 0).contiguous().numpy()
    bands = [rows[first : first + _BAND_ROWS] for first in range(0, len(rows), _BAND_ROWS)]
    # Little CMS is single-threaded and slow in floats; it lets go of Python's lock, so bands run side by side.
    with ThreadPoolExecutor(torch.get_num_threads()) as threads:
        done = list(threads.map(lambda band: _transform(band, source, target, space, target_space), bands))
    whole = torch.from_numpy(np.concatenate(done)).reshape(*rows.shape[:2], -1)
    return whole.permute(2, 0, 1).unsqueeze(0).contiguous()


def _transform(samples: Samples, source: bytes, target: bytes, space: str, target_space: str) -> Samples:
    converted = imagecodecs.cms_transform(samples, source, target, colorspace=space, outcolorspace=target_space)
    return np.asarray(converted, np.float32).reshape(*samples.shape[:2], -1)


def _probe(channels: int) -> Samples:
    """Values from all over a colour space, as one row of pixels."""
    axis = np.linspace(0, 1, _PROBE_STEPS, dtype=np.float32)
    return np.stack(np.meshgrid(*[axis] * channels), -1).reshape(1, -1, channels)


def _srgb_profile() -> bytes:
    profile: bytes = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile
