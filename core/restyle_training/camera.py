"""A camera model: what a phone's small lens, small sensor and hasty processing make of a scene that a good photo shows.

In the order in which it happens: lens blur and vignetting, exposure and white balance in linear light, shot and read noise, a
denoiser that smears, tone curve, haze and narrow gamut, sharpening, JPEG. All of it works on a batch, each picture with
its own camera; a share of the pictures is taken by a camera that does nothing, so that good photos are left alone.
Where we differ from DPED, which photographed scenes with phones and a DSLR side by side: our pairs are aligned to the pixel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.pictures.color import linear_to_srgb, srgb_to_linear
from restyle.pictures.image import luma
from restyle.pictures.windows import box_mean
from restyle_training.jpeg import compressed

__all__ = ["Augmentation", "Shot", "photograph"]

SMEAR_RADIUS_PX = 2  # of the window that a denoiser smooths over


@dataclass(frozen=True)
class Augmentation:
    """How cameras differ: deviations and bounds of the settings that are drawn for each picture."""

    good_light: float = 0.3  # share of pictures whose light and colour are left alone
    good_detail: float = 0.25  # share of pictures whose detail is left alone
    exposure: tuple[float, float] = (-0.5, 0.5)  # mean and deviation, in stops: phones protect highlights
    exposure_bounds: tuple[float, float] = (-2.0, 0.5)
    white_balance: float = 0.12  # deviation of the gains of red and blue, in stops
    gamma: tuple[float, float] = (0.12, 0.15)  # mean and deviation, in octaves: mean above 0 crushes shadows
    contrast: tuple[float, float] = (-0.6, 0.5)  # bounds; below 0 flatter
    haze: float = 0.1  # most that black is lifted
    saturation: tuple[float, float] = (0.5, 1.0)
    hue: float = 0.06  # deviation of what colours mix into one another
    vignetting: float = 0.45  # most
    blur_px: tuple[float, float] = (0.2, 1.5)
    shot_noise: tuple[float, float] = (-4.2, -2.3)  # decades of the variance at full light
    smear: float = 0.8  # most
    sharpening: float = 1.2  # most
    quality: tuple[float, float] = (45.0, 98.0)


@dataclass(frozen=True)
class Shot:
    """Pictures (N, 3, H, W) in 0..1: the photo taken, and the same light and colours without blur, noise and JPEG."""

    photo: Tensor
    clean: Tensor


class _Draws:
    """Random settings (N, 1, 1, 1), one for each picture."""

    def __init__(self, count: int, generator: torch.Generator) -> None:
        self._shape, self._generator = (count, 1, 1, 1), generator

    def uniform(self, low: float = 0.0, high: float = 1.0) -> Tensor:
        return torch.rand(self._shape, generator=self._generator) * (high - low) + low

    def normal(self, mean: float = 0.0, deviation: float = 1.0) -> Tensor:
        return torch.randn(self._shape, generator=self._generator) * deviation + mean

    def often(self, share: float) -> Tensor:
        return (self.uniform() < share).float()

    def noise(self, like: Tensor) -> Tensor:
        return torch.randn(like.shape, generator=self._generator)


def photograph(
    scene: Tensor, generator: torch.Generator, augmentation: Augmentation | None = None, *, detail: bool = True
) -> Shot:
    """Take photos of good pictures (N, 3, H, W) in 0..1; sides multiples of 16 where there is `detail` (blur, noise, JPEG)."""
    augmentation = augmentation or Augmentation()
    draws = _Draws(scene.shape[0], generator)
    light = _Light(draws, augmentation)
    clean = light.toned(light.exposed(scene)).clamp(0, 1)
    if not detail:
        return Shot(clean, clean)
    lens = _blurred(scene, draws.uniform(*augmentation.blur_px))
    raw = _noisy(light.exposed(lens), 10 ** draws.uniform(*augmentation.shot_noise), draws)
    toned = light.toned(_smeared(raw, draws.uniform(0, augmentation.smear) * draws.often(0.7))).clamp(0, 1)
    sharp = _sharpened(toned, draws.uniform(0, augmentation.sharpening) * draws.often(0.6)).clamp(0, 1)
    taken = compressed(sharp, draws.uniform(*augmentation.quality)).clamp(0, 1)
    return Shot(torch.where(draws.often(augmentation.good_detail) > 0, clean, taken), clean)


class _Light:
    """One camera for each picture: what it does to light and colour."""

    def __init__(self, draws: _Draws, augmentation: Augmentation) -> None:
        bad = 1 - draws.often(augmentation.good_light)
        degree = bad * draws.uniform(0.3, 1.0)
        self.stops = draws.normal(*augmentation.exposure).clamp(*augmentation.exposure_bounds) * degree
        gains = [draws.normal(0, augmentation.white_balance) * degree for _ in range(2)]
        # Luma of grey is kept: exposure is another setting.
        green = -(0.2126 * gains[0] + 0.0722 * gains[1]) / 0.7152
        self.gains = torch.cat((gains[0], green, gains[1]), 1)
        self.gamma = 2 ** (draws.normal(*augmentation.gamma) * degree)
        self.contrast = draws.uniform(*augmentation.contrast) * degree
        self.haze = draws.uniform(0, augmentation.haze) * degree * draws.often(0.5)
        self.saturation = 1 + (draws.uniform(*augmentation.saturation) - 1) * degree
        self.hue = torch.cat([draws.normal(0, augmentation.hue) * degree for _ in range(2)], 1)
        self.vignetting = draws.uniform(0, augmentation.vignetting) * degree * draws.often(0.6)

    def exposed(self, scene: Tensor) -> Tensor:
        """The light that falls on the sensor, clipped at 1."""
        down, across = (torch.linspace(-1, 1, size) for size in scene.shape[2:])
        distance = (down[:, None].square() + across.square()) / 2
        falloff = (1 + self.vignetting * distance) ** -2
        return (srgb_to_linear(scene) * 2 ** (self.stops + self.gains) * falloff).clamp(0, 1)

    def toned(self, light: Tensor) -> Tensor:
        """The picture that the phone's processing makes of it."""
        encoded: Tensor = linear_to_srgb(light) ** self.gamma
        encoded = encoded - self.contrast * torch.sin(2 * math.pi * encoded) / (2 * math.pi)
        grey = luma(encoded)
        red, blue = encoded[:, 0:1] - grey, encoded[:, 2:3] - grey
        red, blue = (
            red * self.saturation + blue * self.hue[:, 0:1],
            blue * self.saturation + red * self.hue[:, 1:2],
        )
        pale = grey + torch.cat((red, (red * 0.2126 + blue * 0.0722) / -0.7152, blue), 1)
        return pale * (1 - self.haze) + self.haze


