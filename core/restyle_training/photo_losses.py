"""The four losses of DPED (Ignatov, Kobyshev, Timofte, Vanhoey, Van Gool: DSLR-Quality Photos on Mobile Devices, ICCV 2017).

Colour: squared difference of blurred pictures. Texture: what a discriminator that sees grey says. Content: difference of VGG-19's
features. Total variation. Where we differ: a fifth term compares pixels, which pairs aligned to the pixel allow; content is
taken at relu2_2 and in the teacher's normalisation; the discriminator is smaller and averages over places, so that patches
may have any size.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from restyle.features.losses import total_variation
from restyle.pictures.image import luma
from restyle_training.teacher import Teacher

__all__ = ["Discriminator", "LossWeights", "PhotoLosses", "blurred"]

CONTENT_LAYER = "relu2_2"
BLUR_RADIUS_PX, BLUR_SIGMA_PX = 10, 3.0  # the paper's 21 x 21 Gaussian
CHARBONNIER = 1e-3  # below this a difference counts squared


@dataclass(frozen=True)
class LossWeights:
    """Weights of the losses; `pixel` is ours. A loss of weight 0 is not computed."""

    colour: float = 0.0
    texture: float = 0.0
    content: float = 0.0
    tv: float = 0.0
    pixel: float = 0.0


class Discriminator(nn.Module):
    """Tells good photos' texture from made texture, on grey (N, 1, H, W); a logit (N, 1) for each."""

    def __init__(self) -> None:
        super().__init__()
        widths = (1, 24, 48, 64, 96)
        layers: list[nn.Module] = []
        for before, after in pairwise(widths):
            layers += [nn.Conv2d(before, after, 5 if before == 1 else 3, stride=2, padding=1), nn.LeakyReLU(0.2)]
            if before != 1:
                layers.append(nn.InstanceNorm2d(after, affine=True))
        self.layers = nn.Sequential(*layers)
        self.answer = nn.Linear(2 * widths[-1], 1)

    def forward(self, grey: Tensor) -> Tensor:
        """One logit for each picture: positive for good."""
        features = self.layers(grey - 0.5)
        logits: Tensor = self.answer(torch.cat((features.mean((2, 3)), features.amax((2, 3))), 1))
        return logits


class PhotoLosses:
    """The losses of made pictures against good ones, and the discriminator that learns along."""

    def __init__(self, teacher: Teacher, discriminator: Discriminator) -> None:
        self.discriminator = discriminator
        self._teacher = teacher

    def __call__(
        self, made: Tensor, good: Tensor, weights: LossWeights, *, content_pictures: int | None = None
    ) -> dict[str, Tensor]:
        """Weighted losses by name; content of the first `content_pictures` only, which is most of the work."""
        losses = {}
        if weights.pixel:
            losses["pixel"] = weights.pixel * ((made - good).square() + CHARBONNIER**2).sqrt().mean()
        if weights.colour:
            losses["colour"] = weights.colour * (blurred(made) - blurred(good)).square().mean()
        if weights.content:
            losses["content"] = weights.content * self._content(made[:content_pictures], good[:content_pictures])
        if weights.texture:
            losses["texture"] = weights.texture * F.softplus(-self.discriminator(luma(made))).mean()
        if weights.tv:
            losses["tv"] = weights.tv * total_variation(made)
        return losses

    def discrimination(self, made: Tensor, good: Tensor) -> Tensor:
        """How badly the discriminator tells made pictures from good ones (cross entropy)."""
        right = self.discriminator(luma(good)), self.discriminator(luma(made.detach()))
        return (F.softplus(-right[0]) + F.softplus(right[1])).mean() / 2

    def _content(self, made: Tensor, good: Tensor) -> Tensor:
        with torch.no_grad():
            wanted = self._teacher(good, [CONTENT_LAYER])[CONTENT_LAYER].float()
        return (self._teacher(made, [CONTENT_LAYER])[CONTENT_LAYER].float() - wanted).square().mean()


def blurred(pictures: Tensor) -> Tensor:
    """The paper's Gaussian blur, with mirrored borders; the radius shrinks for tiny pictures."""
    radius = min(BLUR_RADIUS_PX, min(pictures.shape[2:]) - 1)
    place = torch.arange(-radius, radius + 1, dtype=torch.float32, device=pictures.device)
    kernel = torch.exp(-place.square() / (2 * BLUR_SIGMA_PX**2))
    kernel = (kernel / kernel.sum()).expand(3, 1, -1)
    padded = F.pad(pictures, (radius,) * 4, mode="reflect")
    return F.conv2d(F.conv2d(padded, kernel[:, :, None], groups=3), kernel[..., None], groups=3)
