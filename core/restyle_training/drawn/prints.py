"""Ink on paper by press and plate: woodcut, engraving, halftone, comic, two-colour print."""

from __future__ import annotations

import numpy as np

from restyle_training.drawn.canvas import (
    ASPECT,
    Colours,
    Field,
    Plane,
    blurred,
    colour,
    flat,
    lattice,
    layered,
    line,
    noise,
    smooth,
    step,
)

__all__ = ["comic", "engraving", "halftone", "two_inks", "woodcut"]


def _mountains(plane: Plane, base: float, height: float, speed: float) -> Field:
    """How far below a jagged ridge a place is; negative above it."""
    x = plane.x * speed
    ridge = sum(np.abs(((x * 2**k + 0.37 * k) % 1) - 0.5) / 2**k for k in range(4))
    result: Field = plane.y - (base - height * ridge)
    return result


def woodcut() -> Colours:
    """Black ink cut in long lines that swell and taper: a sun, mountains, a sea."""
    plane = Plane(1831)
    away, angle = plane.around(0.92, 0.27)
    near, far = _mountains(plane, 0.86, 0.62, 1.3), _mountains(plane, 0.7, 0.45, 2.1)
    sea = plane.y - 0.78 - 0.012 * np.sin(20 * plane.x)
    # Each part has its own run of the knife: rays in the sky, slopes on mountains, waves in the sea.
    sky = np.sin(58 * angle + 1.5 * np.sin(12 * away))
    slope = np.sin(95 * (plane.x * 0.55 + plane.y * (1 - 2 * (np.sin(13 * plane.x) > 0))) + 1.2 * noise(plane, 5))
    wave = np.sin(150 * (plane.y + 0.02 * np.sin(11 * plane.x + 3 * np.sin(14 * plane.y))))
    ink = step(0.15 - np.clip(away * 1.5, 0, 1.2) + 0.25 + 0.5 * sky, 0.08) * (away > 0.15)
    ink = np.where(far > 0, step(slope - 0.35 + 2.2 * np.exp(-far * 25), 0.12), ink)
    ink = np.where(near > 0, step(slope + 0.55 - 2.0 * np.exp(-near * 14), 0.12), ink)
    ink = np.where(np.abs(near) < 0.006, 1, ink)
    ink = np.where(np.abs(far) < 0.004 * (near < 0), 1, ink)
    ink = np.where(sea > 0, step(wave - 0.1 - 0.5 * np.sin(5 * plane.x), 0.12), ink)
    ring = line(away - 0.15, 0.008)
    grain = 0.08 * (noise(plane, 80, 2) > 1.1)
    paper = colour(("#efe3c8", "#f6eeda"), 0.5 + 0.2 * noise(plane, 6))
    paper = layered(paper, "#d2452b", np.where(away < 0.146, 0.92, 0.0))
    return layered(paper, "#17130f", np.asarray(np.maximum(ink, ring) - grain, dtype=np.float64))


def engraving() -> Colours:
    """Copper plate: fine lines that swell in the dark, crossed where it is darkest; globes and drapery."""
    plane = Plane(1514)
    tone = 0.45 + 0.12 * noise(plane, 2) + 0.25 * (plane.y - 0.5)
    bend = 0.02 * noise(plane, 2)
    for x, y, radius in ((0.38, 0.45, 0.28), (0.98, 0.62, 0.22), (0.85, 0.2, 0.13), (0.1, 0.85, 0.18), (1.25, 0.15, 0.1)):
        away, _ = plane.around(x, y)
        lit, _ = plane.around(x - 0.4 * radius, y - 0.45 * radius)
        inside = step(radius - away, 0.004)
        depth = np.sqrt(np.clip(1 - (away / radius) ** 2, 0, 1))
        tone = tone * (1 - inside) + inside * np.clip(1.05 - 0.85 * lit / radius, 0.03, 1)
        bend = bend * (1 - inside) + inside * 0.16 * radius * (1 - depth) * np.sign(plane.y - y) * 2
    first = np.sin(2 * np.pi * 62 * (plane.y + bend + 0.12 * plane.x))
    second = np.sin(2 * np.pi * 62 * (plane.x * 0.8 - plane.y * 0.6 + bend))
    ink = step(first - (2.1 * tone - 0.95), 0.5)
    ink = np.maximum(ink, step(second - (4.2 * tone - 0.75), 0.5))
    paper = colour(("#eadfc3", "#f3ead4"), 0.5 + 0.25 * noise(plane, 5))
    return layered(paper, "#241a16", ink * 0.95)


