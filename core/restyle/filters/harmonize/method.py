"""Harmonize by optimisation (Luan, Paris, Shechtman, Bala: Deep Painterly Harmonization, EGSR 2018).

Where we differ from the paper's two passes: one pass from coarse to fine; the element is matched to the painting once, and
style is that of the matched places mixed with the neighbourhood's and the whole painting's; colours are moved before strokes
are painted; forms are held by instance-normalised features of several layers; the network is the one in the box.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.context import Context
from restyle.contract.errors import MissingInput
from restyle.contract.loaded import Loaded
from restyle.contract.sentence import said
from restyle.contract.settings import strength_factor
from restyle.engine.optimize import STEADY, Stage, descend, plan_stages
from restyle.features.perceptual import load_perceptual
from restyle.filters.harmonize import BACKDROP, ELEMENT, SELECTION, HarmonizeParams
from restyle.filters.harmonize.matching import how_often_matched
from restyle.filters.harmonize.objective import HarmonyObjective, Scene, Weights, at_scale, at_stage
from restyle.filters.harmonize.published import Report, painted_in_two_passes
from restyle.filters.harmonize.site import FAINTEST, Rectangle, Site
from restyle.filters.harmonize.synthesis import of_the_painting_s_patches
from restyle.networks.features import FeatureTrunk
from restyle.pictures.color import match_moments, transfer_luminance
from restyle.pictures.full_size import carry_to_full_size, size_to_paint
from restyle.pictures.guided import guided
from restyle.pictures.image import Image, luma
from restyle.pictures.resizing import fitted, resized
from restyle.pictures.transparency import fill_transparent
from restyle.pictures.windows import box_mean

__all__ = ["harmonize", "working_bytes"]

STYLE_WEIGHT_AT_50 = 9.0  # relative losses: chosen by figure and eye, so that strokes show and the element is recognised
PATCH_WEIGHT = 16.0
COLOUR_SHARE = 0.8  # of the style weight
SMOOTHNESS_WEIGHT = 5.0
LIGHT_WEIGHT = 120.0
EDGE_WEIGHT = 100.0
CONTENT = {"relu2_1": 0.5, "relu3_1": 0.5, "relu4_1": 1.0}
MATCHED_SHARE, NEAR_SHARE, WHOLE_SHARE = 0.45, 0.3, 0.25  # of what style is taken from
MOST_PAINTING_PX = 768**2  # of the painting that is learned from, at the size of the work: around the element, where it has more
PALETTE_COLOURS = 20_000  # drawn from the painting: enough that another seed gives the same moments
FRINGE_WINDOW_PX = 3  # one pixel to each side: cutting out leaves one mixed pixel
EDGE_COVER = 0.5
EDGE_PX = 12  # at full softness, of the work: as far as two or three strokes are wide
SPECK_RADIUS_PX = 2  # of the work: less than the width of a stroke, so that each keeps its hue
SPECK_FLATNESS = 0.03**2  # variance (of eight 8-bit steps) below which brightness says nothing of hue
START_NOISE = 0.02  # of the range: five 8-bit steps, which set strokes differently and are gone after some steps
STRONGEST = 0.95  # of the palette's colours are weaker than the strongest that the element may have
MOST_LIGHT_GAIN = 1.25  # more leaves faces white
LIGHT_KEPT = 0.4  # of the element's own brightness and contrast: dark glasses shall not be bright ones in a bright painting
MOST_CONTRAST_GAIN = 1.5  # more would show the grain and the blocks of a photo
BYTES_PER_PIXEL = 1_600
LEARNED_SHARE = 0.3  # of that, for a pixel of the painting: maps without what a way back would need


@dataclass(frozen=True)
class _Work:
    """The scene at the size of the work, on the device, and the layer's colours (1, 3, H, W) moved to the painting's."""

    scene: Scene
    recoloured: Tensor


def harmonize(inputs: Loaded, params: HarmonizeParams, context: Context) -> Image:
    """The element as the painting is painted, of the layer's size; its alpha says how far it covers the painting.

    The layer and the painting may have any size; what of the layer lies beside the painting has moved colours alone. Raises
    InvalidInput, MissingInput, WeightsUnavailable, WeightsDamaged, Cancelled.
    """
    content, backdrop = inputs[ELEMENT], inputs[BACKDROP]
    if backdrop is None:
        raise MissingInput(BACKDROP.title, 1, 1)
    context.progress.step(0, of=1, message=said("Looking at the painting"))
    cover = _cover(content, inputs[SELECTION])
    content = Image(_without_fringe(content.pixels, cover))
    site = Site.of(cover, backdrop)
    network = load_perceptual("deep", context)
    work = _prepared(content, cover, backdrop.image, site, network, params, context)
    painted = _painted(work.scene, network, params, context)
    return _in_place(content, cover, backdrop.image, site, work, painted)


def working_bytes(inputs: Loaded, params: HarmonizeParams, context: Context) -> int:
    """Memory that painting will take at most, measured per pixel and rounded up."""
    scale = context.device.precision.itemsize / torch.bfloat16.itemsize
    return int((params.working_size**2 + MOST_PAINTING_PX * LEARNED_SHARE) * BYTES_PER_PIXEL * scale)


def _cover(content: Image, selection: Tensor | None) -> Tensor:
    """What of the layer belongs to the element, (1, 1, H, W)."""
    cover = torch.ones_like(content.pixels[:, :1]) if content.alpha is None else content.alpha
    return cover if selection is None else cover * selection


def _without_fringe(pixels: Tensor, cover: Tensor) -> Tensor:
    """``pixels`` (1, 3, H, W) with those at the element's edge in the colours beside them: they are mixed with what was cut off.

    What is too thin to have an inside stays as it is.
    """
    inside = -F.max_pool2d(-cover, FRINGE_WINDOW_PX, stride=1, padding=FRINGE_WINDOW_PX // 2)
    beside = F.max_pool2d(inside, 2 * FRINGE_WINDOW_PX - 1, stride=1, padding=FRINGE_WINDOW_PX - 1)
    kept = (inside > EDGE_COVER) | (cover > EDGE_COVER) & (beside <= EDGE_COVER)
    return fill_transparent(Image(pixels, kept.to(pixels.dtype)))


def _prepared(
    content: Image,
    cover: Tensor,
    painting: Image,
    site: Site,
    network: FeatureTrunk,
    params: HarmonizeParams,
    context: Context,
) -> _Work:
    device = context.device.torch_device
    height, width = size_to_paint(site.place.height, site.place.width, params.working_size)
    ground = resized(site.place.cut(painting.pixels), height, width).clamp(0, 1).to(device)
    shown = fitted(site.from_layer(cover), height, width).clamp(0, 1).to(device)
    pasted = resized(site.with_element(painting, content.pixels, cover), height, width).clamp(0, 1).to(device)
    scale = height / site.place.height
    known = site.place.around(MOST_PAINTING_PX / scale**2, painting.height, painting.width)
    learned = at_scale(known.cut(painting.pixels), scale * params.brush_size).to(device)
    matched = how_often_matched(network, pasted, shown, learned)
    counts = _counts(matched, known, site.place)
    own = pasted[:, :, shown[0, 0] > shown.max() / 2].unsqueeze(2).cpu()
    if params.keep_colors:
        in_own = match_moments(learned.cpu(), own).clamp(0, 1).to(device)
        learned = torch.lerp(learned, in_own, params.keep_colors / 100)
    is_best = params.mode == "best"
    recoloured = _recoloured(content.pixels, own, _palette(learned, counts).cpu()) if is_best else content.pixels
    pasted = resized(site.with_element(painting, recoloured, cover), height, width).clamp(0, 1).to(device)
    free = _free(shown, params.edge_softness)
    return _Work(Scene(pasted, ground, free, shown, learned, counts), recoloured)


def _counts(matched: Tensor, known: Rectangle, place: Rectangle) -> Tensor:
    """How much each place of the ``known`` part of the painting counts: as it is ``matched``, near the element, everywhere."""
    rows, columns = matched.shape[2] / known.height, matched.shape[3] / known.width
    top, left = int((place.top - known.top) * rows), int((place.left - known.left) * columns)
    near = torch.zeros_like(matched)
    near[:, :, top : top + max(1, round(place.height * rows)), left : left + max(1, round(place.width * columns))] = 1
    return MATCHED_SHARE * matched + NEAR_SHARE * near / near.sum() + WHOLE_SHARE / matched.numel()


def _palette(learned: Tensor, counts: Tensor) -> Tensor:
    """Colours (1, 3, 1, N) of the painting, as often as their places count."""
    weights = fitted(counts, *learned.shape[2:]).clamp_min(0).flatten().cpu()
    drawn = torch.multinomial(weights, PALETTE_COLOURS, replacement=True, generator=torch.Generator().manual_seed(0))
    return learned.flatten(2)[:, :, drawn.to(learned.device)].unsqueeze(2)


def _recoloured(pixels: Tensor, own: Tensor, palette: Tensor) -> Tensor:
    """``pixels`` with their colours, as they are in ``own`` (1, 3, 1, N), moved to those of the ``palette``.

    Hues go by one linear map, brightness by another: what is darker stays darker, whatever hue it has.
    """
    # A flat element has no contrast to be raised: what it had would be noise. Noise in what is measured bounds the gain.
    drawn = torch.randn(own.shape, generator=torch.Generator().manual_seed(0))
    floor = palette.std((2, 3), keepdim=True) / MOST_CONTRAST_GAIN
    hued = match_moments(pixels, palette, measured=own + drawn * floor).clamp_(0, 1)
    light, wanted = luma(own), luma(palette)
    deviation = light.std(correction=0)
    gain = (torch.lerp(wanted.std(), deviation, LIGHT_KEPT) / deviation.clamp_min(1e-3)).clamp_max(MOST_LIGHT_GAIN)
    shifted = (luma(pixels) - light.mean()) * gain + torch.lerp(wanted.mean(), light.mean(), LIGHT_KEPT)
    return transfer_luminance(shifted.clamp(0, 1).expand(-1, 3, -1, -1), _no_more_colourful(hued, palette))


def _no_more_colourful(pixels: Tensor, palette: Tensor) -> Tensor:
    """``pixels`` with no colour stronger than those of the ``palette``: what lies far from all others would be."""
    strength, most = (_chroma(picture).square().sum(1, keepdim=True).sqrt() for picture in (pixels, palette))
    factor = (most.flatten().quantile(STRONGEST) / strength.clamp_min(1e-3)).clamp_max(1)
    return luma(pixels) + _chroma(pixels) * factor


def _chroma(pixels: Tensor) -> Tensor:
    return pixels - luma(pixels)


def _free(shown: Tensor, softness: float) -> Tensor:
    """Where may be painted, (1, 1, h, w): all of the element, and as far as strokes go across its edge, ending softly."""
    reach = round(EDGE_PX * softness / 100)
    inside = (shown > FAINTEST).to(shown.dtype)
    if not reach:
        return inside
    widened = F.max_pool2d(inside, 2 * reach + 1, stride=1, padding=reach)
    return torch.maximum(box_mean(box_mean(widened, reach // 2), reach - reach // 2), inside)


def _painted(scene: Scene, network: FeatureTrunk, params: HarmonizeParams, context: Context) -> Tensor:
    """The painted scene (1, 3, h, w), on the CPU; where nothing is free it is the painting."""
    strength = strength_factor(params.strength)

    def report(i: int, of: int, stage: Stage, picture: Tensor) -> None:
        message = said("Painting at {px} px, step {step} of {of}", px=max(stage.height, stage.width), step=min(i + 1, of), of=of)
        context.progress.step(i, of=of, message=message)

    if params.mode == "published":
        painted = _without_specks(painted_in_two_passes(scene, network, strength, params.steps, report))
        painted = of_the_painting_s_patches(painted.float().clamp(0, 1), scene.painting.float(), scene.free, params.seed)
    else:
        painted = _without_specks(_painted_at_best(scene, network, strength, params, report))
    return scene.composed(painted).clamp(0, 1).to("cpu", torch.float32)


def _painted_at_best(scene: Scene, network: FeatureTrunk, strength: float, params: HarmonizeParams, report: Report) -> Tensor:
    height, width = scene.ground.shape[2:]
    stages = plan_stages(height, width, params.steps, STEADY)
    style = STYLE_WEIGHT_AT_50 * strength
    weights = Weights(style, PATCH_WEIGHT, COLOUR_SHARE * style, SMOOTHNESS_WEIGHT, LIGHT_WEIGHT, EDGE_WEIGHT, CONTENT)

    def objective_at(stage: Stage) -> HarmonyObjective:
        return HarmonyObjective(network, at_stage(scene, stage), weights)

    first = resized(scene.pasted, stages[0].height, stages[0].width).clamp(0, 1)
    # Drawn on the CPU, so that a seed means the same picture on every device.
    noise = torch.randn(first.shape, generator=torch.Generator().manual_seed(params.seed)).to(first.device)
    return descend(first + START_NOISE * noise, stages, objective_at, report, scene.enlarged)


def _without_specks(painted: Tensor) -> Tensor:
    """``painted`` (1, 3, h, w) with hues that follow its brightness: the paper's chrominance denoising, by a guided filter."""
    brightness = luma(painted)
    return brightness + guided(brightness, painted - brightness, SPECK_RADIUS_PX, SPECK_FLATNESS)


def _in_place(content: Image, cover: Tensor, painting: Image, site: Site, work: _Work, painted: Tensor) -> Image:
    """The layer with what was painted, at its full size."""
    place = site.place
    pasted = site.with_element(painting, work.recoloured, cover)
    whole = carry_to_full_size(painted, work.scene.pasted.cpu(), pasted)
    free = fitted(work.scene.free.cpu(), place.height, place.width).clamp(0, 1)
    if painting.alpha is not None:
        free = free * place.cut(painting.alpha)  # no strokes of a painting that is not there
    free = torch.maximum(free, (site.from_layer(cover) > FAINTEST).to(free.dtype))
    height, width = content.height, content.width
    is_here = site.to_layer(torch.ones_like(free), height, width) > 0
    alpha = torch.where(is_here, site.to_layer(free, height, width), cover)
    pixels = torch.where(is_here, site.to_layer(whole, height, width), work.recoloured)
    return Image(torch.where(alpha > 0, pixels, content.pixels), alpha)
