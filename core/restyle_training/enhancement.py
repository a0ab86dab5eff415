"""An enhancer's training in progress: what one step does, and what a checkpoint must hold to go on from it.

Two parts learn one after the other. The judge sees whole photos of the camera model and learns the light and colour of the
scene; the detail network sees patches and learns the same light without blur, noise and JPEG. So neither waits for the other.
"""

from __future__ import annotations

import math
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from restyle.host.device import Device
from restyle.learning.averages import follow, note
from restyle.learning.checkpoint import restore
from restyle.learning.crops import Pictures
from restyle.learning.schedule import half_cosine
from restyle.networks.development import develop
from restyle.networks.enhancer import Enhancer
from restyle_training.camera import Augmentation, photograph
from restyle_training.good_photos import patches, wholes
from restyle_training.photo_losses import Discriminator, LossWeights, PhotoLosses
from restyle_training.teacher import Teacher

__all__ = ["Enhancement", "Recipe"]

GRADIENT_NORM = 1.0
ADAM_BETAS = (0.9, 0.99)
WEIGHT_DECAY = 0.01


@dataclass(frozen=True)
class Recipe:
    """Numbers of the training, found by trying; sizes in pixels."""

    light_share: float = 0.39  # of the budget; the rest is detail's
    light_size: int = 64  # as large as the judge will see photos
    light_batch: int = 12
    light_rate: float = 2e-3
    light_weights: LossWeights = field(default_factory=lambda: LossWeights(pixel=1.0, colour=4.0, content=0.4, tv=0.02))
    detail_size: int = 64
    detail_batch: int = 8
    detail_rate: float = 1e-3
    detail_weights: LossWeights = field(
        default_factory=lambda: LossWeights(pixel=1.0, colour=1.0, content=0.6, texture=0.0015, tv=0.02)
    )
    content_pictures: int = 2  # of a batch
    content_every: int = 8  # steps: content is most of the work
    calibration_pictures: int = 16
    warmup: float = 0.02
    texture_from: float = 0.3  # of the detail part: before, a discriminator would learn to tell blur from noise only
    seed: int = 0


