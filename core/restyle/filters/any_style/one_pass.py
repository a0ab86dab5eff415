"""The published painters: MicroAST (Wang et al. 2023) and Magenta's arbitrary stylisation (Ghiasi et al. 2017), one pass each.

They compute in float32 whatever the device prefers: they are small, and their norms divide by small deviations. Several styles
are blended by the weighted mean of what the painter is told of them: Magenta's bottlenecks, MicroAST's moments and modulations.
Strokes are of so many pixels, however large the style picture is; who wants them coarser has the photo painted smaller.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, TypeVar

import torch
from torch import Tensor

from restyle.context import Context
from restyle.contract.sentence import said
from restyle.models.cache import ON_CPU, Placement
from restyle.models.foreign.graphs import read_graphs
from restyle.models.foreign.readers import read_state_dict
from restyle.networks.magenta import PREDICTOR_PX, Magenta
from restyle.networks.microast import MicroAST, blended_signals, microast_from_state_dict
from restyle.networks.tensor_graph import TensorGraph
from restyle.pictures.full_size import SHORTEST_SIDE_PX
from restyle.pictures.resizing import resized

__all__ = ["PublishedName", "paint_published", "painted_scale"]

PublishedName = Literal["microast", "magenta"]
Pictures = Sequence[tuple[float, Tensor]]
Read = TypeVar("Read")

LARGEST_STYLE_PX = 2048  # longer side; statistics gain nothing by more
MOST_ENLARGED_PIXELS = 1 << 22  # that a photo is enlarged to for finer strokes: bounds the memory


@torch.no_grad()
def paint_published(name: PublishedName, photo: Tensor, pictures: Pictures, style_scale: float, context: Context) -> Tensor:
    """The painting (1, 3, H, W) of ``photo`` in the style of ``pictures`` (weight and (1, 3, h, w) each), in 0..1, on the CPU.

    Weights are positive; ``style_scale`` is the size of strokes, 1 as the network paints at the photo's size. Raises
    WeightsUnavailable, WeightsDamaged, Cancelled.
    """
    paint = {"microast": _by_microast, "magenta": _by_magenta}[name]
    height, width = photo.shape[2:]
    painted = paint(_scaled(photo, painted_scale(height, width, style_scale)), pictures, context)
    return resized(painted, height, width).cpu().clamp_(0, 1)


def painted_scale(height: int, width: int, style_scale: float) -> float:
    """How large a photo is painted, relative to its own size, so that strokes have theirs."""
    return min(1 / style_scale, math.sqrt(max(1.0, MOST_ENLARGED_PIXELS / (height * width))))


def _by_microast(photo: Tensor, pictures: Pictures, context: Context) -> Tensor:
    network = context.store.network("any-style-microast", ("MicroAST",), _microast, _place(context))
    signals = _read(pictures, lambda style: network.read_style(_beside(style, photo)), context)
    style = blended_signals(signals, _shares(pictures))
    return _painted(lambda there: network(there, style), photo, len(pictures), context)


def _by_magenta(photo: Tensor, pictures: Pictures, context: Context) -> Tensor:
    network = context.store.network("any-style-magenta", ("arbitrary stylisation of Magenta's",), _magenta, _place(context))
    bottlenecks = _read(pictures, lambda style: network.read_style(_before_predictor(style)), context)
    bottleneck = torch.stack([share * each for share, each in zip(_shares(pictures), bottlenecks, strict=True)]).sum(0)
    return _painted(lambda there: network(there, bottleneck), photo, len(pictures), context)


def _microast(path: Path) -> MicroAST:
    return microast_from_state_dict(read_state_dict(path))


def _magenta(path: Path) -> Magenta:
    drafts = read_graphs(path)
    return Magenta(*(TensorGraph(drafts[part].architecture, drafts[part].state) for part in ("predictor.", "transformer.")))


def _read(pictures: Pictures, read: Callable[[Tensor], Read], context: Context) -> list[Read]:
    found = []
    for i, (_, picture) in enumerate(pictures):
        context.progress.step(i, of=len(pictures) + 1, message=said("Looking at the style"))
        found.append(read(_there(picture, context)))
    return found


def _painted(paint: Callable[[Tensor], Tensor], photo: Tensor, done: int, context: Context) -> Tensor:
    context.progress.step(done, of=done + 1, message=said("Painting"))
    return paint(_there(photo, context))


def _shares(pictures: Pictures) -> list[float]:
    total = sum(weight for weight, _ in pictures)
    return [weight / total for weight, _ in pictures]


def _beside(style: Tensor, photo: Tensor) -> Tensor:
    """A style as large as ``photo``, or as statistics gain by."""
    scale = math.sqrt(photo.shape[2] * photo.shape[3] / (style.shape[2] * style.shape[3]))
    return _scaled(style, min(1.0, scale, LARGEST_STYLE_PX / max(style.shape[2:])))


def _before_predictor(style: Tensor) -> Tensor:
    """A style, all of it, at the size that the predictor was trained on; it takes the mean over whatever it is given."""
    return _scaled(style, PREDICTOR_PX / min(style.shape[2:]))


def _scaled(picture: Tensor, scale: float) -> Tensor:
    height, width = picture.shape[2:]
    scale = max(scale, SHORTEST_SIDE_PX / min(height, width))
    return resized(picture, round(height * scale), round(width * scale)).clamp(0, 1)


def _there(picture: Tensor, context: Context) -> Tensor:
    return picture.to(context.device.torch_device, torch.float32)


def _place(context: Context) -> Placement:
    return replace(ON_CPU, device=context.device.torch_device)
