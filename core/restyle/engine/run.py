"""Run: one use of a filter, as a function of values; the server, the command line and notebooks call it unchanged.

What no method shall have to think of is done here: counting the inputs, transparency, the part that the selection
touches, pictures too small or too narrow for a network, memory that does not suffice, and the way back into the
picture.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any

import torch
from torch import Tensor

from restyle.context import Context
from restyle.contract.errors import InvalidInput, MissingInput, OutOfMemory
from restyle.contract.filter import Filter
from restyle.contract.params import Params
from restyle.engine.inputs import Inputs, Style
from restyle.host.device import free_caches, is_out_of_memory
from restyle.pictures.image import Image
from restyle.pictures.transparency import fill_transparent
from restyle.regions import Regions
from restyle.regions.cutting import cut

__all__ = ["Method", "run"]

Method = Callable[[Inputs, Any, Context], Image]
"""What a filter's dotted name leads to: (inputs, params, context) -> an Image of the content's size."""

_log = logging.getLogger(__name__)

_NETWORK_PX = 32
"""Least side of a picture that a method gets to see: twice the stride of the deepest layers used (VGG's block 5 has
16)."""

_ASPECT = 8
"""Largest ratio of sides that a method gets to see: at 256 px, the coarsest scale in use, a strip of 1:8 still has 32
px."""

_AS_IT_IS = 0
"""In place of a least side: nothing is added, whatever the shape."""

_MARGIN_PX, _MARGIN_SHARE = 32, 1 / 16
"""What is painted around the selection, so that its edge lies where the network already sees the surroundings."""


def run(declared: Filter, inputs: Inputs, params: Params, context: Context) -> Image:
    """Apply a filter to ``inputs.content``; the result has its size and its alpha, and colours in 0..1.

    With a selection only the rectangle that it touches (and a margin) is painted (a filter that ``sees_whole`` is given all the
    same all of the picture, as it is, and the rectangle is cut out of its answer), the rest is the content's own; the
    result is not blended by the selection: GIMP does that with a layer mask, others with ``Image.blend``. When memory
    runs out, the work is done again at half the working size, and a note says so. Raises MissingInput, InvalidInput,
    OutOfMemory, Cancelled, and what the method raises.
    """
    _check_count(declared, inputs)
    try:
        return _painted(declared, inputs, params, context)
    except (MemoryError, RuntimeError) as error:
        # What lies outside the method (copies of the whole picture) has no smaller way.
        if is_out_of_memory(error):
            raise OutOfMemory from error
        raise


def _painted(declared: Filter, inputs: Inputs, params: Params, context: Context) -> Image:
    content = inputs.content
    selected = _selected_box(inputs.selection, content)
    rows, columns = (slice(0, content.height), slice(0, content.width)) if declared.sees_whole else selected
    part = Image(_in_gamut(fill_transparent(content)[:, :, rows, columns]))
    selection = None if inputs.selection is None else inputs.selection[:, :, rows, columns]
    least = _AS_IT_IS if declared.sees_whole else max(declared.minimum_px, _NETWORK_PX)
    prepared = Inputs(
        Image(_padded(part.pixels, least)),
        tuple(_prepared_style(style, least) for style in inputs.styles),
        None if selection is None else _padded(selection, least),
        _prepared_regions(inputs.regions, content, rows, columns, least),
        None if inputs.reference is None else Image(_padded(_in_gamut(fill_transparent(inputs.reference)), least)),
    )
    result = _call_within_memory(declared, prepared, params, context).pixels[:, :, : part.height, : part.width]
    # In place, though a method may return what it was given: what it was given is in 0..1 already.
    result = result.detach().to("cpu", torch.float32).clamp_(0, 1)
    if selected != (slice(0, content.height), slice(0, content.width)):
        whole = content.pixels.clone()
        inside = (..., *selected)
        whole[inside] = result[inside] if declared.sees_whole else result
        result = whole
    if content.alpha is not None:
        # What nobody sees stays as it was: its colours may be wanted once it is made visible again.
        result = torch.where(content.alpha > 0, result, content.pixels)
    return Image(result, content.alpha)


def _prepared_style(style: Style, least: int) -> Style:
    image = style.image
    regions = _prepared_regions(style.regions, image, slice(0, image.height), slice(0, image.width), least)
    return replace(style, image=Image(_padded(_in_gamut(fill_transparent(image)), least)), regions=regions)


def _prepared_regions(regions: Regions | None, picture: Image, rows: slice, columns: slice, least: int) -> Regions | None:
    """The regions of this part of the picture, continued as the picture is; None where there are none."""
    if regions is None or not regions.names:
        return None
    part = cut(regions.clamped(), picture, rows, columns)
    height, width = rows.stop - rows.start, columns.stop - columns.start
    if min(height, width) >= least and max(height, width) <= _ASPECT * min(height, width):
        return part
    return Regions(part.names, _padded(part.resized(height, width).masks, least))


def _check_count(declared: Filter, inputs: Inputs) -> None:
    counts = {"content": 1, "styles": len(inputs.styles)}
    counts |= {"selection": int(inputs.selection is not None), "reference": int(inputs.reference is not None)}
    for item in declared.inputs:
        if not item.minimum <= counts.get(item.name, 0) <= item.maximum:
            raise MissingInput(item.title, item.minimum, item.maximum)
    if not all(math.isfinite(style.weight) and style.weight >= 0 for style in inputs.styles):
        raise InvalidInput("A style's weight is no number from 0 up; give each style another weight.")
    if inputs.styles and not sum(style.weight for style in inputs.styles) > 0:
        raise InvalidInput("All styles have the weight 0; give at least one of them more.")
    if inputs.selection is not None and inputs.selection.shape[-2:] != inputs.content.pixels.shape[-2:]:
        raise InvalidInput("The selection and the picture differ in size; select anew and start the filter again.")


def _selected_box(selection: Tensor | None, content: Image) -> tuple[slice, slice]:
    """Rows and columns that the selection touches, with a margin; all of them without a selection.

    A selection that holds nothing is refused: painting everything would be as surprising as painting nothing. (GIMP's
    "nothing is selected" means everything, and comes here as no selection at all.)
    """
    if selection is None:
        return slice(0, content.height), slice(0, content.width)
    touched = selection[0, 0] > 0
    rows, columns = touched.any(1).nonzero().flatten(), touched.any(0).nonzero().flatten()
    if not len(rows):
        raise InvalidInput("The selection lies outside of this picture; select a part of it, or nothing to paint everything.")
    return _widened(rows, content.height), _widened(columns, content.width)


def _widened(touched: Tensor, size: int) -> slice:
    first, last = int(touched[0]), int(touched[-1]) + 1
    margin = max(_MARGIN_PX, round((last - first) * _MARGIN_SHARE))
    return slice(max(first - margin, 0), min(last + margin, size))


def _in_gamut(pixels: Tensor) -> Tensor:
    """In 0..1: files in wide colour spaces have more, but networks were trained on what sRGB has."""
    low, high = pixels.aminmax()
    return pixels if low >= 0 and high <= 1 else pixels.clamp(0, 1)


def _padded(pixels: Tensor, least: int) -> Tensor:
    """``pixels`` continued to the right and below by mirror images until no side is less than ``least`` or too
    narrow."""
    if least == _AS_IT_IS:
        return pixels
    height, width = pixels.shape[-2:]
    least = max(least, -(-max(height, width) // _ASPECT))
    while pixels.shape[-1] < least or pixels.shape[-2] < least:
        # One mirroring can add no more than the picture has, so tiny pictures take a few.
        right = min(max(least - pixels.shape[-1], 0), pixels.shape[-1])
        below = min(max(least - pixels.shape[-2], 0), pixels.shape[-2])
        pixels = torch.cat((pixels, pixels[..., :, pixels.shape[-1] - right :].flip(-1)), -1)
        pixels = torch.cat((pixels, pixels[..., pixels.shape[-2] - below :, :].flip(-2)), -2)
    return pixels


def _call_within_memory(declared: Filter, inputs: Inputs, params: Params, context: Context) -> Image:
    """Call the method; out of memory, again with half the working size, down to the least that the filter allows."""
    module_name, _, function_name = declared.method.partition(":")
    module = import_module(module_name)
    method: Method = getattr(module, function_name)
    fitting = _fit_beforehand(module, inputs, params, context)
    while True:
        try:
            result = method(inputs, fitting, context)
            break
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            _log.warning("out of memory: %s", error)
        # Outside the except clause: the exception holds the frames, and with them the tensors that shall go.
        smaller = _halved(fitting)
        if smaller is None:
            raise OutOfMemory
        fitting = smaller
        free_caches()
    if fitting is not params:
        wanted, had = params.model_dump()["working_size"], fitting.model_dump()["working_size"]
        context.progress.note(f"There was too little memory for {wanted} px, so this was painted at {had} px.")
    return result


def _fit_beforehand(module: Any, inputs: Inputs, params: Params, context: Context) -> Params:
    """Params with a working size that should fit into memory, where the method's module can tell by
    ``working_bytes``.

    It matters on CPUs: Linux promises memory that it does not have, and ends the process when it is used.
    """
    working_bytes: Callable[[Inputs, Any, Context], int] | None = getattr(module, "working_bytes", None)
    budget = context.device.memory_budget_bytes
    fitting = params
    while working_bytes is not None and budget > 0 and working_bytes(inputs, fitting, context) > budget:
        smaller = _halved(fitting)
        if smaller is None:
            break
        fitting = smaller
    return fitting


def _halved(params: Params) -> Params | None:
    """The same parameters with half the working size, or None where they have none or it is the least already."""
    field = type(params).model_fields.get("working_size")
    if field is None:
        return None
    least = max((int(item.ge) for item in field.metadata if hasattr(item, "ge")), default=1)
    size: int = params.model_dump()["working_size"]
    return params.model_copy(update={"working_size": max(size // 2, least)}) if size > least else None
