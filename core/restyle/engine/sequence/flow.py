"""Optical flow: where each place of a frame lies in another one.

Dense inverse search (Kroeger et al.: Fast Optical Flow using Dense Inverse Search, ECCV 2016) of OpenCV, which comes with the
extra `video`; without it scikit-image's iterative Lucas-Kanade (Le Besnerais and Champagnat 2005), some twenty times slower.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from restyle.pictures.image import luma
from restyle.pictures.resizing import fitted
from restyle.pictures.windows import wide_box_mean

__all__ = ["Grey", "as_seen_by_flow", "flow_between", "looked_at", "sized"]

LOOKED_AT_PX = 640
"""Longer side at which movement is looked for: what moves by less than a pixel of that is still seen as a part of one."""

LEAST_PX = 16
"""Shorter sides than that have no place for DIS's patches of 8 at two sizes."""

LIGHT_SHARE = 1 / 4
"""Of the longer side: radius of the windows over which light is made equal; less would follow what moves."""

TEXTURE_PX, CALM_PX = 2, 10
"""Radii, in pixels: of what is looked at to tell whether there is something to see, and of what is taken instead."""

FAINT = 8.0
"""Slope, of 255 over two pixels, at which a flow counts half: grain and the blocks of videos have less."""

ILK_RADIUS_PX = 7
"""Half the window that ILK matches: scikit-image's own default."""

MOST_REMAPPED_PX = 1 << 15
"""OpenCV counts places in 16 bits."""

Grey = NDArray[np.uint8]

Flow = Callable[[Grey, Grey], NDArray[np.float32]]


def as_seen_by_flow(picture: Tensor) -> Grey:
    """The light of ``picture`` (1, 3, H, W) in 0..1, 8 bits, at the size at which movement is looked for."""
    height, width = picture.shape[2:]
    scale = min(1.0, LOOKED_AT_PX / max(height, width))
    small = fitted(luma(picture), max(LEAST_PX, round(height * scale)), max(LEAST_PX, round(width * scale)))
    return (small[0, 0].clamp(0, 1) * 255).round().to(torch.uint8).cpu().numpy()


def flow_between(here: Grey, there: Grey) -> Tensor:
    """For each place of ``here`` how far to the right and down it lies in ``there``: (1, 2, h, w), in pixels of these."""
    flow = _flow()(here, _in_light_of(here, there))
    return _calm(torch.from_numpy(np.ascontiguousarray(flow)).permute(2, 0, 1)[None], here)


def sized(flow: Tensor, height: int, width: int) -> Tensor:
    """The same movement (1, 2, h, w) for pictures of another size, in their pixels."""
    scale = torch.tensor([width / flow.shape[3], height / flow.shape[2]]).view(1, 2, 1, 1)
    return flow if flow.shape[2:] == (height, width) else fitted(flow, height, width) * scale


def looked_at(picture: Tensor, flow: Tensor) -> Tensor:
    """``picture`` (1, C, H, W) looked at where ``flow`` (1, 2, H, W) points; beyond its edges its last pixels go on.

    A painting is carried so from frame to frame, many times, and each time it gets less sharp: by OpenCV's Lanczos of 8 x 8
    pixels hardly, by the cubic that is here without it visibly. Both overshoot; the result stays within the picture's range.
    """
    height, width = picture.shape[2:]
    cv2 = _opencv()
    if cv2 is None or max(height, width) >= MOST_REMAPPED_PX:
        seen = _by_cubic(picture, flow)
    else:
        places = np.indices((height, width), np.float32)[::-1] + flow[0].numpy()
        samples = np.ascontiguousarray(picture[0].permute(1, 2, 0).numpy())
        made = cv2.remap(samples, places[0], places[1], cv2.INTER_LANCZOS4, borderMode=cv2.BORDER_REPLICATE)
        seen = torch.from_numpy(made.reshape(samples.shape)).permute(2, 0, 1)[None].contiguous()
    return torch.where((flow == 0).all(1, keepdim=True), picture, seen.clamp(*map(float, picture.aminmax())))


def _by_cubic(picture: Tensor, flow: Tensor) -> Tensor:
    height, width = picture.shape[2:]
    rows, columns = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
    across, down = (columns + flow[0, 0]) * (2 / width) - 1, (rows + flow[0, 1]) * (2 / height) - 1
    places = torch.stack([across, down], 2)[None].to(picture.dtype)
    return F.grid_sample(picture, places, mode="bicubic", padding_mode="border", align_corners=False)


@cache
def _opencv() -> Any | None:
    try:
        import cv2
    except ImportError:
        return None
    return cv2


def _calm(flow: Tensor, here: Grey) -> Tensor:
    """The flow where there is something to see, else what is around: videos stand still there in blocks, and jump."""
    light = F.pad(torch.from_numpy(here)[None, None].float(), (1, 1, 1, 1), mode="replicate")
    slopes = [light[..., 1:-1, 2:] - light[..., 1:-1, :-2], light[..., 2:, 1:-1] - light[..., :-2, 1:-1]]
    seen = wide_box_mean(torch.cat(slopes, 1).abs().sum(1, keepdim=True), TEXTURE_PX)
    weight = seen.square() + 1
    around = wide_box_mean(flow * weight, CALM_PX) / wide_box_mean(weight, CALM_PX)
    return torch.lerp(around, flow, seen.square() / (seen.square() + FAINT**2))


def _in_light_of(here: Grey, there: Grey) -> Grey:
    """``there`` as light as ``here`` over large windows: flow takes for granted that light stays, and light that fades would be
    taken for movement of whatever is soft."""
    first, second = (torch.from_numpy(grey)[None, None].float() for grey in (here, there))
    radius = max(1, round(LIGHT_SHARE * max(here.shape)))
    gain = (wide_box_mean(first, radius) + 1) / (wide_box_mean(second, radius) + 1)
    return (second * gain).clamp(0, 255).round()[0, 0].to(torch.uint8).numpy()


def _flow() -> Flow:
    cv2 = _opencv()
    return _by_ilk if cv2 is None else _by_dis(cv2)


def _by_dis(cv2: Any) -> Flow:
    search = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)

    def flow(here: Grey, there: Grey) -> NDArray[np.float32]:
        return np.asarray(search.calc(here, there, None), np.float32)

    return flow


def _by_ilk(here: Grey, there: Grey) -> NDArray[np.float32]:
    from skimage.registration import optical_flow_ilk

    first, second = here / np.float32(255), there / np.float32(255)
    flow = optical_flow_ilk(first, second, radius=ILK_RADIUS_PX, dtype=np.float32)  # type: ignore[no-untyped-call]
    return np.stack([flow[1], flow[0]], 2)
