"""Draw a painted head, the style of the guide's portrait: shapes of a face in soft light, then thousands of strokes along them.

python docs/pictures/painted_head.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from scipy import ndimage

SIZE = (480, 600)
STROKES = ((9000, 16, 5), (14000, 9, 3))  # how many, how long, how wide: a ground of broad ones, finer ones over it
FINE = ((118, 205, 362, 480), 5000, 6, 2)  # over the features
JITTER = 14  # of a stroke's colour, of 255
TURN = 0.35  # of its direction, in radians

GROUND, HAIR, SKIN, SHADE, LIGHT = (38, 84, 92), (92, 38, 22), (214, 150, 108), (150, 84, 66), (246, 206, 158)
WHITE, IRIS, DARK, LIPS, BLUSH, COAT = (228, 214, 196), (70, 98, 66), (44, 26, 24), (176, 58, 54), (214, 108, 84), (30, 44, 86)


def head() -> Image.Image:
    """The head before strokes."""
    picture = Image.new("RGB", SIZE, GROUND)
    _blob(picture, [(200, -60, 560, 300)], (66, 122, 120), 60)
    _blob(picture, [(60, 500, 420, 760)], COAT, 6)
    _blob(picture, [(100, 70, 380, 430), (86, 200, 200, 500), (290, 200, 396, 500)], HAIR, 5)
    _blob(picture, [(180, 400, 300, 590)], SHADE, 6)
    _blob(picture, [(128, 118, 352, 490)], SKIN, 4)
    _blob(picture, [(256, 150, 360, 480)], SHADE, 26, 0.75)
    _blob(picture, [(140, 150, 240, 250), (146, 300, 220, 390)], LIGHT, 24, 0.8)
    _blob(picture, [(148, 330, 208, 390), (276, 330, 330, 388)], BLUSH, 16, 0.7)
    for x in (192, 288):
        _blob(picture, [(x - 34, 252, x + 34, 292)], SHADE, 8, 0.7)
        _blob(picture, [(x - 25, 262, x + 25, 286)], WHITE, 1.5)
        _blob(picture, [(x - 11, 261, x + 11, 286)], IRIS, 1)
        _blob(picture, [(x - 5, 268, x + 5, 280)], DARK, 0.5)
        _line(picture, [(x - 28, 273), (x - 12, 261), (x + 12, 261), (x + 28, 274)], DARK, 5)
        _line(picture, [(x - 36, 240), (x - 14, 226), (x + 14, 227), (x + 36, 238)], HAIR, 10)
        _blob(picture, [(x - 9, 264, x - 4, 269)], (255, 250, 240), 0.5)
    _blob(picture, [(240, 260, 262, 366)], SHADE, 7, 0.8)
    _blob(picture, [(222, 270, 240, 362)], LIGHT, 6, 0.9)
    _blob(picture, [(212, 348, 268, 380)], SKIN, 5)
    _blob(picture, [(216, 366, 232, 377), (248, 366, 264, 377)], DARK, 2.5, 0.8)
    _blob(picture, [(222, 386, 258, 404)], SHADE, 6, 0.5)
    _blob(picture, [(196, 402, 284, 420), (204, 412, 276, 438)], LIPS, 2.5)
    _line(picture, [(192, 416), (222, 419), (240, 416), (258, 419), (288, 416)], DARK, 4)
    _blob(picture, [(222, 424, 250, 430)], (222, 120, 110), 3)
    _blob(picture, [(206, 440, 274, 456)], SHADE, 7, 0.6)
    _blob(picture, [(120, 84, 240, 196)], HAIR, 8, 0.9)
    _blob(picture, [(230, 84, 366, 190)], HAIR, 8, 0.9)
    _blob(picture, [(150, 90, 250, 130)], (170, 84, 44), 14, 0.7)
    return picture


def with_strokes(picture: Image.Image) -> Image.Image:
    """The same painted: strokes in the colours of where they lie, along the edges there."""
    chance = np.random.default_rng(0)
    seen = np.asarray(picture, np.float32)
    smooth = ndimage.gaussian_filter(seen.mean(2), 4)
    down, across = ndimage.sobel(smooth, 0), ndimage.sobel(smooth, 1)
    along = np.arctan2(across, -down)
    made = picture.copy()
    pen = ImageDraw.Draw(made)
    whole = (0, 0, *SIZE)
    for area, count, length, width in [*((whole, *kind) for kind in STROKES), FINE]:
        for _ in range(count):
            x, y = chance.uniform(area[0], area[2] - 1), chance.uniform(area[1], area[3] - 1)
            angle = along[int(y), int(x)] + chance.normal(0, TURN)
            colour = np.clip(seen[int(y), int(x)] + chance.normal(0, JITTER) + chance.normal(0, JITTER / 2, 3), 0, 255)
            half = length * chance.uniform(0.3, 0.6) * np.array([np.cos(angle), np.sin(angle)])
            pen.line((x - half[0], y - half[1], x + half[0], y + half[1]), tuple(int(part) for part in colour), width)
    return made


def _blob(
    picture: Image.Image, ovals: list[tuple[float, float, float, float]], colour: tuple, soft: float, amount: float = 1
) -> None:
    cover = Image.new("L", picture.size)
    for oval in ovals:
        ImageDraw.Draw(cover).ellipse(oval, fill=round(255 * amount))
    picture.paste(colour, mask=cover.filter(ImageFilter.GaussianBlur(soft)))


def _line(picture: Image.Image, points: list[tuple[float, float]], colour: tuple, width: int) -> None:
    cover = Image.new("L", picture.size)
    ImageDraw.Draw(cover).line(points, fill=235, width=width, joint="curve")
    picture.paste(colour, mask=cover.filter(ImageFilter.GaussianBlur(1.2)))


if __name__ == "__main__":
    with_strokes(head()).save(Path(__file__).parent / "painted-head.jpg", quality=92)
