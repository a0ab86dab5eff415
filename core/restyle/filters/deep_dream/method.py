"""DeepDream: gradient ascent on what a layer sees, octave by octave (Mordvintsev, Olah, Tyka 2015, and their notebook).

Where we differ: the picture is mirrored at its border and not rolled over it; the gradient is evened out over widths as much as
is asked for; hues dream less than brightness; and what was changed is carried to the photo's own size, as from each octave to the
next larger one, as a difference, so that the photo keeps its detail.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from restyle.context import Context
from restyle.contract.loaded import Loaded
from restyle.contract.sentence import said
from restyle.contract.settings import CONTENT, SELECTION
from restyle.engine.in_bands import in_bands
from restyle.engine.optimize import preview_of
from restyle.filters.deep_dream import GUIDE_PICTURE, DeepDreamParams
from restyle.filters.deep_dream.ascent import TILE_PX, Objective, Shift, ascent, evened, guided_by, seen_energy
from restyle.filters.deep_dream.dreamer import Dreamer, dreamer_name, load_dreamer
from restyle.pictures.bands import Band
from restyle.pictures.enlarging import Enlarged
from restyle.pictures.full_size import SHORTEST_SIDE_PX, reduced, size_to_paint
from restyle.pictures.image import Image, luma
from restyle.pictures.resizing import fitted, resized

__all__ = ["dream", "working_bytes"]

STEP_AT_FULL_STRENGTH = 3 / 255  # mean change of a pixel; half of it in ten steps is the 2015 notebook's
USUAL_OCTAVES = 4  # of which steps have that length
GUIDE_PIXELS = 320 * 320  # of the guide that are looked at: forms are then about as large in it as the photo's finest octave's
BYTES_PER_PIXEL = {"deep": 1_100, "vgg19": 1_900, "googlenet": 1_100}  # of a tile in bfloat16: measured, a quarter more
BYTES_PER_PICTURE_PIXEL = 240  # float32 pictures, gradients and their pyramids, beside the network
BAND_PIXELS = 1 << 20


def dream(inputs: Loaded, params: DeepDreamParams, context: Context) -> Image:
    """What the layer sees in the content, brought out; the result has the content's size.

    Where there is a selection, forms grow inside it alone. Raises WeightsUnavailable, WeightsDamaged, Cancelled.
    """
    content = inputs[CONTENT]
    if params.strength == 0:
        return content
    context.progress.step(0, of=1, message=said("Falling asleep"))
    dreamer, device = load_dreamer(params, context), context.device.torch_device
    photo = content.pixels
    small = resized(photo, *size_to_paint(photo.shape[2], photo.shape[3], params.working_size)).clamp(0, 1)
    selection = inputs[SELECTION]
    where = None if selection is None else fitted(selection, *small.shape[2:]).clamp(0, 1).to(device)
    objective = _objective(inputs, dreamer, device)
    change = _change(small.to(device), where, dreamer, objective, params, context.part(0, 0.95)).to("cpu", torch.float32)
    return Image(_carried(change, photo, context.part(0.95, 1)), content.alpha)


def working_bytes(inputs: Loaded, params: DeepDreamParams, context: Context) -> int:
    """Memory that dreaming will take at most: a tile's features, and the picture that is dreamt in."""
    height, width = size_to_paint(inputs[CONTENT].height, inputs[CONTENT].width, params.working_size)
    scale = context.device.precision.itemsize / torch.bfloat16.itemsize
    tile = min(height, TILE_PX) * min(width, TILE_PX) * BYTES_PER_PIXEL[dreamer_name(params, context)] * scale
    return int(tile + height * width * BYTES_PER_PICTURE_PIXEL)


def _objective(inputs: Loaded, dreamer: Dreamer, device: torch.device) -> Objective:
    guides = inputs[GUIDE_PICTURE]
    if not guides:
        return seen_energy
    guide = guides[0].image.pixels.clamp(0, 1)
    # One as small as a layer's grid says nothing.
    enough = resized(guide, *size_to_paint(guide.shape[2], guide.shape[3], max(guide.shape[2:]))).clamp(0, 1)
    with torch.no_grad():
        return guided_by(dreamer.see(reduced(enough, GUIDE_PIXELS).to(device)))


def _octaves(height: int, width: int, params: DeepDreamParams) -> list[tuple[int, int]]:
    """Sizes from small to large, none with a side that is too short to see anything in, save the last."""
    sizes = [(round(height / params.octave_zoom**i), round(width / params.octave_zoom**i)) for i in range(params.octaves)]
    return [size for i, size in enumerate(sizes) if i == 0 or min(size) >= SHORTEST_SIDE_PX][::-1]


def _change(
    small: Tensor, where: Tensor | None, dreamer: Dreamer, objective: Objective, params: DeepDreamParams, context: Context
) -> Tensor:
    """What dreaming changes of the small photo (1, 3, h, w), on its device."""
    chance = torch.Generator().manual_seed(params.seed)
    octaves = _octaves(small.shape[2], small.shape[3], params)
    # Each octave covers the ones before in part: so as many as there are, the dream is about as strong.
    evenly = math.sqrt(USUAL_OCTAVES / len(octaves))
    length = STEP_AT_FULL_STRENGTH * dreamer.pace * evenly * params.strength / 100
    total, done = len(octaves) * params.steps, 0
    change = torch.zeros_like(small)
    for height, width in octaves:
        before = resized(small, height, width).clamp(0, 1)
        mask = None if where is None else fitted(where, height, width)
        picture = (before + resized(change, height, width)).clamp(0, 1)
        for _ in range(params.steps):
            _report(context, done, total, picture)
            gradient = ascent(dreamer.see, objective, picture, Shift.drawn(chance))
            step = _less_colourful(evened(gradient, params.smoothness / 100, mask), params.colours / 100)
            picture = (picture + length * step).clamp(0, 1)
            done += 1
        change = picture - before
    return change


def _less_colourful(step: Tensor, colours: float) -> Tensor:
    return torch.lerp(luma(step).expand_as(step), step, colours)


def _report(context: Context, done: int, total: int, picture: Tensor) -> None:
    message = said("Dreaming at {px} px, step {step} of {of}", px=max(picture.shape[2:]), step=done + 1, of=total)
    context.progress.step(done, of=total, message=message, preview=preview_of(picture))


def _carried(change: Tensor, photo: Tensor, context: Context) -> Tensor:
    """The photo (1, 3, H, W) with a change of any size, in 0..1."""
    height, width = photo.shape[2:]
    if change.shape[2] >= height or change.shape[3] >= width:
        return (photo + resized(change, height, width)).clamp_(0, 1)
    enlarged = Enlarged(change, height, width)

    def changed(rows: Tensor, band: Band) -> Tensor:
        return (rows + enlarged.rows(band.rows)).clamp_(0, 1)

    return in_bands(changed, photo, context, said("Waking up"), pixels=BAND_PIXELS)
