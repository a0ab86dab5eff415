"""Drawn pictures with the parts that matter to a painter: flat and shaded areas, edges, texture, saturated colours."""

import math

import torch
from torch import Tensor

__all__ = ["scene", "strokes"]


def scene(height: int, width: int) -> Tensor:
    """A sky that pales downwards, green hills with some texture, and a house with a red roof, (1, 3, H, W) in 0..1."""
    down = torch.linspace(0, 1, height).view(-1, 1).expand(height, width)
    across = torch.linspace(0, 1, width).expand(height, width)
    sky = torch.stack((0.35 + 0.5 * down, 0.55 + 0.35 * down, 0.9 - 0.1 * down))
    texture = 0.08 * torch.sin(across * 90) * torch.sin(down * 70)
    hills = torch.stack((0.2 + texture, 0.45 + texture, 0.15 + texture))
    is_hill = down > 0.6 + 0.12 * torch.sin(across * 5)
    picture = torch.where(is_hill, hills, sky)
    walls = (down > 0.45) & (down < 0.75) & (across > 0.6) & (across < 0.8)
    roof = (down > 0.33) & (down <= 0.45) & ((across - 0.7).abs() < (down - 0.33) * 1.2)
    for area, colour in ((walls, (0.85, 0.8, 0.7)), (roof, (0.7, 0.15, 0.1))):
        picture = torch.where(area, torch.tensor(colour).view(3, 1, 1), picture)
    return picture.clamp(0, 1).unsqueeze(0).contiguous()


def strokes(height: int, width: int) -> Tensor:
    """Wavy diagonal strokes of dark blue, orange, cream and black, (1, 3, H, W) in 0..1."""
    down = torch.arange(height).view(-1, 1).float()
    across = torch.arange(width).float()
    phase = (across + down + 6 * torch.sin(down / 9)) / 8
    colours = torch.tensor([(0.1, 0.15, 0.5), (0.95, 0.6, 0.1), (0.95, 0.9, 0.75), (0.05, 0.05, 0.1)])
    shade = 0.85 + 0.15 * torch.cos(2 * math.pi * phase)
    picture = colours[phase.floor().long() % len(colours)] * shade.unsqueeze(2)
    return picture.permute(2, 0, 1).unsqueeze(0).contiguous()
