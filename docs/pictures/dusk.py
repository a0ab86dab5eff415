"""Draw the manual's evening, a landscape that could be a photo, and its regions: ``python docs/pictures/dusk.py FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter, gaussian_filter1d

SIZE = (768, 512)
SEED = 2017
HORIZON = 0.64  # of the height
SUN = (0.68, HORIZON)

SKY = ((0, "#28305e"), (0.35, "#6b4a7e"), (0.6, "#c96a6f"), (0.82, "#f2a25c"), (1, "#ffdf9a"))
CLOUD = ((0, "#3a2f55"), (0.5, "#a04f63"), (1, "#ffb46e"))
HILLS = ((0.62, 0.05, "#6d4a63", 60), (0.66, 0.06, "#46344f", 40), (0.72, 0.05, "#2b2438", 30))
WATER = ((0, "#ffcf8c"), (1, "#7d5a80"))
# The colours of two regions, as in the paper's maps.
SKY_REGION, LAND_REGION = (0, 0, 255), (0, 255, 0)


def dusk() -> tuple[Image.Image, Image.Image]:
    """The landscape and its map of regions."""
    random = np.random.default_rng(SEED)
    rows, columns = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    y, x = rows / SIZE[1], columns / SIZE[0]
    glow = np.exp(-(((x - SUN[0]) / 0.28) ** 2 + ((y - SUN[1]) / 0.22) ** 2))[..., None]
    picture = _sky(y, glow, random)
    land = np.zeros(y.shape, bool)
    for base, height, colour, roughness in HILLS:
        ridge = (base + height * _profile(roughness, random) + 0.003 * _profile(1.5, random, peak=3))[None, :]
        texture = _noise((1.2, 3, 8), 1.6, random)[..., None]
        depth = np.clip((y - ridge) / 0.3, 0, 1)[..., None]
        hill = _rgb(colour) * (1 + 0.16 * texture) * (1 - 0.35 * depth) + glow * np.exp(-6 * depth) * (60, 30, 10)
        picture = np.where((y > ridge)[..., None], hill, picture)
        land |= y > ridge
    bend = 0.55 + 0.1 * np.sin(7 * (y - 0.7)) + 0.5 * (y - 0.72)
    river = (np.abs(x - bend) < 0.02 + 0.35 * np.clip(y - 0.74, 0, 1) ** 1.2) & (y > 0.74)
    water = _ramp(WATER, (y - 0.74) / 0.26) + 6 * _noise((1, 2), 6, random)[..., None]
    picture = np.where(river[..., None], water, picture) + random.normal(0, 2, picture.shape)
    regions = np.where(land[..., None], LAND_REGION, SKY_REGION)
    return _image(picture), _image(regions)


def _sky(y: np.ndarray, glow: np.ndarray, random: np.random.Generator) -> np.ndarray:
    cover = 1 / (1 + np.exp(-2.6 * (_noise((4, 9, 18, 36), 3, random) - 0.5)))
    cover = 0.8 * (cover * np.clip(1.15 - 0.6 * y / HORIZON, 0, 1))[..., None]
    clouds = _ramp(CLOUD, 0.25 + 0.6 * y / HORIZON + 0.5 * glow[..., 0])
    return _ramp(SKY, y / HORIZON) * (1 - cover) + clouds * cover + glow * (70, 55, 20)


def _noise(scales: tuple[float, ...], stretch: float, random: np.random.Generator) -> np.ndarray:
    """Clouds of several sizes, wider than high by ``stretch``; of mean 0 and deviation 1."""
    layers = [gaussian_filter(random.standard_normal((SIZE[1], SIZE[0])), (scale, scale * stretch)) for scale in scales]
    total = sum(layer / layer.std() * scale**0.6 for layer, scale in zip(layers, scales, strict=True))
    return total / total.std()


def _profile(roughness: float, random: np.random.Generator, peak: float = 1) -> np.ndarray:
    """The outline of hills, in -``peak`` to ``peak``."""
    line = gaussian_filter1d(random.standard_normal(SIZE[0] + 400), roughness)[200:-200]
    return peak * line / np.abs(line).max()


def _ramp(stops: tuple[tuple[float, str], ...], place: np.ndarray) -> np.ndarray:
    places, colours = [stop for stop, _ in stops], np.array([_rgb(colour) for _, colour in stops])
    return np.stack([np.interp(place, places, colours[:, channel]) for channel in range(3)], -1)


def _rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], float)


def _image(values: np.ndarray) -> Image.Image:
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
    picture, regions = dusk()
    picture.save(folder / "dusk.jpg", quality=90)
    regions.save(folder / "dusk-regions.png")


if __name__ == "__main__":
    main()
