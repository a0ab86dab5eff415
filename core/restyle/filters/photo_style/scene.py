"""Scene: photo and style as they are worked on, small, with the masks of their paired regions."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from restyle.pictures.resizing import fitted, resized
from restyle.regions.matching import RegionPair
from restyle.regions.refine import Refined, refine

__all__ = ["Scene", "Side", "prepare_scene", "size_within"]

SHORTEST_SIDE_PX = 48  # six positions in the deepest layer used; below, there is nothing to take statistics of
EDGES_PX = 384  # longer side that masks are refined at: a third of the time of 512, and masks differ by 0.002 at most on average


@dataclass(frozen=True)
class Side:
    """A picture (1, 3, h, w) and the masks (1, R, h, w) of its regions."""

    pixels: Tensor
    masks: Tensor

    def within(self, longer_px: int) -> Side:
        """The same at most ``longer_px`` long, as far as the shorter side stays long enough."""
        size = size_within(self.pixels.shape[2], self.pixels.shape[3], longer_px)
        return Side(resized(self.pixels, *size).clamp(0, 1), fitted(self.masks, *size).clamp(0, 1))

    def to(self, device: torch.device) -> Side:
        """The same on a device."""
        return Side(self.pixels.to(device), self.masks.to(device))


@dataclass(frozen=True)
class Scene:
    """Both sides, the r-th region of one guided by the r-th of the other, and how the photo's masks follow its edges."""

    photo: Side
    style: Side
    edges: Refined

    @property
    def exact_masks(self) -> Tensor:
        """The photo's masks (1, R, h, w), refined along its edges; they sum to 1."""
        masks = self.edges.masks(self.photo.pixels)
        return masks / masks.sum(1, keepdim=True).clamp_min(1e-6)

    def within(self, longer_px: int) -> Scene:
        """The same scene smaller."""
        return Scene(self.photo.within(longer_px), self.style.within(longer_px), self.edges)


def prepare_scene(photo: Tensor, style: Tensor, pairs: tuple[RegionPair, ...], longer_px: int, device: torch.device) -> Scene:
    """Bring photo and style (1, 3, H, W) and their paired regions to the working size, onto the device.

    Regions of the photo that follow the same region of the style become one, as labels without a partner do in the paper.
    """
    joined: list[tuple[Tensor, Tensor]] = []
    for pair in pairs:
        same = [i for i, (_, guide) in enumerate(joined) if guide is pair.style or torch.equal(guide, pair.style)]
        if same:
            joined[same[0]] = (joined[same[0]][0] + pair.content, pair.style)
        else:
            joined.append((pair.content, pair.style))
    small = Side(photo, torch.cat([mask for mask, _ in joined], 1)).within(longer_px).to(device)
    guide = Side(style, torch.cat([mask for _, mask in joined], 1)).within(longer_px).to(device)
    return Scene(small, guide, refine(small.masks, small.pixels, working_px=EDGES_PX))


def size_within(height: int, width: int, longer_px: int) -> tuple[int, int]:
    """The size of a picture at most ``longer_px`` long, as far as its shorter side stays long enough."""
    scale = min(1.0, max(longer_px / max(height, width), SHORTEST_SIDE_PX / min(height, width)))
    return max(1, round(height * scale)), max(1, round(width * scale))
