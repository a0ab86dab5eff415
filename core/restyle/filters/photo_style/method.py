"""Photo Style (after Luan, Paris, Shechtman, Bala: Deep Photo Style Transfer, CVPR 2017).

The photo's regions are paired with the style's. The colours of each region are mapped in closed form (`region_maps`). From there
grids of maps are fitted to the style's Gram matrices (`best`): in fast mode by some steps on a thumbnail, in best mode from
coarse to fine. They are found on a small copy and carried to the photo's full size (`full_size`). The paper's own method is
there too (`pixels`).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from restyle.context import Context
from restyle.contract.loaded import Guided, Loaded
from restyle.contract.sentence import said
from restyle.contract.settings import REGIONS
from restyle.engine.optimize import preview_of
from restyle.features.perceptual import load_perceptual
from restyle.filters.photo_style import CONTENT, STYLES, PhotoStyleParams
from restyle.filters.photo_style.best import Fit, OnStep, Weights, fit_grids, plan_fits
from restyle.filters.photo_style.editing import edit_at_full_size, strengthened
from restyle.filters.photo_style.pixels import everywhere, local_affine_grids, optimise_pixels
from restyle.filters.photo_style.region_maps import region_maps
from restyle.filters.photo_style.scene import Scene, prepare_scene, size_within
from restyle.networks.features import FeatureTrunk
from restyle.pictures.image import Image
from restyle.regions.pairing import pair_regions

__all__ = ["transfer", "working_bytes"]

STYLE_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu3_4")
FAST_FITS = (Fit(longer_px=160, cells=8, depth=4, steps=28),)
STRUCTURE_AT_50 = {"fast": 0.1, "best": 0.16}  # beside a style distance of 1: by eye and figure, see docs/benchmarks.md
STRUCTURE_PER_DECADE = 50.0
ROUGHNESS_AT_50 = 0.012
PATCHES_AT_50 = 0.03
SMOOTHNESS_PER_DECADE = 50.0
CLIPPING = 10.0
COLOUR_MARKS = 200.0
INVERSIONS = 100.0  # structure does not mind an edge turned round, people do
# The paper's layers; the compact encoder learned from a full VGG-19 up to relu3_4 only.
PUBLISHED_LAYERS = {"vgg19": ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"), "compact": (*STYLE_LAYERS, "relu4_1")}
FITTING_SHARE = 0.8  # of the whole work, for the progress bar
BYTES_PER_PIXEL = {"compact": 1_500, "vgg19": 7_000}


def transfer(inputs: Loaded, params: PhotoStyleParams, context: Context) -> Image:
    """Give the content the light of the one style; the result has the content's size.

    Raises WeightsUnavailable, WeightsDamaged, InvalidInput, Cancelled.
    """
    if params.strength == 0:
        return inputs[CONTENT]
    context.progress.step(0, of=1, message=said("Finding regions"))
    photo = inputs[CONTENT].pixels
    (style,) = inputs[STYLES]
    pairs = pair_regions(Guided(inputs[CONTENT], inputs[REGIONS]), [style], params.regions, context)[0]
    scene = prepare_scene(photo, style.image.pixels, pairs, params.working_size, context.device.torch_device)
    network = load_perceptual(params.features, context)
    report = _reporter(context.part(0, FITTING_SHARE))
    if params.mode == "published":
        grids, edges = _published_grids(scene, network, params, report), everywhere(scene.photo.pixels)
    else:
        grids, edges = _fitted_grids(scene, network, params, report), scene.edges
    grids = strengthened(grids, params.strength / 100)
    edited = edit_at_full_size(grids, edges, photo, params.sharpness / 100, context.part(FITTING_SHARE, 1))
    return Image(edited, inputs[CONTENT].alpha)


def working_bytes(inputs: Loaded, params: PhotoStyleParams, context: Context) -> int:
    """Memory that fitting will take at most, measured per pixel of photo and style at the working size and rounded up."""
    pictures = (inputs[CONTENT], *(style.image for style in inputs[STYLES]))
    area = sum(math.prod(size_within(picture.height, picture.width, params.working_size)) for picture in pictures)
    return area * BYTES_PER_PIXEL[params.features]


def _fitted_grids(scene: Scene, network: FeatureTrunk, params: PhotoStyleParams, report: OnStep) -> Tensor:
    fits = FAST_FITS if params.mode == "fast" else plan_fits(params.working_size, params.steps)
    smoothness = 10 ** ((params.refinement - 50) / SMOOTHNESS_PER_DECADE)
    weights = Weights(
        structure=STRUCTURE_AT_50[params.mode] * _structure_factor(params),
        roughness=ROUGHNESS_AT_50 * smoothness,
        patches=PATCHES_AT_50 * smoothness,
        clipping=CLIPPING,
        colour_marks=COLOUR_MARKS,
        inversions=INVERSIONS,
    )
    return fit_grids(scene, network, STYLE_LAYERS, region_maps(scene), fits, weights, report)


def _published_grids(scene: Scene, network: FeatureTrunk, params: PhotoStyleParams, report: OnStep) -> Tensor:
    layers = PUBLISHED_LAYERS[params.features]
    generator = torch.Generator().manual_seed(params.seed)
    result = optimise_pixels(scene, network, layers, params.steps, _structure_factor(params), generator, report)
    return local_affine_grids(scene.photo.pixels, result, params.refinement / 100)


def _structure_factor(params: PhotoStyleParams) -> float:
    factor: float = 10 ** ((params.structure - 50) / STRUCTURE_PER_DECADE)
    return factor


def _reporter(context: Context) -> OnStep:
    def report(i: int, of: int, picture: Tensor) -> None:
        message = said("Fitting light and colours at {px} px, step {step} of {of}", px=max(picture.shape[2:]), step=i + 1, of=of)
        context.progress.step(i, of=of, message=message, preview=preview_of(picture))

    return report
