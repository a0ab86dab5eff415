"""Best mode: grids of affine maps fitted to the style's region Gram matrices, coarse to fine.

Luan et al. 2017 optimise pixels and ask them to stay near locally affine changes of colour. Here nothing else can come out:
what is optimised are the maps (`restyle.pictures.bilateral_grid`), against the paper's augmented style loss in relative form.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from restyle.filters.photo_style.calm import Patches
from restyle.filters.photo_style.colour_marks import ColourMarks
from restyle.filters.photo_style.realism import Structure, clipping
from restyle.filters.photo_style.region_style import RegionStyle
from restyle.filters.photo_style.scene import Scene
from restyle.networks.features import FeatureExtractor
from restyle.pictures.bilateral_grid import GridShape, Slicer, constant_grids, inversions, plan_shape, resampled, roughness

__all__ = ["Fit", "Weights", "fit_grids", "plan_fits"]

COARSEST_PX = 128  # longer side; below, Gram matrices stand on too few positions
CELLS, DEPTH = 12, 8  # of grids, along the longer side and over brightness
COARSEST_CELLS, COARSEST_DEPTH = 4, 4
FINEST_STEPS_SHARE = 0.4  # finer stages only correct what the network sees of fine texture
ADAM_LR = 0.02  # of gains and shifts: both are about 1 at most
ADAM_FINAL_LR_SHARE = 0.1
ADAM_WARM_UP_STEPS = 5
ADAM_BETAS = (0.9, 0.99)
ADAM_FAINTEST = 1e-7  # gradient of a cell below which Adam takes no full step: a photo that fits already stays as it is

OnStep = Callable[[int, int, Tensor], None]


@dataclass(frozen=True)
class Weights:
    """How much each term counts beside the style, whose distance is about 1 for the untouched photo."""

    structure: float
    roughness: float
    patches: float
    clipping: float
    colour_marks: float
    inversions: float


@dataclass(frozen=True)
class Fit:
    """One stage: longer side of photo and style, shape of the grids along it, and steps."""

    longer_px: int
    cells: int
    depth: int
    steps: int


def plan_fits(longer_px: int, steps: int) -> tuple[Fit, ...]:
    """Stages up to ``longer_px``, each twice as large as the one before."""
    fits: list[Fit] = []
    size = longer_px
    while size > COARSEST_PX * math.sqrt(2):
        fits.insert(0, Fit(size, CELLS, DEPTH, steps))
        size = round(size / 2)
    fits.insert(0, Fit(size, COARSEST_CELLS, COARSEST_DEPTH, steps))
    if len(fits) > 1:
        last = fits[-1]
        fits[-1] = Fit(last.longer_px, last.cells, last.depth, max(1, round(steps * FINEST_STEPS_SHARE)))
    return tuple(fits)


def fit_grids(
    scene: Scene,
    network: FeatureExtractor,
    layers: tuple[str, ...],
    maps: Tensor,
    fits: tuple[Fit, ...],
    weights: Weights,
    on_step: OnStep,
) -> Tensor:
    """Grids (R, depth, height, width, 12) fitted to ``scene``, from one map (R, 3, 4) for each region.

    ``on_step(i, of, picture)`` is called before each step; what it raises ends the work.
    """
    total, done = sum(fit.steps for fit in fits), 0
    device = scene.photo.pixels.device
    grids = constant_grids(maps.to(device), GridShape(1, 1, 1))
    for fit in fits:
        stage = scene.within(fit.longer_px)
        height, width = stage.photo.pixels.shape[2:]
        shape = plan_shape(height, width, longer=fit.cells, depth=fit.depth)
        grids = resampled(grids, shape).contiguous().requires_grad_(True)
        slicer = Slicer(stage.photo.pixels, stage.exact_masks, shape)
        style, structure, marks = RegionStyle(network, layers, stage), Structure(stage.photo.pixels), ColourMarks(stage)
        patches = Patches(stage.photo.pixels, slicer, shape)
        adam = torch.optim.Adam([grids], lr=ADAM_LR, betas=ADAM_BETAS, eps=ADAM_FAINTEST)
        for i in range(fit.steps):
            edited, outside = slicer(grids)
            picture = edited - outside
            on_step(done + i, total, picture.detach())
            loss = style(picture) + weights.structure * (1 - structure(picture))
            loss = loss + weights.clipping * clipping(edited) + weights.roughness * roughness(grids)
            loss = loss + weights.colour_marks * marks(picture) + weights.inversions * inversions(grids)
            loss = loss + weights.patches * patches(grids)
            adam.param_groups[0]["lr"] = _rate(i, fit.steps)
            adam.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            adam.step()
        done += fit.steps
        grids = grids.detach()
    return grids


def _rate(i: int, steps: int) -> float:
    decay = ADAM_FINAL_LR_SHARE + (1 - ADAM_FINAL_LR_SHARE) * 0.5 * (1 + math.cos(math.pi * i / steps))
    return ADAM_LR * decay * min(1.0, (i + 1) / ADAM_WARM_UP_STEPS)
