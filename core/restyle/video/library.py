"""PyAV, FFmpeg's libraries for Python, which come with the extra `video`."""

from __future__ import annotations

from typing import Any

from restyle.contract.errors import MissingLibrary

__all__ = ["library"]


def library() -> Any:
    """The module ``av``; raises MissingLibrary where it is not here, or too old to say how a video is turned."""
    try:
        import av
    except ImportError as error:
        raise MissingLibrary("restyle video", "av") from error
    if not hasattr(av.VideoStream, "set_display_matrix"):
        raise MissingLibrary("restyle video", "av>=18")
    return av
