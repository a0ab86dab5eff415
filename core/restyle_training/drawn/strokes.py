"""Paint laid on with brush, knife or dot: a night sky, sunset, dots of pure colour, flames, neon."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from restyle_training.drawn.canvas import (
    ASPECT,
    SUPERSAMPLING,
    Colours,
    Plane,
    blurred,
    colour,
    layered,
    noise,
    rgb,
    smooth,
    step,
)

__all__ = ["embers", "knife", "neon", "night", "points"]

NIGHT = ("#0a1a4a", "#12388a", "#1d5fb4", "#4593d2", "#8cc4e0", "#d8e6c8")
GLOW = ("#fff6c0", "#fbe36a", "#f2b632", "#9fc7b0", "#3f86c4")
HILLS = ("#0c1b33", "#173a4a", "#24574a", "#0f2746")
MOONS = ((1.04, 0.2, 0.113), (0.29, 0.26, 0.067), (0.67, 0.12, 0.047), (1.2, 0.5, 0.04), (0.107, 0.5, 0.037), (0.8, 0.42, 0.053))
"""x, y and radius of a moon and its stars; the sky flows around them."""

EVENING = ("#2b1055", "#7b1e7a", "#d62976", "#fa7e1e", "#feda75", "#fff3d0")
MEADOW = ("#1d3b2a", "#2f6b3a", "#7aa63c", "#d9c14a", "#f0e3a0", "#c9557a")

RELIEF_PX = 10.5
"""That a slope of the paint's surface is told over."""

Place = tuple[float, float]
Angle = Callable[[float, float], float]


def night() -> Colours:
    """A sky that flows around a moon and stars above dark hills, in broad strokes."""
    plane = Plane(2016)
    brush = _Brush(NIGHT[0], plane)
    for mx, my, radius in MOONS:
        brush.disc((mx, my), radius, GLOW[0])
    brush.paint(11_000, 0.077, 0.0105, _night_angle, lambda x, y: _night_colour(x, y, plane.random))
    return brush.finished()


def _hill(x: float) -> float:
    """Height of the hills' edge at ``x``."""
    return 0.74 + 0.06 * float(np.sin(3.75 * x + 0.4)) + 0.03 * float(np.sin(9.75 * x))


def _night_angle(x: float, y: float) -> float:
    if y > _hill(x):
        return 0.5 * float(np.cos(3.75 * x + 0.4)) + 0.25 * float(np.sin(9 * y))
    flow = np.array([1.0, 0.5 * np.sin(4.5 * x + 2) * np.cos(3 * y)])
    for mx, my, radius in MOONS:
        away = np.array([x - mx, y - my])
        distance = max(float(np.hypot(*away)), 1e-6)
        near = np.exp(-((distance / (2.4 * radius)) ** 2))
        flow = flow * (1 - near) + 1.6 * near * np.array([-away[1], away[0]]) / distance
    return float(np.arctan2(flow[1], flow[0]))


def _night_colour(x: float, y: float, random: np.random.Generator) -> NDArray[np.float64]:
    if y > _hill(x):
        return _nearest(HILLS, (y - _hill(x)) * 6 % 1 + random.normal(0, 0.1))
    for mx, my, radius in MOONS:
        distance = float(np.hypot(x - mx, y - my)) / radius
        if distance < 2.3:
            # Rings of light around each.
            return _nearest(GLOW, distance / 2.3 + 0.12 * float(np.sin(9 * distance)) + random.normal(0, 0.04))
    band = 0.5 + 0.45 * float(np.sin(14 * y + 4 * np.sin(3 * x) + 1.5 * x))
    return _nearest(NIGHT, band + random.normal(0, 0.1))


