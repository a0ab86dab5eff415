"""The two figures of docs/benchmarks.md: how near a result is to the style, and how much of the photo's structure it kept."""

from collections.abc import Mapping

import torch
from skimage.filters import sobel
from skimage.metrics import structural_similarity
from torch import Tensor

from restyle.features.gram import gram_matrix
from restyle.networks.features import FeatureExtractor
from restyle.pictures.image import luma

__all__ = ["CONTENT_DISTANCE_LAYER", "STYLE_DISTANCE_LAYERS", "content_distance", "structure", "style_distance"]

STYLE_DISTANCE_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu3_4")
CONTENT_DISTANCE_LAYER = "relu3_4"


def style_distance(vgg: FeatureExtractor, result: Tensor, photo: Tensor, style: Tensor) -> float:
    """Distance of VGG-19's Gram matrices between result and style, relative to the untouched photo's: 1 unchanged, 0 reached.

    Frobenius norms, their ratio per layer, and the mean over the four layers. ``vgg`` computes in float32.
    """
    reached, before, wanted = (_grams(vgg, picture) for picture in (result, photo, style))
    ratios = [
        float(torch.linalg.norm(reached[layer] - wanted[layer]) / torch.linalg.norm(before[layer] - wanted[layer]))
        for layer in STYLE_DISTANCE_LAYERS
    ]
    return sum(ratios) / len(ratios)


@torch.no_grad()
def content_distance(vgg: FeatureExtractor, result: Tensor, photo: Tensor) -> float:
    """Squared distance of VGG-19's relu3_4 between result and photo, relative to the photo's mean feature energy: 0 unchanged."""
    ours, theirs = (vgg(picture, [CONTENT_DISTANCE_LAYER])[CONTENT_DISTANCE_LAYER] for picture in (result, photo))
    return float((ours - theirs).square().mean() / theirs.square().mean())


def structure(result: Tensor, photo: Tensor) -> float:
    """SSIM of the gradient magnitudes (Sobel, of luma) of result and photo: 1 means that every edge was kept."""
    edges = [sobel(luma(picture.clamp(0, 1))[0, 0].numpy()) for picture in (result, photo)]
    return float(structural_similarity(*edges, data_range=1.0))


@torch.no_grad()
def _grams(vgg: FeatureExtractor, picture: Tensor) -> Mapping[str, Tensor]:
    features = vgg(picture, STYLE_DISTANCE_LAYERS)
    return {layer: gram_matrix(features[layer]) for layer in STYLE_DISTANCE_LAYERS}
