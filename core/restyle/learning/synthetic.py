"""Pictures drawn by rule: what photographs lack and an optimiser starts from or passes through."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.learning.chance import below, uniform

__all__ = ["draw_picture"]


def draw_picture(size: int, generator: torch.Generator) -> Tensor:
    """Return (3, size, size) in 0..1: a flat colour, gradient, stripes, checks, discs or noise, some with grain."""
    draw = _DRAWINGS[below(len(_DRAWINGS), generator)]
    picture = draw(size, generator)
    if uniform(generator) < 0.3:
        picture = picture + torch.randn(picture.shape, generator=generator) * 0.1
    return picture.clamp(0, 1)


def _colour(generator: torch.Generator) -> Tensor:
    """A random colour; half of them at a corner or edge of the cube, where colours are pure."""
    colour = torch.rand((3, 1, 1), generator=generator)
    if uniform(generator) < 0.5:
        colour = (colour * 3 - 1).clamp(0, 1)
    return colour


def _plane_wave(size: int, generator: torch.Generator, cycles: float) -> Tensor:
    """The phase (size, size), in cycles, of a wave of random direction."""
    angle = uniform(generator) * math.tau
    axis = torch.linspace(0, 1, size)
    offset = uniform(generator)
    return (axis[None] * math.cos(angle) + axis[:, None] * math.sin(angle)) * cycles + offset


def _flat(size: int, generator: torch.Generator) -> Tensor:
    return _colour(generator).expand(3, size, size).clone()


def _gradient(size: int, generator: torch.Generator) -> Tensor:
    phase = _plane_wave(size, generator, 1.0)
    weight = (phase - phase.min()) / (phase.max() - phase.min())
    return torch.lerp(_colour(generator), _colour(generator), weight)


def _stripes(size: int, generator: torch.Generator) -> Tensor:
    wave = torch.sin(_plane_wave(size, generator, _cycles(size, generator)) * math.tau)
    sharpness = 10 ** uniform(generator)
    return torch.lerp(_colour(generator), _colour(generator), (wave * sharpness).clamp(-1, 1) / 2 + 0.5)


def _checks(size: int, generator: torch.Generator) -> Tensor:
    cycles = _cycles(size, generator)
    waves = [torch.sin(_plane_wave(size, generator, cycles) * math.tau) for _ in range(2)]
    return torch.lerp(_colour(generator), _colour(generator), (waves[0] * waves[1] > 0).float())


def _discs(size: int, generator: torch.Generator) -> Tensor:
    picture = _flat(size, generator)
    axis = torch.linspace(0, 1, size)
    for _ in range(int(torch.randint(1, 20, (), generator=generator))):
        x, y, radius = torch.rand(3, generator=generator).tolist()
        inside = (axis[None] - x) ** 2 + (axis[:, None] - y) ** 2 < (0.3 * radius) ** 2
        picture = torch.where(inside, _colour(generator), picture)
    return picture


def _noise(size: int, generator: torch.Generator) -> Tensor:
    """Coloured noise of a random grain around a colour, from single pixels to clouds."""
    cells = max(2, size >> below(6, generator))
    noise = torch.randn((1, 3, cells, cells), generator=generator)
    smooth = F.interpolate(noise, (size, size), mode="bicubic")[0]
    return _colour(generator) + smooth * uniform(generator) * 0.6


def _cycles(size: int, generator: torch.Generator) -> float:
    return float((size / 4) ** uniform(generator))


_DRAWINGS: tuple[Callable[[int, torch.Generator], Tensor], ...] = (_flat, _flat, _gradient, _stripes, _checks, _discs, _noise)
