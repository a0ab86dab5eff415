"""The Python API: one call that does what one use of a filter in the menu does.

from restyle.api import apply
from restyle.pictures.files import open_image, save_image

painted = apply("neural-style", "photo.jpg", styles=["painting.jpg"], style_strength=60)
save_image(painted, "out.png")
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from torch import Tensor

from restyle.context import Context
from restyle.contract.errors import InvalidInput
from restyle.contract.progress import Progress, SilentProgress
from restyle.engine.inputs import Inputs, Style
from restyle.engine.run import run
from restyle.filters import find_filter
from restyle.host.device import pick_device
from restyle.models.store import Store
from restyle.pictures.files import open_image
from restyle.pictures.image import Image
from restyle.regions import Regions
from restyle.regions.given import Given, read_given, small_map, small_mask

__all__ = ["Picture", "RegionsOf", "apply"]

Picture = str | Path | Image
"""A file's path, or an Image that is already at hand."""

RegionsOf = Regions | Picture | Mapping[str, Picture]
"""The regions of one picture: Regions, a map in flat colours, or a mask for each name."""


def apply(
    filter_id: str,
    content: Picture,
    *,
    styles: Sequence[Picture | Style] = (),
    selection: Tensor | None = None,
    reference: Picture | None = None,
    content_regions: RegionsOf | None = None,
    style_regions: Sequence[RegionsOf | None] = (),
    device: str = "auto",
    precision: str = "auto",
    progress: Progress | None = None,
    **params: Any,
) -> Image:
    """Run a filter on ``content`` and return the result, as large as the content.

    ``styles``: pictures, or ``Style`` values to give each a weight or a region. ``selection``: float32 (1, 1, H, W), 0 outside
    to 1 inside; the result is blended with the content by it. ``content_regions`` and ``style_regions`` (for each style in turn)
    say what guides what, where the filter takes regions. ``reference``: what statistics are taken of instead of the content,
    where the filter takes one. ``params``: the filter's settings by name, see docs/filters.md.
    ``progress`` is told of each step and may raise Cancelled. Raises RestyleError.
    """
    chosen = find_filter(filter_id)
    photo = _load(content)
    loaded = [item if isinstance(item, Style) else Style(_load(item)) for item in styles]
    alike = None if reference is None else _load(reference)
    inputs = _with_regions(Inputs(photo, tuple(loaded), selection, reference=alike), content_regions, style_regions)
    context = Context(pick_device(device, precision), progress or SilentProgress(), Store())
    result = run(chosen, inputs, chosen.params.parse(params), context)
    return result if selection is None else photo.blend(result, selection)


def _load(picture: Picture) -> Image:
    return picture if isinstance(picture, Image) else open_image(Path(picture))[0]


def _with_regions(inputs: Inputs, content: RegionsOf | None, styles: Sequence[RegionsOf | None]) -> Inputs:
    """``inputs`` with these regions; a ``Style`` that came with its own keeps them where none are given for it."""
    if len(styles) > len(inputs.styles):
        raise InvalidInput(f"There are {len(inputs.styles)} styles and regions for {len(styles)}; leave some out.")
    content_regions, *style_regions = read_given([_given(item) for item in (content, *styles)])
    padded = [*style_regions, *[None] * (len(inputs.styles) - len(styles))]
    guided = [replace(style, regions=regions or style.regions) for style, regions in zip(inputs.styles, padded, strict=True)]
    return replace(inputs, styles=tuple(guided), regions=content_regions)


def _given(regions: RegionsOf | None) -> Given:
    if regions is None or isinstance(regions, Regions):
        return regions
    if isinstance(regions, Mapping):
        return [(name, small_mask(_load(mask))) for name, mask in regions.items()]
    return small_map(_load(regions))
