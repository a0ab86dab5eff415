"""The Python API: one call that does what one use of a filter in the menu does.

    from restyle.api import apply
    from restyle.files import open_image, save_image

    painted = apply("neural-style", "photo.jpg", styles=["painting.jpg"], style_strength=60)
    save_image(painted, "out.png")
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from torch import Tensor

from restyle.context import Context
from restyle.device import pick_device
from restyle.files import open_image
from restyle.filters import find_filter
from restyle.image import Image
from restyle.inputs import Inputs, Style
from restyle.progress import Progress, SilentProgress
from restyle.run import run
from restyle.weights.store import Store

__all__ = ["Picture", "apply"]

Picture = str | Path | Image
"""A file's path, or an Image that is already at hand."""


def apply(
    filter_id: str,
    content: Picture,
    *,
    styles: Sequence[Picture | Style] = (),
    selection: Tensor | None = None,
    device: str = "auto",
    precision: str = "auto",
    progress: Progress | None = None,
    **params: Any,
) -> Image:
    """Run a filter on ``content`` and return the result, as large as the content.

    ``styles``: pictures, or ``Style`` values to give each a weight. ``selection``: float32 (1, 1, H, W), 0 outside to 1
    inside; the result is blended with the content by it. ``params``: the filter's settings by name, see docs/filters.md.
    ``progress`` is told of each step and may raise Cancelled. Raises RestyleError.
    """
    chosen = find_filter(filter_id)
    photo = _load(content)
    inputs = Inputs(photo, tuple(item if isinstance(item, Style) else Style(_load(item)) for item in styles), selection)
    context = Context(pick_device(device, precision), progress or SilentProgress(), Store())
    result = run(chosen, inputs, chosen.params.parse(params), context)
    return result if selection is None else photo.blend(result, selection)


def _load(picture: Picture) -> Image:
    return picture if isinstance(picture, Image) else open_image(Path(picture))[0]
