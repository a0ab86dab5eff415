"""A distillation in progress: what one step does, and all that a checkpoint must hold for the next step to be the same."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from restyle.host.device import Device
from restyle.learning.averages import follow, note
from restyle.learning.checkpoint import restore
from restyle.learning.schedule import half_cosine
from restyle.networks.encoder import DESIGNS, CompactEncoder
from restyle.networks.features import Head
from restyle_training.objectives import GRAM_EVERY, gradient_disagreement, imitation_errors
from restyle_training.replay_buffer import Compared, ReplayBuffer, objective
from restyle_training.start import fit_layer_by_layer
from restyle_training.teacher import Teacher

GRADIENT_NORM = 1.0
CALIBRATION_PICTURES = 16
UNIT_FLOOR = 0.05  # channels quieter than this are not raised to unit size: they would carry noise only

Fresh = Callable[[int, torch.Generator], Tensor]  # so many new pictures (N, 3, size, size)


@dataclass(frozen=True)
class Recipe:
    """Numbers of the training, found by trying; sizes in pixels."""

    design: Literal["compact", "deep"] = "compact"
    size: int = 112
    fresh: int = 7
    painted: int = 3
    replayed: int = 32
    """Pictures in the replay buffer."""
    start_pictures: int = 192
    start_strokes: int = 0
    """Steps of painting, after which the replay buffer's pictures are fitted to, too; 0: none are."""
    learning_rate: float = 3e-4
    warmup: float = 0.01
    gram_weight: float = 4.0
    agreement_weight: float = 0.05
    agreement_every: int = 16
    deep_weight: float = 0.5
    """Of relu4 and relu5 among the losses: the compact encoder's teacher there is itself a student."""
    style_layers: tuple[str, ...] = ("relu1_1", "relu2_1", "relu3_1", "relu4_1")
    content_layer: str = "relu3_3"
    seed: int = 0


RECIPES = {
    "compact": Recipe(),
    # Larger crops, so that relu5_1 has more positions than a border.
    "deep": Recipe(
        design="deep",
        size=192,
        fresh=2,
        painted=1,
        replayed=32,
        start_pictures=96,
        start_strokes=16,
        learning_rate=1e-4,
        deep_weight=1.0,
        style_layers=("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"),
        content_layer="relu4_1",
    ),
}


class ReducedPrecision:
    """A network computed in the device's precision, whose weights, gradients and heads stay in float32."""

    def __init__(self, network: CompactEncoder, device: Device) -> None:
        self._network, self._device = network, device

    def __call__(self, image: Tensor, layers: Collection[str]) -> dict[str, Tensor]:
        """Map RGB (N, 3, H, W) in 0..1 to the named activations."""
        kind, precision = self._device.torch_device.type, self._device.precision
        with torch.autocast(kind, precision, enabled=precision != torch.float32):
            features: dict[str, Tensor] = self._network(image, layers)
        return features

    def head(self, layer: str) -> Head | None:
        """Return what leads from a layer's features to VGG-19's."""
        return self._network.head(layer)


