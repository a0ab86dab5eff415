"""Opening: from a checked request to what `run` takes; the one builder of calls, whatever the refs mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from torch import Tensor

from restyle.context import Context
from restyle.contract.inputs.regions import RegionMap, RegionMasks, RegionsValue
from restyle.contract.loaded import Loaded
from restyle.contract.params import Params
from restyle.contract.request import Use
from restyle.contract.result import Result
from restyle.engine.run import run
from restyle.pictures.image import Image
from restyle.pictures.masks import mask_of
from restyle.regions import Regions
from restyle.regions.given import Given, read_given, small_map, small_mask

__all__ = ["OpenPicture", "blended", "open_inputs", "perform"]

P = TypeVar("P", bound=Params)

OpenPicture = Callable[[str], Image]
"""The picture of a ref; raises RestyleError."""


def perform(use: Use[P], open_picture: OpenPicture, context: Context, *, is_blended: bool = True) -> Result:
    """Open all that a use refers to and run its filter; the one way from a request to a result.

    ``is_blended``: within the selection the result is mixed with the layer, as GIMP does by a layer mask. Raises what
    ``open_picture`` and `run` raise.
    """
    inputs = open_inputs(use, open_picture)
    result = run(use.filter, inputs, use.params, context)
    return _blended(use, inputs, result) if is_blended else result


def blended(use: Use[P], open_picture: OpenPicture, result: Result) -> Result:
    """A result that was made elsewhere, not blended, as `perform` would give it. Raises what ``open_picture`` raises."""
    opener = _Opener(open_picture, iter(()))
    needed = [item for item in (use.filter.layer, use.filter.mask) if item is not None]
    return _blended(use, Loaded({item.name: item.load(use.inputs.get(item.name), opener) for item in needed}), result)


def open_inputs(use: Use[P], open_picture: OpenPicture) -> Loaded:
    """All inputs of a use. Maps of regions are read together, so that equal colours have equal names in all of them.

    Raises InvalidInput and what ``open_picture`` raises.
    """
    guides = [guide for item in use.filter.inputs for guide in item.guides(use.inputs.get(item.name))]
    regions = read_given([_given(guide, open_picture) for guide in guides])
    opener = _Opener(open_picture, iter(regions))
    return Loaded({item.name: item.load(use.inputs.get(item.name), opener) for item in use.filter.inputs})


def _blended(use: Use[P], inputs: Loaded, result: Result) -> Result:
    """The result as it looks within the selection: what GIMP's layer mask does, for those who have no layers."""
    layer, mask = use.filter.layer, use.filter.cutting_mask
    selection = None if mask is None else inputs[mask]
    if layer is None or selection is None:
        return result
    sized = {
        output.name
        for output in use.filter.outputs
        if output.kind == "picture" and output.size == "content" and output.alpha == "layer"
    }
    content = inputs[layer]
    pictures = {
        name: content.blend(picture, selection) if name in sized else picture for name, picture in result.pictures.items()
    }
    return Result(pictures, result.files)


class _Opener:
    """A `restyle.contract.inputs.Opener`; regions were read beforehand, in the order in which they are asked for."""

    def __init__(self, open_picture: OpenPicture, regions: Iterator[Regions | None]) -> None:
        self.picture = open_picture
        self._regions = regions

    def mask(self, ref: str) -> Tensor:
        """White is inside, as ``mask_of`` reads it."""
        return mask_of(self.picture(ref))

    def regions(self, value: RegionsValue) -> Regions | None:
        """The next of those that were read."""
        return next(self._regions)


def _given(value: RegionsValue, open_picture: OpenPicture) -> Given:
    """The regions of one picture, in a form that `read_given` takes."""
    if isinstance(value, RegionMap):
        return small_map(open_picture(value.map))
    if isinstance(value, RegionMasks):
        # Reduced one by one, so that only one is in memory at full size.
        return [(mask.name, small_mask(open_picture(mask.image))) for mask in value.masks]
    return None
