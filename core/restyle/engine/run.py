"""Run: one use of a filter, as a function of values; the server, the command line and notebooks call it unchanged.

What no method shall have to think of is done here: counting the inputs, preparing them, memory that does not suffice, and the
way back into the layer.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import torch

from restyle.context import Context
from restyle.contract.errors import InvalidInput, MissingInput, NotFinite, OutOfMemory
from restyle.contract.filter import AnyFilter, Filter
from restyle.contract.loaded import Loaded
from restyle.contract.outputs import PictureOutput
from restyle.contract.params import Params
from restyle.contract.result import Result
from restyle.contract.sentence import said
from restyle.engine.alignment import aligned
from restyle.engine.around import carried, greyed, is_all_grey
from restyle.engine.preparation import AsSeen, Box, selected_box
from restyle.host.device import free_caches, is_out_of_memory
from restyle.pictures.image import Image

__all__ = ["run"]

P = TypeVar("P", bound=Params)

_log = logging.getLogger(__name__)


def run(declared: Filter[P], inputs: Loaded, params: P, context: Context) -> Result:
    """Apply a filter; a picture of the content's size has its alpha, and colours in 0..1, with what it has beyond.

    With a selection only the rectangle that it touches (and a margin) is painted (a filter that ``sees_whole`` is given all the
    same all of the picture, as it is, and the rectangle is cut out of its answer), the rest is the content's own; the
    result is not blended by the selection: GIMP does that with a layer mask, others with ``Image.blend``. When memory
    runs out, the work is done again at half the working size, and a note says so. Raises MissingInput, InvalidInput,
    OutOfMemory, NotFinite, Cancelled, and what the method raises.
    """
    _check(declared, inputs)
    try:
        return _painted(declared, inputs, params, context)
    except (MemoryError, RuntimeError) as error:
        # What lies outside the method (copies of the whole picture) has no smaller way.
        if is_out_of_memory(error):
            raise OutOfMemory from error
        raise


def _painted(declared: Filter[P], inputs: Loaded, params: P, context: Context) -> Result:
    content = None if declared.layer is None else inputs[declared.layer]
    selection = None if declared.cutting_mask is None else inputs[declared.cutting_mask]
    selected = Box(slice(0, 0), slice(0, 0)) if content is None else selected_box(selection, content)
    whole = declared.needs.sees_whole
    box = Box.whole(content) if whole and content is not None else selected
    seen = AsSeen(content, box, 0 if whole else declared.needs.least_px)
    prepared = Loaded({item.name: item.prepare(inputs[item], seen) for item in declared.inputs})
    made = _called(declared, prepared, params, _framed(_begun_there(context, seen), declared, prepared, seen))
    is_grey = is_all_grey(declared, prepared)
    pictures = {}
    for output in declared.outputs:
        if isinstance(output, PictureOutput):
            picture = _bounded(made.pictures[output.name], is_grey)
            if output.size == "content" and content is not None:
                picture = _put_back(content, box, selected, picture, output)
            pictures[output.name] = picture
    return Result(pictures, made.files)


def _begun_there(context: Context, seen: AsSeen) -> Context:
    """The context with what is begun cut and continued as the layer is."""
    begun = context.begun
    if begun is None:
        return context
    alpha = None if begun.alpha is None else seen.selection(begun.alpha)
    return replace(context, begun=Image(seen.selection(begun.pixels), alpha))


def _framed(context: Context, declared: AnyFilter, prepared: Loaded, seen: AsSeen) -> Context:
    """The context with previews that say which part of the layer they show, where the method does not see just all of it."""
    if declared.layer is None or seen.layer is None:
        return context
    content, box = prepared[declared.layer], seen.box
    if (content.width, content.height) == (seen.layer.width, seen.layer.height):
        return context
    return context.framed((box.columns.start, box.rows.start, content.width, content.height))


def _put_back(content: Image, box: Box, selected: Box, made: Image, output: PictureOutput) -> Image:
    """The layer with what was made of its ``box`` inside ``selected``; what nobody sees stays as it was."""
    result = made.pixels[:, :, : box.height, : box.width]
    if output.alpha == "own":
        return Image(carried(content.pixels, result), made.alpha)
    # A guide says where things are, and by flat colours.
    if output.role != "guide":
        result = carried(box.cut(content.pixels), result)
    if selected != Box.whole(content):
        pixels = content.pixels.clone()
        selected.cut(pixels)[:] = selected.cut(result) if box != selected else result
        result = pixels
    if content.alpha is not None:
        # Its colours may be wanted once it is made visible again.
        result = torch.where(content.alpha > 0, result, content.pixels)
    return Image(result, content.alpha)


def _bounded(picture: Image, is_grey: bool) -> Image:
    """In 0..1, on the CPU, in grey where it shall be; raises NotFinite."""
    pixels = picture.pixels.detach().to("cpu", torch.float32)
    # Both are NaN where any is; one pass over the pixels, where `isfinite` takes five.
    low, high = map(float, pixels.aminmax())
    if not (math.isfinite(low) and math.isfinite(high)):
        raise NotFinite
    if low < 0 or high > 1:
        # In place, though a method may return what it was given: what it was given is in 0..1 already.
        pixels = pixels.clamp_(0, 1)
    return picture.with_pixels(greyed(pixels) if is_grey else pixels)


def _check(declared: AnyFilter, inputs: Loaded) -> None:
    for item in declared.inputs:
        if not item.minimum <= item.count(inputs[item]) <= item.maximum:
            raise MissingInput(item.title, item.minimum, item.maximum)
        item.check(inputs[item])
    if declared.layer is None or declared.mask is None:
        return
    selection, content = inputs[declared.mask], inputs[declared.layer]
    if selection is not None and selection.shape[-2:] != content.pixels.shape[-2:]:
        height, width = selection.shape[-2:]
        raise InvalidInput(
            said(
                "The selection has {width} x {height} pixels, the picture {full_width} x {full_height}; make them "
                "equally large, or select anew.",
                width=width,
                height=height,
                full_width=content.width,
                full_height=content.height,
            )
        )


def _called(declared: Filter[P], inputs: Loaded, params: P, context: Context) -> Result:
    """Call the method; out of memory, again with half the working size, down to the least that the filter allows."""
    method = aligned(declared, declared.load_method())
    fitting = _fit_beforehand(declared, inputs, params, context)
    while True:
        try:
            made = method(inputs, fitting, context)
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
        wanted, had = params.of_role("working_size"), fitting.of_role("working_size")
        context.progress.note(
            said("There was too little memory for {wanted} px, so this was painted at {had} px.", wanted=wanted, had=had)
        )
    return made if isinstance(made, Result) else Result({declared.outputs[0].name: made})


def _fit_beforehand(declared: Filter[P], inputs: Loaded, params: P, context: Context) -> P:
    """Params with a working size that should fit into memory, where the filter can tell what it needs.

    It matters on CPUs: Linux promises memory that it does not have, and ends the process when it is used.
    """
    estimate: Callable[[Loaded, P, Context], int] | None = declared.needs.memory_estimate()
    budget = context.device.memory_budget_bytes
    fitting = params
    while estimate is not None and budget > 0 and estimate(inputs, fitting, context) > budget:
        smaller = _halved(fitting)
        if smaller is None:
            break
        fitting = smaller
    return fitting


def _halved(params: P) -> P | None:
    """The same parameters with half the working size, or None where they have none or it is the least already."""
    name = params.name_of("working_size")
    if name is None:
        return None
    size, least = int(params.of_role("working_size")), int(params.least("working_size"))
    return params.model_copy(update={name: max(size // 2, least)}) if size > least else None