class Enhancement:
    """A training in progress: networks, optimisers and random numbers, all of which a checkpoint holds.

    Of dropout it holds the CPU's random numbers alone: on a GPU a training that was stopped goes on as well, but not bit for bit.
    """

    def __init__(
        self, teacher: Teacher, photos: Pictures, recipe: Recipe, device: Device, augmentation: Augmentation | None = None
    ) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.device, self._photos, self._augmentation = recipe, device, photos, augmentation
        self.generator = torch.Generator().manual_seed(recipe.seed)
        self.enhancer = Enhancer().to(device.torch_device)
        self.losses = PhotoLosses(teacher, Discriminator().to(device.torch_device))
        self.average = {name: tensor.clone() for name, tensor in self.enhancer.state_dict().items()}
        parts: dict[str, nn.Module] = {
            "light": self.enhancer.judge, "detail": self.enhancer.detail, "texture": self.losses.discriminator,
        }  # fmt: skip
        self.optimizers = {
            name: torch.optim.AdamW(part.parameters(), betas=ADAM_BETAS, weight_decay=WEIGHT_DECAY)
            for name, part in parts.items()
        }
        teacher.calibrate(
            patches(photos, recipe.calibration_pictures, recipe.detail_size, self.generator).to(device.torch_device)
        )
        self.steps, self.seconds = 0, 0.0
        self.errors: dict[str, float] = {}

    def step(self, progress: float) -> None:
        """Take one step, at `progress` 0..1 of the whole training."""
        started = time.monotonic()
        share = self.recipe.light_share
        if progress < share:
            self._light_step(progress / share)
        else:
            self._detail_step((progress - share) / (1 - share))
        follow(self.average, self.enhancer, self.steps)
        self.steps += 1
        self.seconds += time.monotonic() - started

    def state_dict(self) -> dict[str, Any]:
        """Return all that the next step depends on."""
        return {
            "enhancer": self.enhancer.state_dict(), "average": self.average,
            "discriminator": self.losses.discriminator.state_dict(),
            "optimizers": {name: optimizer.state_dict() for name, optimizer in self.optimizers.items()},
            "generator": self.generator.get_state(), "dropout": torch.get_rng_state(),
            "steps": self.steps, "seconds": self.seconds, "errors": self.errors, "recipe": asdict(self.recipe),
        }  # fmt: skip

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was taken; the recipe stays this training's own."""
        self.enhancer.load_state_dict(state["enhancer"])
        self.losses.discriminator.load_state_dict(state["discriminator"])
        for name, optimizer in self.optimizers.items():
            optimizer.load_state_dict(state["optimizers"][name])
        self.generator.set_state(state["generator"])
        torch.set_rng_state(state["dropout"])
        restore(self.average, state["average"])
        self.steps, self.seconds, self.errors = state["steps"], state["seconds"], state["errors"]

    def export(self, path: Path) -> None:
        """Write the averaged enhancer to a safetensors file."""
        enhancer = Enhancer()
        enhancer.load_state_dict({name: tensor.cpu() for name, tensor in self.average.items()})
        enhancer.save(path, {"steps": str(self.steps), "seconds": f"{self.seconds:.0f}"})

    def _light_step(self, progress: float) -> None:
        recipe = self.recipe
        scene = wholes(self._photos, recipe.light_batch, recipe.light_size, self.generator)
        shot = photograph(scene, self.generator, self._augmentation, detail=False)
        photo, scene = (pictures.to(self.device.torch_device) for pictures in (shot.photo, scene))
        rate = recipe.light_rate * half_cosine(progress, recipe.warmup)
        self._learn("light", develop(photo, self.enhancer.judge(photo)), scene, recipe.light_weights, rate)

    def _detail_step(self, progress: float) -> None:
        recipe = self.recipe
        scene = patches(self._photos, recipe.detail_batch, recipe.detail_size, self.generator)
        shot = photograph(scene, self.generator, self._augmentation)
        photo, clean = (pictures.to(self.device.torch_device) for pictures in (shot.photo, shot.clean))
        kind, precision = self.device.torch_device.type, self.device.precision
        with torch.autocast(kind, precision, enabled=precision != torch.float32):
            made = photo + self.enhancer.detail(photo)
        rate = recipe.detail_rate * half_cosine(progress, recipe.warmup)
        has_texture = progress >= recipe.texture_from
        weights = recipe.detail_weights if has_texture else replace(recipe.detail_weights, texture=0.0)
        self._learn("detail", made, clean, weights, rate)
        if has_texture:
            self._descend("texture", self.losses.discrimination(made, clean), rate / 2)

    def _learn(self, part: str, made: Tensor, good: Tensor, weights: LossWeights, rate: float) -> None:
        if self.steps % self.recipe.content_every:
            weights = replace(weights, content=0.0)
        losses = self.losses(made, good, weights, content_pictures=self.recipe.content_pictures)
        note(self.errors, {f"{part} {name}": float(loss.detach()) for name, loss in losses.items()})
        note(self.errors, {f"{part} psnr": -10 * math.log10(float((made.detach() - good).square().mean()) + 1e-9)})
        self._descend(part, torch.stack(list(losses.values())).sum(), rate)

    def _descend(self, name: str, loss: Tensor, rate: float) -> None:
        optimizer = self.optimizers[name]
        parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
        for group in optimizer.param_groups:
            group["lr"] = rate
        # Gradients of the texture loss reach the discriminator, too, and must not stay there.
        for other in self.optimizers.values():
            other.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        norm = torch.nn.utils.clip_grad_norm_(parameters, GRADIENT_NORM)
        if bool(torch.isfinite(norm)):
            optimizer.step()
        if name == "texture":
            note(self.errors, {"discrimination": float(loss.detach())})