def _blurred(pictures: Tensor, sigma_px: Tensor) -> Tensor:
    """Gaussian blur, each picture by its own deviation (N, 1, 1, 1)."""
    radius = max(1, math.ceil(2.5 * float(sigma_px.max())))
    place = torch.arange(-radius, radius + 1, dtype=torch.float32)
    kernel = torch.exp(-place.square() / (2 * sigma_px.view(-1, 1).square()))
    kernel = (kernel / kernel.sum(1, keepdim=True)).repeat_interleave(3, 0)
    count, _, height, width = pictures.shape
    flat = F.pad(pictures, (radius,) * 4, mode="reflect").reshape(1, 3 * count, height + 2 * radius, width + 2 * radius)
    across = F.conv2d(flat, kernel[:, None, None, :], groups=3 * count)
    return F.conv2d(across, kernel[:, None, :, None], groups=3 * count).view_as(pictures)


def _noisy(light: Tensor, variance: Tensor, draws: _Draws) -> Tensor:
    """Shot noise that grows with the light, read noise that does not, and the blotches that demosaicing makes of colour noise."""
    deviation = (variance * (light + 0.02)).sqrt()
    fine = draws.noise(light)
    blotches = F.interpolate(draws.noise(light[:, :, ::2, ::2]), light.shape[2:], mode="bilinear", align_corners=False)
    blotches = blotches - blotches.mean(1, keepdim=True)
    grey = draws.noise(light[:, :1])
    return (light + deviation * (0.6 * grey + 0.5 * fine + 0.6 * blotches)).clamp(0, 1)


def _smeared(light: Tensor, amount: Tensor) -> Tensor:
    """What an edge-preserving denoiser leaves: flat patches with hard edges (guided filter by itself: He, Sun, Tang 2010)."""
    encoded = linear_to_srgb(light)
    mean, square = (box_mean(maps, SMEAR_RADIUS_PX) for maps in (encoded, encoded.square()))
    variance = (square - mean.square()).clamp_min(0)
    slope = variance / (variance + 0.0008)
    smooth = box_mean(slope, SMEAR_RADIUS_PX) * encoded + box_mean((1 - slope) * mean, SMEAR_RADIUS_PX)
    return srgb_to_linear(torch.lerp(encoded, smooth, amount).clamp(0, 1))


def _sharpened(pictures: Tensor, amount: Tensor) -> Tensor:
    grey = luma(pictures)
    return pictures + amount * (grey - box_mean(grey, 1))
