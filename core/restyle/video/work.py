"""The work on a video: frame after frame, each with what came of the one before, and all of it into a new file."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from restyle.context import Context
from restyle.contract.errors import Cancelled, InvalidInput
from restyle.contract.request import Use
from restyle.engine.sequence import Made, Sequence, sequence_of
from restyle.pictures.files import open_image
from restyle.pictures.image import Image
from restyle.pictures.paths import path_of
from restyle.video.joining import Span, join
from restyle.video.kinds import Encoding, encoding_of, kind_of
from restyle.video.library import library
from restyle.video.piece import Piece
from restyle.video.source import Source, Timed
from restyle.video.unfinished import Unfinished

__all__ = ["PIECE_S", "Standing", "Work"]

PIECE_S = 60.0
"""Seconds of work after which a piece is closed: what a crash costs at most. Each piece begins with a picture of its own."""


@dataclass(frozen=True)
class Standing:
    """How far a video is: frames that are done, those that this call has made in ``seconds``, and the share of its length."""

    done: int
    made: int
    seconds: float
    share: float | None

    @property
    def left_s(self) -> float | None:
        """Seconds that remain at this pace; None as long as that cannot be said."""
        if not self.made or not self.share:
            return None
        of = self.done / self.share
        return self.seconds / self.made * max(of - self.done, 0.0)


@dataclass(frozen=True)
class Work:
    """A use whose layer is a video, where the result goes, which part is made, and who hears how far it is.

    ``made_of`` is a fingerprint of what is asked for; of the same, what is there already is gone on from.
    """

    use: Use[Any]
    output: Path
    made_of: str
    context: Context
    span: Span
    tell: Callable[[Standing], None]

    def do(self) -> tuple[int, list[str]]:
        """Make the video; returns the number of its frames, and a sentence for each thing that was not as it should be.

        Cancelled leaves what is done for the next call. Raises InvalidInput, OutputUnwritable, MissingLibrary, and what
        the filter raises.
        """
        kind = kind_of(self.output)
        layer = self.use.filter.layer
        if layer is None:
            raise InvalidInput(f"{self.use.filter.title} works on no picture, so there is nothing to do for a video.")
        source = Source(path_of(self.use.inputs[layer.name]))
        encoding, pixels = encoding_of(kind, source.footage, library())
        has_alpha = pixels.startswith("yuva")
        unfinished = Unfinished.of(self.output, self._fingerprint(pixels))
        self._make(source, unfinished, encoding, pixels)
        if not unfinished.done:
            unfinished.remove()
            raise InvalidInput(f"There is no frame of {source.path} at {self.span.from_s:.1f} s; give another time.")
        part = unfinished.folder / f"joined{self.output.suffix}"
        notes = join(unfinished, source, kind, part, self.span, has_alpha)
        os.replace(part, self.output)
        unfinished.remove()
        if source.footage.has_alpha and not has_alpha:
            notes.append(f"{self.output.suffix} holds no transparency, which was left out; .mov and .webm do.")
        return unfinished.done, [*source.notes, *notes]

    def _fingerprint(self, pixels: str) -> str:
        asked = [self.made_of, self.span, pixels, self.output.suffix.lower(), library().__version__]
        return hashlib.sha256(repr(asked).encode()).hexdigest()

    def _make(self, source: Source, unfinished: Unfinished, encoding: Encoding, pixels: str) -> None:
        with closing(source.frames(self.span.from_s, self.span.to_s)) as frames:
            first, last = self._gone_on(source, unfinished, frames)
            if first is None:
                return
            sequence = self._sequence(source.image(first), last)
            open_piece = lambda: Piece(unfinished.next_piece(), source.footage, encoding, pixels)  # noqa: E731
            _Frames(self, source, unfinished, sequence, open_piece).all_of(first, frames)

    def _gone_on(self, source: Source, unfinished: Unfinished, frames: Iterator[Timed]) -> tuple[Timed | None, Made | None]:
        """The first frame that is still to be made, and the one before with its result where there is one."""
        before: Timed | None = None
        for _ in range(unfinished.done):
            before = next(frames, None)
        last = None if before is None else unfinished.made_last(source.image(before))
        return next(frames, None), last

    def _sequence(self, first: Image, last: Made | None) -> Sequence:
        layer = self.use.filter.layer
        content = None if layer is None else self.use.inputs[layer.name]

        def open_picture(ref: str) -> Image:
            return first if ref == content else open_image(path_of(ref))[0]

        return sequence_of(self.use, open_picture, self.context, last)


class _Frames:
    """Makes frames into pieces; one piece is open at a time."""

    def __init__(
        self, work: Work, source: Source, unfinished: Unfinished, sequence: Sequence, open_piece: Callable[[], Piece]
    ) -> None:
        self._work, self._source, self._unfinished, self._sequence = work, source, unfinished, sequence
        self._open_piece = open_piece
        self._piece: Piece | None = None
        self._began = self._piece_began = time.perf_counter()
        self._made = 0

    def all_of(self, first: Timed, rest: Iterator[Timed]) -> None:
        """Make all of them. Where this is cancelled, what is done is kept."""
        try:
            timed: Timed | None = first
            while timed is not None:
                self._one(timed)
                timed = next(rest, None)
        except Cancelled:
            self._close()
            raise
        except BaseException:
            if self._piece is not None:
                self._piece.drop()
            raise
        self._close()

    def _one(self, timed: Timed) -> None:
        self._work.context.progress.step(0, of=1)
        result = self._sequence.next(self._source.image(timed))
        if self._piece is None:
            self._piece, self._piece_began = self._open_piece(), time.perf_counter()
        self._piece.add(result, timed.pts, timed.duration)
        self._made += 1
        if time.perf_counter() - self._piece_began > PIECE_S:
            self._close()
        self._tell(timed)

    def _close(self) -> None:
        """Close the piece and count it."""
        piece, self._piece = self._piece, None
        last = self._sequence.last
        if piece is not None and last is not None:
            path = self._unfinished.next_piece()
            piece.close()
            self._unfinished.add(path, piece.times, last)

    def _tell(self, timed: Timed) -> None:
        footage, span = self._source.footage, self._work.span
        end = span.to_s if span.to_s is not None else footage.seconds
        at = float((timed.pts + timed.duration) * footage.time_base) - footage.start_s
        share = None if end is None or end <= span.from_s else min((at - span.from_s) / (end - span.from_s), 1.0)
        done = self._unfinished.done + (0 if self._piece is None else len(self._piece.times))
        self._work.tell(Standing(done, self._made, time.perf_counter() - self._began, share))
