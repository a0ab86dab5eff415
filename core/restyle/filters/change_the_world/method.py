"""Change the World: one pass through a generator that leads from one domain of pictures to another, at any size of picture.

It is painted at the size that suits what the generator has learned (`restyle.engine.painting`), and carried to the photo's own. A
U-Net, which sees all of a picture at once, gets it so, too, continued to sides that it can halve.
"""

from __future__ import annotations

from restyle.context import Context
from restyle.contract.errors import UnknownModel
from restyle.contract.loaded import Loaded
from restyle.contract.sentence import said
from restyle.contract.settings import CONTENT, REFERENCE
from restyle.engine.feed_forward import FeedForward, load_feed_forward, painting_of
from restyle.engine.painting import at_photo_size, painted_scale, scaled
from restyle.filters.change_the_world import ChangeTheWorldParams
from restyle.filters.change_the_world.worlds import PUBLISHED_WORLDS
from restyle.models.entries import DOMAINS_FOLDER
from restyle.pictures.color import match_histogram
from restyle.pictures.full_size import at_strength
from restyle.pictures.image import Image
from restyle.pictures.palette import Palette

__all__ = ["change_the_world"]


def change_the_world(inputs: Loaded, params: ChangeTheWorldParams, context: Context) -> Image:
    """The content as the other world has it, of its size; norms measure the reference where there is one.

    Raises UnknownModel, UnusableModel, WeightsUnavailable (with what to fetch), Cancelled.
    """
    if params.strength == 0:
        return inputs[CONTENT]
    context.progress.step(0, of=1, message=said("Preparing to change the world"))
    generator = _generator(params.world, context)
    photo, alike = inputs[CONTENT].pixels, inputs[REFERENCE]
    measured = photo if alike is None else alike.pixels
    scale = painted_scale(measured.shape[2], measured.shape[3], params.scale)
    small = scaled(photo, scale)
    reference = None if alike is None else scaled(measured, scale)
    changed = painting_of(generator, small, reference, 0, context).clamp_(0, 1)
    if params.preserve_colors == "histogram":
        changed = match_histogram(changed, small).float().clamp_(0, 1)
    whole = Palette((), params.preserve_colors).restore(at_photo_size(changed, small, photo), photo)
    return Image(at_strength(photo, whole, params.strength / 100), inputs[CONTENT].alpha)


def _generator(world: str, context: Context) -> FeedForward:
    own = context.store.own_models(DOMAINS_FOLDER)
    published = [item.id for item in PUBLISHED_WORLDS]
    if world not in own and world not in published:
        raise UnknownModel(world, [*own, *published], said("world"))
    path = own[world] if world in own else context.store.path(world)
    return load_feed_forward(path, world, context)