def _still_life(plane: Plane) -> Colours:
    """Fruit before a wall in strong, plain colours; what the press then takes apart."""
    colours = colour(("#ffd23f", "#ff8f3f", "#ee4266"), plane.y + 0.06 * noise(plane, 2))
    colours = layered(
        colours, colour(("#0ead9c", "#086788"), plane.x / ASPECT), step(plane.y - 0.68 - 0.04 * np.sin(4 * plane.x), 0.004)
    )
    fruits = (
        (0.34, 0.55, 0.25, "#ef233c"),
        (0.78, 0.64, 0.2, "#8ac926"),
        (1.06, 0.5, 0.17, "#ffca3a"),
        (0.62, 0.3, 0.13, "#3a0ca3"),
        (1.2, 0.8, 0.12, "#f72585"),
    )
    for x, y, radius, paint in fruits:
        away, _ = plane.around(x, y)
        lit, _ = plane.around(x - 0.35 * radius, y - 0.4 * radius)
        colours = layered(
            colours, "#1b1b3a", 0.6 * step(radius * 1.02 - np.hypot(plane.x - x - 0.05, (plane.y - y - 0.05)), 0.02)
        )
        colours = layered(colours, paint, step(radius - away, 0.004))
        colours = layered(colours, "#ffffff", 0.85 * smooth(1 - lit / (0.5 * radius)) * (away < radius))
        colours = layered(colours, "#22093f", 0.55 * smooth((lit / radius - 0.9) / 0.7) * (away < radius))
    return colours


def halftone() -> Colours:
    """Four plates of dots at four angles, a little out of register: a colour print seen too near."""
    plane = Plane(1965)
    scene = _still_life(plane)
    ink = 1 - scene
    black = ink.min(-1) * 0.7
    result = np.ones((*plane.shape, 3)) * (0.97, 0.95, 0.9)
    plates = ((0, 15.0, (0.0, 0.62, 0.86)), (1, 75.0, (0.9, 0.1, 0.5)), (2, 0.0, (1.0, 0.87, 0.05)))
    for channel, degrees, paint in plates:
        distance, at_x, at_y = lattice(plane.x + 0.0015 * channel, plane.y, 0.0165, degrees)
        radius = 0.0165 * np.sqrt(np.clip(_sampled(ink[..., channel] - black, at_x, at_y), 0, 1)) * 0.68
        cover = step(radius - distance, 0.003)
        result = result * (1 - cover[..., None] * (1 - np.array(paint)))
    distance, at_x, at_y = lattice(plane.x, plane.y, 0.0165, 45.0)
    cover = step(0.0165 * np.sqrt(np.clip(_sampled(black, at_x, at_y), 0, 1)) * 0.68 - distance, 0.003)
    return result * (1 - 0.9 * cover[..., None])


def _sampled(field: Field, x: Field, y: Field) -> Field:
    """The field at places of the plane."""
    height, width = field.shape
    rows, columns = (y * height).astype(int).clip(0, height - 1), (x * height).astype(int).clip(0, width - 1)
    result: Field = blurred(field, 0.004)[rows, columns]
    return result


