"""On files: a use whose refs are paths, from reading its pictures to writing what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from restyle.context import Context
from restyle.contract.progress import Progress
from restyle.contract.request import Use
from restyle.contract.result import Result
from restyle.engine.destinations import destinations_of
from restyle.engine.opening import OpenPicture, perform
from restyle.host.replacing import replacing
from restyle.pictures.destination import Destination
from restyle.pictures.files import Metadata, open_image, save_or_rescue
from restyle.pictures.image import Image
from restyle.pictures.paths import path_of
from restyle.pictures.transparency import laid_on

__all__ = ["make_on_files", "perform_on_files"]


def perform_on_files(use: Use[Any], output: Path, context: Context, folder: Path = Path()) -> None:
    """Run a use whose refs are paths, as seen from ``folder``; the first picture is written as ``output``, all else beside it.

    Where an input carries the result, pictures of the layer's size are written as they lie on it.
    What of the files was not taken over, or left out, is noted with the context's progress. Raises RestyleError, OSError.
    """
    make_on_files(use, output, lambda open_picture: perform(use, open_picture, context), context.progress, folder)


def make_on_files(
    use: Use[Any], output: Path, make: Callable[[OpenPicture], Result], progress: Progress, folder: Path = Path()
) -> None:
    """The same, whoever makes the result of the opened pictures."""
    destinations = destinations_of(use, output)
    files = _Files(folder)
    _check_sizes(use, destinations, files)
    result = make(files.open)
    for note in (*files.notes, *_save(use, result, output, destinations, files)):
        progress.note(note)


class _Files:
    """Opens pictures by their paths, each once, and remembers what else is in the files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: dict[str, tuple[Image, Metadata]] = {}

    def open(self, ref: str) -> Image:
        """The picture of a path."""
        return self._open(ref)[0]

    def metadata(self, ref: str | None) -> Metadata | None:
        """What is in a file beside the picture; None where there is no file."""
        return None if ref is None else self._open(ref)[1]

    @property
    def notes(self) -> list[str]:
        """A sentence for each thing of a file that was not taken over."""
        return [f"{path_of(ref)}: {note}" for ref, (_, metadata) in self._opened.items() for note in metadata.notes]

    def _open(self, ref: str) -> tuple[Image, Metadata]:
        if ref not in self._opened:
            self._opened[ref] = open_image(path_of(str(self._folder / ref)))
        return self._opened[ref]


def _check_sizes(use: Use[Any], destinations: dict[str, Destination], files: _Files) -> None:
    """Raises OutputUnwritable where a format has no room for a picture as large as the layer."""
    layer, sized = use.filter.layer, _sized(use)
    if layer is not None and sized:
        ground = _ground(use)
        shown = files.open(use.inputs[layer.name] if ground is None else ground[0])
        for name in sized:
            destinations[name].check_size(shown.width, shown.height)


def _save(use: Use[Any], result: Result, output: Path, destinations: dict[str, Destination], files: _Files) -> list[str]:
    """Write what was made; returns a sentence for each thing that was left out.

    Raises OutputUnwritable, PaintingRescued, and OSError where a file beside the pictures cannot be written.
    """
    layer, ground, sized = use.filter.layer, _ground(use), _sized(use)
    own = None if layer is None else use.inputs[layer.name]
    notes: list[str] = []
    for name, picture in result.pictures.items():
        if ground is not None and name in sized:
            ref, x, y = ground
            finished = laid_on(files.open(ref), picture, x, y)
            notes += save_or_rescue(finished, destinations[name], files.metadata(ref))
        else:
            notes += save_or_rescue(picture, destinations[name], files.metadata(own))
    endings = {made.name: made.ending for made in use.filter.outputs if made.kind == "file"}
    for name, content in result.files.items():
        with replacing(output.with_name(f"{output.stem}-{name}{endings[name]}")) as part:
            part.write_bytes(content)
    return notes


def _ground(use: Use[Any]) -> tuple[str, int, int] | None:
    """The ref of the picture that carries the result, and where on it; None where the result stands alone."""
    return next((found for item in use.filter.inputs if (found := item.shown_on(use.inputs.get(item.name)))), None)


def _sized(use: Use[Any]) -> set[str]:
    """The pictures of the layer's size."""
    return {made.name for made in use.filter.outputs if made.kind == "picture" and made.size == "content"}
