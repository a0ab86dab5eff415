"""Fine-tuning: a model of one new style, made in minutes from the network of shipped styles.

Dumoulin et al. 2017 found that a trained network learns a new style by its norms' weights and biases alone, in a small part of
the time. So it does, but only in the strokes that the network knows: a mosaic stays hatched. Fine-tuning starts from the shipped
style that suits the new one best, and changes the whole network, which comes further in the same minutes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from copy import deepcopy
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from safetensors import SafetensorError
from torch import Tensor

from restyle.contract.errors import OutputUnwritable
from restyle.contract.sentence import said
from restyle.host.device import Device
from restyle.learning.checkpoint import ORIGIN, check_place, checkpoint_beside, drop_checkpoint, only_one
from restyle.learning.crops import Crop
from restyle.learning.photos import Tick
from restyle.learning.resumable import train_resumably
from restyle.learning.style_objective import LossWeights, StyleObjective, style_targets
from restyle.learning.style_picture import scaled_style
from restyle.learning.style_training import StyleRecipe, StyleTraining, fit_for_training
from restyle.learning.swift_norm import SwiftConditionalNorm
from restyle.models.cache import Placement
from restyle.networks.features import FeatureTrunk
from restyle.networks.multi_style import StyleName, multi_style_network, select_styles, style_tables, trunk_hash

__all__ = ["RECIPE", "FineTuning", "FineTuningState", "fine_tune"]

# Few large pictures rather than many small ones: a norm measures whole pictures, and what it finds in a part is something else.
RECIPE = StyleRecipe(small_size=256, size=256, batch=2, learning_rate=2e-3, norm_rate=4.0, warmup=0.02)
MEASURED_PHOTOS = 12  # crops that say how far the average photo is from the style
TRIED_PHOTOS = 1  # crops that the shipped styles are tried on: half the time of two, and the same style was nearest
STYLE_PX = 448  # square root of the area that a picture is learned at: that of a photo of 512 px
LEAST_STYLE_PX = 128
STRENGTH_FACTOR = 4.0  # of the style weight between 50 % and 100 %


@dataclass(frozen=True)
class FineTuning:
    """A job: a picture (1, 3, H, W) in 0..1 to learn, its name, for how long, how strong (0..100), at what size (1 as painted).

    ``features`` names the network that losses are taken in.
    """

    picture: Tensor
    name: StyleName
    minutes: float
    strength: float = 50.0
    scale: float = 1.0
    features: str = "compact"
    recipe: StyleRecipe = field(default=RECIPE)

    def origin(self, shipped: dict[str, Tensor]) -> str:
        """A fingerprint of all that is learned depends on, the network that it starts from included, except the photos."""
        digest = hashlib.sha256((self.picture * 255).round().to(torch.uint8).contiguous().numpy().tobytes())
        settings = f"{self.strength} {self.scale} {self.features} {asdict(self.recipe)} {trunk_hash(shipped)}"
        digest.update(settings.encode())
        return digest.hexdigest()


@dataclass(frozen=True)
class FineTuningState:
    """How far a job is: seconds spent, seconds to spend, the style's distance (1 an untouched photo's), the weights so far."""

    seconds: float
    of: float
    distance: float
    weights: dict[str, Tensor]


def fine_tune(
    job: FineTuning,
    photo: Crop,
    features: FeatureTrunk,
    shipped: dict[str, Tensor],
    out: Path,
    device: Device,
    on_step: Callable[[FineTuningState], None],
    tick: Tick = lambda _: None,
) -> dict[str, Tensor]:
    """Learn, write the model to ``out`` and return its weights; ``features`` (on the device) and ``shipped`` are in float32.

    ``tick`` is told what is being prepared before the first step. What it or ``on_step`` raises ends the job, which goes on
    from its checkpoint when it is asked for again. Raises TrainingInProgress, OutputUnwritable.
    """
    device = fit_for_training(device)
    check_place(out)
    origin = job.origin(shipped)
    checkpoint, budget_s = checkpoint_beside(out, origin), 60 * job.minutes
    with only_one(out):
        training = _prepared(job, photo, features, shipped, device, tick)

        def told() -> None:
            on_step(FineTuningState(training.seconds, budget_s, training.errors.get("style", 1.0), training.average))

        train_resumably(training, budget_s, checkpoint, origin, told)
        try:
            training.export(out, {"title": job.name.title, ORIGIN: origin})
        except (OSError, SafetensorError) as error:
            raise OutputUnwritable(out, said("the disk is full or the folder may not be written to")) from error
        drop_checkpoint(checkpoint)
    return training.average


def _prepared(
    job: FineTuning, photo: Crop, features: FeatureTrunk, shipped: dict[str, Tensor], device: Device, tick: Tick
) -> StyleTraining:
    generator = torch.Generator().manual_seed(job.recipe.seed)
    sample = torch.stack([photo(job.recipe.size, generator) for _ in range(MEASURED_PHOTOS)]).to(device.torch_device)
    style = scaled_style(job.picture, max(STYLE_PX * job.scale, LEAST_STYLE_PX)).to(device.torch_device)
    targets = style_targets(features, [style], sample, lambda: tick(said("Measuring the style")))
    # Others may use the network that was measured in.
    network = deepcopy(features)
    Placement.of(device).put(network)
    weights = LossWeights().stronger(STRENGTH_FACTOR ** (job.strength / 50 - 1))
    objective = StyleObjective(network, targets, weights)
    size = job.recipe.small_size
    start = _nearest(shipped, objective, sample[:TRIED_PHOTOS, :, :size, :size], tick)
    own = multi_style_network(1, norm=SwiftConditionalNorm)
    own.load_state_dict(start)
    return StyleTraining(own, [job.name], objective, photo, job.recipe, device)


@torch.no_grad()
def _nearest(shipped: dict[str, Tensor], objective: StyleObjective, photos: Tensor, tick: Tick) -> dict[str, Tensor]:
    """The shipped style whose pictures are nearest to what is wanted, as the state of a network of one style."""
    count = len(shipped[style_tables(shipped)[0]])
    losses = []
    for index in range(count):
        tick(said("Looking for the style to start from, {number} of {count}", number=index + 1, count=count))
        network = multi_style_network(1).to(photos.device)
        network.load_state_dict(select_styles(shipped, [index]))
        results = network(photos, torch.ones(1, 1, device=photos.device))
        losses.append(float(objective(results, photos, torch.zeros(len(photos), dtype=torch.long, device=photos.device))[0]))
    return select_styles(shipped, [losses.index(min(losses))])
