"""DPED's own training (Ignatov et al. 2017): its generator on aligned pairs of a phone's and a camera's photos.

Patches of 100 px from the same place of both; the four losses in the paper's proportions, brought to this project's scales of
them; generator and discriminator learn in turn.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from restyle.contract.errors import InvalidInput
from restyle.host.device import Device
from restyle.learning.averages import note
from restyle.learning.chance import below
from restyle.learning.crops import picture_paths, read_picture
from restyle.networks.dped import dped_generator
from restyle.networks.saving import save_whole
from restyle_training.photo_losses import Discriminator, LossWeights, PhotoLosses
from restyle_training.teacher import Teacher

__all__ = ["PairedRecipe", "PairedTraining", "load_pairs"]

PHONE, CAMERA = "phone", "camera"
CALIBRATION_PICTURES = 16

Pair = tuple[Tensor, Tensor]  # bytes (3, H, W): the phone's photo and the camera's


@dataclass(frozen=True)
class PairedRecipe:
    """Numbers of the training: the paper's, but for the losses' scales and a batch that a CPU can bear."""

    size: int = 100
    batch: int = 8
    learning_rate: float = 5e-4
    width: int = 64
    blocks: int = 4
    # The paper: content 1, texture 0.4, colour 0.1, total variation 400, each loss summed over what it compares.
    weights: LossWeights = field(default_factory=lambda: LossWeights(content=0.05, texture=0.0015, colour=4.0, tv=0.02))
    seed: int = 0


class PairedTraining:
    """A training in progress: networks, optimisers and random numbers, all of which a checkpoint holds."""

    def __init__(self, teacher: Teacher, pairs: list[Pair], recipe: PairedRecipe, device: Device) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.device, self._pairs = recipe, device, pairs
        self.generator = torch.Generator().manual_seed(recipe.seed)
        self.network = dped_generator(recipe.width, recipe.blocks).to(device.torch_device)
        self.losses = PhotoLosses(teacher, Discriminator().to(device.torch_device))
        self.optimizers = {
            "network": torch.optim.Adam(self.network.parameters(), recipe.learning_rate),
            "discriminator": torch.optim.Adam(self.losses.discriminator.parameters(), recipe.learning_rate),
        }
        teacher.calibrate(torch.stack([self._patch()[1] for _ in range(CALIBRATION_PICTURES)]).to(device.torch_device))
        self.steps, self.seconds = 0, 0.0
        self.errors: dict[str, float] = {}

    def step(self, progress: float) -> None:
        """Take one step; the learning rate is constant, as in the paper, whatever the `progress`."""
        started = time.monotonic()
        patches = [self._patch() for _ in range(self.recipe.batch)]
        phone, camera = (torch.stack(side).to(self.device.torch_device) for side in zip(*patches, strict=True))
        kind, precision = self.device.torch_device.type, self.device.precision
        with torch.autocast(kind, precision, enabled=precision != torch.float32):
            made = self.network(phone)
        made = made.float()
        losses = self.losses(made, camera, self.recipe.weights)
        self._descend("network", torch.stack(list(losses.values())).sum())
        losses["discrimination"] = self.losses.discrimination(made, camera)
        self._descend("discriminator", losses["discrimination"])
        note(self.errors, {name: float(loss.detach()) for name, loss in losses.items()})
        self.steps += 1
        self.seconds += time.monotonic() - started

    def state_dict(self) -> dict[str, Any]:
        """Return all that the next step depends on."""
        return {
            "network": self.network.state_dict(), "discriminator": self.losses.discriminator.state_dict(),
            "optimizers": {name: optimizer.state_dict() for name, optimizer in self.optimizers.items()},
            "generator": self.generator.get_state(), "steps": self.steps, "seconds": self.seconds,
            "errors": self.errors, "recipe": asdict(self.recipe),
        }  # fmt: skip

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was taken; the recipe stays this training's own."""
        self.network.load_state_dict(state["network"])
        self.losses.discriminator.load_state_dict(state["discriminator"])
        for name, optimizer in self.optimizers.items():
            optimizer.load_state_dict(state["optimizers"][name])
        self.generator.set_state(state["generator"])
        self.steps, self.seconds, self.errors = state["steps"], state["seconds"], state["errors"]

    def export(self, path: Path) -> None:
        """Write the generator to a safetensors file."""
        tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in self.network.state_dict().items()}
        save_whole(tensors, path, {"architecture": "dped", "steps": str(self.steps)})

    def _patch(self) -> Pair:
        phone, camera = self._pairs[self._below(len(self._pairs))]
        size = self.recipe.size
        top, left = (self._below(side - size + 1) for side in phone.shape[1:])
        cut = phone[:, top : top + size, left : left + size], camera[:, top : top + size, left : left + size]
        return cut[0].float() / 255, cut[1].float() / 255

    def _below(self, limit: int) -> int:
        return below(limit, self.generator)

    def _descend(self, name: str, loss: Tensor) -> None:
        for optimizer in self.optimizers.values():
            optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizers[name].step()


def load_pairs(folder: Path, least: int = PairedRecipe.size) -> list[Pair]:
    """The pairs of a folder: `phone/NAME` and `camera/NAME`, whatever their suffixes.

    Raises InvalidInput where there is none, and for pictures that differ in size or have a side under `least`.
    """
    cameras = {path.stem: path for path in picture_paths(folder / CAMERA)}
    pairs = []
    for path in picture_paths(folder / PHONE):
        if path.stem in cameras:
            pair = read_picture(path), read_picture(cameras[path.stem])
            if pair[0].shape != pair[1].shape or min(pair[0].shape[1:]) < least:
                raise InvalidInput(
                    f"{path.name} and its pair differ in size or are under {least} px; align them, or take them out."
                )
            pairs.append(pair)
    if not pairs:
        raise InvalidInput(f"There are no pairs in {folder}; put photos of equal names into its folders phone and camera.")
    return pairs
