"""Piece: some frames of a video that follow one another, encoded into a file of their own, which can be joined to others."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from restyle.contract.errors import OutputUnwritable
from restyle.contract.sentence import said_by_system
from restyle.pictures.image import Image
from restyle.video.footage import Footage
from restyle.video.kinds import Encoding
from restyle.video.library import library
from restyle.video.source import turned

__all__ = ["Piece"]

FORMAT = "matroska"
"""Holds whatever is encoded here, and needs no end to be read. Its times are rounded, so the true ones are kept beside it."""


class Piece:
    """A file that takes frames until it is closed. Raises OutputUnwritable where the disk does not take it.

    One picture is one packet, and none waits for a later one, so that packets have the times of the pictures in their order.
    """

    def __init__(self, path: Path, footage: Footage, encoding: Encoding, pixels: str) -> None:
        self._av = library()
        self._path, self._footage, self._pixels = path, footage, pixels
        self.times: list[tuple[int, int]] = []
        try:
            self._container = self._av.open(str(path), "w", format=FORMAT)
            self._stream = self._added(encoding)
        except self._av.error.FFmpegError as error:
            raise OutputUnwritable(path, said_by_system(error)) from error

    def add(self, image: Image, pts: int, duration: int) -> None:
        """Encode a picture, upright as it came, and note when it is shown."""
        footage = self._footage
        # Alpha that the encoder has no place for is left out here.
        channels = 4 if self._pixels.startswith("yuva") else 3
        stored = turned(image, -footage.turns)
        samples = np.frombuffer(
            stored.to_bytes(channels=channels, dtype=footage.samples), {"u8": "u1", "u16": "<u2"}[footage.samples]
        ).reshape(footage.height, footage.width, channels)
        frame = self._av.VideoFrame.from_ndarray(samples, format=footage.packed(channels))
        full = self._av.video.reformatter.ColorRange.JPEG
        frame = frame.reformat(
            format=self._pixels,
            dst_colorspace=footage.matrix,
            dst_color_range=full if footage.colours[3] == full else self._av.video.reformatter.ColorRange.MPEG,
        )
        frame.pts, frame.time_base = pts, footage.time_base
        self._write(frame)
        self.times.append((pts, duration))

    def close(self) -> None:
        """Write what is still on its way."""
        self._write(None)
        try:
            self._container.close()
        except self._av.error.FFmpegError as error:
            raise OutputUnwritable(self._path, said_by_system(error)) from error

    def drop(self) -> None:
        """Give it up; nothing is said any more."""
        with suppress(self._av.error.FFmpegError, OSError, ValueError):
            self._container.close()
        self._path.unlink(missing_ok=True)

    def _write(self, frame: Any) -> None:
        try:
            for packet in self._stream.encode(frame):
                self._container.mux(packet)
        except self._av.error.FFmpegError as error:
            raise OutputUnwritable(self._path, said_by_system(error)) from error

    def _added(self, encoding: Encoding) -> Any:
        footage = self._footage
        stream = self._container.add_stream(encoding.codec, rate=footage.rate, options=dict(encoding.options))
        stream.width, stream.height, stream.pix_fmt = footage.width, footage.height, self._pixels
        context = stream.codec_context
        context.time_base = footage.time_base
        context.max_b_frames = 0
        context.color_primaries, context.color_trc, matrix, context.color_range = footage.colours
        # Pictures in RGB have no matrix, but what they are encoded as has.
        context.colorspace = matrix or footage.matrix
        if footage.aspect is not None:
            context.sample_aspect_ratio = footage.aspect
        return stream
