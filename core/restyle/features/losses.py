"""Perceptual losses as pure functions: of content (Gatys, Ecker and Bethge 2016) and smoothness (Johnson et al. 2016).

Those of style are distances of Gram matrices (`gram`).
"""

from __future__ import annotations

import torch
from torch import Tensor

from restyle.networks.features import Head

__all__ = ["content_loss", "total_variation"]

EPSILON = 1e-8


def content_loss(features: Tensor, target: Tensor, head: Head | None = None) -> Tensor:
    """Return the mean squared difference of features relative to the target's mean square, seen through `head` if there is one.

    Gatys halves the sum of squares; the relative form suits every layer and size.
    """
    # The head's bias cancels; |W d|^2 = d' (W'W) d needs only a product of narrow width.
    return _energy(features - target, head) / _energy(target, head).clamp_min(EPSILON)


def total_variation(image: Tensor) -> Tensor:
    """Return the mean squared difference of neighbouring pixels of (N, C, H, W), along both axes."""
    across = (image[..., :, 1:] - image[..., :, :-1]).float().square().mean()
    down = (image[..., 1:, :] - image[..., :-1, :]).float().square().mean()
    return across + down


def _energy(difference: Tensor, head: Head | None) -> Tensor:
    if head is None:
        return difference.float().square().sum(dim=1).sum()
    weight, _ = head
    metric = (weight.T @ weight).to(difference.dtype)
    projected = torch.einsum("cd,ndhw->nchw", metric, difference)
    return (projected.float() * difference.float()).sum(dim=1).sum()
