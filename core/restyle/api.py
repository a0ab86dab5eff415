"""The Python API: one call that does what one use of a filter in the menu does.

from restyle.api import apply
from restyle.pictures.files import open_image, save_image

painted = apply(FILTER_ID, "photo.jpg", styles=["painting.jpg"], style_strength=60)
save_image(painted, "out.png")
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from numbers import Integral, Real
from pathlib import Path
from typing import Any

import torch
from pydantic import ValidationError
from torch import Tensor

from restyle.context import Context
from restyle.contract.errors import InvalidImage, InvalidInput, InvalidParameter
from restyle.contract.filter import AnyFilter
from restyle.contract.progress import Progress, SilentProgress
from restyle.contract.request import Request, check
from restyle.contract.result import Result
from restyle.engine.opening import perform
from restyle.engine.sequence import in_order, sequence_of
from restyle.filters import find_filter
from restyle.host.device import pick_device
from restyle.models.store import Store
from restyle.pictures.files import open_image
from restyle.pictures.image import NOT_FINITE, Image
from restyle.pictures.paths import path_of, ref_of

__all__ = ["Picture", "apply", "apply_all", "apply_to_frames", "request"]

Picture = str | Path | Image
"""A file's path, or an Image that is already at hand."""


def apply(filter_id: str, content: Picture | None = None, **given: Any) -> Image:
    """The first picture of `apply_all`: for most filters the only one, as large as the content."""
    return apply_all(filter_id, content, **given).picture


def apply_all(
    filter_id: str,
    content: Picture | None = None,
    *,
    device: str = "auto",
    precision: str = "auto",
    progress: Progress | None = None,
    **given: Any,
) -> Result:
    """Run a filter on ``content`` and return all that it makes.

    ``given``: the filter's inputs and settings by name, see docs/filters.md. A picture is a path or an Image; ``styles`` are
    pictures, or ``Style`` values to give each a weight, regions or a region; ``selection`` is float32 (1, 1, H, W), 0 outside
    to 1 inside, and the result is blended with the content by it; regions are Regions, a map in flat colours, or {name: mask},
    and ``style_regions`` has some for each style in turn. ``progress`` is told of each step and may raise Cancelled.
    Raises RestyleError.
    """
    declared = find_filter(filter_id)
    shelf = _Shelf()
    use = check(declared, _requested(declared, content, given, shelf))
    context = Context(pick_device(device, precision), progress or SilentProgress(), Store())
    return perform(use, shelf.open, context)


def apply_to_frames(
    filter_id: str,
    frames: Iterable[Picture],
    *,
    device: str = "auto",
    precision: str = "auto",
    progress: Progress | None = None,
    **given: Any,
) -> Iterator[Image]:
    """What a filter makes of each of several frames in their order, held from one to the next so that nothing flickers.

    Frames are asked for one after the other, and two of them are in memory. All else as for `apply_all`. Raises RestyleError.
    """
    coming = iter((frames,) if isinstance(frames, str | Path | Image) else frames)
    first = next(coming, None)
    if first is None:
        return
    declared = find_filter(filter_id)
    shelf = _Shelf()
    use = check(declared, _requested(declared, first, given, shelf))
    context = Context(pick_device(device, precision), progress or SilentProgress(), Store())
    sequence = sequence_of(use, shelf.open, context)
    yield from in_order(sequence, map(_opened, chain([first], coming)))


def request(filter_id: str, content: str | Path | None = None, **given: Any) -> Request:
    """What `apply` would do, as a value that can be kept, sent or run later; all pictures are paths. Raises RestyleError."""
    declared = find_filter(filter_id)
    shelf = _Shelf()
    made = check(declared, _requested(declared, content, given, shelf)).request()
    if shelf.pictures:
        raise InvalidInput("A picture that is only in memory cannot be referred to; save it and give its path.")
    return made


def _opened(picture: Picture) -> Image:
    return open_image(picture)[0] if isinstance(picture, str | Path) else _at_hand(picture)


def _at_hand(picture: object) -> Image:
    """A picture in memory, or a mask as a grey one; raises InvalidInput for anything else, InvalidImage where it is broken."""
    if isinstance(picture, Tensor) and picture.ndim == 4 and picture.shape[1] in (1, 3):
        picture = Image(picture.float().expand(-1, 3, -1, -1))
    if not isinstance(picture, Image):
        what = f"tensor {tuple(picture.shape)}" if isinstance(picture, Tensor) else type(picture).__name__
        raise InvalidInput(f"A {what} is no picture; give a path or an Image, or a mask as a tensor (1, 1, H, W).")
    for planes, channels in ((picture.pixels, 3), (picture.alpha, 1)):
        if planes is not None:
            _check_planes(planes, (1, channels, *picture.pixels.shape[2:]))
    return picture


def _check_planes(planes: Tensor, shape: tuple[int, ...]) -> None:
    """Raises InvalidImage where shape, type or values are not those that `Image` promises."""
    if planes.dtype != torch.float32 or planes.shape != shape or 0 in shape:
        form = f"{str(planes.dtype).removeprefix('torch.')} {tuple(planes.shape)}"
        raise InvalidImage(f"A picture came as {form}; give it as float32 (1, 3, H, W), its alpha as (1, 1, H, W).")
    # Neither least nor greatest is finite where a number among them is not; asking each of them writes three copies.
    if not bool(torch.isfinite(torch.stack(planes.aminmax())).all()):
        raise InvalidImage(NOT_FINITE)


class _Shelf:
    """The pictures of one call, by ref: paths stand for themselves, what is in memory gets a number."""

    def __init__(self) -> None:
        self.pictures: dict[str, Image] = {}

    def put(self, picture: Picture | Tensor) -> str:
        """Keep a picture, or a mask as a grey one; returns its ref. Raises InvalidInput, InvalidImage."""
        if isinstance(picture, str | Path):
            return ref_of(picture)
        ref = f"memory:{len(self.pictures)}"
        self.pictures[ref] = _at_hand(picture)
        return ref

    def open(self, ref: str) -> Image:
        """The picture of a ref; raises InvalidImage, OSError."""
        return self.pictures[ref] if ref in self.pictures else open_image(path_of(ref))[0]


def _requested(declared: AnyFilter, content: Picture | None, given: dict[str, Any], shelf: _Shelf) -> Request:
    """The request for what a Python call gives; what is no input is a setting."""
    named = dict(given)
    if content is not None:
        if declared.layer is None:
            raise InvalidInput(f"{declared.title} works on no picture; leave {content} out.")
        named[declared.layer.name] = content
    names = {name for item in declared.inputs for name in item.python_names()}
    values = {item.name: item.from_python(named, shelf.put) for item in declared.inputs}
    params = {name: _plain(value) for name, value in named.items() if name not in names}
    try:
        return Request.of(declared, values, params)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][1])
        raise InvalidParameter(name, f"a {type(params.get(name)).__name__} is no number, text, list or mapping") from error


def _plain(value: Any) -> Any:
    """A number as JSON has it: NumPy's are of types of their own."""
    if isinstance(value, Integral) and not isinstance(value, bool):
        return int(value)
    return float(value) if isinstance(value, Real) and not isinstance(value, Integral) else value
