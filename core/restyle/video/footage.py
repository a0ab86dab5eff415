"""Footage: what has to be known of a video's pictures to show them upright, and to write others in their place."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

__all__ = ["HD_ROWS", "Footage", "matrix_of"]

HD_ROWS = 720
"""Rows from which on a video that does not say so is taken to have the colours of HD (BT.709), as players do."""

BT709, BT601, BT2020 = 1, 5, 9
KNOWN_MATRICES = {1: BT709, 4: 4, 5: BT601, 6: BT601, 7: 7, 9: BT2020, 10: BT2020}
"""By the numbers of ISO/IEC 23091-2, which streams hold, those that FFmpeg's scaler knows."""

USUAL_RATE = Fraction(25)
"""Frames a second where a file says nothing."""


@dataclass(frozen=True)
class Footage:
    """The pictures as they are stored: ``width`` x ``height``, in a pixel format of FFmpeg, at times in units of ``time_base``.

    ``turns``: quarter turns to the left that bring a picture upright; ``display``: the nine numbers that say so in the file.
    ``colours``: primaries, transfer, matrix and range as in the file, by number. ``seconds``: its length, None if unsaid.
    """

    width: int
    height: int
    pixels: str
    bits: int
    has_alpha: bool
    turns: int
    display: tuple[int, ...] | None
    colours: tuple[int, int, int, int]
    aspect: Fraction | None
    time_base: Fraction
    rate: Fraction
    start_s: float
    seconds: float | None

    @classmethod
    def of(cls, container: Any, stream: Any, frame: Any) -> Footage:
        """Of an open file, its stream of pictures and the first of them."""
        context = stream.codec_context
        components = frame.format.components
        length = None if stream.duration is None else float(stream.duration * stream.time_base)
        if length is None and container.duration is not None:
            length = container.duration / 1_000_000
        return cls(
            width=frame.width,
            height=frame.height,
            pixels=frame.format.name,
            bits=max(component.bits for component in components),
            has_alpha=any(component.is_alpha for component in components),
            turns=round(frame.rotation / 90) % 4 if frame.rotation % 90 == 0 else 0,
            display=_display(frame),
            colours=(context.color_primaries, context.color_trc, context.colorspace, context.color_range),
            aspect=stream.sample_aspect_ratio or None,
            time_base=stream.time_base,
            rate=stream.average_rate or USUAL_RATE,
            # Not the frame's own time, which is missing of those that come last.
            start_s=float((frame.pts or 0) * stream.time_base),
            seconds=length,
        )

    @property
    def matrix(self) -> int:
        """What colours are computed with: what the file says, else what players take."""
        return matrix_of(self.colours[2], self.height)

    @property
    def samples(self) -> str:
        """The type of samples in which its pictures go through the core."""
        return "u16" if self.bits > 8 else "u8"

    @property
    def channels(self) -> int:
        """Of its pictures in the core."""
        return 4 if self.has_alpha else 3

    def packed(self, channels: int) -> str:
        """FFmpeg's name of such samples in so many ``channels``."""
        return {("u8", 3): "rgb24", ("u8", 4): "rgba", ("u16", 3): "rgb48le", ("u16", 4): "rgba64le"}[self.samples, channels]


def matrix_of(said: int, height: int) -> int:
    """The colour matrix by the number that FFmpeg's scaler knows it by; ``said`` is the file's."""
    return KNOWN_MATRICES.get(said, BT709 if height >= HD_ROWS else BT601)


def _display(frame: Any) -> tuple[int, ...] | None:
    data = frame.side_data.get("DISPLAYMATRIX")
    return None if data is None else tuple(int(number) for number in np.frombuffer(bytes(data), "<i4"))
