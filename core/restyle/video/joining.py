"""Joining: pieces become one video, beside the sound, the subtitles and whatever else the source says of itself."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

from restyle.contract.errors import OutputUnwritable
from restyle.contract.sentence import said_by_system
from restyle.video.footage import Footage
from restyle.video.kinds import Kind
from restyle.video.library import library
from restyle.video.source import Source
from restyle.video.unfinished import Unfinished

__all__ = ["Span", "join"]

COPIED = ("audio", "subtitle")


@dataclass(frozen=True)
class Span:
    """The part of the source that is made, in seconds from its first picture; without an end it is all that follows."""

    from_s: float = 0.0
    to_s: float | None = None


def join(made: Unfinished, source: Source, kind: Kind, path: Path, span: Span, has_alpha: bool) -> list[str]:
    """Write the file ``path``; returns a sentence for each stream that it has no place for.

    Nothing is encoded again. A part of a video begins at 0. Raises OutputUnwritable, InvalidInput.
    """
    av = library()
    try:
        with source.opened() as given, av.open(str(path), "w", format=kind.format, options=dict(kind.options)) as container:
            first = av.open(str(made.folder / made.pieces[0][0]))
            with first:
                video = _video_stream(container, first.streams.video[0], source.pictures(given), source.footage, has_alpha)
            copied, notes = _copied_streams(container, given, path)
            container.metadata.update(given.metadata)
            if span == Span():
                container.set_chapters(given.chapters())
            start = _start(source.footage, span)
            pictures = _pictures(made, video, source.footage, start)
            others = _others(source, given, copied, span, start)
            for _, _, packet in heapq.merge(pictures, others, key=lambda item: item[:2]):
                container.mux(packet)
    except av.error.FFmpegError as error:
        raise OutputUnwritable(path, said_by_system(error)) from error
    return notes


def _start(footage: Footage, span: Span) -> float:
    """What is taken from all times."""
    return 0.0 if span == Span() else footage.start_s + span.from_s


def _video_stream(container: Any, encoded: Any, original: Any, footage: Footage, has_alpha: bool) -> Any:
    stream = container.add_stream_from_template(encoded)
    stream.time_base = footage.time_base
    stream.metadata.update({name: value for name, value in original.metadata.items() if name in ("language", "title")})
    if has_alpha:
        stream.metadata["alpha_mode"] = "1"
    stream.disposition = original.disposition
    if footage.display is not None:
        stream.set_display_matrix(footage.display)
    return stream


def _copied_streams(container: Any, given: Any, path: Path) -> tuple[dict[int, Any], list[str]]:
    """For each stream of the source that is copied, by its index, the one that it becomes."""
    copied: dict[int, Any] = {}
    notes: list[str] = []
    for stream in given.streams:
        if stream.type not in COPIED:
            continue
        if not _has_place(container.format.name, stream):
            name = "an unknown kind" if stream.codec_context is None else stream.codec_context.name
            notes.append(f"{path.suffix} has no place for {stream.type} of {name}, which was left out; .mkv may have.")
            continue
        made = container.add_stream_from_template(stream)
        made.metadata.update(stream.metadata)
        made.disposition = stream.disposition
        copied[stream.index] = made
    return copied, notes


def _has_place(format_name: str, stream: Any) -> bool:
    """Whether a container takes such a stream: tried, since what FFmpeg says beforehand is not what it does."""
    av = library()
    try:
        with av.open(BytesIO(), "w", format=format_name) as trial:
            trial.add_stream_from_template(stream)
            trial.start_encoding()
    except (av.error.FFmpegError, ValueError):
        return False
    return True


def _pictures(made: Unfinished, stream: Any, footage: Footage, start_s: float) -> Iterator[tuple[float, int, Any]]:
    """The packets of all pieces, with their true times."""
    av, base = library(), footage.time_base
    start = round(start_s / base)
    for name, times in made.pieces:
        with av.open(str(made.folder / name)) as piece:
            packets = (packet for packet in piece.demux(piece.streams.video[0]) if packet.size)
            for packet, (pts, duration) in zip(packets, times, strict=True):
                packet.time_base = base
                packet.pts = packet.dts = pts - start
                packet.duration = duration
                packet.stream = stream
                yield float(packet.dts * base), 0, packet


def _others(source: Source, given: Any, copied: dict[int, Any], span: Span, start_s: float) -> Iterator[tuple[float, int, Any]]:
    """The packets of all that is copied, of this span."""
    streams = [stream for stream in given.streams if stream.index in copied]
    if not streams:
        return
    if span.from_s > 0:
        given.seek(int((source.footage.start_s + span.from_s) * 1_000_000), backward=True)
    for packet in source.packets_of(given, streams):
        at = float(packet.dts * packet.time_base)
        if span != Span() and not _is_within(at - source.footage.start_s, span):
            continue
        offset = round(Fraction(start_s) / packet.time_base)
        packet.dts -= offset
        packet.pts = packet.dts if packet.pts is None else packet.pts - offset
        packet.stream = copied[packet.stream.index]
        yield at - start_s, 1, packet


def _is_within(at_s: float, span: Span) -> bool:
    return at_s >= span.from_s and (span.to_s is None or at_s < span.to_s)
