"""Learn a World: two domains in training (`restyle.learning.domains`) shown on the layer, and both ways where they are found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from torch import Tensor

from restyle.context import Context
from restyle.contract.errors import InvalidInput
from restyle.contract.loaded import Loaded
from restyle.contract.sentence import said
from restyle.engine.feed_forward import painting_of
from restyle.engine.painting import at_photo_size, painted_scale, scaled
from restyle.filters.learn_domain import CONTENT, LearnDomainParams
from restyle.host.device import Device
from restyle.learning.checkpoint import ORIGIN
from restyle.learning.domain_training import FULL_RECIPE, SMALL_RECIPE, DomainRecipe
from restyle.learning.domains import DomainJob, DomainState, learn_domains, recipe_for, reduced
from restyle.learning.photos import photos_in
from restyle.learning.style_training import fit_for_training
from restyle.learning.telling import Telling
from restyle.models.entries import DOMAINS_FOLDER
from restyle.models.own_models import free_place, stem_of
from restyle.networks.blocks import Sequence
from restyle.pictures.image import Image

__all__ = ["OnStep", "learn_models", "learn_world"]

LEARNING_SHARE = 0.98  # of the progress; the rest is painting, seconds after minutes
PREVIEW_PX = 512  # longer side
HOLD_FACTOR = 4.0  # of the identity's weight between 50 % and 100 %

OnStep = Callable[[DomainJob, DomainState], None]


def learn_world(inputs: Loaded, params: LearnDomainParams, context: Context) -> Image:
    """Learn both ways, keep them in the user's folder of models, and return the content as the other world has it.

    Raises InvalidParameter, InvalidInput (no pictures), TrainingInProgress, OutputUnwritable, Cancelled. After Cancelled, the
    same call goes on where it stopped.
    """
    learning, painting = context.part(0, LEARNING_SHARE), context.part(LEARNING_SHARE, 1)
    photo, telling = inputs[CONTENT].pixels, Telling(learning)
    shown = scaled(photo, min(1.0, PREVIEW_PX / max(photo.shape[2:])))
    forth: list[Sequence] = []

    def told(job: DomainJob, state: DomainState) -> None:
        how = said("the way back is {percent} % off", percent=round(100 * state.errors.get("cycle", 0.0), 1))
        telling.tell(state.seconds, state.of, how, lambda silent: Image(_changed(state.generators()[0], shown, silent)))

    learn_models(params, learning, told, on_end=lambda state: forth.append(state.generators()[0]))
    return Image(_changed(forth[0], photo, painting), inputs[CONTENT].alpha)


def learn_models(
    params: LearnDomainParams,
    context: Context,
    on_step: OnStep,
    *,
    out: Path | None = None,
    on_end: Callable[[DomainState], None] = lambda state: None,
) -> tuple[Path, Path]:
    """Learn and write both ways, to ``out`` and beside it, or into the user's folder of models; where they are.

    Raises what `learn_world` raises; what ``on_step`` raises ends the work, which the same call goes on with.
    """

    def tick(message: str) -> None:
        context.progress.step(0, of=1, message=message)

    tick(said("Preparing to learn"))
    name = stem_of(params.name)
    device = fit_for_training(context.device)
    recipe = _recipe(params, device)
    first, second = (_pictures(folder, recipe, context, tick) for folder in (params.first, params.second))
    job = DomainJob(first, second, params.name.strip(), params.minutes, recipe)
    target = out or free_place(context.store.folder, name, ORIGIN, job.origin(), DOMAINS_FOLDER)
    return learn_domains(job, target, device, lambda state: on_step(job, state), on_end)


def _recipe(params: LearnDomainParams, device: Device) -> DomainRecipe:
    recipes = {"automatic": recipe_for(device), "small": SMALL_RECIPE, "full": FULL_RECIPE}
    recipe = recipes[params.generator]
    held = recipe.identity_weight * HOLD_FACTOR ** (params.hold_hues / 50 - 1)
    return replace(recipe, seed=params.seed, identity_weight=held)


def _pictures(folder: str, recipe: DomainRecipe, context: Context, tick: Callable[[str], None]) -> tuple[Tensor, ...]:
    if not folder:
        raise InvalidInput(said("There are two folders of pictures to learn from; choose both."))
    return reduced(photos_in(Path(folder).expanduser(), tick, context.progress.note), recipe)


def _changed(generator: Sequence, photo: Tensor, context: Context) -> Tensor:
    """As Change the World does it."""
    small = scaled(photo, painted_scale(photo.shape[2], photo.shape[3]))
    return at_photo_size(painting_of(generator, small, None, 0, context).clamp_(0, 1), small, photo)
