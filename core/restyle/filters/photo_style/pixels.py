"""As published: Deep Photo Style Transfer (Luan, Paris, Shechtman, Bala 2017), for comparison.

Pixels are optimised, in two stages: first for content and the augmented style loss (Gram matrices of each region), then with
the photorealism term V' M V as well, M being the matting Laplacian. What remains of bands and blotches is taken out by the best
locally affine map from photo to result (the paper's program does the same, "smooth local affine"), which also carries the
result to full size. Where we differ: the first stage goes from coarse to fine, losses are relative to photo and style so that
their weights suit any network and size, and by default the compact network is asked instead of VGG-19.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from restyle.engine.optimize import Objective, Stage, descend, plan_stages
from restyle.features.losses import content_loss
from restyle.filters.photo_style.region_style import RegionStyle
from restyle.filters.photo_style.scene import Scene
from restyle.networks.features import FeatureExtractor
from restyle.pictures.bilateral_grid import MAP_SIZE
from restyle.pictures.matting import MattingLaplacian
from restyle.regions.refine import Refined, refine

__all__ = ["everywhere", "local_affine_grids", "optimise_pixels"]

CONTENT_LAYER = "relu4_2"  # the paper's conv4_2
CONTENT_WEIGHT = 1.0
STYLE_WEIGHT = 100.0  # the paper's
REALISM_WEIGHT = 1e3  # of V' M V for a pixel: a picture with every third pixel off by a tenth then costs as much as the style
START_NOISE = 0.02  # the paper starts from noise; some steps from the photo come as far as a thousand from there
LEAST_REACH, GREATEST_REACH = 1 / 256, 1 / 32  # of the longer side: radius of the windows of locally affine maps
AFFINE_EPSILON = 1e-4  # variance of colour that they are regularised by

OnStep = Callable[[int, int, Tensor], None]


def optimise_pixels(
    scene: Scene,
    network: FeatureExtractor,
    layers: tuple[str, ...],
    steps: int,
    realism: float,
    generator: torch.Generator,
    on_step: OnStep,
) -> Tensor:
    """The result (1, 3, h, w) of the size of the scene's photo, in 0..1; ``realism`` scales the weight of V' M V."""
    photo = scene.photo.pixels
    height, width = photo.shape[2:]
    first = plan_stages(height, width, steps)
    second = (Stage(height, width, 2 * steps),)
    total = sum(stage.steps for stage in (*first, *second))
    done = 0

    def report(i: int, of: int, stage: Stage, picture: Tensor) -> None:
        on_step(min(done + i, total), total, picture.detach())

    noise = torch.randn(photo.shape, generator=generator).to(photo.device) * START_NOISE
    picture = descend(photo + noise, first, lambda stage: _objective(scene, network, layers, stage, 0.0), report)
    done = sum(stage.steps for stage in first)
    weight = REALISM_WEIGHT * realism
    return descend(picture, second, lambda stage: _objective(scene, network, layers, stage, weight), report).detach()


def local_affine_grids(photo: Tensor, result: Tensor, refinement: float) -> Tensor:
    """The best locally affine maps from ``photo`` to ``result`` (both (1, 3, h, w)) as a grid (1, 1, h', w', 12).

    ``refinement`` 0..1 is how large the windows are in which one map shall do.
    """
    reach = LEAST_REACH * (GREATEST_REACH / LEAST_REACH) ** refinement
    functions = refine(result, photo, reach, AFFINE_EPSILON)
    maps = torch.cat((functions.slopes, functions.offsets), 1)
    return maps.permute(2, 3, 0, 1).reshape(1, 1, *maps.shape[2:], MAP_SIZE)


def everywhere(like: Tensor) -> Refined:
    """The edges of one region that is everywhere."""
    return Refined(like.new_zeros(1, 3, 1, 1), like.new_ones(1, 1, 1, 1))


def _objective(scene: Scene, network: FeatureExtractor, layers: tuple[str, ...], stage: Stage, realism: float) -> Objective:
    small = scene.within(max(stage.height, stage.width))
    photo = small.photo.pixels
    style, laplacian = RegionStyle(network, layers, small), MattingLaplacian(photo)
    with torch.no_grad():
        content = network(photo, [CONTENT_LAYER])[CONTENT_LAYER]

    def measure(picture: Tensor) -> Tensor:
        features = network(picture, [CONTENT_LAYER])[CONTENT_LAYER]
        loss = CONTENT_WEIGHT * content_loss(features, content, network.head(CONTENT_LAYER)) + STYLE_WEIGHT * style(picture)
        if realism > 0:
            loss = loss + realism * laplacian.energy(picture) / picture[0, 0].numel()
        return loss

    return measure
