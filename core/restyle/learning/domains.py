"""Domains: two folders of pictures become a generator each way, which Change the World uses; the job around the training."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from restyle.host.device import Device
from restyle.learning.chance import below, uniform
from restyle.learning.checkpoint import ORIGIN, check_place, checkpoint_beside, drop_checkpoint, only_one
from restyle.learning.crops import Crop
from restyle.learning.domain_training import FULL_RECIPE, SMALL_RECIPE, DomainRecipe, DomainTraining
from restyle.learning.resumable import train_resumably
from restyle.models.kept import ARCHITECTURE, FAMILY, write_kept
from restyle.networks.blocks import Sequence
from restyle.pictures.resizing import resized

__all__ = ["BACK", "DomainJob", "DomainState", "crop_of", "learn_domains", "recipe_for", "reduced", "shown"]

BACK = "-back"
"""Ends the name of the model that leads from the second domain to the first."""

SHOWN_PX = 256
STRIDE = 4  # of both generators


@dataclass(frozen=True)
class DomainJob:
    """Pictures (3, H, W), bytes, of two domains, already ``reduced``; a title for the model; for how long."""

    first: tuple[Tensor, ...]
    second: tuple[Tensor, ...]
    title: str
    minutes: float
    recipe: DomainRecipe = SMALL_RECIPE

    def origin(self) -> str:
        """A fingerprint of all that is learned depends on."""
        digest = hashlib.sha256(str(asdict(self.recipe)).encode())
        for picture in (*self.first, *self.second):
            digest.update(f"{tuple(picture.shape)}".encode())
            digest.update(picture.contiguous().numpy().tobytes())
        return digest.hexdigest()


@dataclass(frozen=True)
class DomainState:
    """How far a job is: seconds spent, seconds to spend, errors by name (see `DomainTraining`), and the generators so far."""

    seconds: float
    of: float
    errors: dict[str, float]
    generators: Callable[[], tuple[Sequence, Sequence]]
    """Makes copies of both, forth and back, as they would be written now."""


def recipe_for(device: Device, seed: int = 0) -> DomainRecipe:
    """The small generator where a CPU learns, the paper's on a GPU."""
    return replace(SMALL_RECIPE if device.torch_device.type == "cpu" else FULL_RECIPE, seed=seed)


def reduced(pictures: Iterable[Tensor], recipe: DomainRecipe) -> tuple[Tensor, ...]:
    """Pictures (3, H, W), bytes, at the size that is learned at: the shorter side as the recipe says, none below a crop's."""

    def one(picture: Tensor) -> Tensor:
        scale = recipe.picture_px / min(picture.shape[1:])
        height, width = (max(round(side * scale), recipe.size) for side in picture.shape[1:])
        return resized(picture[None].float(), height, width)[0].round().clamp(0, 255).to(torch.uint8)

    return tuple(one(picture) for picture in pictures)


def learn_domains(
    job: DomainJob,
    out: Path,
    device: Device,
    on_step: Callable[[DomainState], None],
    on_end: Callable[[DomainState], None] = lambda state: None,
) -> tuple[Path, Path]:
    """Learn, write both models, forth to ``out`` and back beside it, and return where they are; ``on_end`` is told what came out.

    What ``on_step`` raises ends the job, which goes on from its checkpoint when it is asked for again. Raises TrainingInProgress,
    OutputUnwritable.
    """
    beside = out.with_name(f"{out.stem}{BACK}{out.suffix}")
    for path in (out, beside):
        check_place(path)
    origin, budget_s = job.origin(), 60 * job.minutes
    checkpoint = checkpoint_beside(out, origin)
    with only_one(out):
        training = DomainTraining(crop_of(job.first), crop_of(job.second), job.recipe, device)

        def state() -> DomainState:
            return DomainState(training.seconds, budget_s, dict(training.errors), training.generators)

        train_resumably(training, budget_s, checkpoint, origin, lambda: on_step(state()))
        for path, title, weights in zip((out, beside), (job.title, f"{job.title}, back"), training.averages, strict=True):
            _write(path, title, origin, weights, training)
        drop_checkpoint(checkpoint)
        on_end(state())
    return out, beside


@torch.no_grad()
def shown(job: DomainJob, state: DomainState) -> Tensor:
    """(1, 3, H, W) in 0..1: a picture of the first domain, what becomes of it, what comes back of that; below, of the second."""
    forth, back = state.generators()
    rows = [_there_and_back(job.first[0], forth, back), _there_and_back(job.second[0], back, forth)]
    return torch.cat(rows, 2)


def _there_and_back(picture: Tensor, there: Sequence, back: Sequence) -> Tensor:
    side = min(picture.shape[1:]) // STRIDE * STRIDE
    photo = picture[None, :, :side, :side].float() / 255
    made = there(photo).clamp(0, 1)
    row = torch.cat([photo, made, back(made).clamp(0, 1)], 3)
    return resized(row, SHOWN_PX, 3 * SHOWN_PX).clamp(0, 1)


def crop_of(pictures: tuple[Tensor, ...]) -> Crop:
    """Parts of pictures at their own size, every other one turned about: what is learned has a size, so none is scaled."""

    def crop(size: int, generator: torch.Generator) -> Tensor:
        picture = pictures[below(len(pictures), generator)]
        top, left = (below(side - size + 1, generator) for side in picture.shape[1:])
        part = picture[:, top : top + size, left : left + size].float() / 255
        return part.flip(2) if uniform(generator) < 0.5 else part

    return crop


def _write(path: Path, title: str, origin: str, weights: dict[str, Tensor], training: DomainTraining) -> None:
    state = {name: tensor.cpu() for name, tensor in weights.items()}
    notes = {ARCHITECTURE: json.dumps(training.recipe.layers()), FAMILY: "domain", "title": title, ORIGIN: origin}
    write_kept(path, state, {**notes, "steps": str(training.steps), "seconds": f"{training.seconds:.0f}"})
