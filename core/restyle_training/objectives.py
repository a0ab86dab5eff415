"""What the student is asked for: the teacher's features, Gram matrices, and gradients with respect to the picture."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.features.gram import gram_matrix
from restyle.networks.encoder import CompactEncoder
from restyle.networks.features import Head

# Every n-th position along either axis enters the regression: neighbours say nearly the same, and wide maps are slow.
STRIDES = {"relu1": 4, "relu2": 3, "relu3": 2, "relu4": 1, "relu5": 1}
GRAM_EVERY = 3  # steps: a layer's Gram matrices are compared every so many, the layers taking turns
# Relative errors are per picture, so that flat ones count; this part of the batch's mean energy keeps black ones finite.
ENERGY_FLOOR = 0.1


def relative_error(value: Tensor, target: Tensor) -> Tensor:
    """Return the mean over the batch of each sample's squared error, relative to its squared norm."""
    dimensions = tuple(range(1, value.dim()))
    error = (value.float() - target.float()).square().sum(dim=dimensions)
    energy = target.float().square().sum(dim=dimensions)
    return (error / (energy + ENERGY_FLOOR * energy.mean() + 1e-12)).mean()


def feature_error(features: Tensor, target: Tensor, head: Head) -> Tensor:
    """Return the relative error of feature vectors (N, C, P) seen through their head, against (N, C', P)."""
    weight, bias = (tensor.to(features.dtype) for tensor in head)
    return relative_error(torch.matmul(features.transpose(1, 2), weight.T) + bias, target.transpose(1, 2))


def imitation_errors(
    student: CompactEncoder, features: Mapping[str, Tensor], targets: Mapping[str, Tensor], turn: int
) -> dict[str, tuple[Tensor, Tensor | None]]:
    """Return for each of the teacher's layers the relative error of features and, in its `turn`, of Gram matrices."""
    errors: dict[str, tuple[Tensor, Tensor | None]] = {}
    for index, (layer, target) in enumerate(targets.items()):
        head = student.head(layer)
        if head is None:
            continue
        stride = STRIDES[layer[:5]]
        regression = feature_error(_thinned(features[layer], stride, turn), _thinned(target, stride, turn), head)
        gram = (
            relative_error(gram_matrix(features[layer], head), gram_matrix(target)) if (index + turn) % GRAM_EVERY == 0 else None
        )
        errors[layer] = regression, gram
    return errors


def _thinned(features: Tensor, stride: int, turn: int) -> Tensor:
    return features[..., turn % stride :: stride, turn // stride % stride :: stride].flatten(2)


def gradient_disagreement(gradient: Tensor, target: Tensor) -> Tensor:
    """Return one minus the cosine between gradients (N, 3, H, W), averaged over the batch."""
    return 1 - F.cosine_similarity(gradient.float().flatten(1), target.float().flatten(1), eps=1e-12).mean()


__all__ = ["GRAM_EVERY", "feature_error", "gradient_disagreement", "imitation_errors", "relative_error"]
