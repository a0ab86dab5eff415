"""Pieces with borders: tesserae, glass, shards, pixels."""

from __future__ import annotations

import numpy as np

from restyle_training.drawn.canvas import (
    ASPECT,
    Colours,
    Plane,
    cells,
    colour,
    flat,
    layered,
    line,
    noise,
    relaxed,
    smooth,
    step,
)

__all__ = ["glass", "mosaic", "pixels", "shards"]

JEWELS = ("#0d2f8f", "#1f6fd6", "#3fb0e8", "#0f8f6b", "#59c36a", "#f2d33c", "#f39a1f", "#d8261c", "#8f1436", "#6a2a94", "#f4ecd8")
STONES = ("#7a2e1f", "#c4562f", "#e6a24a", "#f1dfb4", "#8fb0a3", "#2f6f86", "#173f5f", "#f1dfb4", "#d98a3d")
GROUT = "#efe6d2"
CUBES = ("#2b2a33", "#5b5048", "#8c7453", "#c09a63", "#e6cf9c", "#9fa6a0", "#5f6f78", "#34434f", "#7b4a34", "#b5703f")
SPRITES = (
    "#1a1c2c",
    "#5d275d",
    "#b13e53",
    "#ef7d57",
    "#ffcd75",
    "#a7f070",
    "#38b764",
    "#257179",
    "#29366f",
    "#3b5dc9",
    "#41a6f6",
    "#73eff7",
)


def glass() -> Colours:
    """A window: jewels of glass between lines of lead, lit from its middle."""
    plane = Plane(2016)
    points = relaxed(plane, 150)
    index, border = cells(points, plane.x, plane.y)
    away = np.hypot(points[:, 0] - ASPECT / 2, points[:, 1] - 0.5)
    ring = away * 3.1 + 0.12 * np.sin(6 * np.arctan2(points[:, 1] - 0.5, points[:, 0] - ASPECT / 2))
    number = np.floor(ring * 5.3) + plane.random.integers(0, 3, len(points))
    glow = (0.86 + 0.2 * plane.random.random(len(points)))[index] * (1 + 0.1 * noise(plane, 10))
    colours = flat(JEWELS, number[index]) * glow[..., None]
    # Lead throws a little shadow on the glass beside it.
    return layered(colours * (0.7 + 0.3 * smooth(border / 0.012))[..., None], "#14110f", step(0.0055 - border))


def mosaic() -> Colours:
    """A Roman floor: rows of small stones around a sun, over waves."""
    plane = Plane(79)
    points, tones = [], []
    middle, pitch = np.array([0.52, 0.42]), 0.0235
    for ring in range(46):
        radius = (ring + 0.5) * pitch
        count = max(int(2 * np.pi * radius / pitch), 1)
        angle = (np.arange(count) + plane.random.random()) * 2 * np.pi / count
        at = middle + radius * np.stack([np.cos(angle), np.sin(angle)], 1)
        # The sun's rays, then bands of sky, then waves below.
        sun = radius < 0.15 + 0.05 * np.cos(12 * angle)
        sea = at[:, 1] > 0.72 + 0.035 * np.sin(9 * at[:, 0])
        band = np.where(sun, np.where(radius < 0.07, 2, np.where(radius < 0.12, 1, 0)), 3 + int(radius * 7) % 2)
        band = np.where(sea, 5 + ((at[:, 1] + 0.03 * np.sin(9 * at[:, 0])) * 16).astype(int) % 3, band)
        points.append(at)
        tones.append(band)
    places, numbers = np.concatenate(points), np.concatenate(tones)
    places = places + plane.random.normal(0, 0.0012, places.shape)
    index, border = cells(places, plane.x, plane.y)
    worn = plane.random.normal(1, 0.1, len(places))[index] * (1 + 0.03 * noise(plane, 60))
    tint = plane.random.normal(0, 0.025, (len(places), 3))[index]
    return layered(flat(STONES, numbers[index]) * worn[..., None] + tint, GROUT, step(0.0021 - border))


def shards() -> Colours:
    """Planes of ochre and slate that overlap, each lit from one of its edges: a table seen from many sides."""
    plane = Plane(1910)
    colours = colour(CUBES, 0.5 + 0.2 * noise(plane, 2))
    for _ in range(90):
        x, y = plane.random.random(2) * (ASPECT, 1)
        turn, size = plane.random.choice([0.3, 1.1, 1.9, 2.6]) + plane.random.normal(0, 0.12), plane.random.uniform(0.08, 0.3)
        along = (plane.x - x) * np.cos(turn) + (plane.y - y) * np.sin(turn)
        across = (plane.y - y) * np.cos(turn) - (plane.x - x) * np.sin(turn)
        slant = plane.random.uniform(-0.5, 0.5)
        inside = step(size - np.abs(along), 0.004) * step(
            size * plane.random.uniform(0.3, 0.6) - np.abs(across + slant * along), 0.004
        )
        light = np.clip(0.5 + along / size / 2, 0, 1)
        tone = plane.random.random() * 0.75 + 0.25 * light
        colours = layered(colours, colour(CUBES, tone) * (0.72 + 0.42 * light)[..., None], inside * (0.35 + 0.6 * light))
        colours = layered(colours, "#1c1a1c", line(along - size, 0.005) * (np.abs(across) < size * 0.5) * 0.85)
    return np.clip(colours * (1 + 0.035 * noise(plane, 90, 2))[..., None], 0, 1)


def pixels() -> Colours:
    """A landscape of a game of old: large square pixels of few colours, a sun, hills, water."""
    plane = Plane(8)
    pitch = 1 / 48
    column, row = np.floor(plane.x / pitch) * pitch, np.floor(plane.y / pitch) * pitch
    checker = (np.floor(plane.x / pitch) + np.floor(plane.y / pitch)) % 2
    sky = np.floor(1.2 + row * 9 + 0.5 * checker)
    number = np.where(row < 0.62, np.clip(sky, 1, 5), 0)
    sun = np.hypot(column - 0.93, row - 0.33) < 0.17
    number = np.where(sun, np.where((row * 48) % 6 < 4, 4, 3), number)
    for base, swing, speed, tone in ((0.5, 0.09, 7, 8), (0.58, 0.07, 11, 7), (0.68, 0.05, 6, 6)):
        hill = base + swing * np.sin(speed * column + base * 20) + 0.02 * np.sin(31 * column)
        number = np.where(row > hill, tone + ((row - hill < 0.05) & (checker > 0)) * 1, number)
    water = row > 0.8
    number = np.where(
        water, np.where(np.sin(40 * row) + np.sin(17 * column + 60 * row) > 0.8, 11, 9 + checker * (row > 0.88)), number
    )
    grid = np.minimum((plane.x / pitch) % 1, (plane.y / pitch) % 1)
    return flat(SPRITES, number) * (0.82 + 0.18 * step(grid - 0.07, 0.04))[..., None]
