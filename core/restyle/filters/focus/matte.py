"""Matte: how much of each pixel is the subject's, hair by hair, from a rough mask.

In a band around the mask's outline the matte is what the matting Laplacian finds cheapest (Levin, Lischinski, Weiss: A
Closed-Form Solution to Natural Image Matting, 2006), on a small copy; functions of colour that are fitted to it there say it at
full size.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from scipy import ndimage
from torch import Tensor
from torch.nn import functional as F

from restyle.pictures.enlarging import enlarged_rows
from restyle.pictures.matting import MattingLaplacian
from restyle.pictures.resizing import fitted
from restyle.pictures.windows import wide_box_mean
from restyle.regions.refine import Refined, refine

__all__ = ["Matte"]

BAND_SHARE = 0.05  # of the longer side, on both sides of the outline, at full reach
EPSILON = 1e-5  # variance of colour that counts as none: of grain
STEPS = 80  # of conjugate gradients: the band is narrow
CORE_SHARE = 0.5  # of half a thin thing's width that is surely meant, around its middle
CLOSE = 1e-4  # of the residual at the start, where it is done
FIT_REACH = 3 / 512  # of the longer side: windows in which the matte is a function of colour
FIT_VARIANCE = 0.01**2
SURE = 0.04  # nearer to none or all of a pixel nobody sees a difference
BESIDE_PX = 2  # of the small copy: what lies so near the subject may have some of its colour
LEAST_SIDE = 3


@dataclass(frozen=True)
class Matte:
    """A subject's matte: a ``mask`` of the photo's size, or functions of colour, ``refined``.

    ``beside`` (1, 1, h, w): the subject and what may have its colour, small; ``core``: what is surely the subject's.
    """

    beside: Tensor
    core: Tensor
    refined: Refined | None
    mask: Tensor | None
    height: int

    @classmethod
    def of(cls, subject: Tensor | None, photo: Tensor, look: Tensor, reach: float) -> Matte | None:
        """The matte of a mask (1, 1, h, w) of any size for a photo (1, 3, H, W), of which ``look`` is a small copy.

        ``reach`` in 0..1 is how far around the outline it is looked for. None where there is no subject.
        """
        if subject is None:
            return None
        small = fitted(subject, *look.shape[2:]).clamp(0, 1)
        if reach == 0:
            return cls(_widened(small, 1), small, None, fitted(subject, *photo.shape[2:]).clamp(0, 1), photo.shape[2])
        reach_px = max(1, round(reach * BAND_SHARE * max(look.shape[2:])))
        core = _core(small > 0.5, reach_px)
        alpha = _solved(small, core, look, reach_px)
        refined = refine(alpha, look, FIT_REACH, FIT_VARIANCE)
        return cls(_widened(alpha, BESIDE_PX), core.float(), refined, None, photo.shape[2])

    def rows(self, pixels: Tensor, rows: slice) -> Tensor:
        """The matte (1, 1, n, W) of these ``rows`` of the photo, whose ``pixels`` (1, 3, n, W) they are."""
        if self.mask is not None:
            return self.mask[:, :, rows]
        if self.refined is None:
            raise ValueError("a matte is a mask or functions of colour")
        alpha = self.refined.linear(pixels, rows, self.height)
        # A dark spot near the outline has the colour of what is dark behind it.
        sure = enlarged_rows(self.core, rows, self.height, pixels.shape[3]).mul_(2).sub_(1)
        return torch.maximum((alpha - SURE) / (1 - 2 * SURE), sure).clamp_(0, 1)

    def behind(self, rows: slice, width: int) -> Tensor:
        """How surely nothing of the subject is in these rows (1, 1, n, W)."""
        return 1 - enlarged_rows(self.beside, rows, self.height, width)


def _widened(mask: Tensor, reach: int) -> Tensor:
    # Down and then across: a square's pixels would be looked at one by one.
    tall = F.max_pool2d(mask, (2 * reach + 1, 1), 1, (reach, 0))
    return F.max_pool2d(tall, (1, 2 * reach + 1), 1, (0, reach))


def _solved(mask: Tensor, inside: Tensor, look: Tensor, reach: int) -> Tensor:
    """The matte (1, 1, h, w) of a rough mask with this core: within ``reach`` of its outline what the photo says."""
    unknown = (_widened(mask, reach) >= 0.5) & ~inside
    if min(look.shape[2:]) < LEAST_SIDE or not bool(unknown.any()):
        return mask
    start = torch.where(unknown, wide_box_mean(mask, max(1, reach // 2)), inside.to(mask.dtype))
    return _descended(MattingLaplacian(look, EPSILON), start, unknown).clamp(0, 1)


def _core(inside: Tensor, reach: int) -> Tensor:
    """What of a mask (1, 1, h, w) is surely meant: what is farther than ``reach`` from its outline, or half of a thin thing."""
    depth = torch.from_numpy(ndimage.distance_transform_edt(inside[0, 0].numpy())).float()[None, None]
    return inside & (depth > (_widened(depth, reach) * CORE_SHARE).clamp_max(reach))


def _descended(laplacian: MattingLaplacian, matte: Tensor, unknown: Tensor) -> Tensor:
    """``matte`` where it is ``unknown`` as cheap as conjugate gradients make it."""
    free = unknown.double()
    matte = matte.double()
    residual = -laplacian.apply(matte) * free
    direction, size = residual, residual.square().sum()
    enough = CLOSE**2 * size
    for _ in range(STEPS):
        if size <= enough:
            break
        product = laplacian.apply(direction) * free
        step = size / (direction * product).sum().clamp_min(1e-30)
        matte = matte + step * direction
        residual = residual - step * product
        before, size = size, residual.square().sum()
        direction = residual + size / before * direction
    return matte.float()
