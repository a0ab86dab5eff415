"""A sequence: frames in their order, each made with what came of the one before, so that nothing flickers.

What was painted of the frame before is moved to where things are now, and stays as long as it is trusted; what comes into
view is the frame's own. What changed a photo is mixed with what changed the one before. That one frame is kept, and the
painting that its paint is from. A filter says in its `Needs` what of its results is held. One that searches (Neural Style)
begins with the moved result besides. Ruder, Dosovitskiy, Brox (Artistic Style Transfer for Videos, 2016) have the moved result
as a start and in the loss; networks of one pass know no loss.

That paintings are mixed where both are at hand was tried: strokes that do not agree fade to their mean, and the style is lost
sooner than the flicker (docs/benchmarks.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.context import Context
from restyle.contract.errors import InvalidInput
from restyle.contract.filter import Held
from restyle.contract.params import Params
from restyle.contract.request import Use
from restyle.contract.sentence import said
from restyle.engine.opening import OpenPicture, open_inputs
from restyle.engine.run import run
from restyle.engine.sequence.movement import Movement
from restyle.engine.sequence.source import Source
from restyle.pictures.image import Image
from restyle.pictures.resizing import fitted
from restyle.pictures.transparency import fill_transparent
from restyle.pictures.windows import box_mean_inside

__all__ = ["Made", "Make", "Sequence", "in_order", "next_of", "sequence_of"]

P = TypeVar("P", bound=Params)

Make = Callable[[Image, Context], Image]
"""What a filter makes of one frame, of its size."""

CHANGE_SHARE = 0.85
"""Of a photo's change, that is held where it is certain: a change of light is followed within some 6 frames."""

LEAST_TRUST = 0.45
"""Below, what was carried along is replaced by the frame's own."""

LASTING = 0.97
"""Of trust, from frame to frame, where something moves: after some 20 frames of that a painting is no longer sharp."""

UNEVENNESS, PATCH_PX = 0.3, 24
"""By how much places are trusted less to begin with, and how large these are in pixels of the flow: they shall not all be
replaced at once, which would be seen as a pulse."""

LOST_BY_LIGHT = 3.0
"""Of trust, by a change of light: where it was a quarter of the range, colours are chosen anew."""

SPECK_PX, AROUND_PX, SOFT_PX = 2, 4, 1
"""Radii, in pixels of the flow: of specks that do not count, of what is replaced along with what cannot be trusted, and over
which carried and own go over into each other; wider would be seen as a mixture."""


@dataclass(frozen=True)
class Made:
    """A frame, what was made of it, how far that is trusted where (1, 1, h, w), None as at the start, and the painting that its
    paint is from, None for itself."""

    frame: Image
    result: Image
    trust: Tensor | None = None
    source: Source | None = None


class Sequence:
    """Makes frames in order; ``last`` is the frame before with its result, where there is one.

    ``selection`` (1, 1, H, W), or None, is where results are seen. ``cuts`` counts new scenes.
    """

    def __init__(
        self, make: Make, held: Held, context: Context, *, selection: Tensor | None = None, last: Made | None = None
    ) -> None:
        self._make, self._held, self._context, self._selection = make, held, context, selection
        self.last = last
        self.cuts = 0

    def next(self, frame: Image) -> Image:
        """What comes of the next frame, of its size. A frame that is the one before gives the very same again."""
        last = self.last
        if last is not None and _is_same(last.frame, frame):
            made = replace(last, frame=frame)
        else:
            made = self._after(last, frame) or Made(frame, self._make(frame, self._context))
        self.last = made
        return made.result if self._selection is None else frame.blend(made.result, self._selection)

    def _after(self, last: Made | None, frame: Image) -> Made | None:
        """The next of a shot; None where nothing is held, or another scene begins."""
        if last is None or not self._held or last.frame.pixels.shape != frame.pixels.shape:
            return None
        seen, before = _filled(frame), replace(last, frame=_filled(last.frame), result=_filled(last.result))
        movement = Movement.between(before.frame.pixels, seen.pixels)
        if movement.is_cut:
            self.cuts += 1
            return None
        if self._held == "change":
            # Changes are smooth: mixed they fade into each other, where patches of them would be seen.
            change = movement.moved(before.result.pixels - before.frame.pixels)
            return Made(frame, self._mixed(frame, (seen.pixels + change).clamp(0, 1), movement.confidence * CHANGE_SHARE))
        trust, share = _trusted(last.trust, movement)
        source = (before.source or Source.of(before.result.pixels, share)).after(movement)
        made = self._mixed(frame, source.over(movement.moved(before.result.pixels)), share)
        return Made(frame, made, trust, source.next(_filled(made).pixels, 1 - share))

    def _mixed(self, frame: Image, carried: Tensor, share: Tensor) -> Image:
        """What is made of a frame, with a ``share`` of what was carried to it."""
        share = fitted(share, frame.height, frame.width)
        if frame.alpha is not None:
            share = share * (frame.alpha > 0)
        made = self._make(frame, replace(self._context, begun=Image(carried, share)))
        # What a filter leaves as it is, as at strength 0, is nobody's paint.
        is_left = torch.equal(made.pixels, frame.pixels)
        return made if is_left else made.with_pixels(torch.lerp(made.pixels, carried, share))


