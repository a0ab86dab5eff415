"""Perceptual losses as pure functions (Gatys, Ecker and Bethge 2016; Johnson et al. 2016 for total variation).

Where we differ: Gram matrices are divided by the number of positions (Gatys divides by 2NM at the loss), which keeps one style
weight valid at every scale; they may be taken under a mask and through a linear head.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

Linear = tuple[Tensor, Tensor]  # weight (wide, narrow) and bias (wide,) of a 1x1 convolution

EPSILON = 1e-8
NORMALIZING_EPSILON = 1e-2  # deviation below which a channel says nothing of where things are


def gram_matrix(features: Tensor, head: Linear | None = None, mask: Tensor | None = None) -> Tensor:
    """Return the mean outer product of a layer's feature vectors, (N, C, H, W) to (N, C', C'), in float32.

    With a head, C' is the head's width and the result equals the Gram matrix of the wide features, which are not computed.
    `mask` (N or 1, 1, H, W) in 0..1 weights the positions; an empty mask gives zeros.
    The product is taken in the features' dtype.
    """
    if head is None:
        return _weighted(features, mask)
    return project_gram(_weighted(features, mask), feature_mean(features, mask), head)


def project_gram(gram: Tensor, mean: Tensor, head: Linear) -> Tensor:
    """Return the Gram matrix of `W f + b` from the Gram matrix (N, C, C) and the mean (N, C) of `f`."""
    weight, bias = (tensor.float() for tensor in head)
    cross = (mean @ weight.T).unsqueeze(2) * bias
    return weight @ gram @ weight.T + cross + cross.transpose(1, 2) + torch.outer(bias, bias)


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


def style_loss(gram: Tensor, target: Tensor) -> Tensor:
    """Return the squared distance of Gram matrices relative to the target's squared norm: 0 if equal, about 1 if unrelated.

    Gatys divides by the layer's sizes instead; the relative form weighs layers alike whatever the network's scale.
    """
    return (gram - target).square().sum() / target.square().sum().clamp_min(EPSILON)


def content_loss(features: Tensor, target: Tensor, head: Linear | None = None, mask: Tensor | None = None) -> Tensor:
    """Return the mean squared difference of features relative to the target's mean square, seen through `head` if there is one.

    `mask` (N or 1, 1, H, W) weights positions. Gatys halves the sum of squares; the relative form suits every layer and size.
    """
    # The head's bias cancels; |W d|^2 = d' (W'W) d needs only a product of narrow width.
    difference, energy = _squared(features - target, head), _squared(target, head)
    if mask is not None:
        difference, energy = difference * mask.float(), energy * mask.float()
    return difference.sum() / energy.sum().clamp_min(EPSILON)


def total_variation(image: Tensor) -> Tensor:
    """Return the mean squared difference of neighbouring pixels of (N, C, H, W), along both axes."""
    across = (image[..., :, 1:] - image[..., :, :-1]).float().square().mean()
    down = (image[..., 1:, :] - image[..., :-1, :]).float().square().mean()
    return across + down


def _weighted(features: Tensor, mask: Tensor | None) -> Tensor:
    vectors = features.flatten(2)
    if mask is None:
        return (vectors @ vectors.transpose(1, 2)).float() / vectors.shape[2]
    # Normalising before the product keeps the sum inside the range of float16.
    weights = mask.float().flatten(2)
    weights = (weights / weights.sum(dim=2, keepdim=True).clamp_min(EPSILON)).to(features.dtype)
    return ((vectors * weights) @ vectors.transpose(1, 2)).float()


def _squared(difference: Tensor, head: Linear | None) -> Tensor:
    if head is None:
        return difference.float().square().sum(dim=1, keepdim=True)
    weight, _ = head
    metric = (weight.T @ weight).to(difference.dtype)
    projected = torch.einsum("cd,ndhw->nchw", metric, difference)
    return (projected.float() * difference.float()).sum(dim=1, keepdim=True)


__all__ = [
    "Linear",
    "content_loss",
    "feature_mean",
    "gram_matrix",
    "instance_normalized",
    "moments",
    "project_gram",
    "style_loss",
    "total_variation",
]