def comic() -> Colours:
    """Flat colours, dots for half-tones, outlines that swell: a burst over a town."""
    plane = Plane(1963)
    dot = lattice(plane.x, plane.y, 0.0175, 45)[0]
    colours = layered(flat(("#57c4f0",), np.zeros(plane.shape)), "#f6fbff", step(0.0062 - dot, 0.0015))
    away, angle = plane.around(0.78, 0.42)
    points = 11
    star = 0.30 + 0.10 * (2 * np.abs(((angle / (2 * np.pi) * points) % 1) - 0.5)) * 2
    inner = star * 0.66
    for edge, paint in ((star, "#e4242b"), (inner, "#ffd91a")):
        colours = layered(colours, paint, step(edge - away, 0.003))
        colours = layered(colours, "#141414", line(away - edge, 0.012))
    core = layered(flat(("#ffffff",), np.zeros(plane.shape)), "#ff8a1c", step(0.0055 - dot, 0.0015))
    colours = layered(colours, core, step(0.11 - away, 0.003))
    colours = layered(colours, "#141414", line(away - 0.11, 0.011))
    towns = (
        (0.0, 0.22, 0.5, "#2d3fa8"),
        (0.18, 0.16, 0.66, "#f2c3a0"),
        (0.33, 0.2, 0.58, "#d6202c"),
        (0.98, 0.2, 0.62, "#f5d423"),
        (1.13, 0.22, 0.48, "#2d3fa8"),
    )
    for left, wide, top, paint in towns:
        inside = (plane.x > left) & (plane.x < left + wide) & (plane.y > top)
        shade = layered(
            flat((paint,), np.zeros(plane.shape)), "#141414", step(0.0048 - dot, 0.0015) * (plane.x > left + wide * 0.6)
        )
        window = (
            ((plane.x - left) % 0.055 > 0.018)
            & ((plane.x - left) % 0.055 < 0.045)
            & ((plane.y - top) % 0.08 > 0.03)
            & ((plane.y - top) % 0.08 < 0.065)
        )
        shade = layered(shade, "#fff6c9", window * 1.0)
        colours = np.where(inside[..., None], shade, colours)
        edge = np.minimum(
            np.minimum(np.abs(plane.x - left), np.abs(plane.x - left - wide)) + (plane.y < top) * 9,
            np.abs(plane.y - top) + ((plane.x < left) | (plane.x > left + wide)) * 9,
        )
        colours = layered(colours, "#141414", step(0.005 - edge))
    return colours


def two_inks() -> Colours:
    """Coral and blue printed over one another on soft paper, grainy: leaves, a moon, hills."""
    plane = Plane(1986)
    coral, blue = np.zeros(plane.shape), np.zeros(plane.shape)
    moon, _ = plane.around(0.9, 0.3)
    coral = np.maximum(coral, step(0.2 - moon, 0.003))
    for k, base in enumerate((0.55, 0.68, 0.82)):
        hill = step(plane.y - base - 0.07 * np.sin(plane.x * (4 + k) + 2 * k), 0.003)
        if k % 2:
            coral = np.maximum(coral, hill * 0.85)
        else:
            blue = np.maximum(blue, hill * (0.55 + 0.45 * (plane.y - base)))
    for x, y, turn, size in (
        (0.2, 0.42, -0.9, 0.34),
        (0.34, 0.62, -0.3, 0.3),
        (0.1, 0.75, -1.3, 0.3),
        (1.2, 0.7, -2.2, 0.32),
        (1.08, 0.85, -1.7, 0.26),
    ):
        along = (plane.x - x) * np.cos(turn) + (plane.y - y) * np.sin(turn)
        across = (plane.y - y) * np.cos(turn) - (plane.x - x) * np.sin(turn)
        half = 0.3 * size * np.sqrt(np.clip(1 - (along / size) ** 2, 0, 1)) * (1 - 0.4 * along / size)
        leaf = step(half - np.abs(across), 0.003)
        vein = line(across, 0.006) + line(((along - np.abs(across) * 1.2) % 0.06) - 0.03, 0.006) * (np.abs(across) < half * 0.9)
        blue = np.maximum(blue * (1 - leaf), leaf * (1 - np.clip(vein, 0, 1)))
        coral = np.maximum(coral, leaf * 0.35)
    grain = 0.5 + 0.5 * plane.random.random(plane.shape)
    coral, blue = (np.clip(ink * 1.35 - (1 - ink) * 0.2, 0, 1) * (0.72 + 0.28 * grain) for ink in (coral, blue))
    paper = np.ones((*plane.shape, 3)) * (0.965, 0.94, 0.88)
    paper = paper * (1 - coral[..., None] * (1 - np.array((1.0, 0.42, 0.36))))
    result: Colours = paper * (1 - blue[..., None] * (1 - np.array((0.1, 0.32, 0.62))))
    return result
