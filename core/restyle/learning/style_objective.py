"""What a feed-forward style network is trained towards: style, content and smoothness, of a batch with a style for each picture.

Johnson et al. 2016 sum squared distances of Gram matrices. We take the distances themselves, each relative to the distance of
the average photo from the style, layer by layer: every style and layer then begins near 1 and none dominates, however loud its
colours are. As in Neural Style, shallow layers of a pyramid stand in for deep ones, and content is compared after instance
normalisation, so that it says where things are and leaves palette and contrast to the style.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.features.gram import extended_gram, gram_distance, gram_energy, head_root
from restyle.features.losses import total_variation
from restyle.features.moments import instance_normalized, moments
from restyle.features.pyramid import LEVELS, pyramid
from restyle.networks.features import FeatureTrunk, Head
from restyle.pictures.image import luma

__all__ = ["LossWeights", "StyleObjective", "StyleTargets", "style_targets"]

# Deep layers count more: strokes come by themselves, and forms do not. relu5_1 at a quarter of the size would see nothing but
# borders.
STYLE_LAYERS = {"relu1_1": 1.0, "relu2_1": 1.0, "relu3_1": 1.5, "relu3_4": 2.0, "relu4_1": 3.5}
CONTENT_LAYER = "relu4_1"
PHOTOS_AT_ONCE = 8  # that are measured: bounds memory, and the time until somebody can cancel
GRID_PX = 4  # the stride of the networks: what repeats in its pixels is no stroke
GRID_WINDOW = 8  # of them along each side; over as many, strokes cancel out
LIGHT_PX = 8  # squares whose mean luma is compared
LIGHT_EPSILON = 0.05  # of a range of 1: a picture of less contrast has no light and shade to keep
DISTANCE_EPSILON = 1e-3  # squared: keeps the root's gradient finite where a Gram matrix is met
LEAST_DISTANCE = 0.3  # of the average photo from a style, relative to their size: nearer styles would be all noise


@dataclass(frozen=True)
class LossWeights:
    """How much each term counts; found by looking."""

    style: float = 14.0
    content: float = 3.5
    # More light holds a flat sky flat, and left it nothing but hatches.
    light: float = 0.1
    colour: float = 6.0
    # More takes thin dark lines away.
    smoothness: float = 2.0
    gamut: float = 10.0
    grid: float = 300.0

    def stronger(self, factor: float) -> LossWeights:
        """The same with ``factor`` times the style."""
        return replace(self, style=self.style * factor, colour=self.colour * factor)


@dataclass(frozen=True)
class StyleTargets:
    """What pictures of S styles shall have: extended Gram matrices (S, C + 1, C + 1) and scaled roots, by level and layer."""

    grams: tuple[Mapping[str, Tensor], ...]
    roots: tuple[Mapping[str, Tensor], ...]
    colour_mean: Tensor
    colour_deviation: Tensor


@torch.no_grad()
def style_targets(
    network: FeatureTrunk, styles: Sequence[Tensor], photos: Tensor, tick: Callable[[], None] = lambda: None
) -> StyleTargets:
    """Measure style pictures (1, 3, H, W) each; photos (N, 3, h, w) say from how far away training starts.

    ``tick`` is called for each of them; what it raises ends the work.
    """

    def measured(pictures: Iterable[Tensor]) -> dict[str, Tensor]:
        found = []
        for picture in pictures:
            tick()
            features = network(picture, STYLE_LAYERS)
            found.append({layer: extended_gram(features[layer]) for layer in STYLE_LAYERS})
        return {layer: torch.cat([grams[layer] for grams in found]) for layer in STYLE_LAYERS}

    grams, roots = [], []
    for level, photo_level in enumerate(pyramid(photos)):
        found = measured(pyramid(style)[level] for style in styles)
        of_photos = measured(torch.split(photo_level, PHOTOS_AT_ONCE))
        before = {layer: extended.mean(0, keepdim=True) for layer, extended in of_photos.items()}
        grams.append(found)
        roots.append({layer: _scaled_roots(network.head(layer), found[layer], before[layer]) for layer in STYLE_LAYERS})
    colours = [moments(style) for style in styles]
    return StyleTargets(
        tuple(grams), tuple(roots), torch.cat([mean for mean, _ in colours]), torch.cat([deviation for _, deviation in colours])
    )


class StyleObjective:
    """The loss of results (N, 3, H, W) against their photos and the styles (N,) that they were painted in."""

    def __init__(self, network: FeatureTrunk, targets: StyleTargets, weights: LossWeights) -> None:
        self._network, self._targets, self._weights = network, targets, weights

    def __call__(self, results: Tensor, photos: Tensor, styles: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """Return the loss and its parts; style distances (N,) begin near 1 for untouched photos."""
        weights = self._weights
        with torch.no_grad():
            wanted = instance_normalized(self._network(photos, [CONTENT_LAYER])[CONTENT_LAYER])
        visible = results.clamp(0, 1)
        style = results.new_zeros(len(results))
        content = results.new_zeros(())
        for level, pictures in enumerate(pyramid(visible)):
            features = self._network(pictures, STYLE_LAYERS)
            style = style + self._style(features, level, styles)
            if level == 0:
                content = (instance_normalized(features[CONTENT_LAYER]) - wanted).square().mean() / wanted.square().mean()
        mean, deviation = moments(visible)
        colour = (mean - self._targets.colour_mean[styles]).square() + (
            deviation - self._targets.colour_deviation[styles]
        ).square()
        parts = {
            "style": style,
            "content": content,
            "light": (_light(visible) - _light(photos)).square().mean(),
            "colour": colour.sum(dim=1).mean(),
            "smoothness": total_variation(visible),
            "grid": _grid(visible),
            # Nothing pulls a clipped pixel back, and specks are made of them.
            "gamut": (results - visible).square().mean(),
        }
        loss = sum((getattr(weights, name) * part.mean() for name, part in parts.items()), results.new_zeros(()))
        return loss, parts

    def _style(self, features: Mapping[str, Tensor], level: int, styles: Tensor) -> Tensor:
        distances = []
        for layer, weight in STYLE_LAYERS.items():
            target, root = (of[level][layer][styles] for of in (self._targets.grams, self._targets.roots))
            squared = gram_distance(extended_gram(features[layer]), target, root)
            distances.append(weight * (squared + DISTANCE_EPSILON).sqrt())
        return torch.stack(distances).sum(dim=0) / (sum(STYLE_LAYERS.values()) * LEVELS)


def _scaled_roots(head: Head | None, styles: Tensor, photos: Tensor) -> Tensor:
    """Return (S, K, C + 1): the head's metric, scaled so that the average photo is at distance 1 from each style."""
    root = head_root(head, styles.shape[1] - 1).to(styles.device)
    distance, size = gram_distance(styles, photos, root).sqrt(), gram_energy(photos, root).sqrt()
    return root * torch.maximum(distance, LEAST_DISTANCE * size).rsqrt().view(-1, 1, 1)


def _light(pictures: Tensor) -> Tensor:
    """Coarse luma (N, 1, h, w) of zero mean and unit deviation.

    Deep features hardly see the tone of flat areas; without this, skies get the dark half of a painting's palette in blots.
    """
    coarse = F.avg_pool2d(luma(pictures), LIGHT_PX)
    variance, mean = torch.var_mean(coarse, dim=(2, 3), keepdim=True, correction=0)
    return (coarse - mean) * (variance + LIGHT_EPSILON**2).rsqrt()


def _grid(pictures: Tensor) -> Tensor:
    """How much the pixels of a cell of ``GRID_PX`` differ on the mean of neighbouring cells: a weave locked to the stride."""
    height, width = (side // GRID_PX * GRID_PX for side in pictures.shape[2:])
    cells = F.pixel_unshuffle(pictures[..., :height, :width], GRID_PX)
    means = F.avg_pool2d(cells, min(GRID_WINDOW, *cells.shape[2:]))
    return means.reshape(len(means), 3, GRID_PX**2, -1).var(dim=2).mean()
