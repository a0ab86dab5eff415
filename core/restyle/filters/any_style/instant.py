"""The instant painting: statistics of features in closed form, and one painter for all styles.

Li et al. 2017 bring features to the style's mean and covariance at five levels, coarse to fine, and encode and decode for each.
We encode once, move the features of the deeper levels by optimal transport (`transport`: Lu et al. 2019), and have one network
paint from them that was trained on many styles and knows none (`networks.painter`). It paints light and shade; hues are the
photo's, moved to the style's by the same transport, since deep features hardly tell them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import torch
from safetensors import SafetensorError
from torch import Tensor, nn
from torch.nn import functional as F

from restyle.context import Context
from restyle.errors import WeightsDamaged
from restyle.filters.any_style.pieces import stretched
from restyle.filters.any_style.reading import Reading
from restyle.filters.any_style.transfer import Transfer, guided_transfer, plain_transfer
from restyle.image import luma
from restyle.networks.encoder import CompactEncoder
from restyle.networks.painter import LEVELS, PAINTER_WIDTHS, SEEN, Painter
from restyle.optimize import resized
from restyle.regions.pairing import Pairs
from restyle.transport import measured, transport

__all__ = ["PIECE_PX", "Strengths", "paint_instantly"]

SHORTEST_SIDE_PX = 64  # four positions in the deepest level; below, there is nothing to take statistics of
PIECE_PX = 1536  # of a side that is worked on at once; its margins are then a third of the work
LARGEST_STYLE_PX = 2048  # longer side; statistics gain nothing by more
GREATEST_ENLARGEMENT = 2.0  # of a style: blurred strokes are no strokes
HUE_RADIUS_PX = 2  # hues follow strokes, not the photo's finest edges
HUE_SHRINKAGE = 1e-3  # three channels and very many pixels need little
HUE_STRIDE = 2  # every second pixel along either axis enters the statistics of colours
BAND_ROWS = 256  # rows coloured at once: bounds the memory for copies

Network = TypeVar("Network", bound=nn.Module)
Strengths = Mapping[str, float]


class _Tally:
    """Counts the pieces of all pictures in all passes, as pictures are read in turn and the photo more than once."""

    def __init__(self) -> None:
        self.expected = 1
        self._begun = 0

    def next(self) -> int:
        """How many were begun before this one; never more than expected."""
        self._begun += 1
        return min(self._begun - 1, self.expected)


@dataclass(frozen=True)
class _Studio:
    """The two networks on their device."""

    encoder: CompactEncoder
    painter: Painter
    context: Context
    tally: _Tally

    def read(self, picture: Tensor, message: str) -> Reading:
        """The features of a picture, with progress under this message."""
        device = self.context.device

        def on_piece() -> None:
            self.context.progress.step(self.tally.next(), of=self.tally.expected, message=message)

        return Reading(self.encoder, picture, PIECE_PX, device.torch_device, device.memory_format, on_piece)


@torch.no_grad()
def paint_instantly(
    photo: Tensor,
    pictures: tuple[tuple[float, Tensor], ...],
    pairs: tuple[Pairs, ...],
    strengths: Strengths,
    style_scale: float,
    context: Context,
) -> Tensor:
    """The painting (1, 3, H, W) of ``photo`` in the style of ``pictures`` (weight and (1, 3, h, w) each), in 0..1, on the CPU.

    ``pairs`` are the regions for each style, ``strengths`` 0 to 1 by level. Raises WeightsUnavailable, WeightsDamaged, Cancelled.
    """
    studio = _open_studio(context)
    reading = studio.read(photo, "Painting")
    total = sum(weight for weight, _ in pictures)
    styles = [
        (weight / total, studio.read(_at_scale(style, photo, style_scale), "Looking at the style")) for weight, style in pictures
    ]
    is_plain = all(len(regions) == 1 for regions in pairs)
    # The photo is measured (where it is guided once for each style), and painted in the end.
    passes = 1 + (1 if is_plain else len(styles))
    studio.tally.expected = passes * reading.count + sum(style.count for _, style in styles)
    transfer = plain_transfer(reading, styles, strengths) if is_plain else guided_transfer(reading, styles, pairs, strengths)
    painted = _painted(reading, transfer, studio.painter)
    return _coloured(painted, photo, [(share, style.picture) for share, style in styles], pairs, strengths[LEVELS[0]])


def _coloured(
    painted: Tensor, photo: Tensor, styles: list[tuple[float, Tensor]], pairs: tuple[Pairs, ...], strength: float
) -> Tensor:
    """``painted``, in place, with the hues of the photo when its colours are moved to the styles', region by region."""
    zones = []
    for (share, style), regions in zip(styles, pairs, strict=True):
        for pair in regions:
            masks = (None, None) if len(regions) == 1 else (stretched(pair.content, photo), stretched(pair.style, style))
            before, after = (_thinned(picture, mask) for picture, mask in zip((photo, style), masks, strict=True))
            move = transport(measured(*before), measured(*after), HUE_SHRINKAGE).partly(strength)
            zones.append((share, masks[0], move))
    margin = HUE_RADIUS_PX
    padded = F.pad(photo, (margin,) * 4, mode="replicate")
    for first in range(0, photo.shape[2], BAND_ROWS):
        rows = slice(first, first + BAND_ROWS)
        smooth = F.avg_pool2d(padded[:, :, first : first + BAND_ROWS + 2 * margin], 2 * margin + 1, stride=1)
        moved = torch.zeros_like(smooth)
        for share, mask, move in zones:
            moved += move(smooth) * (share if mask is None else mask[:, :, rows] * share)
        painted[:, :, rows] = luma(painted[:, :, rows]) + moved - luma(moved)
    return painted.clamp_(0, 1)


