"""A wider network of more styles from a narrower one of fewer, that paints the old styles as before: where a training starts."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from restyle.networks.multi_style import style_tables

__all__ = ["grown"]


@torch.no_grad()
def grown(small: Mapping[str, Tensor], large: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the state of ``large``, a network with random weights, with those of ``small`` in its first channels and styles.

    What the first channels hear of the new ones is silenced, so that they say what they said; what new channels hear stays
    random. A new style begins as the mean of the old ones. Both networks have the same number of layers.
    """
    tables = set(style_tables(large))
    state = {}
    for name, wide in large.items():
        narrow = small[name].to(wide.dtype)
        kept = wide.clone()
        place = tuple(slice(0, side) for side in narrow.shape)
        if name in tables:
            kept[:, place[1]] = narrow.mean(dim=0)
        elif narrow.ndim == 4:
            kept[place[0]] = 0
        kept[place] = narrow
        state[name] = kept
    return state
