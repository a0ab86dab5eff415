"""Make the manual's pictures of results: ``python docs/pictures/make.py``; photos from scikit-image, styles from draw.py."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from skimage import data

from restyle.api import apply
from restyle.image import Image as Picture

FOLDER = Path(__file__).parent
STYLES = ("swirls", "flames", "meadow")
CELL = (380, 285)
GAP = 10
LABEL = 22
QUALITY = 88

SETTINGS = (
    ("style strength 25", {"style_strength": 25.0}),
    ("style strength 75", {"style_strength": 75.0}),
    ("style scale 0.5", {"style_scale": 0.5}),
    ("style scale 2", {"style_scale": 2.0}),
    ("keep colours (luminance)", {"preserve_colors": "luminance"}),
    ("keep colours (histogram)", {"preserve_colors": "histogram"}),
)


def photo(name: str) -> Image.Image:
    """A sample photo of scikit-image."""
    return Image.fromarray(getattr(data, name)())


def paint(name: str, style: str, **params: object) -> Image.Image:
    """The photo painted in one of our styles."""
    original = photo(name)
    picture = Picture.from_bytes(original.tobytes(), original.width, original.height, channels=3, dtype="u8")
    result = apply("neural-style", picture, styles=[FOLDER / f"{style}.jpg"], **params)
    return Image.frombytes("RGB", original.size, result.to_bytes(channels=3, dtype="u8"))


def sheet(rows: list[list[tuple[str, Image.Image]]]) -> Image.Image:
    """Pictures in rows, each with a label above it, cropped to cells of one size."""
    width = max(len(row) for row in rows) * (CELL[0] + GAP) - GAP
    canvas = Image.new("RGB", (width, len(rows) * (CELL[1] + LABEL + GAP) - GAP), "white")
    draw = ImageDraw.Draw(canvas)
    font = ImageFont.load_default(14)
    for r, row in enumerate(rows):
        for c, (label, picture) in enumerate(row):
            x, y = c * (CELL[0] + GAP), r * (CELL[1] + LABEL + GAP)
            draw.text((x + 2, y + 2), label, fill="#333333", font=font)
            canvas.paste(_cover(picture), (x, y + LABEL))
    return canvas


def _cover(picture: Image.Image) -> Image.Image:
    """Scaled and cropped to fill a cell."""
    scale = max(CELL[0] / picture.width, CELL[1] / picture.height)
    scaled = picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS)
    left, top = (scaled.width - CELL[0]) // 2, (scaled.height - CELL[1]) // 3
    return scaled.crop((left, top, left + CELL[0], top + CELL[1]))


def main() -> None:
    rows = []
    for name in ("coffee", "chelsea"):
        rows.append([("photo", photo(name)), *((style, paint(name, style)) for style in STYLES)])
    styles = [(style, Image.open(FOLDER / f"{style}.jpg")) for style in STYLES]
    blank = Image.new("RGB", CELL, "white")
    sheet([[("", blank), *((f"style: {style}", picture) for style, picture in styles)], *rows]).save(
        FOLDER / "overview.jpg", quality=QUALITY
    )
    shown = [(label, paint("astronaut", "swirls", **params)) for label, params in SETTINGS]
    sheet([shown[:2], shown[2:4], shown[4:]]).save(FOLDER / "settings.jpg", quality=QUALITY)


if __name__ == "__main__":
    main()
