"""Draw the style pictures of the manual and the demo: ``python docs/pictures/draw.py FOLDER``.

A night of brush strokes, a window of coloured glass, and a picture of cut paper: large forms, clear colours, and edges of three
kinds, so that nothing in the box comes from anybody else's picture; and what is where in the night, for Neural Doodle.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from scipy.spatial import Voronoi

SIZE = (768, 576)
SUPERSAMPLING = 2
SEED = 2016
STROKES = 11_000

Points = np.ndarray
"""(n, 2), in 0..1 of width and height."""

NIGHT = ("#0a1a4a", "#12388a", "#1d5fb4", "#4593d2", "#8cc4e0", "#d8e6c8")
GLOW = ("#fff6c0", "#fbe36a", "#f2b632", "#9fc7b0", "#3f86c4")
HILLS = ("#0c1b33", "#173a4a", "#24574a", "#0f2746")
MOONS = ((0.78, 0.2, 0.085), (0.22, 0.26, 0.05), (0.5, 0.12, 0.035), (0.9, 0.5, 0.03), (0.08, 0.5, 0.028), (0.6, 0.42, 0.04))
"""Middle and radius (of the width) of a moon and its stars; the sky flows around them."""

SKY, LIGHT, GROUND = (0, 0, 255), (255, 255, 0), (0, 255, 0)
"""The colours of plans."""
GLOW_REACH = 1.38
"""How far a light's warm strokes go beyond its radius."""

JEWELS = ("#0d2f8f", "#1f6fd6", "#3fb0e8", "#0f8f6b", "#59c36a", "#f2d33c", "#f39a1f", "#d8261c", "#8f1436", "#6a2a94", "#f4ecd8")
LEAD = "#14110f"
CELLS = 150

PAPER = ("#f4efe2", "#123c8c", "#e23b2e", "#f5b81c", "#1c8a5a", "#ef7fa4", "#15161c", "#48b4d8", "#f07a1d")


def night() -> Image.Image:
    """A sky that flows around a moon and stars above dark hills, in broad strokes."""
    random = np.random.default_rng(SEED)
    canvas, draw = _canvas(NIGHT[0])
    for mx, my, radius in MOONS:
        # Strokes turn around the middles, and leave them open.
        ring = np.linspace(0, 2 * np.pi, 60)
        draw.polygon(_pixels(_round(np.array([mx, my]), radius * SIZE[0] / SIZE[1] * np.ones(60), ring)), fill=GLOW[0])
    for i in range(STROKES):
        place = random.random(2)
        share = 1.7 - 1.1 * i / STROKES  # broad strokes first, fine ones over them
        colour = np.clip(_night_colour(*place, random) + random.normal(0, 8, 3), 0, 255).astype(int)
        length = 44 * share * random.uniform(0.6, 1.4)
        draw.line(_pixels(_trace(*place, length)), fill=tuple(colour), width=round(6 * share * SUPERSAMPLING), joint="curve")
    return _finished(canvas)


def night_plan() -> Image.Image:
    """What is where in `night`, in flat colours: sky, lights and hills."""
    plan = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(plan)
    width, height = SIZE
    for mx, my, radius in MOONS:
        x, y, r = mx * width, my * height, radius * GLOW_REACH * width
        draw.ellipse((x - r, y - r, x + r, y + r), fill=LIGHT)
    edge = [(x, _hill(x / width) * height) for x in range(width)]
    draw.polygon([*edge, (width, height), (0, height)], fill=GROUND)
    return plan


def _hill(x: float) -> float:
    """Height of the hills' edge at ``x``."""
    return 0.74 + 0.06 * float(np.sin(5 * x + 0.4)) + 0.03 * float(np.sin(13 * x))


def _night_angle(x: float, y: float) -> float:
    if y > _hill(x):
        return 0.5 * float(np.cos(5 * x + 0.4)) + 0.25 * float(np.sin(9 * y))
    flow = np.array([1.0, 0.5 * np.sin(6 * x + 2) * np.cos(3 * y)])
    for mx, my, radius in MOONS:
        away = np.array([x - mx, (y - my) * SIZE[1] / SIZE[0]])
        near = np.exp(-((float(np.hypot(*away)) / (2.4 * radius)) ** 2))
        flow = flow * (1 - near) + 1.6 * near * np.array([-away[1], away[0]]) / max(float(np.hypot(*away)), 1e-6)
    return float(np.arctan2(flow[1], flow[0]))


def _night_colour(x: float, y: float, random: np.random.Generator) -> np.ndarray:
    if y > _hill(x):
        return _between(HILLS, (y - _hill(x)) * 6 % 1 + random.normal(0, 0.1))
    for mx, my, radius in MOONS:
        distance = float(np.hypot(x - mx, (y - my) * SIZE[1] / SIZE[0])) / radius
        if distance < 2.3:
            # Rings of light around each.
            return _between(GLOW, distance / 2.3 + 0.12 * float(np.sin(9 * distance)) + random.normal(0, 0.04))
    band = 0.5 + 0.45 * float(np.sin(14 * y + 4 * np.sin(4 * x) + 2 * x))
    return _between(NIGHT, band + random.normal(0, 0.1))


def _trace(x: float, y: float, length: float, steps: int = 8) -> Points:
    points = []
    for _ in range(steps):
        points.append((x, y))
        angle = _night_angle(x, y)
        x += float(np.cos(angle)) * length / steps / SIZE[0]
        y += float(np.sin(angle)) * length / steps / SIZE[1]
    return np.array(points)


