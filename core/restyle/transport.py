"""Optimal transport between clouds of feature vectors that are taken for Gaussian: affine, in closed form.

Whitening and colouring (Li et al. 2017) gives features another covariance by some linear map; the Monge-Kantorovich map gives
them the same covariance and moves them least (Lu et al. 2019), so it keeps what is where. Covariances are shrunk towards spheres
before (Ledoit and Wolf 2004): where positions are few, the least eigenvalues are noise, and whitening would amplify it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["SHRINKAGE", "Affine", "Cloud", "blended", "joined", "measured", "transport"]

SHRINKAGE = 0.02  # of the mean variance; bounds how much any direction of feature space is amplified
_TINY = 1e-12


@dataclass(frozen=True)
class Cloud:
    """Means (N, C) and covariances (N, C, C) of N pictures' features, float32."""

    mean: Tensor
    covariance: Tensor

    @property
    def deviation(self) -> Tensor:
        """Each channel's standard deviation, (N, C)."""
        return self.covariance.diagonal(dim1=1, dim2=2).clamp_min(0).sqrt()


@dataclass(frozen=True)
class Affine:
    """Maps (N, C, C) and shifts (N, C) of feature vectors."""

    matrix: Tensor
    shift: Tensor

    def __call__(self, features: Tensor) -> Tensor:
        """Map features (N, C, H, W), in their dtype."""
        if len(features) == 1:
            # Keeps the memory format.
            return F.conv2d(features, self.matrix[0, :, :, None, None].to(features), self.shift[0].to(features))
        vectors = features.flatten(2)
        mapped = torch.baddbmm(self.shift.to(features.dtype).unsqueeze(2), self.matrix.to(features.dtype), vectors)
        return mapped.view(features.shape)

    def partly(self, strength: float) -> Affine:
        """This map at strength 1, the identity at 0, and between them the features that lie between."""
        identity = torch.eye(self.matrix.shape[1], device=self.matrix.device)
        return Affine(torch.lerp(identity.expand_as(self.matrix), self.matrix, strength), self.shift * strength)


def measured(features: Tensor, mask: Tensor | None = None) -> Cloud:
    """The cloud of each picture's features (N, C, H, W); ``mask`` (N or 1, 1, H, W) in 0..1 weights positions."""
    vectors = features.flatten(2).float()
    if mask is None:
        mean = vectors.mean(2)
        centred = vectors - mean.unsqueeze(2)
        return Cloud(mean, centred @ centred.mT / vectors.shape[2])
    weights = mask.flatten(2).float()
    weights = weights / weights.sum(2, keepdim=True).clamp_min(_TINY)
    mean = (vectors * weights).sum(2)
    centred = vectors - mean.unsqueeze(2)
    return Cloud(mean, (centred * weights) @ centred.mT)


def joined(parts: Sequence[tuple[float, Cloud]]) -> Cloud:
    """The cloud of several parts of one picture, each of so many positions (Chan et al. 1979)."""
    total = sum(count for count, _ in parts) or 1.0
    zero = torch.zeros(())
    mean = sum((cloud.mean * (count / total) for count, cloud in parts), zero)
    covariance = sum(((cloud.covariance + _outer(cloud.mean - mean)) * (count / total) for count, cloud in parts), zero)
    return Cloud(mean, covariance)


def transport(source: Cloud, target: Cloud, shrinkage: float = SHRINKAGE) -> Affine:
    """The Monge-Kantorovich maps from source to target: S^-1/2 (S^1/2 T S^1/2)^1/2 S^-1/2."""
    # Not every device can take eigenvectors, and matrices are small.
    device = source.mean.device
    start, wanted = (_shrunk(cloud.covariance.cpu(), shrinkage) for cloud in (source, target))
    values, vectors = _eigen(start)
    root = _composed(vectors, values.sqrt())
    inverse = _composed(vectors, values.rsqrt())
    between_values, between_vectors = _eigen(root @ wanted @ root)
    matrix = (inverse @ _composed(between_vectors, between_values.sqrt()) @ inverse).to(device)
    shift = target.mean - (matrix @ source.mean.unsqueeze(2)).squeeze(2)
    return Affine(matrix, shift)


def blended(maps: Sequence[Affine], shares: Sequence[float]) -> Affine:
    """The map to the weighted mean of where these maps lead; ``shares`` sum to 1."""
    matrix = sum((share * each.matrix for share, each in zip(shares, maps, strict=True)), torch.zeros(()))
    shift = sum((share * each.shift for share, each in zip(shares, maps, strict=True)), torch.zeros(()))
    return Affine(matrix, shift)


def _outer(vectors: Tensor) -> Tensor:
    return vectors.unsqueeze(2) * vectors.unsqueeze(1)


def _shrunk(covariance: Tensor, shrinkage: float) -> Tensor:
    mean_variance = covariance.diagonal(dim1=1, dim2=2).mean(1).clamp_min(_TINY)
    sphere = torch.eye(covariance.shape[1]) * mean_variance.view(-1, 1, 1)
    return torch.lerp(covariance, sphere, shrinkage)


def _eigen(symmetric: Tensor) -> tuple[Tensor, Tensor]:
    values, vectors = torch.linalg.eigh(symmetric)
    return values.clamp_min(_TINY), vectors


def _composed(vectors: Tensor, values: Tensor) -> Tensor:
    return (vectors * values.unsqueeze(1)) @ vectors.mT
