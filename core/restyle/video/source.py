"""Source: the frames of a video, in their order, upright; whatever FFmpeg reads."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from restyle.contract.errors import InvalidInput
from restyle.contract.sentence import said_by_system
from restyle.pictures.image import Image
from restyle.video.footage import Footage
from restyle.video.library import library

__all__ = ["Source", "Timed", "turned"]

SEES_ALPHA = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
"""By codec, the decoder that sees what lies beside the pictures; FFmpeg's own do not."""

SHORT_S = 0.5
"""By how much the last frame may end before the video does, as it says, without anything being amiss."""


@dataclass(frozen=True)
class Timed:
    """A frame as it was decoded, when it is shown and for how long, in units of the footage's time base."""

    frame: Any
    pts: int
    duration: int


class Source:
    """A video file.

    ``notes`` has a sentence for all that could not be read, as far as frames were asked for. Raises InvalidInput, OSError.
    """

    def __init__(self, path: Path) -> None:
        self._av = library()
        self.path = path
        self.notes: list[str] = []
        with self.opened() as container:
            stream = self.pictures(container)
            frame = next(self._decoded(container, stream), None)
            if frame is None:
                raise InvalidInput(f"{path} has no picture that can be read; it may be damaged, or of a kind that FFmpeg lacks.")
            self.footage = Footage.of(container, stream, frame)
        self.notes.clear()

    def opened(self) -> Any:
        """The file, to be closed by whoever asked. Raises InvalidInput, OSError."""
        self.path.stat()
        try:
            return self._av.open(str(self.path))
        except self._av.error.FFmpegError as error:
            raise InvalidInput(f"{self.path} cannot be read as a video ({said_by_system(error)}); give another file.") from error

    def pictures(self, container: Any) -> Any:
        """The stream of pictures; a cover is none. Raises InvalidInput."""
        covers = self._av.stream.Disposition.attached_pic
        streams = [stream for stream in container.streams.video if not stream.disposition & covers]
        if not streams:
            raise InvalidInput(f"{self.path} has no moving pictures; give a video.")
        return streams[0]

    def frames(self, from_s: float = 0.0, to_s: float | None = None) -> Generator[Timed, None, None]:
        """All frames that are shown from ``from_s`` on and before ``to_s``, counted from the first.

        What is torn is left out, and a note says so.
        """
        base = self.footage.time_base
        with self.opened() as container:
            stream = self.pictures(container)
            if from_s > 0:
                container.seek(int((self.footage.start_s + from_s) / base), stream=stream, backward=True)
            usual = max(1, round(1 / self.footage.rate / base))
            last: Timed | None = None
            for frame in self._decoded(container, stream):
                last = _timed(frame, last, usual)
                at = float(last.pts * base) - self.footage.start_s
                if to_s is not None and at >= to_s:
                    return
                if at + float(last.duration * base) > from_s:
                    yield last
            self._compare(last)

    def image(self, timed: Timed) -> Image:
        """A frame upright, in the form of the core."""
        footage = self.footage
        samples = timed.frame.to_ndarray(format=footage.packed(footage.channels), src_colorspace=footage.matrix)
        image = Image.from_bytes(
            np.ascontiguousarray(samples).data.cast("B"),
            footage.width,
            footage.height,
            channels=footage.channels,
            dtype=footage.samples,
        )
        return turned(image, footage.turns)

    def packets_of(self, container: Any, streams: list[Any]) -> Iterator[Any]:
        """The packets of some streams of the opened file, up to where it breaks off."""
        yield from (packet for packet in self._packets(container, streams) if packet is not None and packet.dts is not None)

    def _decoded(self, container: Any, stream: Any) -> Iterator[Any]:
        """Decoded frames of one size; torn packets are left out."""
        decoder, size = self._decoder(stream), None
        for packet in self._packets(container, stream):
            try:
                frames = decoder.decode(packet)
            except self._av.error.FFmpegError:
                self._note(f"Parts of {self.path} are damaged; they were left out.")
                continue
            for frame in frames:
                size = size or (frame.width, frame.height)
                if (frame.width, frame.height) == size:
                    yield frame
                else:
                    self._note(f"{self.path} changes its size on the way; frames of other sizes were left out.")

    def _packets(self, container: Any, stream: Any) -> Iterator[Any]:
        try:
            for packet in container.demux(stream):
                # An empty one ends what demux gives; the decoder is told of the end below.
                if packet.size:
                    yield packet
        except (self._av.error.FFmpegError, EOFError):
            self._note(f"{self.path} breaks off; what comes before was worked on.")
        yield None

    def _decoder(self, stream: Any) -> Any:
        name = SEES_ALPHA.get(stream.codec_context.name)
        # Matroska writes it in capitals, WebM does not.
        if name is None or ("alpha_mode", "1") not in {(key.lower(), value) for key, value in stream.metadata.items()}:
            return stream.codec_context
        return self._av.CodecContext.create(name, "r")

    def _compare(self, last: Timed | None) -> None:
        length, base = self.footage.seconds, self.footage.time_base
        if length is None or last is None:
            return
        came = float((last.pts + last.duration) * base) - self.footage.start_s
        if came < length - SHORT_S:
            self._note(f"{self.path} says that it lasts {length:.1f} s, and pictures end after {came:.1f} s.")

    def _note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)


def turned(image: Image, turns: int) -> Image:
    """The picture after so many quarter turns to the left."""
    if turns % 4 == 0:
        return image
    alpha = None if image.alpha is None else torch.rot90(image.alpha, turns, (2, 3)).contiguous()
    return Image(torch.rot90(image.pixels, turns, (2, 3)).contiguous(), alpha)


def _timed(frame: Any, last: Timed | None, usual: int) -> Timed:
    """When a frame is shown; one that does not say so, or says what cannot be, follows the last at the usual distance."""
    after = 0 if last is None else last.pts + max(last.duration, 1)
    pts = frame.pts
    if pts is None or (last is not None and pts <= last.pts):
        pts = after
    return Timed(frame, pts, frame.duration or usual)