def glass() -> Image.Image:
    """A window: jewels of glass between lines of lead, lit from its middle."""
    random = np.random.default_rng(SEED)
    sites = random.random((CELLS, 2))
    for _ in range(2):  # Lloyd's steps: cells of like size
        sites = _centres(sites)
    canvas, draw = _canvas(LEAD)
    for site, cell in zip(sites, _cells(sites), strict=True):
        ring = float(np.hypot(*((site - 0.5) * (1.0, 0.75)))) * 3.1 + 0.12 * float(np.sin(6 * np.arctan2(*(site - 0.5))))
        colour = _rgb(JEWELS[int((ring * 5.3 + random.integers(0, 3)) % len(JEWELS))])
        draw.polygon(_pixels(cell), fill=tuple(np.clip(colour * random.uniform(0.8, 1.15), 0, 255).astype(int)))
    _light(canvas, random)
    for cell in _cells(sites):
        draw.line(_pixels(np.concatenate([cell, cell[:2]])), fill=LEAD, width=7 * SUPERSAMPLING, joint="curve")
    return _finished(canvas)


def _light(canvas: Image.Image, random: np.random.Generator) -> None:
    """Old glass is not even: soft clouds of lighter and darker."""
    small = Image.fromarray(random.integers(0, 256, (18, 24), dtype=np.uint8)).resize(canvas.size, Image.Resampling.BICUBIC)
    gain = 0.78 + 0.44 * np.asarray(small, dtype=float)[..., None] / 255
    canvas.paste(Image.fromarray(np.clip(np.asarray(canvas) * gain, 0, 255).astype(np.uint8)))


def _cells(sites: Points) -> list[Points]:
    """The polygon around each site; mirrored sites all around close those at the edges."""
    mirrored = [sites, *(np.where(axis, 2 * edge - sites, sites) for axis in ([True, False], [False, True]) for edge in (0, 1))]
    diagram = Voronoi(np.concatenate(mirrored))
    return [diagram.vertices[diagram.regions[diagram.point_region[i]]] for i in range(len(sites))]


def _centres(sites: Points) -> Points:
    return np.array([cell.mean(0) for cell in _cells(sites)])


def paper() -> Image.Image:
    """Leaves and suns cut from coloured paper, on sheets of paper."""
    random = np.random.default_rng(SEED + 3)
    canvas, draw = _canvas(PAPER[0])
    columns, rows = 4, 3
    for n in range(columns * rows):
        left, top = (n % columns) / columns, (n // columns) / rows
        sheet = np.array([[left, top], [left + 1 / columns, top], [left + 1 / columns, top + 1 / rows], [left, top + 1 / rows]])
        ground, shape, accent = (PAPER[(n * k + shift) % len(PAPER)] for k, shift in ((4, 0), (4, 2), (4, 5)))
        draw.polygon(_pixels(sheet + random.normal(0, 0.004, (4, 2))), fill=ground)
        middle = sheet.mean(0)
        cut = _leaf if n % 3 else _sun
        for part, colour in zip(cut(middle, 0.42 / rows, random), (shape, accent, PAPER[0]), strict=False):
            draw.polygon(_pixels(part), fill=colour)
    return _finished(canvas)


def _leaf(middle: Points, radius: float, random: np.random.Generator) -> list[Points]:
    """Alga-like fronds along a bent stem, and a small round beside it."""
    turn, fronds = random.uniform(0, 2 * np.pi), 7
    angles = np.linspace(0, 2 * np.pi, 240)
    wave = 0.62 + 0.38 * np.cos(fronds * angles) * (0.6 + 0.4 * np.cos(angles - turn))
    return [_round(middle, radius * 1.15 * wave, angles + turn), _round(middle, radius * 0.22 * np.ones(240), angles)]


def _sun(middle: Points, radius: float, random: np.random.Generator) -> list[Points]:
    """A disc with pointed rays, and its core."""
    angles = np.linspace(0, 2 * np.pi, 360)
    rays = int(random.integers(9, 13))
    spikes = 0.55 + 0.5 * np.abs(((angles * rays / (2 * np.pi)) % 1) - 0.5) * 2
    return [_round(middle, radius * share, angles) for share in (spikes, np.full(360, 0.45), np.full(360, 0.2))]


def _round(middle: Points, radii: np.ndarray, angles: np.ndarray) -> Points:
    return middle + np.stack([radii * np.cos(angles) * SIZE[1] / SIZE[0], radii * np.sin(angles)], 1)


def _canvas(colour: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    canvas = Image.new("RGB", (SIZE[0] * SUPERSAMPLING, SIZE[1] * SUPERSAMPLING), colour)
    return canvas, ImageDraw.Draw(canvas)


def _finished(canvas: Image.Image) -> Image.Image:
    return canvas.filter(ImageFilter.GaussianBlur(0.7)).resize(SIZE, Image.Resampling.LANCZOS)


def _pixels(points: Points) -> list[tuple[float, float]]:
    return [(x * SIZE[0] * SUPERSAMPLING, y * SIZE[1] * SUPERSAMPLING) for x, y in points]


def _rgb(code: str) -> np.ndarray:
    return np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)], dtype=float)


def _between(palette: Sequence[str], tone: float) -> np.ndarray:
    """The nearest of the palette's colours at 0..1 of its length."""
    return _rgb(palette[int(np.clip(tone, 0, 0.999) * len(palette))])


STYLES: dict[str, Callable[[], Image.Image]] = {"night": night, "glass": glass, "paper": paper}


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
    for name, draw in STYLES.items():
        draw().save(folder / f"{name}.jpg", quality=90)
    night_plan().save(folder / "night-regions.png")


if __name__ == "__main__":
    main()
