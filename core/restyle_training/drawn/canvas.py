"""What the drawn styles share: a plane of coordinates, smooth noise, flows, cells and palettes.

Fields are (H, W) arrays over the plane, colours (H, W, 3) of sRGB in 0..1. ``x`` runs over 0..4/3 and ``y`` over 0..1, downwards.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from scipy.spatial import cKDTree

__all__ = [
    "ASPECT",
    "SIZE",
    "Colours",
    "Field",
    "Plane",
    "as_bytes",
    "blurred",
    "cells",
    "colour",
    "flat",
    "lattice",
    "layered",
    "line",
    "noise",
    "picture",
    "relaxed",
    "smooth",
    "step",
]

Field = NDArray[np.float64]
"""(H, W)."""

Colours = NDArray[np.float64]
"""(H, W, 3), sRGB in 0..1."""

SIZE = (768, 576)
SUPERSAMPLING = 2
ASPECT = SIZE[0] / SIZE[1]


class Plane:
    """Coordinates of a picture's pixels, and the random numbers of one style."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        height, width = SIZE[1] * SUPERSAMPLING, SIZE[0] * SUPERSAMPLING
        self.y, self.x = np.mgrid[0:height, 0:width] / height

    @property
    def shape(self) -> tuple[int, int]:
        """(H, W) of its fields."""
        return self.x.shape[0], self.x.shape[1]

    def around(self, x: float, y: float) -> tuple[Field, Field]:
        """(distance from a place, angle around it in radians)"""
        return np.hypot(self.x - x, self.y - y), np.arctan2(self.y - y, self.x - x)


def noise(plane: Plane, scale: float, octaves: int = 3) -> Field:
    """Smooth noise about 0 with unit deviation; ``scale`` is how many of its largest waves fit the height."""
    height, width = plane.shape
    total = np.zeros(plane.shape)
    for octave in range(octaves):
        rows = max(int(scale * 2**octave) + 3, 4)
        columns = int(rows * ASPECT) + 3
        grid = plane.random.normal(size=(rows, columns))
        place = np.meshgrid(np.linspace(1, rows - 2, height), np.linspace(1, columns - 2, width), indexing="ij")
        total += ndimage.map_coordinates(grid, place, order=3, mode="reflect") / 2**octave
    result: Field = (total - total.mean()) / total.std()
    return result


def relaxed(plane: Plane, count: int, rounds: int = 4) -> NDArray[np.float64]:
    """Points (count, 2) over the plane, no two of them close: Lloyd's algorithm on samples."""
    points = plane.random.random((count, 2)) * (ASPECT, 1)
    samples = plane.random.random((count * 60, 2)) * (ASPECT, 1)
    for _ in range(rounds):
        owner = cKDTree(points).query(samples)[1]
        sums = np.stack([np.bincount(owner, samples[:, axis], count) for axis in (0, 1)], 1)
        points = np.where(
            np.bincount(owner, minlength=count)[:, None] > 0,
            sums / np.maximum(np.bincount(owner, minlength=count), 1)[:, None],
            points,
        )
    return points


def cells(points: NDArray[np.float64], x: Field, y: Field) -> tuple[NDArray[np.int64], Field]:
    """(index of each pixel's nearest point, its distance from the border between the nearest two)"""
    distance, index = cKDTree(points).query(np.stack([x.ravel(), y.ravel()], 1), k=2)
    near, far = points[index[:, 0]], points[index[:, 1]]
    apart = np.maximum(np.hypot(*(near - far).T), 1e-9)
    border = (distance[:, 1] ** 2 - distance[:, 0] ** 2) / (2 * apart)
    return index[:, 0].reshape(x.shape), border.reshape(x.shape)


def lattice(x: Field, y: Field, pitch: float, degrees: float = 0.0) -> tuple[Field, Field, Field]:
    """A turned square lattice: (distance from the nearest of its points, that point's x, its y)"""
    turn = np.radians(degrees)
    along, across = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    column, row = np.round(along / pitch) * pitch, np.round(across / pitch) * pitch
    return (
        np.hypot(along - column, across - row),
        column * np.cos(turn) - row * np.sin(turn),
        row * np.cos(turn) + column * np.sin(turn),
    )


def rgb(code: str) -> NDArray[np.float64]:
    """The colour (3,) of ``#rrggbb``."""
    return np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)], dtype=float) / 255


def colour(palette: Sequence[str], tone: Field) -> Colours:
    """The palette's colours, blended, at 0..1 of its length."""
    stops, place = np.array([rgb(code) for code in palette]), np.linspace(0, 1, len(palette))
    return np.stack([np.interp(np.clip(tone, 0, 1), place, stops[:, channel]) for channel in range(3)], -1)


def flat(palette: Sequence[str], number: Field | NDArray[np.int64]) -> Colours:
    """The palette's colours by whole numbers, again and again."""
    stops = np.array([rgb(code) for code in palette])
    return stops[np.asarray(np.floor(number), dtype=np.int64) % len(palette)]


def step(value: Field, width: float = 0.002) -> Field:
    """0 below 0 and 1 above, soft over ``width``."""
    return np.clip(value / width + 0.5, 0, 1)


def smooth(value: Field) -> Field:
    """0..1 with soft ends."""
    held = np.clip(value, 0, 1)
    return held * held * (3 - 2 * held)


def line(distance: Field, width: Field | float) -> Field:
    """1 within half of ``width`` of where ``distance`` is 0, 0 outside."""
    return step(np.asarray(width) / 2 - np.abs(distance))


def layered(below: Colours, above: Colours | str, cover: Field) -> Colours:
    """``above`` over ``below`` where ``cover`` is 1."""
    paint = rgb(above) if isinstance(above, str) else above
    return below + (paint - below) * np.clip(cover, 0, 1)[..., None]


def blurred(field: Field, width: float) -> Field:
    """Gaussian blur, ``width`` in heights of the plane."""
    result: Field = ndimage.gaussian_filter(field, width * field.shape[0], mode="nearest")
    return result


def as_bytes(colours: Colours) -> NDArray[np.uint8]:
    """(H, W, 3)"""
    result: NDArray[np.uint8] = (np.clip(colours, 0, 1) * 255).round().astype(np.uint8)
    return result


def picture(colours: Colours) -> Image.Image:
    """At its final size."""
    return Image.fromarray(as_bytes(colours)).resize(SIZE, Image.Resampling.LANCZOS)
