"""What the manual's pictures are made of: photos of scikit-image, and what is drawn or cut out of them by hand."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw
from skimage import data

__all__ = ["CUP_AT", "against_the_light", "balloon_flight", "cup_cut_out", "doodle_plan", "photo", "rocket_regions"]

BACKLIGHT = 0.3  # of the light that its shadows get
BALLOON, BALLOON_AT, BALLOON_STEP = 70, (40, 150), (95, -60)

# Cup, saucer and spoon on the photo of coffee, and where they lie on the night.
CUP_OUTLINE = ((79, 64, 480, 387), (173, 18, 409, 210), (398, 66, 425, 120))
CUP_AT = (150, 95)

# The rocket's regions, as a person paints them in a minute: sky, ground, and the rocket itself.
SKY, GROUND, ROCKET = (0, 0, 255), (0, 255, 0), (255, 0, 0)
GROUND_OUTLINE = ((0, 385), (90, 372), (200, 378), (300, 370), (460, 380), (560, 372), (640, 366), (640, 427), (0, 427))
LIGHT = (255, 255, 0)
DOODLE_SIZE = (640, 480)
DOODLE_LIGHTS = ((165, 130, 82), (330, 70, 34), (470, 150, 50), (575, 60, 26), (340, 235, 24))
DOODLE_GROUND = (
    (0, 400),
    (70, 372),
    (150, 300),
    (205, 262),
    (255, 306),
    (330, 372),
    (420, 392),
    (500, 352),
    (560, 338),
    (640, 370),
    (640, 480),
    (0, 480),
)
ROCKET_OUTLINE = ((311, 150), (317, 130), (323, 126), (330, 132), (335, 150), (338, 372), (308, 372))


def photo(name: str) -> Image.Image:
    """A sample photo of scikit-image."""
    return Image.fromarray(getattr(data, name)())


def rocket_regions(size: tuple[int, int]) -> Image.Image:
    """The map of regions of the photo of the rocket."""
    picture = Image.new("RGB", size, SKY)
    draw = ImageDraw.Draw(picture)
    draw.polygon(GROUND_OUTLINE, fill=GROUND)
    draw.polygon(ROCKET_OUTLINE, fill=ROCKET)
    return picture


def doodle_plan() -> Image.Image:
    """A plan as a person paints it: hills under five lights."""
    plan = Image.new("RGB", DOODLE_SIZE, SKY)
    draw = ImageDraw.Draw(plan)
    for x, y, radius in DOODLE_LIGHTS:
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=LIGHT)
    draw.polygon(DOODLE_GROUND, fill=GROUND)
    return plan


def cup_cut_out() -> Image.Image:
    """The photo of coffee, of which only cup, saucer and spoon can be seen."""
    cup = photo("coffee")
    cover = Image.new("L", cup.size)
    for ellipse in CUP_OUTLINE:
        ImageDraw.Draw(cover).ellipse(ellipse, fill=255)
    cup.putalpha(cover)
    return cup


def against_the_light(picture: Image.Image) -> Image.Image:
    """The picture with a third of the light in its shadows, and its highlights as they are."""
    pixels = np.asarray(picture, np.float32) / 255
    strongest = pixels.max(2, keepdims=True)
    dark = pixels * BACKLIGHT / (1 + (BACKLIGHT - 1) * strongest)
    return Image.fromarray((dark * 255).round().astype(np.uint8))


def balloon_flight(landscape: Image.Image) -> list[Image.Image]:
    """Three frames of a balloon that flies over a picture."""
    frames = []
    for number in range(3):
        frame = landscape.copy()
        left, top = (start + number * step for start, step in zip(BALLOON_AT, BALLOON_STEP, strict=True))
        pen = ImageDraw.Draw(frame)
        pen.line((left + BALLOON // 2, top + BALLOON, left + BALLOON // 2 - 12, top + 2 * BALLOON), fill=(250, 240, 220), width=3)
        pen.ellipse((left, top, left + BALLOON, top + BALLOON * 5 // 4), fill=(214, 40, 40), outline=(120, 10, 20), width=3)
        pen.ellipse((left + 14, top + 14, left + 28, top + 34), fill=(250, 190, 180))
        frames.append(frame)
    return frames
