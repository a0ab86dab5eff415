"""Outputs: what a filter makes, by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["PAINTED", "FileOutput", "Output", "PictureOutput"]


@dataclass(frozen=True)
class PictureOutput:
    """One picture. Of the ``content``'s size it lies above the layer in its place, with its alpha; else it has its ``own``."""

    name: str
    title: str
    size: Literal["content", "own"] = "content"
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
