"""Learn a Style: a lesson (`restyle.learning.lesson`) shown on the layer, and its model where Fast Style finds it."""

from __future__ import annotations

import re
import time
import unicodedata
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import torch
from safetensors import SafetensorError
from torch import Tensor
from torch.nn import functional as F

from restyle.context import Context
from restyle.contract.errors import InvalidParameter, OutputUnwritable, WeightsDamaged
from restyle.engine.inputs import Inputs
from restyle.engine.painting import MARGIN_PX, at_photo_size, paint, painted_scale, scaled
from restyle.filters.learn_style import LearnStyleParams
from restyle.learning.lesson import ORIGIN, RECIPE, Lesson, LessonState, learn
from restyle.learning.lesson_photos import lesson_photos
from restyle.models.foreign.readers import read_state_dict
from restyle.models.manifest import STYLES_FOLDER
from restyle.models.own_models import free_place
from restyle.networks.blocks import fixed_mixture
from restyle.networks.encoder import CompactEncoder
from restyle.networks.features import FeatureTrunk
from restyle.networks.multi_style import StyleName, multi_style_network, read_multi_style
from restyle.networks.vgg import vgg19_from_state_dict
from restyle.pictures.files import save_image
from restyle.pictures.image import Image

__all__ = ["Report", "learn_style", "lesson_of", "load_teacher", "model_file", "painted_with", "shipped_state", "write_thumbnail"]

LEARNING_SHARE = 0.95  # of the progress; the rest is painting, seconds after minutes
PREVIEW_PX = 512  # longer side
PREVIEW_EVERY_S = 4.0
THUMBNAIL_PX = 96
STRIDE = 4  # of the network


def learn_style(inputs: Inputs, params: LearnStyleParams, context: Context) -> Image:
    """Learn the style, keep it in the user's folder of models, and return the content painted with it.

    Raises InvalidParameter, InvalidInput (no photos), TrainingInProgress, OutputUnwritable, WeightsUnavailable, WeightsDamaged,
    Cancelled. After Cancelled, the same call goes on where it stopped.
    """

    learning, painting = context.part(0, LEARNING_SHARE), context.part(LEARNING_SHARE, 1)

    def tick(message: str) -> None:
        learning.progress.step(0, of=1, message=message)

    tick("Preparing to learn")
    pixels = inputs.content.pixels
    folder = Path(params.photos).expanduser() if params.photos else None
    shipped = shipped_state(context)
    lesson, out = lesson_of(inputs.styles[0].image.pixels, shipped, context.store.folder, params)
    photo = lesson_photos(folder, pixels, lesson.recipe.size, tick)
    shown = _reduced(pixels, PREVIEW_PX)
    teacher = load_teacher(params.features, context)
    weights = learn(lesson, photo, teacher, shipped, out, context.device, Report(shown, learning), tick)
    write_thumbnail(lesson.picture, out, context.store.folder)
    return Image(painted_with(weights, pixels, painting, "Painting"), inputs.content.alpha)


def lesson_of(
    style: Tensor, shipped: dict[str, Tensor], models: Path, params: LearnStyleParams, out: Path | None = None
) -> tuple[Lesson, Path]:
    """Return what to learn of a picture (1, 3, H, W), starting from the ``shipped`` weights, and where its model goes.

    That is ``out``, or a place in the folder of models: a model that was learned of something else stays there, and the new
    one's name gets a number. Raises InvalidParameter.
    """
    title, recipe = params.name.strip(), replace(RECIPE, seed=params.seed)
    draft = StyleName("", title)
    lesson = Lesson(style, draft, params.minutes, params.style_strength, params.style_scale, params.features, recipe)
    if out is None:
        out = model_file(models, params.name, lesson.origin(shipped))
        number = out.stem.removeprefix(_stem(params.name)).removeprefix("-")
        title = f"{title} {number}".strip()
    return replace(lesson, name=StyleName(out.stem, title)), out


