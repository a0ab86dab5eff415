"""How a painting is judged: by the real VGG-19 through relu5_1, strokes apart from forms, and by what is left of the photo.

Gram matrices are of features extended by a constant channel as large as the features' deviation, so that means count. `fine` and
`large` are Frobenius distances to the style's, relative to the untouched photo's (0 is the style, 1 is no nearer than the photo),
a layer's mean. `content` is the squared distance of instance-normalised relu4_1 from the photo's, relative to its energy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.models.foreign.readers import read_state_dict
from restyle.networks.features import FeatureExtractor
from restyle.networks.vgg import VGG19, vgg19_from_caffe_arrays
from restyle_training.teacher import deep_arrays
from tests.bench.metrics import structure

__all__ = ["Figures", "judge", "load_judge", "mean_figures"]

FINE_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu3_4")
LARGE_LAYERS = ("relu4_1", "relu5_1")
CONTENT_LAYER = "relu4_1"
FLAT = 1e-5  # deviation at which a channel says nothing


@dataclass(frozen=True)
class Figures:
    """What is said of one painting; least is best, but for ``structure``."""

    fine: float
    large: float
    structure: float
    content: float

    def __str__(self) -> str:
        return " ".join(f"{field.name} {getattr(self, field.name):.3f}" for field in fields(self))


def load_judge(reference: Path) -> VGG19:
    """The real VGG-19 of the reference folder, its layers from conv4_1 in 8 bits (relu4_1 is 1.6 % off, relu5_1 4 %)."""
    arrays = dict(read_state_dict(reference / "vgg" / "vgg19_conv1_1-conv3_4.npz"))
    return vgg19_from_caffe_arrays({**arrays, **deep_arrays(reference / "vgg")})


@torch.no_grad()
def judge(vgg: FeatureExtractor, result: Tensor, photo: Tensor, style: Tensor) -> Figures:
    """The figures of a painting of the photo's size; ``style`` is looked at with as many pixels. All (1, 3, H, W) in 0..1."""
    layers = (*FINE_LAYERS, *LARGE_LAYERS)
    reached, before, wanted = (vgg(picture, layers) for picture in (result, photo, _at_area(style, photo)))

    def distance(names: Sequence[str]) -> float:
        grams = [[_gram(features[layer]) for features in (reached, before, wanted)] for layer in names]
        return sum(float((ours - style).norm() / (theirs - style).norm()) for ours, theirs, style in grams) / len(names)

    ours, theirs = _normalized(reached[CONTENT_LAYER]), _normalized(before[CONTENT_LAYER])
    content = float((ours - theirs).square().mean() / theirs.square().mean())
    return Figures(distance(FINE_LAYERS), distance(LARGE_LAYERS), structure(result, photo), content)


def mean_figures(rows: Sequence[Figures]) -> Figures:
    """The mean of each figure."""
    return Figures(*(sum(column) / len(rows) for column in zip(*map(astuple, rows), strict=True)))


def _at_area(style: Tensor, photo: Tensor) -> Tensor:
    scale = math.sqrt(photo.shape[2] * photo.shape[3] / (style.shape[2] * style.shape[3]))
    size = tuple(max(1, round(side * scale)) for side in style.shape[2:])
    return F.interpolate(style, size, mode="bicubic", antialias=True, align_corners=False).clamp(0, 1)


def _gram(features: Tensor) -> Tensor:
    flat = features[0].flatten(1)
    extended = torch.cat([flat, flat.std().expand(1, flat.shape[1])])
    return extended @ extended.T / flat.shape[1]


def _normalized(features: Tensor) -> Tensor:
    deviation, mean = torch.std_mean(features, dim=(2, 3), keepdim=True)
    return (features - mean) / (deviation + FLAT)
