"""Two domains in training (Zhu et al. 2017): a generator each way, a discriminator for each, and what one step does.

Nothing says which picture of one domain is which of the other. Each generator shall make what the other domain's discriminator
takes for its own; what it made shall lead back to where it came from (cycle); and what is in the domain already shall stay
(identity).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import chain
from typing import Any

import torch
from torch import Tensor, nn

from restyle.host.device import Device
from restyle.learning.averages import follow, note
from restyle.learning.checkpoint import restore
from restyle.learning.crops import Crop
from restyle.learning.discriminators import Discriminator, judged_as
from restyle.learning.image_pool import ImagePool
from restyle.networks.blocks import Sequence
from restyle.networks.domain_generators import full_generator, new_generator, small_generator
from restyle.networks.transformer import Layer, build

__all__ = ["FULL_RECIPE", "SMALL_RECIPE", "DomainRecipe", "DomainTraining"]

ADAM_BETAS = (0.5, 0.99)


@dataclass(frozen=True)
class DomainRecipe:
    """Numbers of the training; sizes in pixels, weights of losses of colours in 0..1 (the paper's -1..1 are half of them)."""

    is_full: bool
    picture_px: int
    """Shorter side that pictures are reduced to: what is learned has the size in pixels that it has there."""
    size: int
    batch: int
    learning_rate: float
    discriminator_rate: float
    discriminator_width: int
    cycle_weight: float = 10.0
    identity_weight: float = 1.0
    pool: int = 50
    decay_from: float = 0.5
    """Share of the training after which the rates fall, evenly, to nothing."""
    seed: int = 0

    def layers(self) -> list[Layer]:
        """The generators' architecture."""
        return full_generator() if self.is_full else small_generator()


SMALL_RECIPE = DomainRecipe(
    is_full=False, picture_px=320, size=64, batch=4, learning_rate=2e-3, discriminator_rate=1e-3, discriminator_width=24
)
"""What two cores learn in minutes, found by trying. The identity counts less than in the paper: a generator that begins as one
must be led away. With half of it hues change places, with more a look is learned more slowly."""

FULL_RECIPE = DomainRecipe(
    is_full=True,
    picture_px=286,
    size=256,
    batch=1,
    learning_rate=2e-4,
    discriminator_rate=2e-4,
    discriminator_width=64,
    cycle_weight=20.0,
    identity_weight=10.0,
)
"""The paper's own numbers, for a GPU and many hours."""


class DomainTraining:
    """A training in progress: networks, optimisers, pools and random numbers, all of which a checkpoint holds.

    ``forth`` leads from pictures like ``first``'s to those like ``second``'s, ``back`` the other way.
    """

    def __init__(self, first: Crop, second: Crop, recipe: DomainRecipe, device: Device) -> None:
        self.recipe, self.device, self._crops = recipe, device, (first, second)
        self.generator = torch.Generator().manual_seed(recipe.seed)
        self.forth, self.back, self._judges = _networks(recipe, device)
        made = chain(self.forth.parameters(), self.back.parameters())
        self._optimizer = torch.optim.Adam(made, lr=recipe.learning_rate, betas=ADAM_BETAS)
        self._judging = torch.optim.Adam(self._judges.parameters(), lr=recipe.discriminator_rate, betas=ADAM_BETAS)
        self._pools = tuple(ImagePool(recipe.pool) for _ in self._judges)
        self.averages = tuple(_copied(network) for network in (self.forth, self.back))
        self.steps, self.seconds = 0, 0.0
        self.errors: dict[str, float] = {}

    def step(self, progress: float) -> None:
        """Take one step, at ``progress`` 0..1 of the whole training."""
        started = time.monotonic()
        fall = min(1.0, (1 - progress) / (1 - self.recipe.decay_from))
        for optimizer, rate in ((self._optimizer, self.recipe.learning_rate), (self._judging, self.recipe.discriminator_rate)):
            for group in optimizer.param_groups:
                group["lr"] = rate * max(fall, 0.0)
        real = tuple(self._batch(crop) for crop in self._crops)
        with torch.autocast(self.device.torch_device.type, self.device.precision, self._is_reduced):
            made = self._step_generators(*real)
            self._step_discriminators(real, made)
        for average, network in zip(self.averages, (self.forth, self.back), strict=True):
            follow(average, network, self.steps)
        self.steps += 1
        self.seconds += time.monotonic() - started

    def generators(self) -> tuple[Sequence, Sequence]:
        """Copies of both, forth and back, with their averaged weights, on the CPU."""
        made = [build(self.recipe.layers()) for _ in self.averages]
        for network, average in zip(made, self.averages, strict=True):
            network.load_state_dict({name: tensor.cpu() for name, tensor in average.items()})
            network.requires_grad_(False).eval()
        return made[0], made[1]

    def state_dict(self) -> dict[str, Any]:
        """Return all that the next step depends on."""
        return {
            **{name: part.state_dict() for name, part in self._parts.items()},
            "averages": list(self.averages), "pools": [pool.pictures for pool in self._pools],
            "generator": self.generator.get_state(), "steps": self.steps, "seconds": self.seconds, "errors": self.errors,
        }  # fmt: skip

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was taken; the recipe stays this training's own."""
        for name, part in self._parts.items():
            part.load_state_dict(state[name])
        for average, kept in zip(self.averages, state["averages"], strict=True):
            restore(average, kept)
        for pool, pictures in zip(self._pools, state["pools"], strict=True):
            pool.pictures = [picture.to(self.device.torch_device) for picture in pictures]
        self.generator.set_state(state["generator"])
        self.steps, self.seconds, self.errors = state["steps"], state["seconds"], state["errors"]

    @property
    def _parts(self) -> dict[str, nn.Module | torch.optim.Optimizer]:
        return {
            "forth": self.forth,
            "back": self.back,
            "judges": self._judges,
            "optimizer": self._optimizer,
            "judging": self._judging,
        }

    @property
    def _is_reduced(self) -> bool:
        return self.device.precision != torch.float32

    def _batch(self, crop: Crop) -> Tensor:
        pictures = torch.stack([crop(self.recipe.size, self.generator) for _ in range(self.recipe.batch)])
        return pictures.to(self.device.torch_device).contiguous(memory_format=self.device.memory_format)

    def _step_generators(self, first: Tensor, second: Tensor) -> tuple[Tensor, Tensor]:
        """Improve both generators; what they made of the domains, as members of the first and of the second."""
        count = len(first)
        as_second, same_second = self.forth(torch.cat((first, second))).split(count)
        as_first, same_first = self.back(torch.cat((second, first))).split(count)
        parts = {
            "adversarial": judged_as(self._judges[0](as_first), 1.0) + judged_as(self._judges[1](as_second), 1.0),
            "cycle": _distance(self.back(as_second), first) + _distance(self.forth(as_first), second),
            "identity": _distance(same_second, second) + _distance(same_first, first),
        }
        weights = {"adversarial": 1.0, "cycle": self.recipe.cycle_weight, "identity": self.recipe.identity_weight}
        loss = sum((weights[name] * part for name, part in parts.items()), start=first.new_zeros(()))
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimizer.step()
        note(self.errors, {name: float(part.detach()) for name, part in parts.items()})
        return as_first, as_second

    def _step_discriminators(self, real: tuple[Tensor, ...], made: tuple[Tensor, ...]) -> None:
        losses = []
        for judge, pool, theirs, ours in zip(self._judges, self._pools, real, made, strict=True):
            older = pool.exchanged(ours.float(), self.generator)
            losses.append((judged_as(judge(theirs), 1.0) + judged_as(judge(older), 0.0)) / 2)
        loss = sum(losses, start=real[0].new_zeros(()))
        self._judging.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self._judging.step()
        note(self.errors, {"discriminators": float(loss.detach())})


def _networks(recipe: DomainRecipe, device: Device) -> tuple[Sequence, Sequence, nn.ModuleList]:
    # Their beginning is the seed's, whatever was drawn before; and whoever draws afterwards is not disturbed.
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        forth, back = (new_generator(recipe.layers()) for _ in range(2))
        judges = nn.ModuleList(Discriminator(recipe.discriminator_width) for _ in range(2))
    for network in (forth, back, judges):
        network.to(device.torch_device).to(memory_format=device.memory_format)  # type: ignore[call-overload]
    return forth, back, judges


def _copied(network: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.detach().clone() for name, tensor in network.state_dict().items()}


def _distance(made: Tensor, wanted: Tensor) -> Tensor:
    return (made.float() - wanted).abs().mean()
