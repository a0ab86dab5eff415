"""Filter: what a filter is called, asks for and promises; the method itself is named, not imported."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from restyle.contract.params import Params

__all__ = ["Filter", "Input", "InputKind"]


class InputKind(str, Enum):
    """Where an input comes from in an image editor."""

    LAYER = "layer"
    """The active layer."""
    PICTURE = "picture"
    """A file, or any layer of any open image."""
    MASK = "mask"
    """The selection: one channel, 0 outside to 1 inside."""
    REGIONS = "regions"
    """Named soft masks, or a map painted in flat colours; for the layer and for each style."""
    REFERENCE = "reference"
    """A picture that stands for all layers or frames, so that each is treated alike."""


@dataclass(frozen=True)
class Input:
    """One named input: how many pictures of which kind."""

    name: str
    kind: InputKind
    title: str
    description: str
    minimum: int = 1
    maximum: int = 1
    weighted: bool = False


@dataclass(frozen=True)
class Filter:
    """A filter's declaration; everything that users see of it derives from this value."""

    id: str
    """Words joined by hyphens; part of URLs, commands and procedure names, so it never changes."""
    title: str
    menu_label: str
    summary: str
    paper: str
    inputs: tuple[Input, ...]
    params: type[Params]
    method: str
    """Dotted name "module:function" of ``(inputs, params, context) -> Image``; imported when a job starts. Where the module
    also has ``working_bytes(inputs, params, context) -> int``, run asks it beforehand whether the memory will do."""
    weights: tuple[str, ...] = ()
    """Ids of weights in the manifest that the filter can use."""
    minimum_px: int = 1
    """Smallest width and height of the content that the method can work on."""
    sees_whole: bool = False
    """The method is given the whole picture as it is, of any size and shape, though only the selected part of its answer is used:
    light and colour are judged by all that there is."""
    warms_up: bool = True
    """The server takes its first step on a tiny picture when it starts. Not where that writes files or takes long."""
