"""Ornament: cut paper, woven wool, a grid of primaries, flowing lines of gold, wax on indigo."""

from __future__ import annotations

import numpy as np

from restyle_training.drawn.canvas import (
    ASPECT,
    Colours,
    Field,
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

__all__ = ["batik", "gold_lines", "grid", "paper", "weave"]

PAPER = ("#f4efe2", "#123c8c", "#e23b2e", "#f5b81c", "#1c8a5a", "#ef7fa4", "#15161c", "#48b4d8", "#f07a1d")
WOOL = ("#7c1d1d", "#c8442b", "#e9a03b", "#f3e3c0", "#1f3a5f", "#2f6f6a", "#141414")


def paper() -> Colours:
    """Leaves and suns cut from coloured paper, on sheets of paper."""
    plane = Plane(2019)
    columns, rows = 4, 3
    column, row = np.floor(plane.x / ASPECT * columns), np.floor(plane.y * rows)
    colours = flat(PAPER, (column + row * columns) * 4)
    for n in range(columns * rows):
        x, y = ASPECT * (n % columns + 0.5) / columns, (n // columns + 0.5) / rows
        away, angle = plane.around(x, y)
        turn = plane.random.uniform(0, 2 * np.pi)
        rays = int(plane.random.integers(9, 13))
        if n % 3:
            edge = 0.161 * (0.62 + 0.38 * np.cos(7 * (angle - turn)) * (0.6 + 0.4 * np.cos(angle - 2 * turn)))
            core = 0.031
        else:
            edge = 0.14 * (0.55 + 1.0 * np.abs(((angle * rays / (2 * np.pi)) % 1) - 0.5))
            core = 0.055
        # Paper lies on paper: a narrow shadow.
        shadow, _ = plane.around(x + 0.004, y + 0.005)
        colours = layered(colours, "#000000", 0.25 * step(edge - shadow, 0.012))
        colours = layered(colours, PAPER[(n * 4 + 2) % len(PAPER)], step(edge - away))
        colours = layered(colours, PAPER[(n * 4 + 5) % len(PAPER)], step(core - away))
    return colours * (1 + 0.012 * noise(plane, 100, 2))[..., None]


def weave() -> Colours:
    """A flat-woven rug: stepped diamonds and zigzags of dyed wool, thread by thread."""
    plane = Plane(1700)
    pitch = 1 / 96
    column, row = np.floor(plane.x / pitch), np.floor(plane.y / pitch)
    across, down = np.abs((column + 24) % 32 - 16), np.abs(row % 32 - 16)
    diamond = across + down
    number = np.select([diamond < 5, diamond < 9, diamond < 13, diamond < 16], [2, 4, 3, 1], 0)
    zigzag = (row + np.abs(column % 12 - 6)) % 12
    border = (row % 48 > 36) & (row % 48 < 48)
    number = np.where(border, np.select([zigzag < 3, zigzag < 6, zigzag < 9], [5, 3, 2], 6), number)
    worn = 1 + 0.1 * plane.random.normal(size=(200, 200))[(row % 200).astype(int), (column % 200).astype(int)]
    u, v = (plane.x / pitch) % 1 - 0.5, (plane.y / pitch) % 1 - 0.5
    over = (column + row) % 2
    # Warp over weft and weft over warp, each a round thread.
    round_thread = np.sqrt(np.clip(1 - (1.85 * np.where(over > 0, u, v)) ** 2, 0, 1))
    result: Colours = flat(WOOL, number) * (worn * (0.55 + 0.5 * round_thread))[..., None]
    return result


def grid() -> Colours:
    """Black bars, white fields and a few in red, blue and yellow."""
    plane = Plane(1930)
    fields = [(0.0, 0.0, ASPECT, 1.0)]
    for _ in range(5):
        parts = []
        for left, top, right, bottom in fields:
            wide, tall = right - left, bottom - top
            if max(wide, tall) < 0.26 or plane.random.random() < 0.12:
                parts.append((left, top, right, bottom))
                continue
            share = plane.random.choice([0.3, 0.38, 0.62, 0.7])
            if wide > tall:
                parts += [(left, top, left + share * wide, bottom), (left + share * wide, top, right, bottom)]
            else:
                parts += [(left, top, right, top + share * tall), (left, top + share * tall, right, bottom)]
        fields = parts
    colours = np.ones((*plane.shape, 3)) * (0.955, 0.945, 0.91)
    paints = ("#d6201f", "#f2efe4", "#f2efe4", "#1f47a8", "#f2efe4", "#f5cf1d", "#e8e4d8", "#d6201f", "#f2efe4", "#141414")
    bars = np.zeros(plane.shape)
    for k, (left, top, right, bottom) in enumerate(fields):
        inside = (plane.x >= left) & (plane.x < right) & (plane.y >= top) & (plane.y < bottom)
        colours = layered(colours, paints[k % len(paints)], inside * 1.0)
        edge = np.minimum(
            np.minimum(np.abs(plane.x - left), np.abs(plane.x - right)),
            np.minimum(np.abs(plane.y - top), np.abs(plane.y - bottom)),
        )
        bars = np.maximum(bars, inside * step(0.0105 - edge))
    brush = 1 + 0.015 * noise(plane, 40, 2)
    return layered(colours * brush[..., None], "#101010", bars)


def gold_lines() -> Colours:
    """Long lines that whip and curl, in gold on petrol, with eyes of peacock's feathers."""
    plane = Plane(1900)
    x, y = plane.x, plane.y
    for k in range(4):
        x, y = x + 0.09 / (k + 1) * np.sin(4.2 * (k + 1) * y + k), y + 0.09 / (k + 1) * np.sin(3.6 * (k + 1) * x + 2 * k)
    run = y * 9 + 1.2 * np.sin(3 * x)
    band = np.floor(run)
    part = run - band
    colours = flat(("#0f3d3e", "#155a5c", "#0b2c3d", "#1f6f63", "#123a4f"), band)
    colours = colours * (0.8 + 0.35 * part)[..., None]
    gold = colour(("#8a6420", "#e7c35a", "#fff0b0", "#c99a34"), 0.5 + 0.5 * np.sin(18 * x + 9 * y))
    colours = layered(colours, gold, line(np.minimum(part, 1 - part), 0.12 + 0.08 * np.sin(5 * x)))
    colours = layered(colours, gold, line(np.abs(part - 0.5), 0.05) * (np.sin(7 * x + band) > 0.1))
    for px, py, size in ((0.28, 0.3, 0.16), (0.98, 0.26, 0.13), (0.66, 0.68, 0.19), (1.2, 0.72, 0.13), (0.12, 0.82, 0.12)):
        away = np.hypot(plane.x - px, (plane.y - py) * (1 + 0.25 * np.sign(py - plane.y)))
        for share, paint in ((1.0, "#e2b94f"), (0.9, "#1d7a5f"), (0.66, "#e8843a"), (0.52, "#123f8a"), (0.26, "#0a1330")):
            colours = layered(colours, paint, step(share * size - away))
        colours = layered(colours, "#f6e3a1", line(away - 0.78 * size, 0.008))
    return colours


def batik() -> Colours:
    """Wax and indigo: flowers and dots left white, cracks where the wax broke."""
    plane = Plane(1812)
    colours = colour(("#0b1f4b", "#173a86", "#2858ad"), 0.4 + 0.2 * noise(plane, 3, 4))
    white = np.zeros(plane.shape)
    for x, y, size in ((0.3, 0.32, 0.24), (1.0, 0.3, 0.2), (0.7, 0.76, 0.24), (0.08, 0.84, 0.17), (1.26, 0.8, 0.18)):
        away, angle = plane.around(x, y)
        white = np.maximum(white, _flower(away, angle, size))
    leaves = line(np.sin(11 * plane.x + 3 * np.sin(7 * plane.y)) * 0.1 - 0.3 * (plane.y - 0.5) * np.cos(9 * plane.x), 0.02)
    dots = np.hypot(((plane.x * 26) % 1) - 0.5, ((plane.y * 26) % 1) - 0.5)
    white = np.maximum(white, np.maximum(leaves, step(0.2 - dots, 0.05)) * (white < 0.05))
    _, crack = cells(relaxed(plane, 260, 1), plane.x + 0.02 * noise(plane, 9), plane.y + 0.02 * noise(plane, 9))
    wax = white * (1 - 0.7 * step(0.0012 - crack, 0.0012))
    return layered(colours, colour(("#f3ead6", "#c98d4a"), smooth(0.15 + 0.35 * noise(plane, 2))), wax)


def _flower(away: Field, angle: Field, size: float) -> Field:
    """Rings of petals, 0..1."""
    total = np.zeros(away.shape)
    for ring, petals in ((1.0, 12), (0.66, 8), (0.36, 6)):
        edge = ring * size * (0.78 + 0.22 * np.abs(np.cos(petals / 2 * angle + ring)))
        inner = ring * size * 0.62
        petal = step(edge - away) * step(away - inner)
        vein = line(np.sin(petals / 2 * angle + ring) * away, 0.008)
        total = np.maximum(total, petal * (1 - vein))
    return np.maximum(total, step(0.07 * size / 0.24 - away))