def knife() -> Colours:
    """A sunset over fields, laid on thick with a palette knife: short, broad, hard-edged."""
    plane = Plane(1874)
    random = plane.random
    brush = _Brush(EVENING[2], plane)

    def angle(x: float, y: float) -> float:
        ground = y > 0.6 + 0.03 * np.sin(5 * x)
        return float((0.15 + 0.9 * (x - 0.66) * (y - 0.4)) if ground else 0.35 * np.sin(3 * x + 5 * y)) + random.normal(0, 0.2)

    def paint(x: float, y: float) -> NDArray[np.float64]:
        sun = float(np.hypot(x - 0.9, y - 0.46))
        if y > 0.6 + 0.03 * np.sin(5 * x):
            return _nearest(MEADOW, (y - 0.6) * 2 + 0.3 * float(np.sin(14 * x * (1.3 - y))) + random.normal(0, 0.15))
        return _nearest(EVENING[::-1], sun * 1.25 + 0.12 * float(np.sin(20 * y + 4 * x)) + random.normal(0, 0.08))

    brush.paint(2_600, 0.085, 0.036, angle, paint)
    return _relief(brush.finished(), 0.4)


def points() -> Colours:
    """Dots of pure colour that mix in the eye: trees by water on a bright day."""
    plane = Plane(1886)
    random = plane.random
    brush = _Brush("#f2ead2", plane)
    families = {
        "sky": ("#8fc1e3", "#c9e0ef", "#f6e7b5", "#5b8fc9", "#f3c6c6"),
        "tree": ("#1f5d3a", "#2f8f4e", "#9ec43b", "#123a6b", "#e6d84a"),
        "grass": ("#a8c93a", "#e9d94f", "#3f9a4b", "#f08a3c", "#6fb04a"),
        "water": ("#2f6fb5", "#6fb0dc", "#e9e0b0", "#1d4a8a", "#7fc7b8"),
        "shade": ("#1b3a6b", "#2b6a4f", "#5a2f7a", "#27507d", "#8a3b5c"),
    }

    def kind(x: float, y: float) -> str:
        crown = any(
            np.hypot(x - cx, (y - cy) * 1.1) < r for cx, cy, r in ((0.2, 0.28, 0.24), (0.48, 0.36, 0.16), (1.2, 0.3, 0.2))
        )
        trunk = any(abs(x - cx) < 0.016 and 0.3 < y < 0.72 for cx in (0.2, 0.48, 1.2))
        if trunk:
            return "shade"
        if crown and y < 0.56:
            return "tree"
        if y < 0.46:
            return "sky"
        if x > 0.5 + 0.3 * (y - 0.5) and y < 0.72 - 0.12 * (1.33 - x):
            return "water"
        return "shade" if 0.05 < x - 0.6 * (y - 0.6) < 0.5 and 0.7 < y < 0.86 else "grass"

    for i in range(26_000):
        x, y = random.random(2) * (ASPECT, 1)
        family = families[kind(x, y)]
        brush.disc(
            (x, y),
            (0.0078 if i < 12_000 else 0.0052) * random.uniform(0.7, 1.2),
            family[random.choice(5, p=(0.4, 0.25, 0.15, 0.12, 0.08))],
        )
    return brush.finished()


def embers() -> Colours:
    """Tongues of fire that curl upwards out of black."""
    plane = Plane(451)
    x, y = plane.x + 0.05 * noise(plane, 2), plane.y
    for k in range(5):
        sway = 0.11 / (k + 1)
        x, y = x + sway * np.sin((5 + 4 * k) * y + 2 * k + 1.5 * x), y + 0.5 * sway * np.sin((6 + 3 * k) * x + k)
    tongues = 0.5 + 0.5 * np.sin(21 * x + 3 * np.sin(4 * y))
    heat = smooth(1.35 * tongues * np.clip(y * 1.25 - 0.05, 0, 1.1) + 0.22 * np.sin(60 * x + 8 * y) * y)
    result = colour(("#07060a", "#2a0710", "#7d0f12", "#d7301a", "#f7801e", "#fdc93a", "#fff3b8"), heat)
    spark = step(noise(plane, 70, 1) - 3.0, 0.3) * (heat < 0.4)
    return layered(result, "#ffc65a", spark + 0.8 * np.clip(blurred(spark, 0.004) * 3, 0, 1))


