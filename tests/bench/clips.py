"""Clips whose flow is known, and how much something painted of them flickers.

Flow is true of RubberWhale, and of pans and zooms made of still photos; of Sintel's frames it is that of TV-L1 (Zach, Pock,
Bischof 2007), which the program does not use.
"""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from skimage.registration import optical_flow_tvl1
from torch import Tensor
from torch.nn import functional as F

from restyle.engine.sequence.flow import looked_at
from restyle.pictures.files import open_image
from restyle.pictures.image import luma

__all__ = ["CLIPS", "Clip", "clips", "panned", "warping_error"]

PHOTO = "photos/kodak/kodim15.png"
MADE_PX = 384, 256  # width and height of pans and zooms
FLOW_UNKNOWN = 1e6  # more in a .flo file means that nothing is known
STRAY_SHARE, STRAY_PX2 = 0.01, 0.5  # Ruder et al., equation 5
CLIPS = ("sintel", "rubberwhale", "pan", "zoom")

Clip = tuple[list[Tensor], list[Tensor], list[Tensor]]
"""Frames; for each but the first the flow back to the one before (1, 2, H, W); and where it is known and both show the same."""


def clips(reference: Path, count: int) -> dict[str, Callable[[], Clip]]:
    """CLIPS, each made when it is asked for; ``count``: the frames of a pan and of a zoom."""
    folder = reference / "frames"

    def sintel() -> Clip:
        frames = [open_image(path)[0].pixels for path in sorted(folder.glob("frame_*.png"))]
        flows = [(_tvl1(now, before), _tvl1(before, now)) for before, now in pairwise(frames)]
        return frames, [back for back, _ in flows], [_both_show(*pair) for pair in flows]

    def rubberwhale() -> Clip:
        # The true flow goes from the first to the second, so they are played backwards.
        frames = [open_image(folder / f"rubberwhale{number}.png")[0].pixels for number in (2, 1)]
        flow, known = _read_flo(folder / "middlebury_flow_gt.flo")
        return frames, [flow], [known]

    def made(cameras: list[tuple[float, float, float]]) -> Clip:
        return _made(open_image(reference / PHOTO)[0].pixels, cameras)

    return {
        "sintel": sintel,
        "rubberwhale": rubberwhale,
        "pan": lambda: made(_panning(count)),
        "zoom": lambda: made([(1.0 - 0.012 * i, 0.0, 0.0) for i in range(count)]),
    }


def panned(photo: Tensor, width: int, height: int, count: int) -> list[Tensor]:
    """Frames of a camera that goes over a photo."""
    return _made(photo, _panning(count), width, height)[0]


def _panning(count: int) -> list[tuple[float, float, float]]:
    return [(1.0, 2.3 * i, 0.7 * i) for i in range(count)]


def _made(photo: Tensor, cameras: list[tuple[float, float, float]], width: int = MADE_PX[0], height: int = MADE_PX[1]) -> Clip:
    """A clip out of a still photo: each camera is the share of the frame's size that is seen, and how far it went."""
    rows, columns = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
    middle = torch.tensor([width, height]) / 2
    places = [(torch.stack([columns, rows], 2) - middle) * scale + middle + torch.tensor([x, y]) for scale, x, y in cameras]
    offset = torch.tensor([photo.shape[3] - width, photo.shape[2] - height]) / 2
    sides = torch.tensor([photo.shape[3], photo.shape[2]])
    frames = []
    for place in places:
        at = ((place + offset) * 2 / sides - 1)[None]
        frames.append(F.grid_sample(photo, at, mode="bicubic", padding_mode="border", align_corners=False).clamp(0, 1))
    flows, known = [], []
    for (scale, x, y), place in zip(cameras, places[1:], strict=False):
        before = (place - middle - torch.tensor([x, y])) / scale + middle
        flows.append((before - torch.stack([columns, rows], 2)).permute(2, 0, 1)[None])
        inside = (before >= 0.5).all(2) & (before <= torch.tensor([width, height]) - 0.5).all(2)
        known.append(inside.float()[None, None])
    return frames, flows, known


def _tvl1(here: Tensor, there: Tensor) -> Tensor:
    first, second = (luma(picture)[0, 0].numpy() for picture in (here, there))
    down, across = optical_flow_tvl1(first, second, dtype=np.float32)
    return torch.from_numpy(np.stack([across, down]))[None]


def _both_show(back: Tensor, forth: Tensor) -> Tensor:
    came = looked_at(forth, back)
    stray = (back + came).square().sum(1, keepdim=True)
    return (stray < STRAY_SHARE * (back.square() + came.square()).sum(1, keepdim=True) + STRAY_PX2).float()


def _read_flo(path: Path) -> tuple[Tensor, Tensor]:
    """The flow of a .flo file of the Middlebury benchmark, and where it is known."""
    words = np.fromfile(path, "<f4")
    width, height = np.fromfile(path, "<i4")[1:3]
    flow = torch.from_numpy(words[3:].reshape(height, width, 2)).permute(2, 0, 1)[None]
    known = (flow.abs() < FLOW_UNKNOWN).all(1, keepdim=True)
    return torch.where(known, flow, 0), known.float()


def warping_error(made: list[Tensor], clip: Clip) -> float:
    """The root mean square difference from the picture before, moved by the true flow, where both frames show the same."""
    _, flows, known = clip
    squares = total = 0.0
    for before, now, flow, where in zip(made, made[1:], flows, known, strict=False):
        squares += float(((now - looked_at(before, flow)).square() * where).sum())
        total += 3 * float(where.sum())
    return (squares / total) ** 0.5
