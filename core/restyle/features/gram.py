"""Gram matrices: of a batch, of regions, and as VGG-19 would see them through a linear head.

All are read off one form: features extended by a channel of ones, whose second moments hold the Gram matrix, the means and a 1.
A head W f + b is then one matrix, and a distance of wide Gram matrices one of narrow ones between that matrix's triangular QR
factors. Gram matrices are divided by the number of positions (Gatys et al. 2016 divide by 2NM at the loss), which keeps one
style weight valid at every size.

A region's mask counts as it is: masks are shares of a position that sum to 1 over the regions, and only so do the regions'
moments add up to the picture's, as those of colour do (`moments`). Who wants borders to count less hands in other masks: Neural
Style narrower ones, Photo Style their squares, as its paper does. Either in the other's place would be another picture.

Autograd's own operators would read feature maps again and again, a third of a step of Neural Style; here the way back is one
product.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from restyle.networks.features import Head

__all__ = [
    "PositionWeights",
    "extended_gram",
    "gram_distance",
    "gram_energy",
    "gram_matrix",
    "head_root",
    "position_weights",
    "relative_root",
]

EPSILON = 1e-8
NARROW = 32  # channels in two bytes: fewer fill no vector register, and a factor for each row takes ten times as long


@dataclass(frozen=True)
class PositionWeights:
    """How much each position of a layer counts for each of R regions: (R, h w), each summing to 1, or all 0 of an empty one.

    ``spans`` say from where to where they are not 0: regions lie in bands of rows, and the rest need not be read. ``repeated``
    is the same for each channel, (R, h w, C) in the features' dtype, where these are so narrow that it pays.
    """

    values: Tensor
    spans: tuple[slice, ...]
    repeated: Tensor | None = None

    def of_region(self, i: int, like: Tensor) -> Tensor:
        """The weights of the i-th region in its span as a factor of vectors ``like`` (h w, C)."""
        if self.repeated is not None:
            return self.repeated[i, self.spans[i]]
        return self.values[i, self.spans[i]].unsqueeze(1).to(like.dtype)


def position_weights(masks: Tensor, like: Tensor | None = None) -> PositionWeights:
    """The weights of masks (1, R, h, w) in 0..1 of a layer's size.

    With features ``like`` those that they are for (1, C, h, w), narrow ones are multiplied faster, and R C h w numbers are kept.
    """
    # Normalised before a product is taken, so that sums stay inside the range of float16.
    flat = masks[0].float().flatten(1)
    values = flat / flat.sum(1, keepdim=True).clamp_min(EPSILON)
    inside = [value.nonzero().flatten() for value in values]
    spans = tuple(slice(int(item[0]), int(item[-1]) + 1) if len(item) else slice(0, 0) for item in inside)
    if like is None or like.dtype == torch.float32 or like.shape[1] >= NARROW:
        return PositionWeights(values, spans)
    return PositionWeights(values, spans, values.to(like.dtype).unsqueeze(2).repeat(1, 1, like.shape[1]))


def extended_gram(features: Tensor, weights: PositionWeights | None = None) -> Tensor:
    """Second moments (N, C + 1, C + 1) of features (N, C, H, W) extended by ones; float32, products in the features' dtype.

    With ``weights`` of R regions those (R, C + 1, C + 1) of each region of one picture (1, C, H, W).
    """
    if weights is None:
        extended: Tensor = _OfPictures.apply(features)  # type: ignore[no-untyped-call]
    else:
        extended = _OfRegions.apply(features, weights)  # type: ignore[no-untyped-call]
    return extended


def gram_matrix(features: Tensor, head: Head | None = None) -> Tensor:
    """The mean outer product (N, C', C') of each picture's feature vectors (N, C, H, W), float32.

    With a head, C' is the head's width and the result is that of the wide features, which are not computed.
    """
    extended = extended_gram(features)
    if head is None:
        return extended[:, :-1, :-1]
    matrix = _matrix(head)
    return matrix @ extended @ matrix.T


def head_root(head: Head | None, channels: int) -> Tensor:
    """A square root of the head's metric: |R x| = |W f + b| for x = (f, 1); without a head the features themselves count."""
    if head is None:
        return torch.eye(channels + 1)[:channels]
    matrix = _matrix(head).detach()
    if matrix.shape[0] <= matrix.shape[1]:
        return matrix
    root: Tensor = torch.linalg.qr(matrix.cpu(), mode="r").R
    return root.to(matrix.device)


