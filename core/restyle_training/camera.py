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
from restyle_training.jpeg import compressed

__all__ = ["Habits", "Shot", "photograph"]


@dataclass(frozen=True)
class Habits:
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


class _Dice:
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


def photograph(scene: Tensor, generator: torch.Generator, habits: Habits | None = None, *, detail: bool = True) -> Shot:
    """Take photos of good pictures (N, 3, H, W) in 0..1; sides multiples of 16 where there is `detail` (blur, noise, JPEG)."""
    habits = habits or Habits()
    dice = _Dice(scene.shape[0], generator)
    light = _Light(dice, habits)
    clean = light.toned(light.exposed(scene)).clamp(0, 1)
    if not detail:
        return Shot(clean, clean)
    lens = _blurred(scene, dice.uniform(*habits.blur_px))
    raw = _noisy(light.exposed(lens), 10 ** dice.uniform(*habits.shot_noise), dice)
    toned = light.toned(_smeared(raw, dice.uniform(0, habits.smear) * dice.often(0.7))).clamp(0, 1)
    sharp = _sharpened(toned, dice.uniform(0, habits.sharpening) * dice.often(0.6)).clamp(0, 1)
    taken = compressed(sharp, dice.uniform(*habits.quality)).clamp(0, 1)
    return Shot(torch.where(dice.often(habits.good_detail) > 0, clean, taken), clean)


class _Light:
    """One camera for each picture: what it does to light and colour."""

    def __init__(self, dice: _Dice, habits: Habits) -> None:
        bad = 1 - dice.often(habits.good_light)
        # Cubed: many small faults, few large ones.
        degree = bad * dice.uniform(0.3, 1.0)
        self.stops = dice.normal(*habits.exposure).clamp(*habits.exposure_bounds) * degree
        gains = [dice.normal(0, habits.white_balance) * degree for _ in range(2)]
        # Luma of grey is kept: exposure is another setting.
        green = -(0.2126 * gains[0] + 0.0722 * gains[1]) / 0.7152
        self.gains = torch.cat((gains[0], green, gains[1]), 1)
        self.gamma = 2 ** (dice.normal(*habits.gamma) * degree)
        self.contrast = dice.uniform(*habits.contrast) * degree
        self.haze = dice.uniform(0, habits.haze) * degree * dice.often(0.5)
        self.saturation = 1 + (dice.uniform(*habits.saturation) - 1) * degree
        self.hue = torch.cat([dice.normal(0, habits.hue) * degree for _ in range(2)], 1)
        self.vignetting = dice.uniform(0, habits.vignetting) * degree * dice.often(0.6)

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


def _noisy(light: Tensor, variance: Tensor, dice: _Dice) -> Tensor:
    """Shot noise that grows with the light, read noise that does not, and the blotches that demosaicing makes of colour noise."""
    deviation = (variance * (light + 0.02)).sqrt()
    fine = dice.noise(light)
    blotches = F.interpolate(dice.noise(light[:, :, ::2, ::2]), light.shape[2:], mode="bilinear", align_corners=False)
    blotches = blotches - blotches.mean(1, keepdim=True)
    grey = dice.noise(light[:, :1])
    return (light + deviation * (0.6 * grey + 0.5 * fine + 0.6 * blotches)).clamp(0, 1)


def _smeared(light: Tensor, amount: Tensor) -> Tensor:
    """What an edge-preserving denoiser leaves: flat patches with hard edges (guided filter by itself: He, Sun, Tang 2010)."""
    encoded = linear_to_srgb(light)
    mean, square = _box(encoded), _box(encoded.square())
    variance = (square - mean.square()).clamp_min(0)
    slope = variance / (variance + 0.0008)
    smooth = _box(slope) * encoded + _box((1 - slope) * mean)
    return srgb_to_linear(torch.lerp(encoded, smooth, amount).clamp(0, 1))


def _sharpened(pictures: Tensor, amount: Tensor) -> Tensor:
    grey = luma(pictures)
    return pictures + amount * (grey - _box(grey, 1))


def _box(pictures: Tensor, radius: int = 2) -> Tensor:
    return F.avg_pool2d(F.pad(pictures, (radius,) * 4, mode="replicate"), 2 * radius + 1, stride=1)