def sequence_of(use: Use[P], open_picture: OpenPicture, context: Context, last: Made | None = None) -> Sequence:
    """The sequence of a use, whose layer's ref may be any frame's; all other inputs are the same for every frame.

    Raises InvalidInput where the filter makes no picture of a frame's size, and what ``open_picture`` raises.
    """
    declared = use.filter
    layer = declared.layer
    output = declared.outputs[0]
    if layer is None or output.kind != "picture" or output.size != "content":
        raise InvalidInput(said("{title} makes no picture of a frame, so there is nothing to do for many.", title=declared.title))
    inputs = open_inputs(use, open_picture)

    def make(frame: Image, context: Context) -> Image:
        return run(declared, inputs.replaced(layer, frame), use.params, context).picture

    selection = None if declared.cutting_mask is None else inputs[declared.cutting_mask]
    return Sequence(make, declared.needs.held, context, selection=selection, last=last)


def next_of(use: Use[P], open_picture: OpenPicture, context: Context, last: Made | None) -> tuple[Image, Made | None]:
    """What comes of a use whose layer is the frame after ``last``, and what the one after it is held to.

    Raises as `sequence_of`, and what the filter raises.
    """
    sequence = sequence_of(use, open_picture, context, last)
    layer = use.filter.layer
    frame = open_picture("" if layer is None else use.inputs[layer.name])
    return sequence.next(frame), sequence.last


def in_order(sequence: Sequence, frames: Iterable[Image]) -> Iterator[Image]:
    """What comes of each frame."""
    for frame in frames:
        yield sequence.next(frame)


def _filled(image: Image) -> Image:
    """With the colours of what is around where it is transparent: at the edges of what moves they are mixed in."""
    return image if image.alpha is None else image.with_pixels(fill_transparent(image))


def _trusted(before: Tensor | None, movement: Movement) -> tuple[Tensor, Tensor]:
    """How far the result of this frame is trusted, and the share of what was carried in it; both (1, 1, h, w)."""
    fresh = _fresh(*movement.confidence.shape[2:])
    lasting = torch.where(movement.is_still, 1.0, LASTING) * torch.exp(-LOST_BY_LIGHT * movement.light.abs())
    trust = (movement.moved(fresh if before is None else before) * movement.confidence * lasting).clamp(0, 1)
    # Specks do not count, and neighbours are replaced together: shreds would be seen as noise. What was carried to where it
    # never was shall not fade into what comes there.
    doubted = box_mean_inside((torch.minimum(trust, movement.confidence) < LEAST_TRUST).float(), SPECK_PX) > 0.5
    lost = F.max_pool2d(doubted.float(), 2 * AROUND_PX + 1, 1, AROUND_PX) > 0
    return torch.where(lost, fresh, trust), 1 - box_mean_inside(lost.float(), SOFT_PX)


def _fresh(height: int, width: int) -> Tensor:
    """How far new places are trusted (1, 1, height, width), by some chance that is always the same."""
    size = 1, 1, max(1, height // PATCH_PX), max(1, width // PATCH_PX)
    chance = torch.rand(size, generator=torch.Generator().manual_seed(0))
    return 1 - UNEVENNESS * fitted(chance, height, width)


def _is_same(first: Image, second: Image) -> bool:
    if not torch.equal(first.pixels, second.pixels):
        return False
    if first.alpha is None or second.alpha is None:
        return first.alpha is second.alpha
    return torch.equal(first.alpha, second.alpha)
