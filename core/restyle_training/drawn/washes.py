"""What runs, bleeds and smudges: watercolour, ink, charcoal, pencil, marbling."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from restyle_training.drawn.canvas import Colours, Field, Plane, blurred, colour, layered, line, noise, smooth, step

__all__ = ["charcoal", "ink_wash", "marbling", "pencil", "watercolour"]

PETALS = ("#d7263d", "#f46036", "#ffb627", "#2e86ab", "#6a4c93", "#1b998b", "#e84393", "#3d5a80")
EBRU = ("#0b3954", "#bfd7ea", "#f4f1de", "#e07a5f", "#0b3954", "#81b29a", "#f2cc8f", "#c8553d", "#f4f1de", "#3d405b")


def watercolour() -> Colours:
    """Washes that bleed into wet paper and dry with dark rims; white paper between them."""
    plane = Plane(1840)
    grain = noise(plane, 110, 2)
    wet = noise(plane, 7, 5)
    result = np.ones((*plane.shape, 3)) * (0.985, 0.975, 0.95)
    for k in range(34):
        x, y = plane.random.random(2) * (1.33, 1)
        radius = plane.random.uniform(0.07, 0.22)
        away, angle = plane.around(x, y)
        petals = 1 + 0.22 * np.sin(plane.random.integers(3, 7) * angle + plane.random.random() * 6)
        edge = radius * petals - away + 0.028 * wet + 0.02 * noise(plane, 14, 3)
        body = smooth(edge / 0.012) * (0.34 + 0.3 * smooth(1 - edge / (0.9 * radius)) + 0.12 * noise(plane, 5, 4))
        rim = np.exp(-((edge - 0.005) ** 2) / (2 * 0.0032**2)) * 0.34
        cover = np.clip(body + rim + 0.05 * grain * (edge > 0), 0, 0.92)
        ink = np.array([int(PETALS[k % len(PETALS)][i : i + 2], 16) / 255 for i in (1, 3, 5)])
        result = result * (1 - cover[..., None] * (1 - ink))
    return result * (1 + 0.018 * grain)[..., None]


def ink_wash() -> Colours:
    """Mountains in mist, a branch, a red seal: black ink and water on rice paper."""
    plane = Plane(1080)
    fibre = noise(plane, 90, 2)
    result = colour(("#e9e2d0", "#f4efe2"), 0.5 + 0.2 * noise(plane, 4))
    for k, (base, height, dark) in enumerate(((0.42, 0.34, 0.3), (0.58, 0.42, 0.5), (0.82, 0.36, 0.85))):
        ridge = base - height * (
            0.5 * np.exp(-(((plane.x - 0.25 - 0.37 * k) / 0.16) ** 2)) + 0.4 * np.exp(-(((plane.x - 1.05 + 0.2 * k) / 0.12) ** 2))
        )
        edge = plane.y - ridge + 0.012 * noise(plane, 9, 4)
        mist = np.exp(-np.clip(edge, 0, 1) / 0.11)
        brush = 0.75 + 0.25 * np.sin(70 * plane.x + 6 * noise(plane, 6) + 20 * plane.y)
        result = layered(result, "#15171a", step(edge, 0.01) * mist * dark * brush)
        result = layered(result, "#15171a", np.exp(-((edge / 0.006) ** 2)) * dark * (0.4 + 0.6 * smooth(0.5 + noise(plane, 12))))
    # A branch across a corner, thick to thin, and its blots.
    run = plane.x - 0.02
    branch = plane.y - (0.16 + 0.22 * run + 0.05 * np.sin(6 * run) + 0.006 * noise(plane, 25))
    result = layered(
        result, "#0d0d0f", line(branch, 0.045 * np.clip(1 - run / 0.75, 0, 1)) * (run < 0.75) * (0.85 + 0.15 * fibre)
    )
    for _ in range(46):
        x = plane.random.uniform(0.02, 0.78)
        y = 0.18 + 0.22 * x + 0.05 * np.sin(6 * x) + plane.random.normal(0, 0.07)
        away, angle = plane.around(x, y)
        size = plane.random.uniform(0.01, 0.032)
        blot = smooth((size * (1 + 0.3 * np.sin(5 * angle)) - away) / 0.006)
        paint = "#b3261e" if plane.random.random() < 0.3 else "#121214"
        result = layered(result, paint, blot * plane.random.uniform(0.35, 0.95))
    seal = (np.abs(plane.x - 1.2) < 0.045) & (np.abs(plane.y - 0.85) < 0.045)
    carved = np.sin(110 * plane.x) * np.sin(90 * plane.y + 2) > 0.35
    return layered(result, "#b3261e", seal * (1 - 0.85 * carved)) * (1 + 0.015 * fibre)[..., None]


def _draped(plane: Plane) -> Field:
    """Light and shade of folds and round bodies, 0..1."""
    fold = np.sin(9 * plane.x + 5 * np.sin(2.2 * plane.y + 1.5 * plane.x) + 0.8 * noise(plane, 2))
    tone = 0.55 + 0.3 * fold
    for x, y, radius in ((0.42, 0.4, 0.27), (1.0, 0.66, 0.24)):
        away, _ = plane.around(x, y)
        lit, _ = plane.around(x + 0.4 * radius, y - 0.4 * radius)
        inside = step(radius - away, 0.006)
        tone = tone * (1 - inside) * (1 - 0.35 * np.exp(-np.clip(away - radius, 0, 1) / 0.07)) + inside * np.clip(
            1.15 - 0.75 * lit / radius, 0, 1
        )
    result: Colours = np.clip(tone, 0, 1)
    return result


def charcoal() -> Colours:
    """Broad strokes of charcoal, rubbed with a finger, on rough paper: folds and round bodies."""
    plane = Plane(1885)
    tone = _draped(plane)
    tooth = noise(plane, 120, 2)
    turn = 0.7 + 0.25 * noise(plane, 1.5, 2)
    streaks = _streaks(plane, turn, 0.05)
    dark = np.clip(1.25 * (1 - tone) ** 1.3 + 0.26 * streaks * (0.3 + (1 - tone)), 0, 1.1)
    held = blurred(dark, 0.012) * 0.55 + 0.6 * dark * step(tooth + 2.6 * dark - 0.9, 0.9)
    gy, gx = np.gradient(blurred(tone, 0.004))
    contour = smooth((np.hypot(gx, gy) * plane.shape[0] - 9) / 25)
    return layered(colour(("#ddd3c2", "#efe8da"), 0.5 + 0.2 * tooth), "#161414", np.clip(held + 0.8 * contour, 0, 0.98))


def pencil() -> Colours:
    """Graphite and red chalk: hatches that follow the form, crossed in the shade, bare paper in the light."""
    plane = Plane(1503)
    tone = _draped(plane)
    ink = np.zeros(plane.shape)
    for turn, most in ((0.75, 0.86), (-0.5, 0.5), (1.9, 0.26)):
        phase = plane.x * np.cos(turn) + plane.y * np.sin(turn) + 0.012 * noise(plane, 3)
        press = 0.55 + 0.45 * smooth(0.5 + 0.7 * noise(plane, 26, 2))
        hatch = step(np.sin(2 * np.pi * 74 * phase + 0.9 * noise(plane, 8)) - 0.15 - 1.4 * (tone - most + 0.4), 0.8)
        ink = np.maximum(ink, hatch * press * step(most - tone, 0.1))
    gy, gx = np.gradient(blurred(tone, 0.003))
    outline = smooth((np.hypot(gx, gy) * plane.shape[0] - 12) / 20)
    paper = colour(("#efe6d3", "#f7f1e4"), 0.5 + 0.3 * noise(plane, 100, 2))
    warm = step(plane.x - 0.72 + 0.06 * noise(plane, 3), 0.2)
    lead = layered(np.ones((*plane.shape, 3)) * (0.2, 0.2, 0.23), "#a2412b", warm)
    return layered(paper, lead, np.clip(0.82 * ink + 0.75 * outline, 0, 0.95))


def _streaks(plane: Plane, turn: Field, length: float) -> Field:
    """Noise drawn out along angles (H, W), unit deviation."""
    field = plane.random.normal(size=plane.shape)
    reach = int(length * plane.shape[0])
    rows, columns = np.mgrid[0 : plane.shape[0], 0 : plane.shape[1]].astype(float)
    total = np.zeros(plane.shape)
    for offset in range(-reach, reach + 1, 2):
        place = [rows + offset * np.sin(turn), columns + offset * np.cos(turn)]
        total += ndimage.map_coordinates(field, place, order=1, mode="reflect")
    result: Field = (total - total.mean()) / total.std()
    return result


def marbling() -> Colours:
    """Colours floated on water, drawn with a comb and turned with a stylus."""
    plane = Plane(1650)
    x, y = plane.x.copy(), plane.y.copy()
    for cx, cy, strength in ((0.35, 0.35, 2.3), (0.98, 0.62, -2.6), (0.75, 0.15, 1.5), (0.3, 0.85, -1.6)):
        away, angle = np.hypot(x - cx, y - cy), np.arctan2(y - cy, x - cx)
        angle = angle + strength * np.exp(-away / 0.16)
        x, y = cx + away * np.cos(angle), cy + away * np.sin(angle)
    comb = 0.07 * (2 * np.abs(((x * 5.5) % 1) - 0.5) - 0.5)
    depth = y + comb + 0.03 * np.sin(23 * x) + 0.014 * noise(plane, 4)
    vein = depth * 15 + 0.5 * np.sin(depth * 40)
    number = np.floor(vein)
    part = vein - number
    lower, upper = (colour(EBRU, ((number + k) % len(EBRU)) / (len(EBRU) - 1)) for k in (0, 1))
    blend = step(part - 0.55, 0.12)
    result = lower + (upper - lower) * blend[..., None]
    return layered(result, "#0b1d2a", 0.5 * np.exp(-((part - 0.55) ** 2) / 0.004))
