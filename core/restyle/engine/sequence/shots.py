"""A sequence: frames in their order, each made with what came of the one before, so that nothing flickers.

What a filter makes of a frame is blended, as far as the frame shows the same as the one before, with what was made of that,
moved to where things are now; only that one frame is kept. A filter says in its `Needs` what of its results is held. One that
searches (Neural Style) begins with the moved result besides. Ruder, Dosovitskiy, Brox (Artistic Style Transfer for Videos, 2016)
have the moved result as a start and in the loss; to blend afterwards is what networks of one pass can have, which know no loss.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

import torch
from torch import Tensor

from restyle.context import Context
from restyle.contract.errors import InvalidInput
from restyle.contract.filter import Held
from restyle.contract.params import Params
from restyle.contract.request import Use
from restyle.engine.opening import OpenPicture, open_inputs
from restyle.engine.run import run
from restyle.engine.sequence.blending import blended
from restyle.engine.sequence.movement import Movement
from restyle.pictures.image import Image

__all__ = ["Made", "Make", "Sequence", "in_order", "sequence_of"]

P = TypeVar("P", bound=Params)

Make = Callable[[Image, Context], Image]
"""What a filter makes of one frame, of its size."""

HELD_SHARE = 0.8
"""Of the result before where it is certain that this shows the same. More follows a change of light too late."""


@dataclass(frozen=True)
class Made:
    """A frame and what was made of it."""

    frame: Image
    result: Image


class Sequence:
    """Makes frames in order; ``last`` is the frame before with its result, where there is one.

    ``share`` is what is held of the result before where it is certain; ``selection`` (1, 1, H, W), or None, is where it is seen.
    """

    def __init__(
        self,
        make: Make,
        held: Held,
        context: Context,
        *,
        share: float = HELD_SHARE,
        selection: Tensor | None = None,
        last: Made | None = None,
    ) -> None:
        self._make, self._held, self._context = make, held, context
        self._share, self._selection = share, selection
        self.last = last
        self.cuts = 0

    def next(self, frame: Image) -> Image:
        """What comes of the next frame, of its size. A frame that is the one before gives the very same again."""
        last = self.last
        if last is not None and _is_same(last.frame, frame):
            result = last.result
        else:
            result = self._after(last, frame) or self._make(frame, self._context)
        self.last = Made(frame, result)
        return result if self._selection is None else frame.blend(result, self._selection)

    def _after(self, last: Made | None, frame: Image) -> Image | None:
        """The next of a shot; None where nothing is held, or another scene begins."""
        if last is None or not self._held or last.frame.pixels.shape != frame.pixels.shape:
            return None
        movement = Movement.between(last.frame.pixels, frame.pixels)
        if movement.is_cut:
            self.cuts += 1
            return None
        carried = _carried(last, frame, movement, self._held)
        certain = movement.confidence_at(frame.height, frame.width)
        made = self._make(frame, replace(self._context, begun=Image(carried, certain)))
        if torch.equal(made.pixels, frame.pixels):
            return made
        mix = blended if self._held == "picture" else torch.lerp
        return made.with_pixels(mix(made.pixels, carried, certain * self._share))


def sequence_of(use: Use[P], open_picture: OpenPicture, context: Context, last: Made | None = None) -> Sequence:
    """The sequence of a use, whose layer's ref may be any frame's; all other inputs are the same for every frame.

    Raises InvalidInput where the filter makes no picture of a frame's size, and what ``open_picture`` raises.
    """
    declared = use.filter
    layer = declared.layer
    output = declared.outputs[0]
    if layer is None or output.kind != "picture" or output.size != "content":
        raise InvalidInput(f"{declared.title} makes no picture of a frame, so there is nothing to do for many.")
    inputs = open_inputs(use, open_picture)

    def make(frame: Image, context: Context) -> Image:
        return run(declared, inputs.replaced(layer, frame), use.params, context).picture

    selection = None if declared.mask is None else inputs[declared.mask]
    return Sequence(make, declared.needs.held, context, selection=selection, last=last)


def in_order(sequence: Sequence, frames: Iterable[Image]) -> Iterator[Image]:
    """What comes of each frame."""
    for frame in frames:
        yield sequence.next(frame)


def _carried(last: Made, frame: Image, movement: Movement, held: Held) -> Tensor:
    """What the result before says of this frame."""
    if held == "picture":
        return movement.moved(last.result.pixels)
    return (frame.pixels + movement.moved(last.result.pixels - last.frame.pixels)).clamp(0, 1)


def _is_same(first: Image, second: Image) -> bool:
    if not torch.equal(first.pixels, second.pixels):
        return False
    if first.alpha is None or second.alpha is None:
        return first.alpha is second.alpha
    return torch.equal(first.alpha, second.alpha)
