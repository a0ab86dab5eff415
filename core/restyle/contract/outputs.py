"""Outputs: what a filter makes, by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["GUIDE", "PAINTED", "PHOTO", "FileOutput", "Output", "PictureOutput"]


@dataclass(frozen=True)
class PictureOutput:
    """One picture. Of the ``content``'s size it lies above the layer in its place, else it has its ``own``.

    Its ``alpha`` is the ``layer``'s, or its ``own``: what the method made shows as far as the method says. Then the selection is
    the method's, too, and cuts nothing out.

    Its ``role`` says what it is to the next filter: a ``painting`` stands for the photo that it was made of, a ``photo`` is gone
    on with, and a ``guide`` is hidden while the photo stays active.
    """

    name: str
    title: str
    size: Literal["content", "own"] = "content"
    role: Literal["painting", "photo", "guide"] = "painting"
    alpha: Literal["layer", "own"] = "layer"
    kind: Literal["picture"] = "picture"


@dataclass(frozen=True)
class FileOutput:
    """One file, a model for instance; ``ending`` says of which form, with its dot."""

    name: str
    title: str
    ending: str
    kind: Literal["file"] = "file"


Output = PictureOutput | FileOutput

PAINTED = (PictureOutput("result", "Result"),)
"""The usual: one picture of the content's size."""
PHOTO = (PictureOutput("result", "Result", role="photo"),)
"""A photo that was changed, of its size."""
GUIDE = (PictureOutput("result", "Result", role="guide"),)
"""What other filters go by, of the content's size."""
