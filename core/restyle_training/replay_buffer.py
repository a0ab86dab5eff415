"""Pictures that are being painted with the student itself, at every stage from the photo to the finished picture.

An encoder that is optimised through meets pictures that no photographer took: those that move its own Gram matrices. Training on
them, with the teacher's answers, closes the ways in which the optimiser could please the student alone (as DAgger
does for imitation learning, Ross et al. 2011).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.features.gram import gram_matrix
from restyle.networks.features import FeatureExtractor, Head

MEAN_LIFE = 40  # steps after which a picture is replaced, on average
STRIDES = (0.004, 0.06)  # bounds of a picture's step in units of its range; Adam at the usual rates moves as far
NOISE_START_SHARE = 0.2

Crop = Callable[[torch.Generator], Tensor]


class Compared(NamedTuple):
    """The layers that style and content are compared in, as far as ``offered``."""

    style: Collection[str]
    content: str
    offered: Collection[str]


class ReplayBuffer:
    """`count` pictures in progress, each with its photo, its style, a stride and a content weight; all of one size."""

    def __init__(self, count: int, photo: Crop, style: Crop, generator: torch.Generator) -> None:
        self._photo, self._style, self._generator = photo, style, generator
        self.photos = torch.stack([photo(generator) for _ in range(count)])
        self.styles = torch.stack([style(generator) for _ in range(count)])
        self.paintings = self.photos.clone()
        self.velocities = torch.zeros_like(self.photos)
        self.strides = torch.full((count, 1, 1, 1), STRIDES[0])
        self.content_weights = torch.ones(count)
        for index in range(count):
            self._begin(index)

    def state_dict(self) -> dict[str, Tensor]:
        """Return everything that the next step depends on, the generator aside."""
        return {name: value for name, value in vars(self).items() if isinstance(value, Tensor)}

    def load_state_dict(self, state: dict[str, Tensor]) -> None:
        """Take over what `state_dict` returned."""
        for name in self.state_dict():
            setattr(self, name, state[name])

    def take(self, count: int) -> Tensor:
        """Return the indices (count,) of random pictures, after replacing one now and then."""
        for index in range(len(self.paintings)):
            if torch.rand((), generator=self._generator) < count / len(self.paintings) / MEAN_LIFE:
                self._begin(index)
        return torch.randperm(len(self.paintings), generator=self._generator)[:count]

    def step(self, indices: Tensor, gradients: Tensor) -> None:
        """Move pictures against the gradients (N, 3, H, W) of their objectives, with momentum, each by its stride."""
        gradients = gradients.float().cpu()
        size = gradients.square().mean(dim=(1, 2, 3), keepdim=True).sqrt().clamp_min(1e-12)
        velocities = self.velocities[indices] * 0.8 + (gradients / size).clamp(-3, 3) * 0.2
        self.velocities[indices] = velocities
        self.paintings[indices] = (self.paintings[indices] - self.strides[indices] * velocities).clamp(0, 1)

    def _begin(self, index: int) -> None:
        generator = self._generator
        photo = self._photo(generator)
        noisy = torch.rand((), generator=generator) < NOISE_START_SHARE
        self.photos[index], self.styles[index] = photo, self._style(generator)
        self.paintings[index] = torch.rand(photo.shape, generator=generator) if noisy else photo
        self.velocities[index] = 0
        low, high = STRIDES
        self.strides[index] = low * (high / low) ** float(torch.rand((), generator=generator))
        self.content_weights[index] = 3 * torch.rand((), generator=generator) ** 2


def objective(
    network: FeatureExtractor, paintings: Tensor, photos: Tensor, styles: Tensor, content_weights: Tensor, compared: Compared
) -> Tensor:
    """Return the sum of the pictures' relative style and content losses as `network` sees them."""
    style_layers = [layer for layer in compared.style if layer in compared.offered]
    content_layers = [compared.content] if compared.content in compared.offered else []
    with torch.no_grad():
        style = network(styles, style_layers)
        grams = {layer: gram_matrix(style[layer], network.head(layer)) for layer in style_layers}
        content = network(photos, content_layers)
    features = network(paintings, [*style_layers, *content_layers])
    total = paintings.new_zeros(())
    for layer in style_layers:
        gram = gram_matrix(features[layer], network.head(layer))
        total = total + (_energy(gram - grams[layer]) / _energy(grams[layer])).sum()
    for layer in content_layers:
        distances = _seen_energy(features[layer] - content[layer], network.head(layer))
        energies = _seen_energy(content[layer], network.head(layer))
        total = total + (content_weights.to(distances.device) * distances / energies).sum()
    return total


def _seen_energy(features: Tensor, head: Head | None) -> Tensor:
    """Return each sample's squared norm as its head, less the bias, shows it."""
    if head is not None:
        features = F.conv2d(features, head.weight.to(features.dtype)[..., None, None])
    return _energy(features.float())


def _energy(values: Tensor) -> Tensor:
    """Return each sample's squared norm, not quite zero."""
    return values.flatten(1).square().sum(dim=1) + 1e-8


__all__ = ["Compared", "ReplayBuffer", "objective"]