def relative_root(root: Tensor, *measured: Tensor) -> Tensor:
    """``root`` scaled so that the energies of these results of ``extended_gram``, seen through it, are 1 on average.

    Gatys divides by the layer's sizes instead; relative to what photo and style have, layers weigh alike whatever the
    network's scale, and a style that is nearly black or flat does not outweigh everything.
    """
    energy = torch.cat([gram_energy(extended, root) for extended in measured]).mean()
    scaled: Tensor = root * energy.clamp_min(EPSILON) ** -0.25
    return scaled


def gram_distance(measured: Tensor, target: Tensor, root: Tensor) -> Tensor:
    """The squared distances (N,) of two results of ``extended_gram``, seen through the root of a head, or one for each."""
    return gram_energy(measured - target, root)


def gram_energy(extended: Tensor, root: Tensor) -> Tensor:
    """The squared norms (N,) of (N, C + 1, C + 1), seen through the root of a head, or one for each."""
    return (root @ extended @ root.mT).square().sum((1, 2))


class _OfPictures(torch.autograd.Function):
    """The derivative is 2 F G' + m', one product with a bias."""

    @staticmethod
    def forward(ctx: Any, features: Tensor) -> Tensor:
        vectors = _vectors(features)
        count, positions, channels = vectors.shape
        out = torch.ones(count, channels + 1, channels + 1, device=vectors.device)
        out[:, :channels, :channels] = torch.bmm(vectors.mT, vectors).float() * (1 / positions)
        out[:, channels, :channels] = out[:, :channels, channels] = vectors.sum(1, dtype=torch.float32) * (1 / positions)
        ctx.save_for_backward(features)
        return out

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        (features,) = ctx.saved_tensors
        vectors = _vectors(features)
        _, positions, channels = vectors.shape
        symmetric = ((gradients[0] + gradients[0].mT) * (1 / positions)).to(vectors.dtype)
        # baddbmm adds the means' part to the product while it is written.
        return _maps(torch.baddbmm(symmetric[:, channels:, :channels], vectors, symmetric[:, :channels, :channels]), features)


class _OfRegions(torch.autograd.Function):
    """The same region by region, each weighted and read from its first to its last position."""

    @staticmethod
    def forward(ctx: Any, features: Tensor, weights: PositionWeights) -> Tensor:
        vectors = _vectors(features)[0]
        channels = vectors.shape[1]
        out = torch.ones(len(weights.values), channels + 1, channels + 1, device=vectors.device)
        for i, (gram, span) in enumerate(zip(out, weights.spans, strict=True)):
            weighted = vectors[span] * weights.of_region(i, vectors)
            gram[:channels, :channels] = (weighted.T @ vectors[span]).float()
            gram[channels, :channels] = gram[:channels, channels] = weighted.sum(0, dtype=torch.float32)
        ctx.save_for_backward(features)
        ctx.weights = weights
        return out

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        (features,) = ctx.saved_tensors
        vectors = _vectors(features)[0]
        channels = vectors.shape[1]
        back = torch.zeros_like(vectors)
        weights: PositionWeights = ctx.weights
        for i, (gradient, span) in enumerate(zip(gradients[0], weights.spans, strict=True)):
            symmetric = (gradient + gradient.T).to(vectors.dtype)
            part = torch.addmm(symmetric[channels, :channels], vectors[span], symmetric[:channels, :channels])
            back[span].addcmul_(part, weights.of_region(i, vectors))
        return _maps(back.unsqueeze(0), features), None


def _matrix(head: Head) -> Tensor:
    """(C', C + 1): the head as a linear map of extended features."""
    return torch.cat((head.weight.float(), head.bias.float().unsqueeze(1)), 1)


def _vectors(features: Tensor) -> Tensor:
    """(N, C, H, W) as (N, H W, C): no copy where memory is channels-last."""
    return features.permute(0, 2, 3, 1).flatten(1, 2)


def _maps(vectors: Tensor, like: Tensor) -> Tensor:
    """(N, H W, C) as (N, C, H, W), laid out channels-last."""
    count, channels, height, width = like.shape
    return vectors.view(count, height, width, channels).permute(0, 3, 1, 2)
