"""Gram matrices of narrow features as VGG-19 would see them, in one pass forward and one back.

`losses.gram_matrix` says the same with autograd's own operators; a step spends a third of its time there, mostly on reading
feature maps again. Here the backward pass is one product. A head is a linear map W f + b; with f extended by a 1 it is one
matrix, and a distance of wide Gram matrices is one of narrow ones between that matrix's triangular QR factors.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from restyle.networks.features import Head

__all__ = ["gram_distance", "head_root", "relative_root", "statistics"]

EPSILON = 1e-8


def statistics(features: Tensor, mask: Tensor | None = None) -> Tensor:
    """The Gram matrix (C + 1, C + 1) of features (1, C, H, W) extended by a channel of ones: second moments, means, and 1.

    float32, divided by the number of positions (Gatys divides by 2NM at the loss), which keeps one style weight valid at every
    size; ``mask`` (1, 1, H, W) in 0..1 weights the positions.
    """
    extended: Tensor = _Statistics.apply(features, mask)  # type: ignore[no-untyped-call]
    return extended


def head_root(head: Head | None, channels: int) -> Tensor:
    """A square root of the head's metric: |R x| = |W f + b| for x = (f, 1); without a head the features themselves count."""
    if head is None:
        return torch.eye(channels + 1)[:channels]
    matrix = torch.cat((head.weight.detach().float(), head.bias.detach().float().unsqueeze(1)), 1)
    if matrix.shape[0] <= matrix.shape[1]:
        return matrix
    root: Tensor = torch.linalg.qr(matrix.cpu(), mode="r").R
    return root.to(matrix.device)


def relative_root(root: Tensor, *measured: Tensor) -> Tensor:
    """``root`` scaled so that the squared norms of these results of ``statistics``, seen through it, are 1 on average.

    Gatys divides by the layer's sizes instead; relative to what photo and style have, layers weigh alike whatever the
    network's scale, and a style that is nearly black or flat does not outweigh everything.
    """
    energy = torch.stack([(root @ gram @ root.T).square().sum() for gram in measured]).mean()
    scaled: Tensor = root * energy.clamp_min(EPSILON) ** -0.25
    return scaled


def gram_distance(measured: Tensor, target: Tensor, root: Tensor) -> Tensor:
    """The squared distance of two results of ``statistics``, seen through the root of a head."""
    return (root @ (measured - target) @ root.T).square().sum()


class _Statistics(torch.autograd.Function):
    """Second and first moments over positions; the derivative is 2 F G' + m', one product with a bias."""

    @staticmethod
    def forward(ctx: Any, features: Tensor, mask: Tensor | None) -> Tensor:
        vectors = _vectors(features)
        weights = _position_weights(features, mask)
        weighted = vectors if mask is None else vectors * weights.to(vectors.dtype)
        channels = vectors.shape[1]
        out = torch.ones(channels + 1, channels + 1, device=vectors.device)
        scale = 1 / vectors.shape[0] if mask is None else 1.0
        out[:channels, :channels] = (weighted.T @ vectors).float() * scale
        mean = weighted.sum(0, dtype=torch.float32) * scale
        out[channels, :channels] = out[:channels, channels] = mean
        ctx.save_for_backward(features, weights if mask is not None else None)
        return out

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        (gradient,) = gradients
        features, weights = ctx.saved_tensors
        vectors = _vectors(features)
        channels = vectors.shape[1]
        scale = 1 / vectors.shape[0] if weights is None else 1.0
        symmetric = (gradient + gradient.T) * scale
        # addmm adds the means' part to the product while it is written.
        back = torch.addmm(
            symmetric[channels, :channels].to(vectors.dtype), vectors, symmetric[:channels, :channels].to(vectors.dtype)
        )
        if weights is not None:
            back = back * weights.to(vectors.dtype)
        n, _, height, width = features.shape
        return back.view(n, height, width, channels).permute(0, 3, 1, 2), None


def _vectors(features: Tensor) -> Tensor:
    """(1, C, H, W) as (H W, C): no copy where memory is channels-last."""
    return features.permute(0, 2, 3, 1).reshape(-1, features.shape[1])


def _position_weights(features: Tensor, mask: Tensor | None) -> Tensor:
    """(H W, 1), summing to 1: normalised before the product, so that sums stay inside the range of float16."""
    if mask is None:
        return features.new_empty(0)
    flat = mask.float().reshape(-1, 1)
    return flat / flat.sum().clamp_min(EPSILON)