def model_file(models: Path, name: str, origin: str) -> Path:
    """Return where the model of a named style lies; raises InvalidParameter for a name without letters or digits."""
    return free_place(models, _stem(name), ORIGIN, origin)


def _stem(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).strip().lower()
    stem = re.sub(r"[^\w]+", "-", plain).strip("-_")
    if not stem:
        raise InvalidParameter("name", "it has neither letters nor digits")
    return stem


def load_teacher(features: str, context: Context) -> FeatureTrunk:
    """Return the network, in float32, that losses are taken in; raises WeightsUnavailable, WeightsDamaged."""
    path = context.store.path("vgg19" if features == "vgg19" else "compact-encoder")
    try:
        if features == "vgg19":
            return vgg19_from_state_dict(read_state_dict(path)).requires_grad_(False).eval()
        # Zeros beyond the border would be taken for content: photos are small here.
        return CompactEncoder.from_file(path, padding="reflect")
    except (SafetensorError, RuntimeError, OSError, KeyError, ValueError) as error:
        raise WeightsDamaged(path, "it is broken or of another form") from error


def shipped_state(context: Context) -> dict[str, Tensor]:
    """Return the weights of the network of shipped styles; raises WeightsDamaged."""
    path = context.store.path("fast-style-paintings")
    try:
        network, _ = read_multi_style(path)
    except (SafetensorError, RuntimeError, OSError, ValueError) as error:
        raise WeightsDamaged(path, "it is broken or of another form") from error
    return dict(network.state_dict())


def painted_with(weights: dict[str, Tensor], photo: Tensor, context: Context, message: str) -> Tensor:
    """Paint (1, 3, H, W) of any size with a model of one style as Fast Style would; of the same size, in 0..1."""
    network = multi_style_network(1)
    # In the precision of the model's file.
    network.load_state_dict({name: tensor.cpu().half().float() for name, tensor in weights.items()})
    plain = fixed_mixture(network, torch.ones(1)).requires_grad_(False).eval()
    small = scaled(photo, painted_scale(photo.shape[2], photo.shape[3]))
    painted = paint(plain, small, MARGIN_PX, context, message=message).clamp_(0, 1)
    return at_photo_size(painted, small, photo)


def write_thumbnail(style: Tensor, model: Path, models: Path) -> None:
    """Put a small picture of the style beside its model, for lists; a model without one is none the worse.

    Only into the folder of ``models``: elsewhere the picture beside a model may be the very one that it was learned from.
    """
    if model.parent == models / STYLES_FOLDER:
        with suppress(OutputUnwritable):
            save_image(Image(_reduced(style, THUMBNAIL_PX)), model.with_suffix(".jpg"))


class Report:
    """Tells the progress after each step; a picture, where somebody wants one, now and then."""

    def __init__(self, shown: Tensor, context: Context) -> None:
        self._shown, self._context = shown, context
        self._pictured = time.monotonic()

    def __call__(self, state: LessonState) -> None:
        def preview() -> Image:
            self._pictured = time.monotonic()
            silent = Context(self._context.device, store=self._context.store)
            return Image(painted_with(state.weights, self._shown, silent, ""))

        # Painting takes as long as some steps.
        offered = preview if time.monotonic() - self._pictured > PREVIEW_EVERY_S else None
        left = max(round((state.of - state.seconds) / 60), 0)
        # Before the first steps a picture may be further from the style than the photo.
        way = min(max(round(100 * (1 - state.distance)), 0), 100)
        message = f"Learning, {left} min left; {way} % of the way to the style"
        self._context.progress.step(round(state.seconds), of=round(state.of) + 1, message=message, preview=offered)


def _reduced(pixels: Tensor, longest: int) -> Tensor:
    scale = min(1.0, longest / max(pixels.shape[2:]))
    height, width = (max(round(side * scale), STRIDE) for side in pixels.shape[2:])
    return F.interpolate(pixels, (height, width), mode="bilinear", antialias=True).clamp(0, 1)