class Distillation:
    """A training in progress: networks, optimiser, pictures and random numbers, all of which a checkpoint holds."""

    def __init__(
        self, teacher: Teacher, fresh: Fresh, replay: ReplayBuffer, generator: torch.Generator, recipe: Recipe, device: Device
    ) -> None:
        torch.manual_seed(recipe.seed)
        self.teacher, self.fresh, self.replay, self.recipe, self.device = teacher, fresh, replay, recipe, device
        self.generator = generator
        self.student = CompactEncoder(design=DESIGNS[recipe.design]).to(device.torch_device)
        # Module.to's stub knows no memory format alone.
        self.student.to(memory_format=device.memory_format)  # type: ignore[call-overload]
        self.optimizer = torch.optim.Adam(self.student.parameters(), lr=recipe.learning_rate, betas=(0.9, 0.99))
        self._reduced = ReducedPrecision(self.student, device)
        self.average = {name: tensor.clone() for name, tensor in self.student.state_dict().items()}
        self.steps, self.seconds = 0, 0.0
        self.errors: dict[str, float] = {}
        teacher.calibrate(self._placed(fresh(CALIBRATION_PICTURES, generator)))
        self._compared = Compared(recipe.style_layers, recipe.content_layer, teacher.layers)
        self._imitated = [layer for layer in teacher.layers if layer in self.student.heads]

    def start(self) -> None:
        """Fit the student in closed form, and again with what was painted through it; a training that goes on does without."""
        images = self._placed(self.fresh(self.recipe.start_pictures, self.generator))
        fit_layer_by_layer(self.student, self.teacher, images, self.generator)
        if self.recipe.start_strokes:
            self._paint_all(self.recipe.start_strokes)
            images = torch.cat([images, self._placed(self.replay.paintings)])
            fit_layer_by_layer(self.student, self.teacher, images, self.generator)
        self.average = {name: tensor.clone() for name, tensor in self.student.state_dict().items()}

    def step(self, progress: float) -> None:
        """Take one step, at `progress` 0..1 of the whole training."""
        started = time.monotonic()
        for group in self.optimizer.param_groups:
            group["lr"] = self.recipe.learning_rate * half_cosine(progress, self.recipe.warmup)
        indices = self.replay.take(self.recipe.painted)
        fresh = self.fresh(self.recipe.fresh, self.generator)
        agree = self.steps % self.recipe.agreement_every == 0
        self.optimizer.zero_grad(set_to_none=True)
        loss = self._imitation(torch.cat([fresh, self.replay.paintings[indices]]))
        loss.backward()  # type: ignore[no-untyped-call]
        self._paint(indices, agree)
        norm = torch.nn.utils.clip_grad_norm_(self.student.parameters(), GRADIENT_NORM)
        if bool(torch.isfinite(norm)):
            self.optimizer.step()
        follow(self.average, self.student, self.steps)
        self.steps += 1
        self.seconds += time.monotonic() - started

    def state_dict(self) -> dict[str, Any]:
        """Return all that the next step depends on."""
        return {
            "student": self.student.state_dict(), "average": self.average, "optimizer": self.optimizer.state_dict(),
            "replay": self.replay.state_dict(), "generator": self.generator.get_state(), "scales": self.teacher.scales,
            "steps": self.steps, "seconds": self.seconds, "errors": self.errors, "recipe": asdict(self.recipe),
        }  # fmt: skip

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was taken; the recipe stays this training's own."""
        self.student.load_state_dict(state["student"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.replay.load_state_dict(state["replay"])
        self.generator.set_state(state["generator"])
        self.teacher.scales = state["scales"]
        restore(self.average, state["average"])
        self.steps, self.seconds, self.errors = state["steps"], state["seconds"], state["errors"]

    def export(self, path: Path) -> None:
        """Write the averaged student, its features brought to unit mean square per channel, to a safetensors file."""
        encoder = CompactEncoder(design=self.student.design)
        encoder.load_state_dict({name: tensor.cpu() for name, tensor in self.average.items()})
        pictures = self.fresh(CALIBRATION_PICTURES, torch.Generator().manual_seed(self.recipe.seed))
        with torch.no_grad():
            features = encoder(pictures, encoder.layers)
        for layer in encoder.layers:
            size = features[layer].square().mean(dim=(0, 2, 3)).sqrt()
            encoder.rescale(layer, 1 / size.clamp_min(UNIT_FLOOR * float(size.mean())))
        # A head's features times its teacher's scale are VGG-19's.
        scales = {layer: self.teacher.scales[layer] for layer in self._imitated}
        encoder.save(path, {"steps": str(self.steps), "seconds": f"{self.seconds:.0f}", "scales": json.dumps(scales)})

    def _imitation(self, images: Tensor) -> Tensor:
        images = self._placed(images)
        with torch.no_grad():
            targets = self.teacher(images, self._imitated)
        features = self._reduced(images, self._imitated)
        loss = images.new_zeros(())
        for layer, (regression, gram) in imitation_errors(self.student, features, targets, self.steps).items():
            note(self.errors, {f"{layer} features": float(regression.detach())})
            loss = loss + self._weight(layer) * regression
            if gram is not None:
                note(self.errors, {f"{layer} gram": float(gram.detach())})
                loss = loss + self._weight(layer) * self.recipe.gram_weight * GRAM_EVERY * gram
        return loss

    def _paint_all(self, strokes: int) -> None:
        count = len(self.replay.paintings)
        for first in range(0, count, self.recipe.painted):
            indices = torch.arange(first, min(first + self.recipe.painted, count))
            for _ in range(strokes):
                self._paint(indices, agree=False)

    def _paint(self, indices: Tensor, agree: bool) -> None:
        replay = self.replay
        paintings, photos, styles = (
            self._placed(pictures[indices]) for pictures in (replay.paintings, replay.photos, replay.styles)
        )
        arguments = paintings.requires_grad_(), photos, styles, replay.content_weights[indices], self._compared
        loss = objective(self._reduced, *arguments)
        (gradient,) = torch.autograd.grad(loss, paintings, create_graph=agree)
        if agree:
            (target,) = torch.autograd.grad(objective(self.teacher, *arguments), paintings)
            disagreement = gradient_disagreement(gradient, target)
            note(self.errors, {"gradient disagreement": float(disagreement.detach())})
            (self.recipe.agreement_weight * self.recipe.agreement_every * disagreement).backward()  # type: ignore[no-untyped-call]
        replay.step(indices, gradient.detach())

    def _weight(self, layer: str) -> float:
        return self.recipe.deep_weight if layer.startswith(("relu4", "relu5")) else 1.0

    def _placed(self, images: Tensor) -> Tensor:
        return images.to(self.device.torch_device).contiguous(memory_format=self.device.memory_format)


__all__ = ["RECIPES", "Distillation", "Recipe"]
