"""Decoded: what a file's decoder hands on, whichever it was."""

from __future__ import annotations

import logging
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PIL.Image import DecompressionBombError

from restyle.contract.errors import ImageTooLarge
from restyle.pictures.files.exif import Exif
from restyle.pictures.image import MAXIMUM_PIXELS

__all__ = ["LIBRARY_ERRORS", "Decoded", "Refused", "Samples", "check_size", "quiet"]

Samples = np.ndarray[Any, Any]

LIBRARY_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    DecompressionBombError,
    EOFError,
    ImportError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What Pillow, tifffile and libpng raise on broken files; imagecodecs' errors are RuntimeErrors, or ImportErrors for a
codec that was not built, Pillow's own OSErrors."""


class Refused(ValueError):
    """A file is well formed and still no picture for us; the ``reason`` is a clause for the user."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Decoded:
    """Samples (H, W, 1 to 4) of u8, u16 or f32 as the file has them, and what the file says of them.

    ``orientation`` is that of the samples, 1 to 8 as EXIF numbers them. ``notes``: a sentence for what was not taken over.
    """

    samples: Samples
    exif: Exif = field(default_factory=Exif)
    orientation: int = 1
    icc_profile: bytes | None = None
    dpi: tuple[float, float] | None = None
    notes: tuple[str, ...] = ()


def check_size(width: int, height: int) -> None:
    """Raises ImageTooLarge, before anything is unpacked."""
    if width * height > MAXIMUM_PIXELS:
        raise ImageTooLarge(width, height, MAXIMUM_PIXELS)


@contextmanager
def quiet() -> Iterator[None]:
    """The libraries warn of odd tags in files that they read well; it is no business of whoever looks at the picture."""
    library = logging.getLogger("tifffile")
    level = library.level
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        library.setLevel(logging.CRITICAL + 1)
        try:
            yield
        finally:
            library.setLevel(level)
