"""Small files of every form, in memory."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import PIL.Image

from restyle.pictures.files import open_image


def photo(width: int = 60, height: int = 40, dtype: type = np.uint8, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, np.iinfo(dtype).max, (height, width, 3), dtype, endpoint=True)


def jpeg_bytes(**options: object) -> bytes:
    buffer = BytesIO()
    PIL.Image.fromarray(photo()).save(buffer, "JPEG", **options)
    return buffer.getvalue()


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def stored_as(path: Path) -> bytes:
    return open_image(path)[0].to_bytes(channels=3, dtype="u8")
