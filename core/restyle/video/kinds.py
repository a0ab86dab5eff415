"""Kinds of files that videos are written as, and how pictures are encoded in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from restyle.contract.errors import OutputUnwritable
from restyle.video.footage import Footage

__all__ = ["SUFFIXES", "Encoding", "Kind", "encoding_of", "kind_of"]


@dataclass(frozen=True)
class Encoding:
    """An encoder with its options, and the pixels that are written where it cannot have the video's own."""

    codec: str
    options: Mapping[str, str]
    pixels: str
    """Of 8 bits and even sides."""
    deep: str = ""
    """Of more bits; "" where it has none."""
    odd: str = ""
    """Of odd sides; "" where that makes no difference."""


@dataclass(frozen=True)
class Kind:
    """A container by FFmpeg's name, how it holds pictures, and how those with transparency, None where it cannot."""

    format: str
    opaque: Encoding
    clear: Encoding | None
    options: Mapping[str, str] = field(default_factory=dict)


# Strokes are finer than what cameras see; at x264's usual 23 they swim.
_H264 = Encoding("libx264", {"crf": "17", "preset": "medium"}, "yuv420p", "yuv420p10le", "yuv444p")
_VP9_OPTIONS = {"crf": "22", "b": "0", "deadline": "good", "cpu-used": "4", "row-mt": "1"}
# To keep what lies outside of alpha, frames to come would have to be known.
_VP9_ALPHA = Encoding("libvpx-vp9", {**_VP9_OPTIONS, "auto-alt-ref": "0"}, "yuva420p")
_VP9 = Encoding("libvpx-vp9", _VP9_OPTIONS, "yuv420p", "yuv420p10le")
_PRORES = Encoding("prores_ks", {"profile": "4444"}, "yuva444p10le", "yuva444p10le")
_MP4 = Kind("mp4", _H264, None, {"movflags": "+faststart"})

_KINDS = {
    ".mp4": _MP4,
    ".m4v": _MP4,
    ".mov": Kind("mov", _H264, _PRORES, {"movflags": "+faststart"}),
    ".mkv": Kind("matroska", _H264, _VP9_ALPHA),
    ".webm": Kind("webm", _VP9, _VP9_ALPHA),
}

SUFFIXES = tuple(_KINDS)
"""Endings of videos that can be written."""


def kind_of(output: Path) -> Kind:
    """The kind that a name's ending asks for; raises OutputUnwritable."""
    kind = _KINDS.get(output.suffix.lower())
    if kind is None:
        raise OutputUnwritable(output, f"the ending of a video has to be one of {', '.join(SUFFIXES)}")
    return kind


def encoding_of(kind: Kind, footage: Footage, av: Any) -> tuple[Encoding, str]:
    """How to encode such pictures, and in which format of pixels: the video's own where that can be."""
    encoding = kind.clear if footage.has_alpha and kind.clear is not None else kind.opaque
    own = footage.pixels.replace("yuvj", "yuv")
    known = {item.name for item in av.codec.Codec(encoding.codec, "w").video_formats}
    has_alpha = footage.has_alpha and kind.clear is not None
    # Others than these encoders take as well, but hardly any player.
    if own in known and own.startswith("yuv") and own.startswith("yuva") == has_alpha:
        return encoding, own
    if footage.bits > 8 and encoding.deep:
        return encoding, encoding.deep
    if encoding.odd and (footage.width % 2 or footage.height % 2):
        return encoding, encoding.odd
    return encoding, encoding.pixels
