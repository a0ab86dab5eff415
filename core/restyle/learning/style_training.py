"""A style network in training: what one step does, and all that a checkpoint must hold for the next step to be the same."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.func import functional_call
from torch.nn import functional as F

from restyle.host.device import Device
from restyle.learning.averages import follow, note
from restyle.learning.checkpoint import restore
from restyle.learning.crops import Crop
from restyle.learning.schedule import half_cosine
from restyle.learning.style_objective import StyleObjective
from restyle.networks import blocks
from restyle.networks.multi_style import StyleName, save_multi_style, style_tables

__all__ = ["StyleRecipe", "StyleTraining", "fit_for_training"]

ADAM_BETAS = (0.9, 0.99)


@dataclass(frozen=True)
class StyleRecipe:
    """Numbers of the training, found by trying; sizes in pixels."""

    small_size: int = 192
    size: int = 256
    small_share: float = 0.75
    """Of the training, spent on small pictures: early on, many coarse steps are worth more than few good ones."""
    batch: int = 4
    learning_rate: float = 2e-3
    norm_rate: float = 2.0
    """Rate of the norms' weights and biases relative to the others: each style meets its own in few of the steps."""
    warmup: float = 0.01
    gradient_norm: float = 5.0
    seed: int = 0


class StyleTraining:
    """A training in progress: network, optimiser and random numbers, all of which a checkpoint holds.

    ``network`` has `SwiftConditionalNorm`s and a style for each of ``names``.
    """

    def __init__(
        self,
        network: blocks.Sequence,
        names: Sequence[StyleName],
        objective: StyleObjective,
        photo: Crop,
        recipe: StyleRecipe,
        device: Device,
    ) -> None:
        self.recipe, self.device, self._objective, self._photo = recipe, device, objective, photo
        self.generator = torch.Generator().manual_seed(recipe.seed)
        # Module.to's stub knows no memory format alone.
        self.network = network.to(device.torch_device).to(memory_format=device.memory_format)  # type: ignore[call-overload]
        self._tables = set(style_tables(network.state_dict()))
        self.names = tuple(names)
        groups = self._groups()
        self.optimizer = torch.optim.Adam(groups, lr=recipe.learning_rate, betas=ADAM_BETAS)
        self.average = {name: tensor.detach().clone() for name, tensor in network.state_dict().items()}
        self._order = torch.empty(0, dtype=torch.long)
        self.steps, self.seconds = 0, 0.0
        self.errors: dict[str, float] = {}

    def step(self, progress: float) -> None:
        """Take one step, at `progress` 0..1 of the whole training."""
        started = time.monotonic()
        recipe = self.recipe
        for group in self.optimizer.param_groups:
            group["lr"] = recipe.learning_rate * group["factor"] * half_cosine(progress, recipe.warmup)
        size = recipe.small_size if progress < recipe.small_share else recipe.size
        styles = self._next_styles().to(self.device.torch_device)
        photos = torch.stack([self._photo(size, self.generator) for _ in range(recipe.batch)])
        photos = photos.to(self.device.torch_device).contiguous(memory_format=self.device.memory_format)
        loss, parts = self._objective(self._painted(photos, styles), photos, styles)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        norm = torch.nn.utils.clip_grad_norm_(self.network.parameters(), recipe.gradient_norm)
        if bool(torch.isfinite(norm)):
            self.optimizer.step()
        self._note(parts, styles)
        follow(self.average, self.network, self.steps)
        self.steps += 1
        self.seconds += time.monotonic() - started

    def state_dict(self) -> dict[str, Any]:
        """Return all that the next step depends on."""
        return {
            "network": self.network.state_dict(), "average": self.average, "optimizer": self.optimizer.state_dict(),
            "generator": self.generator.get_state(), "order": self._order, "steps": self.steps, "seconds": self.seconds,
            "errors": self.errors, "recipe": asdict(self.recipe),
        }  # fmt: skip

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was taken; the recipe stays this training's own."""
        self.network.load_state_dict(state["network"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.generator.set_state(state["generator"])
        restore(self.average, state["average"])
        self.errors, self._order = state["errors"], state["order"]
        self.steps, self.seconds = state["steps"], state["seconds"]

    def export(self, path: Path, notes: Mapping[str, str] | None = None) -> None:
        """Write the averaged network, with ``notes``, to a safetensors file. Raises OSError and SafetensorError."""
        metadata = {"steps": str(self.steps), "seconds": f"{self.seconds:.0f}", **(notes or {})}
        save_multi_style(path, self.average, self.names, metadata=metadata)

    def _groups(self) -> list[dict[str, Any]]:
        named = list(self.network.named_parameters())
        shared = [parameter for name, parameter in named if name not in self._tables]
        tables = [parameter for name, parameter in named if name in self._tables]
        return [{"params": shared, "factor": 1.0}, {"params": tables, "factor": self.recipe.norm_rate}]

    def _painted(self, photos: Tensor, styles: Tensor) -> Tensor:
        """The network's results in the device's precision; its weights, gradients and norms stay in float32."""
        precision = self.device.precision
        tensors = {**dict(self.network.named_parameters()), **dict(self.network.named_buffers())}
        tensors = {name: tensor if name in self._tables else tensor.to(precision) for name, tensor in tensors.items()}
        mixture = F.one_hot(styles, len(self.names)).float()
        results: Tensor = functional_call(self.network, tensors, (photos.to(precision), mixture))
        height, width = photos.shape[-2:]
        return results[..., :height, :width].float()

    def _next_styles(self) -> Tensor:
        """The styles of a batch: all come by, in a new order each time."""
        while len(self._order) < self.recipe.batch:
            self._order = torch.cat([self._order, torch.randperm(len(self.names), generator=self.generator)])
        taken, self._order = self._order[: self.recipe.batch], self._order[self.recipe.batch :]
        return taken

    def _note(self, parts: dict[str, Tensor], styles: Tensor) -> None:
        numbers = {name: float(part.detach().mean()) for name, part in parts.items()}
        for style, distance in zip(styles.tolist(), parts["style"].detach().tolist(), strict=True):
            numbers[f"style {style}"] = distance
        note(self.errors, numbers)


def fit_for_training(device: Device) -> Device:
    """The device with a precision that gradients fit: those of float16 would vanish."""
    return replace(device, precision=torch.float32) if device.precision == torch.float16 else device
