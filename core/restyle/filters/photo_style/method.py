"""Photo Style (after Luan, Paris, Shechtman, Bala: Deep Photo Style Transfer, CVPR 2017).

The photo's regions are paired with the style's. Fast mode maps the colours of each region in closed form (`region_maps`); best
mode goes on from there and fits grids of maps to the style's Gram matrices (`best`). Both are found on a small copy and
carried to the photo's full size (`full_size`).
"""

from __future__ import annotations

from torch import Tensor

from restyle.bilateral_grid import GridShape, constant_grids
from restyle.context import Context
from restyle.filters.photo_style import PhotoStyleParams
from restyle.filters.photo_style.best import Weights, fit_grids, plan_fits
from restyle.filters.photo_style.full_size import edit_at_full_size, strengthened
from restyle.filters.photo_style.region_maps import region_maps
from restyle.filters.photo_style.scene import Scene, prepare_scene
from restyle.image import Image
from restyle.inputs import Inputs
from restyle.perceptual import load_perceptual
from restyle.regions.pairing import pair_regions

__all__ = ["transfer", "working_bytes"]

STYLE_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu3_4")
PREVIEW_EVERY = 5  # steps
STRUCTURE_AT_50 = 0.4  # beside a style distance of 1: by eye and figure, see docs/benchmarks.md
STRUCTURE_PER_DECADE = 50.0
ROUGHNESS_AT_50 = 1e-4
ROUGHNESS_PER_DECADE = 50.0
CLIPPING = 10.0
PALETTE = 100.0
BYTES_PER_PIXEL = {"compact": 1_500, "vgg19": 7_000}


def transfer(inputs: Inputs, params: PhotoStyleParams, context: Context) -> Image:
    """Give ``inputs.content`` the light of the one style; the result has the content's size.

    Raises WeightsUnavailable, WeightsDamaged, InvalidInput, Cancelled.
    """
    context.progress.step(0, of=1, message="Finding regions")
    photo = inputs.content.pixels
    pairs = pair_regions(inputs, params.regions, context)[0]
    scene = prepare_scene(photo, inputs.styles[0].image.pixels, pairs, params.working_size, context.device.torch_device)
    if params.mode == "fast":
        grids, steps = constant_grids(region_maps(scene), GridShape(1, 1, 1)).to(context.device.torch_device), 1
    else:
        grids, steps = _fitted_grids(scene, params, context)
    grids = strengthened(grids, params.strength / 100)
    result = edit_at_full_size(grids, scene.edges, photo, params.sharpness / 100, context, (steps, steps + 1))
    return Image(result, inputs.content.alpha)


def working_bytes(inputs: Inputs, params: PhotoStyleParams, context: Context) -> int:
    """Memory that fitting will take at most, measured per pixel of the working size and rounded up."""
    scale = min(1.0, params.working_size / max(inputs.content.height, inputs.content.width))
    return int(inputs.content.height * inputs.content.width * scale**2 * BYTES_PER_PIXEL[params.features])


def _fitted_grids(scene: Scene, params: PhotoStyleParams, context: Context) -> tuple[Tensor, int]:
    """The grids, and how many steps they took."""
    network = load_perceptual(params.features, context)
    fits = plan_fits(params.working_size, params.steps)
    weights = Weights(
        structure=STRUCTURE_AT_50 * 10 ** ((params.structure - 50) / STRUCTURE_PER_DECADE),
        roughness=ROUGHNESS_AT_50 * 10 ** ((params.refinement - 50) / ROUGHNESS_PER_DECADE),
        clipping=CLIPPING,
        palette=PALETTE,
    )

    def report(i: int, of: int, picture: Tensor) -> None:
        preview = Image(picture.to("cpu")) if i % PREVIEW_EVERY == 0 else None
        message = f"Fitting light and colours at {max(picture.shape[2:])} px, step {i + 1} of {of}"
        context.progress.step(i, of=of + 1, message=message, preview=preview)

    return fit_grids(scene, network, STYLE_LAYERS, region_maps(scene), fits, weights, report), sum(fit.steps for fit in fits)
