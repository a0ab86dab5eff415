"""Which network paints: a style's name becomes a network for that style alone, two of them a mixture.

Styles of one network (or of two that differ in their norms alone) are mixed inside of it, as Dumoulin et al. 2017 do: the norms'
weights are. Of other networks the pictures are mixed.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace

import torch
from torch.nn import functional as F

from restyle.context import Context
from restyle.contract.errors import UnknownModel
from restyle.engine.feed_forward import FeedForward, load_feed_forward
from restyle.engine.painting import MARGIN_PX
from restyle.engine.proof import filled
from restyle.filters.fast_style.styles import SHIPPED_STYLES
from restyle.models.foreign.readers import read_metadata
from restyle.models.kept import ARCHITECTURE
from restyle.models.own_models import StyleModel
from restyle.networks.blocks import InstanceNorm, Sequence, fixed_mixture, instance_norms
from restyle.networks.multi_style import KIND, names_of, network_of

__all__ = ["Painter", "painters_of"]

SHIPPED = "fast-style-paintings"


@dataclass(frozen=True)
class Painter:
    """A network of one style with its share of the result.

    ``trunk`` tells which networks differ in their norms alone. ``margin_px`` is painted around the photo and cut off.
    """

    network: FeedForward
    share: float = 1.0
    trunk: str = ""
    margin_px: int = 0


def painters_of(style: str, second_style: str, second_share: float, context: Context) -> tuple[Painter, ...]:
    """The one or two networks to paint with; shares sum to 1 and none is 0.

    Raises UnknownModel, UnusableModel, WeightsUnavailable.
    """
    share = second_share if second_style and second_style != style else 0.0
    wanted = [(name, part) for name, part in ((style, 1 - share), (second_style, share)) if part > 0]
    found = tuple(_painter(name, part, context) for name, part in wanted)
    if len(found) == 2 and found[0].trunk and found[0].trunk == found[1].trunk:
        return _mixed(*found)
    return found


def _painter(name: str, share: float, context: Context) -> Painter:
    # What a person calls like a style in the box is meant instead of it.
    own = context.store.own_models()
    if name not in own and name not in SHIPPED_STYLES:
        raise UnknownModel(name, [*SHIPPED_STYLES, *own])
    path = own.get(name) or context.store.path(SHIPPED)
    network = load_feed_forward(path, name, context, lambda model: _of_many_styles(model, name))
    metadata = read_metadata(path)
    # What other programs' networks make of edges is theirs.
    margin = MARGIN_PX if KIND in metadata.get(ARCHITECTURE, "") else 0
    return Painter(network, share, metadata.get("trunk", ""), margin)


def _of_many_styles(model: StyleModel, name: str) -> Sequence | None:
    """A network of several styles, for one of them; None for another network."""
    described = model.architecture
    if not isinstance(described, dict) or described.get("kind") != KIND:
        return None
    ids = [item.id for item in names_of(model.metadata)]
    network = filled(lambda: network_of(model.metadata), model.state)
    # A network of several styles that are not asked for by name paints in its first.
    chosen = ids.index(name) if name in ids else 0
    return fixed_mixture(network, F.one_hot(torch.tensor(chosen), len(ids)).float())


def _mixed(first: Painter, second: Painter) -> tuple[Painter, ...]:
    """One network whose norms are between those of two; both of them where they have none."""
    if not isinstance(first.network, Sequence) or not isinstance(second.network, Sequence):
        return first, second
    # A copy: the network itself is for other jobs, too.
    network = deepcopy(first.network)
    pairs = zip(instance_norms(network), instance_norms(second.network), strict=True)
    for into, other in pairs:
        if isinstance(into, InstanceNorm) and isinstance(other, InstanceNorm):
            into.weight.lerp_(other.weight, second.share)
            into.bias.lerp_(other.bias, second.share)
    return (replace(first, network=network, share=1.0),)