def neon() -> Colours:
    """Tubes of light in a dark street: lines that glow, and their mirror on wet ground."""
    plane = Plane(2049)
    light = np.zeros((*plane.shape, 3))
    y = np.where(plane.y > 0.66, 1.32 - plane.y + 0.02 * np.sin(90 * plane.y + 3 * noise(plane, 6)), plane.y)
    strength = np.where(plane.y > 0.66, 0.5, 1.0)
    shapes = []
    for k in range(7):
        left, wide, top = 0.02 + 0.19 * k, 0.13, 0.14 + 0.09 * ((k * 3) % 5)
        box = np.maximum(np.abs(plane.x - left - wide / 2) - wide / 2, np.abs(y - (top + 0.66) / 2) - (0.66 - top) / 2)
        shapes.append((box, k))
        shapes.append((np.abs(np.maximum(np.abs(plane.x - left - wide / 2) - wide / 3, np.abs(y - top - 0.1) - 0.035)), k + 3))
    ring, angle = np.hypot(plane.x - 0.68, y - 0.2), np.arctan2(y - 0.2, plane.x - 0.68)
    shapes += [(ring - 0.15, 1), (ring - 0.1 - 0.02 * np.sin(6 * angle), 4), (y - 0.655, 2)]
    tubes = ("#ff2e97", "#00e5ff", "#fee440", "#9b5de5", "#00f5a0", "#ff6b35")
    for distance, number in shapes:
        away = np.abs(distance)
        glow = np.exp(-((away / 0.0035) ** 2)) + 0.34 * np.exp(-away / 0.014) + 0.1 * np.exp(-away / 0.07)
        core = np.exp(-((away / 0.0022) ** 2))
        light += strength[..., None] * (glow[..., None] * rgb(tubes[number % len(tubes)]) + 0.5 * core[..., None])
    result: Colours = 1 - np.exp(-1.25 * (light + np.array((0.03, 0.015, 0.07))))
    return result


class _Brush:
    """Strokes on a canvas, drawn one over the other; places as of `Plane`."""

    def __init__(self, ground: str, plane: Plane) -> None:
        self._canvas = Image.new("RGB", (plane.shape[1], plane.shape[0]), ground)
        self._draw, self._height, self._random = ImageDraw.Draw(self._canvas), plane.shape[0], plane.random

    def disc(self, middle: Place, radius: float, paint: str) -> None:
        x, y = middle
        box = [self._height * side for side in (x - radius, y - radius, x + radius, y + radius)]
        self._draw.ellipse(box, fill=paint)

    def paint(
        self, count: int, length: float, width: float, angle: Angle, paint: Callable[[float, float], NDArray[np.float64]]
    ) -> None:
        """Broad strokes first, fine ones over them; each bends as ``angle`` says and has one colour."""
        for i in range(count):
            x, y = self._random.random(2) * (ASPECT, 1)
            share = 1.7 - 1.1 * i / count
            hue = np.clip(paint(x, y) * 255 + self._random.normal(0, 8, 3), 0, 255).astype(int)
            path = _trace(x, y, length * share * self._random.uniform(0.6, 1.4), angle)
            pixels = [(px * self._height, py * self._height) for px, py in path]
            self._draw.line(
                pixels, fill=tuple(int(value) for value in hue), width=max(round(width * share * self._height), 1), joint="curve"
            )

    def finished(self) -> Colours:
        return np.asarray(self._canvas.filter(ImageFilter.GaussianBlur(0.35 * SUPERSAMPLING)), dtype=float) / 255


def _trace(x: float, y: float, length: float, angle: Angle, steps: int = 8) -> list[Place]:
    path = []
    for _ in range(steps):
        path.append((x, y))
        turn = angle(x, y)
        x, y = x + float(np.cos(turn)) * length / steps, y + float(np.sin(turn)) * length / steps
    return path


def _relief(colours: Colours, depth: float) -> Colours:
    """Light from above and left on paint as thick as it is bright."""
    thick = blurred(colours.mean(-1), 0.0012)
    down, across = np.gradient(thick)
    result: Colours = np.clip(colours * (1 + depth * np.clip((-down - across) * RELIEF_PX, -1, 1))[..., None], 0, 1)
    return result


def _nearest(palette: Sequence[str], tone: float) -> NDArray[np.float64]:
    """The palette's colour at 0..1 of its length."""
    return rgb(palette[int(np.clip(tone, 0, 0.999) * len(palette))])
