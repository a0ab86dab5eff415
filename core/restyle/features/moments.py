"""Each channel's mean and deviation, of a picture or of its features, and features less these."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["feature_mean", "instance_normalized", "moments"]

EPSILON = 1e-8
NORMALIZING_EPSILON = 1e-2  # deviation below which a channel says nothing of where things are


def feature_mean(features: Tensor, mask: Tensor | None = None) -> Tensor:
    """Return each channel's mean, (N, C, H, W) to (N, C), in float32, weighted by `mask` where there is one."""
    if mask is None:
        return features.mean(dim=(2, 3), dtype=torch.float32)
    total = (features.float() * mask.float()).sum(dim=(2, 3))
    return total / mask.float().sum(dim=(2, 3)).clamp_min(EPSILON)


def moments(features: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Return each channel's mean and standard deviation, (N, C) each, in float32, weighted by `mask` where there is one."""
    mean = feature_mean(features, mask)
    square = feature_mean(features.float().square(), mask)
    # The epsilon under the root keeps the gradient finite where a channel is constant.
    return mean, (square - mean.square()).clamp_min(0).add(EPSILON).sqrt()


def instance_normalized(features: Tensor) -> Tensor:
    """Return each picture's features less their mean, by their deviation, which is never quite 0: (N, C, H, W) in float32.

    Gatys compares the features as they are, so content and style pull at the same statistics. With instance normalisation
    (Ulyanov et al. 2016) content says only where things are, and leaves overall colour and contrast to the style.
    """
    wide = features.float()
    if len(wide) == 1:
        # Of one picture a batch's norm is its own, in a third of the time that variances over two dimensions take.
        return F.batch_norm(wide, None, None, training=True, eps=NORMALIZING_EPSILON**2)
    variance, mean = torch.var_mean(wide, dim=(2, 3), keepdim=True, correction=0)
    return (wide - mean) * (variance + NORMALIZING_EPSILON**2).rsqrt()
