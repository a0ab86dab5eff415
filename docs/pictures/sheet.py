"""Sheets of pictures: rows of cells of one size, each with a label above it."""

from __future__ import annotations

import unicodedata

from PIL import Image, ImageDraw, ImageFont

__all__ = ["CELL", "PORTRAIT_CELL", "SMALL_CELL", "cover", "sheet", "with_corner"]

CELL = (380, 285)
SMALL_CELL = (280, 210)
PORTRAIT_CELL = (360, 450)
CORNER = (112, 84)
CORNER_FRAME = 4
GAP = 10
LABEL = 22


def sheet(rows: list[list[tuple[str, Image.Image]]], cell: tuple[int, int] = CELL) -> Image.Image:
    """Pictures in rows, each with a label above it, cropped to cells of one size."""
    width = max(len(row) for row in rows) * (cell[0] + GAP) - GAP
    canvas = Image.new("RGB", (width, len(rows) * (cell[1] + LABEL + GAP) - GAP), "white")
    draw = ImageDraw.Draw(canvas)
    font = ImageFont.load_default(14)
    for r, row in enumerate(rows):
        for c, (label, picture) in enumerate(row):
            x, y = c * (cell[0] + GAP), r * (cell[1] + LABEL + GAP)
            draw.text((x + 2, y + 2), _plain(label), fill="#333333", font=font)
            canvas.paste(cover(picture, cell), (x, y + LABEL))
    return canvas


def _plain(label: str) -> str:
    """Without accents: the font at hand has none."""
    return unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode("ascii")


def cover(picture: Image.Image, cell: tuple[int, int]) -> Image.Image:
    """Scaled and cropped to fill a cell."""
    scale = max(cell[0] / picture.width, cell[1] / picture.height)
    scaled = picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS)
    left, top = (scaled.width - cell[0]) // 2, (scaled.height - cell[1]) // 3
    return scaled.crop((left, top, left + cell[0], top + cell[1]))


def with_corner(picture: Image.Image, small: Image.Image) -> Image.Image:
    """A cell with a second picture, framed in white, in its lower right corner."""
    cell, corner = cover(picture, CELL), cover(small, CORNER)
    x, y = cell.width - corner.width, cell.height - corner.height
    ImageDraw.Draw(cell).rectangle((x - CORNER_FRAME, y - CORNER_FRAME, cell.width, cell.height), fill="white")
    cell.paste(corner, (x, y))
    return cell
