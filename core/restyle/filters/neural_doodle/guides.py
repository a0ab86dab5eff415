"""Guides: what plan and painting are compared by beside their colours: regions, how far their borders are, and height.

As in Ulyanov's fast-neural-doodle (2016), which takes distances to borders for its masks; and as in image analogies (Hertzmann
et al. 2001), where guides and colours are parts of one vector.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from scipy import ndimage
from torch import Tensor

from restyle.pictures.resizing import fitted
from restyle.regions.matching import RegionPair

__all__ = ["Plans"]

REGION_WEIGHT = 0.5  # colours are in 0..1, and no two of them differ by so much that another region would do
BORDER_WEIGHT = 0.25
SHADE_WEIGHT = 0.4
HEIGHT_WEIGHT = 0.1  # skies pale towards the horizon, whatever their border looks like
NEAR_BORDER = 0.04  # of the longer side: distances count in relation to this, so that far ones are all alike
MOST_GUIDES = 12  # components that are kept of guides; of a few regions all


@dataclass(frozen=True)
class Plans:
    """Masks (1, R, h, w) of the plan and of the painting, region by region, of any sizes, and how much guides weigh."""

    plan: Tensor
    painting: Tensor
    weight: float = 1.0
    shades: tuple[Tensor, Tensor] | None = None
    """The gradients of both, (1, 3, h, w) of any sizes."""

    @classmethod
    def of(cls, pairs: Sequence[RegionPair], weight: float, shades: tuple[Tensor, Tensor] | None = None) -> Plans:
        """Those of pairs of regions; a style's region may stand in several."""
        plan, painting = torch.cat([pair.content for pair in pairs], 1), torch.cat([pair.style for pair in pairs], 1)
        return cls(plan, painting, weight, shades)

    def masks(self, size: tuple[int, int], painting_size: tuple[int, int], device: torch.device) -> tuple[Tensor, Tensor]:
        """The masks of both at these sizes."""
        return fitted(self.plan, *size).to(device), fitted(self.painting, *painting_size).to(device)

    def guides(self, size: tuple[int, int], painting_size: tuple[int, int], device: torch.device) -> tuple[Tensor, Tensor]:
        """Guides (1, G, h, w) of both, G of `MOST_GUIDES` at most."""
        plan, painting = (_guides(*pair) for pair in ((self.plan, size), (self.painting, painting_size)))
        if self.shades is not None:
            shades = (SHADE_WEIGHT * fitted(*pair) for pair in ((self.shades[0], *size), (self.shades[1], *painting_size)))
            plan, painting = (torch.cat(maps, 1) for maps in zip((plan, painting), shades, strict=True))
        plan, painting = self.weight * plan, self.weight * painting
        if plan.shape[1] > MOST_GUIDES:
            basis = _principal(torch.cat((plan.flatten(2), painting.flatten(2)), 2)[0])
            plan, painting = (torch.einsum("gc,nchw->nghw", basis, maps) for maps in (plan, painting))
        return plan.to(device), painting.to(device)


def _guides(masks: Tensor, size: tuple[int, int]) -> Tensor:
    here = fitted(masks, *size)
    height = torch.linspace(0, 1, size[0]).view(1, 1, -1, 1).expand(1, 1, *size)
    return torch.cat((REGION_WEIGHT * here, BORDER_WEIGHT * _borders(here), HEIGHT_WEIGHT * height), 1)


def _borders(masks: Tensor) -> Tensor:
    """How far each region's border is: (1, R, h, w), from -1 far outside to 1 far inside."""
    labels = masks[0].argmax(0).numpy()
    found = []
    for i in range(masks.shape[1]):
        inside = labels == i
        if inside.all() or not inside.any():
            found.append(np.full(labels.shape, 1.0 if inside.all() else -1.0))
            continue
        apart = (ndimage.distance_transform_edt(inside) - ndimage.distance_transform_edt(~inside)) / max(labels.shape)
        found.append(apart / (np.abs(apart) + NEAR_BORDER))
    return torch.from_numpy(np.stack(found).astype(np.float32)).unsqueeze(0)


def _principal(vectors: Tensor) -> Tensor:
    """(G, C): the directions along which vectors (C, N) differ most."""
    centred = vectors - vectors.mean(1, keepdim=True)
    basis: Tensor = torch.linalg.svd(centred @ centred.T).Vh
    return basis[:MOST_GUIDES]
