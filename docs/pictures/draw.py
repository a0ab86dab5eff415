"""Draw the style pictures of the manual and the demo: ``python docs/pictures/draw.py FOLDER``.

They are made of brush strokes along flow fields, so that nothing in the box comes from anybody else's picture.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIZE = (768, 576)
SUPERSAMPLING = 2
STROKES = 15_000
SEED = 2016

NIGHT = ("#0b1d4d", "#143a8c", "#1f63b5", "#3f8fd0", "#8fc4dd", "#f3d25b", "#f7e9a0", "#e8a33d")
EMBERS = ("#2a0f14", "#641220", "#a4161a", "#d9501f", "#f2842b", "#f8b94e", "#1d3b3f", "#48757a")
GARDEN = ("#17351f", "#2f5d34", "#5b8f45", "#9fc15f", "#d9dfa0", "#d97fa3", "#f3c6d3", "#5a6fb0")

Field = Callable[[np.ndarray, np.ndarray], np.ndarray]


def swirls(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Angles of a sky with three whirls above calm waves; ``x``, ``y`` in 0..1."""
    angle = 0.35 * np.sin(7 * x + 3 * y)
    for cx, cy, radius in ((0.28, 0.35, 0.22), (0.66, 0.28, 0.16), (0.85, 0.62, 0.14)):
        dx, dy = x - cx, (y - cy) * 0.75
        near = np.exp(-(dx**2 + dy**2) / radius**2)
        angle = angle * (1 - near) + (np.arctan2(dy, dx) + np.pi / 2) * near
    return angle


def flames(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Angles that rise and sway."""
    return -np.pi / 2 + 0.9 * np.sin(9 * x + 4 * np.sin(5 * y)) * (0.4 + y)


def meadows(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Short upright dabs, leaning with the wind."""
    return -np.pi / 2 + 0.5 * np.sin(5 * y + 6 * x) + 0.6


def paint(field: Field, palette: tuple[str, ...], *, length: float, width: float, seed: int = SEED) -> Image.Image:
    """A picture of ``STROKES`` strokes along ``field``; ``length`` and ``width`` are in pixels of the picture."""
    random = np.random.default_rng(seed)
    w, h = (side * SUPERSAMPLING for side in SIZE)
    canvas = Image.new("RGB", (w, h), palette[0])
    draw = ImageDraw.Draw(canvas)
    colours = np.array([[int(code[i : i + 2], 16) for i in (1, 3, 5)] for code in palette], dtype=float)
    for i in range(STROKES):
        x, y = random.random(2)
        tone = _tone(field, x, y) + random.normal(0, 0.09)
        colour = _pick(colours, tone) + random.normal(0, 9, 3)
        share = 1.6 - i / STROKES  # broad strokes first, fine ones over them
        points = _trace(field, x, y, length * share * random.uniform(0.6, 1.4), (w, h))
        fill = tuple(np.clip(colour, 0, 255).astype(int))
        draw.line(points, fill=fill, width=max(1, int(width * share * SUPERSAMPLING)), joint="curve")
    return canvas.filter(ImageFilter.GaussianBlur(0.7)).resize(SIZE, Image.Resampling.LANCZOS)


def _tone(field: Field, x: float, y: float) -> float:
    """Where in the palette a place lies: bands that follow the flow."""
    angle = float(field(np.array(x), np.array(y)))
    return 0.5 + 0.5 * np.sin(2.2 * angle + 9 * y + 5 * x)


def _pick(colours: np.ndarray, tone: float) -> np.ndarray:
    position = float(np.clip(tone, 0, 1)) * (len(colours) - 1)
    low = int(position)
    return colours[low if position - low < 0.5 else min(low + 1, len(colours) - 1)]


def _trace(field: Field, x: float, y: float, length: float, size: tuple[int, int], steps: int = 9) -> list[tuple[float, float]]:
    points = []
    for _ in range(steps):
        points.append((x * size[0], y * size[1]))
        angle = float(field(np.array(x), np.array(y)))
        x += np.cos(angle) * length / steps / SIZE[0]
        y += np.sin(angle) * length / steps / SIZE[1]
    return points


STYLES: dict[str, tuple[Field, tuple[str, ...], float, float]] = {
    "swirls": (swirls, NIGHT, 46, 4.0),
    "flames": (flames, EMBERS, 70, 6.0),
    "meadow": (meadows, GARDEN, 15, 5.0),
}


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
    for name, (field, palette, length, width) in STYLES.items():
        paint(field, palette, length=length, width=width).save(folder / f"{name}.jpg", quality=90)


if __name__ == "__main__":
    main()
