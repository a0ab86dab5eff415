"""Learned: a plan painted in one pass by a network that has learned a painting and its plan.

Texture networks (Ulyanov et al. 2016) as online-neural-doodle trains them: a mask for each colour of the plan goes in, noise is
mixed in at each scale, a picture comes out. Such a network knows its painting and nothing else, so no style is given.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from restyle.context import Context
from restyle.contract.errors import UnknownModel, UnusableModel, WeightsDamaged
from restyle.contract.sentence import said
from restyle.engine.any_size import apply_at_any_size
from restyle.engine.proof import check_that_it_paints, filled
from restyle.filters.neural_doodle.pairing import note_lacking
from restyle.models.cache import ON_CPU
from restyle.models.entries import PLANS_FOLDER
from restyle.models.own_models import read_style_model
from restyle.models.plan_colors import Color, colors_of_plans
from restyle.networks.blocks import Sequence
from restyle.networks.noise import seeded
from restyle.networks.transformer import build
from restyle.pictures.full_size import SHORTEST_SIDE_PX
from restyle.pictures.image import Image
from restyle.pictures.resizing import fitted
from restyle.regions import Regions
from restyle.regions.maps import color_name, own_color, read_maps

__all__ = ["LearnedPainter", "learned_painter", "masks_for"]

GREATEST_ENLARGEMENT = 2.0  # how much larger than the plan it is painted at most: finer strokes than its pixels cannot be seen


class LearnedPainter:
    """A network of plans and the colours that it has learned."""

    def __init__(self, network: Sequence, colors: tuple[Color, ...]) -> None:
        self._network, self._colors = network, colors

    def paint(self, plan: Image, size: tuple[int, int], scale: float, seed: int, context: Context) -> Tensor:
        """A painting (1, 3, h, w) in 0..1 of a plan, ``size`` divided by the ``scale`` of its strokes; raises Cancelled."""
        regions = read_maps([plan])[0]
        note_lacking(regions.names, tuple(color_name(color) for color in self._colors), context)
        network = seeded(self._network, seed).to(context.device.torch_device)
        masks = masks_for(regions, self._colors, _painted_size(size, scale))
        return apply_at_any_size(network, masks, context, message=said("Painting")).clamp_(0, 1)


def learned_painter(name: str, context: Context) -> LearnedPainter:
    """The painter of this name, of those that a person has imported; raises UnknownModel, UnusableModel."""
    known = context.store.own_models(PLANS_FOLDER)
    if name not in known:
        raise UnknownModel(name, [*known], said("painter of plans"), said("import one by `restyle models import`"))
    path = known[name]
    # In single precision, as other programs' networks in general: their numbers are of any size.
    place = replace(ON_CPU, device=context.device.torch_device)
    try:
        network = context.store.networks.load(path, ("plan",), _network, place)
        return LearnedPainter(network.painter, colors_of_plans(path, network.planes))
    except (OSError, WeightsDamaged) as error:
        raise UnusableModel(path, getattr(error, "reason", said("it cannot be read"))) from error


def masks_for(regions: Regions, colors: tuple[Color, ...], size: tuple[int, int]) -> Tensor:
    """The masks (1, P, *size) of P colours, 1 where a region is that has the colour or, of all, is the nearest to it, else 0.

    Regions called by numbers go by these, or by their order where there are greater ones; what has no name is the first colour.
    """
    numbers = sorted(int(name) for name in regions.names if name.isdigit())
    places = {number: number if numbers[-1] < len(colors) else i % len(colors) for i, number in enumerate(numbers)}
    own = [places[int(name)] if name.isdigit() else _nearest(name, colors) for name in regions.names]
    labels = torch.tensor(own)[fitted(regions.masks, *size)[0].argmax(0)]
    return F.one_hot(labels, len(colors)).permute(2, 0, 1).unsqueeze(0).float()


def _nearest(name: str, colors: tuple[Color, ...]) -> int:
    apart = np.linalg.norm(np.subtract(colors, own_color(name) or colors[0]), axis=1)
    return int(apart.argmin())


def _painted_size(size: tuple[int, int], scale: float) -> tuple[int, int]:
    factor = max(min(1 / scale, GREATEST_ENLARGEMENT), SHORTEST_SIDE_PX / min(size))
    return round(size[0] * factor), round(size[1] * factor)


class _OfPlans(nn.Module):
    """A network and how many masks it takes: what is kept loaded."""

    def __init__(self, painter: Sequence, planes: int) -> None:
        super().__init__()
        self.painter, self.planes = painter, planes


def _network(path: Path) -> _OfPlans:
    model = read_style_model(path)
    if model.planes is None:
        raise UnusableModel(path, said("it paints photos, not plans"), said("choose it in Fast Style"))
    try:
        network = filled(lambda: build(model.architecture), model.state)
        check_that_it_paints(network, model.planes)
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
        raise UnusableModel(path, said("its weights are not those of the network that it says it is")) from error
    return _OfPlans(network, model.planes)
