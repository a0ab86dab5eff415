"""Named: what is what among regions that somebody gave names, or colours."""

from __future__ import annotations

from collections.abc import Collection

from torch import Tensor

from restyle.regions import Regions

__all__ = ["named_mask"]


def named_mask(regions: Regions | None, names: Collection[str]) -> Tensor | None:
    """Where the regions of any of these ``names`` are, (1, 1, h, w); None where none is called so."""
    if regions is None:
        return None
    called = [name.lower() in names for name in regions.names]
    return regions.masks[:, called].amax(1, keepdim=True) if any(called) else None