def _thinned(picture: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor | None]:
    step = HUE_STRIDE
    return picture[:, :, ::step, ::step], None if mask is None else mask[:, :, ::step, ::step]


def _painted(reading: Reading, transfer: Transfer, painter: Painter) -> Tensor:
    out = torch.empty(reading.gridded.shape)
    for piece, features in reading:
        hidden: Tensor | None = None
        for level in PAINTER_WIDTHS:
            moved = transfer.moved(level, features[level], piece) if level in SEEN else None
            hidden = painter.painted(level, moved, hidden, transfer.touch(level, painter, features[level], piece))
        if hidden is not None:
            out[:, :, piece.inner[0], piece.inner[1]] = piece.trimmed(hidden)
    return out[:, :, : reading.picture.shape[2], : reading.picture.shape[3]].clamp_(0, 1)


def _open_studio(context: Context) -> _Studio:
    encoder, painter = context.store.path("compact-encoder"), context.store.path("any-style")
    try:
        return _Studio(
            _placed(CompactEncoder.from_file(encoder, padding="reflect"), context),
            _placed(Painter.from_file(painter), context),
            context,
            _Tally(),
        )
    except (SafetensorError, RuntimeError, OSError) as error:
        raise WeightsDamaged(painter, "it, or the compact encoder, is broken or of another form") from error


def _placed(network: Network, context: Context) -> Network:
    device = context.device
    placed = network.to(device=device.torch_device, dtype=device.precision)
    return placed.to(memory_format=device.memory_format)  # type: ignore[call-overload, no-any-return]


def _at_scale(style: Tensor, photo: Tensor, style_scale: float) -> Tensor:
    """A style at the size where its strokes are as large as they shall be in ``photo``, within what makes sense."""
    height, width = style.shape[2:]
    scale = style_scale * math.sqrt(photo.shape[2] * photo.shape[3] / (height * width))
    scale = min(scale, GREATEST_ENLARGEMENT, LARGEST_STYLE_PX / max(height, width))
    scale = max(scale, SHORTEST_SIDE_PX / min(height, width))
    return resized(style, round(height * scale), round(width * scale)).clamp(0, 1)
