"""The painter in training: any photo in any painting's style, so that it learns none of them by heart.

Each step brings features of photos to the statistics of as many paintings, level by level and in closed form, and asks the
painter for pictures that have the paintings' Gram matrices (`style_objective`) and the photos' edges. Some photos are their own
style: those are to come back as they are.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.device import Device
from restyle.image import luma
from restyle.networks.encoder import CompactEncoder
from restyle.networks.painter import LEVELS, SEEN, Painter
from restyle.training.loop import restore
from restyle.training.style_objective import LossWeights, StyleObjective, style_targets
from restyle.transport import Cloud, measured, transport

__all__ = ["Apprenticeship", "Recipe", "edge_similarity"]

AVERAGE_DECAY = 0.995  # of the weights that are exported: about the last 200 steps
GRADIENT_NORM = 1.0
NOTE_DECAY = 0.98
WINDOW_PX = 7  # of the structural similarity, as in its usual form
SSIM_MEAN, SSIM_VARIANCE = 0.01**2, 0.03**2  # Wang et al. 2004, for a range of 1

Crops = Callable[[int, torch.Generator], Tensor]  # so many new pictures (N, 3, size, size)


@dataclass(frozen=True)
class Recipe:
    """Numbers of the training; sizes in pixels."""

    size: int = 128
    batch: int = 4
    own_share: float = 0.1
    own_weight: float = 20.0
    shrinkage: float = 0.05
    learning_rate: float = 1.5e-3
    warmup: float = 0.01
    style: float = 10.0
    content: float = 0.5
    light: float = 0.3
    structure: float = 1.5
    colour: float = 6.0
    smoothness: float = 1.0
    gamut: float = 10.0
    seed: int = 0


class Apprenticeship:
    """A training in progress: painter, optimiser and random numbers, all of which a checkpoint holds."""

    def __init__(
        self, encoder: CompactEncoder, photos: Crops, styles: Crops, generator: torch.Generator, recipe: Recipe, device: Device
    ) -> None:
        torch.manual_seed(recipe.seed)
        self.photos, self.styles, self.generator, self.recipe, self.device = photos, styles, generator, recipe, device
        self.encoder = _on(encoder, device)
        self.painter: Painter = _on(Painter(), device)
        self.optimizer = torch.optim.Adam(self.painter.parameters(), lr=recipe.learning_rate, betas=(0.9, 0.99))
        self.average = {name: tensor.detach().clone() for name, tensor in self.painter.state_dict().items()}
        self.weights = LossWeights(
            style=recipe.style,
            content=recipe.content,
            light=recipe.light,
            colour=recipe.colour,
            smoothness=recipe.smoothness,
            gamut=recipe.gamut,
        )
        self.steps, self.seconds = 0, 0.0
        self.errors: dict[str, float] = {}

    def step(self, progress: float) -> None:
        """Take one step, at `progress` 0..1 of the whole training."""
        started = time.monotonic()
        for group in self.optimizer.param_groups:
            group["lr"] = self.recipe.learning_rate * _schedule(progress, self.recipe.warmup)
        self.optimizer.zero_grad(set_to_none=True)
        photos = self._placed(self.photos(self.recipe.batch, self.generator))
        if float(torch.rand((), generator=self.generator)) < self.recipe.own_share:
            loss = self._own(photos)
        else:
            loss = self._painted(photos, self._placed(self.styles(self.recipe.batch, self.generator)))
        loss.backward()  # type: ignore[no-untyped-call]
        norm = torch.nn.utils.clip_grad_norm_(self.painter.parameters(), GRADIENT_NORM)
        if bool(torch.isfinite(norm)):
            self.optimizer.step()
        self._update_average()
        self.steps += 1
        self.seconds += time.monotonic() - started

    def state_dict(self) -> dict[str, Any]:
        """Return all that the next step depends on."""
        return {
            "painter": self.painter.state_dict(), "average": self.average, "optimizer": self.optimizer.state_dict(),
            "generator": self.generator.get_state(), "steps": self.steps, "seconds": self.seconds, "errors": self.errors,
            "recipe": asdict(self.recipe),
        }  # fmt: skip

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was taken; the recipe stays this training's own."""
        self.painter.load_state_dict(state["painter"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.generator.set_state(state["generator"])
        restore(self.average, state["average"])
        self.steps, self.seconds, self.errors = state["steps"], state["seconds"], state["errors"]

    def export(self, path: Path) -> None:
        """Write the averaged painter to a safetensors file."""
        painter = Painter()
        painter.load_state_dict(self.average)
        painter.save(path, {"steps": str(self.steps), "seconds": f"{self.seconds:.0f}"})

    def _painted(self, photos: Tensor, styles: Tensor) -> Tensor:
        with torch.no_grad():
            of_photos, of_styles = (self._encoded(pictures) for pictures in (photos, styles))
            moved, clouds = {}, {level: measured(of_styles[level]) for level in LEVELS}
            for level in SEEN:
                between = transport(measured(of_photos[level]), clouds[level], self.recipe.shrinkage)
                moved[level] = between(of_photos[level].float()).to(of_photos[level].dtype).relu_()
            targets = style_targets(self._reduced_network(), list(torch.split(styles, 1)), photos)
        results = self._painter_of(moved, clouds)
        objective = StyleObjective(self._reduced_network(), targets, self.weights)
        loss, parts = objective(results, photos, torch.arange(len(photos), device=photos.device))
        structure = 1 - edge_similarity(results.clamp(0, 1), photos)
        for name, value in {**parts, "structure": structure}.items():
            self._note(name, value.mean())
        return loss + self.recipe.structure * structure

    def _own(self, photos: Tensor) -> Tensor:
        with torch.no_grad():
            features = self._encoded(photos)
            clouds = {level: measured(features[level]) for level in LEVELS}
        seen = {level: features[level] for level in SEEN}
        error = F.mse_loss(self._painter_of(seen, clouds), photos)
        self._note("own", error)
        return self.recipe.own_weight * error

    def _encoded(self, pictures: Tensor) -> dict[str, Tensor]:
        features: dict[str, Tensor] = self._reduced_network()(pictures, LEVELS)
        return features

    def _painter_of(self, features: Mapping[str, Tensor], clouds: Mapping[str, Cloud]) -> Tensor:
        with self._reduced():
            touches = {level: self.painter.touch(level, cloud.mean, cloud.deviation) for level, cloud in clouds.items()}
            results: Tensor = self.painter(features, touches)
        return results.float()

    def _reduced_network(self) -> Any:
        return _Reduced(self.encoder, self._reduced)

    def _reduced(self) -> torch.autocast:
        precision = self.device.precision
        return torch.autocast(self.device.torch_device.type, precision, enabled=precision != torch.float32)

    def _placed(self, images: Tensor) -> Tensor:
        return images.to(self.device.torch_device).contiguous(memory_format=self.device.memory_format)

    def _note(self, name: str, value: Tensor) -> None:
        number = float(value.detach())
        self.errors[name] = NOTE_DECAY * self.errors.get(name, number) + (1 - NOTE_DECAY) * number

    @torch.no_grad()
    def _update_average(self) -> None:
        # A young average forgets faster, so that the random start does not linger.
        decay = min(AVERAGE_DECAY, (1 + self.steps) / (10 + self.steps))
        for name, tensor in self.painter.state_dict().items():
            self.average[name].lerp_(tensor, 1 - decay)


class _Reduced:
    """A network computed in reduced precision; its weights and heads stay in float32."""

    def __init__(self, network: CompactEncoder, reduced: Callable[[], torch.autocast]) -> None:
        self._network, self._reduced = network, reduced
        self.head = network.head

    def __call__(self, image: Tensor, layers: Any) -> dict[str, Tensor]:
        with self._reduced():
            features: dict[str, Tensor] = self._network(image, layers)
        return features


def edge_similarity(results: Tensor, photos: Tensor) -> Tensor:
    """Structural similarity of the gradient magnitudes of luma, 1 where every edge was kept; pictures (N, 3, H, W)."""
    first, second = _edges(results), _edges(photos)
    mean, other_mean = _window(first), _window(second)
    variance, other_variance = _window(first.square()) - mean.square(), _window(second.square()) - other_mean.square()
    covariance = _window(first * second) - mean * other_mean
    numerator = (2 * mean * other_mean + SSIM_MEAN) * (2 * covariance + SSIM_VARIANCE)
    denominator = (mean.square() + other_mean.square() + SSIM_MEAN) * (variance + other_variance + SSIM_VARIANCE)
    return (numerator / denominator).mean()


def _edges(pictures: Tensor) -> Tensor:
    """Sobel's gradient magnitudes, scaled so that a step of 1 gives about 1 (as scikit-image does)."""
    smooth = torch.tensor([0.25, 0.5, 0.25], device=pictures.device)
    slope = torch.tensor([0.5, 0.0, -0.5], device=pictures.device)
    across = torch.outer(smooth, slope)
    kernels = torch.stack((across, across.T)).unsqueeze(1)
    both = F.conv2d(luma(pictures), kernels)
    return (both.square().sum(1, keepdim=True) / 2 + 1e-8).sqrt()


def _window(maps: Tensor) -> Tensor:
    return F.avg_pool2d(maps, WINDOW_PX, stride=1)


def _on(network: Any, device: Device) -> Any:
    return network.to(device.torch_device).to(memory_format=device.memory_format)


def _schedule(progress: float, warmup: float) -> float:
    return min(1.0, (progress + 1e-4) / warmup) * 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))
