"""Learn a Style: fine-tuning (`restyle.learning.fine_tuning`) shown on the layer, and its model where Fast Style finds it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.context import Context
from restyle.contract.errors import OutputUnwritable
from restyle.contract.loaded import Loaded
from restyle.contract.sentence import said
from restyle.engine.painting import MARGIN_PX, at_photo_size, paint, painted_scale, scaled
from restyle.features.perceptual import PerceptualName, load_perceptual
from restyle.filters.learn_style import CONTENT, STYLES, LearnStyleParams
from restyle.learning.checkpoint import ORIGIN
from restyle.learning.fine_tuning import RECIPE, FineTuning, FineTuningState, fine_tune
from restyle.learning.photos import training_photos
from restyle.learning.telling import Telling
from restyle.models.cache import Placement
from restyle.models.entries import STYLES_FOLDER
from restyle.models.own_models import free_place, stem_of
from restyle.networks.blocks import fixed_mixture
from restyle.networks.multi_style import StyleName, multi_style_network, read_multi_style
from restyle.pictures.files import save_image
from restyle.pictures.image import Image

__all__ = ["LearnedStyle", "LearningProgress", "learn_model", "learn_style", "model_file", "painted_with"]

LEARNING_SHARE = 0.95  # of the progress; the rest is painting, seconds after minutes
PREVIEW_PX = 512  # longer side
THUMBNAIL_PX = 96
STRIDE = 4  # of the network


@dataclass(frozen=True)
class LearnedStyle:
    """A model of one style: its file, and its weights, from which ``painted_with`` paints."""

    path: Path
    weights: dict[str, Tensor]


def learn_style(inputs: Loaded, params: LearnStyleParams, context: Context) -> Image:
    """Learn the style, keep it in the user's folder of models, and return the content painted with it.

    Raises InvalidParameter, InvalidInput (no photos), TrainingInProgress, OutputUnwritable, WeightsUnavailable, WeightsDamaged,
    Cancelled. After Cancelled, the same call goes on where it stopped.
    """
    learning, painting = context.part(0, LEARNING_SHARE), context.part(LEARNING_SHARE, 1)
    pixels = inputs[CONTENT].pixels
    shown = LearningProgress(_reduced(pixels, PREVIEW_PX), learning)
    (style,) = inputs[STYLES]
    learned = learn_model(style.image.pixels, params, learning, shown, photo=pixels)
    return Image(painted_with(learned.weights, pixels, painting, "Painting"), inputs[CONTENT].alpha)


def learn_model(
    style: Tensor,
    params: LearnStyleParams,
    context: Context,
    on_step: Callable[[FineTuningState], None],
    *,
    photo: Tensor | None = None,
    out: Path | None = None,
) -> LearnedStyle:
    """Learn a style of its picture (1, 3, H, W) and write the model to ``out``, or into the user's folder of models.

    ``photo`` (1, 3, H, W) is one that the style is wanted for, and is learned on where no folder of photos is named. Raises
    what `learn_style` raises; what ``on_step`` raises ends the work, which the same call goes on with.
    """

    def tick(message: str) -> None:
        context.progress.step(0, of=1, message=message)

    tick(said("Preparing to learn"))
    device = context.device
    shipped = _shipped_state(context)
    job, out = _job_of(style, shipped, context.store.folder, params, out)
    photos = training_photos(
        Path(params.photos).expanduser() if params.photos else None, photo, job.recipe.size, tick, context.progress.note
    )
    # Zeros beyond the border would be taken for content: photos are small here.
    exact = Placement(device.torch_device, torch.float32, torch.contiguous_format)
    # The network that the styles in the box were learned by: the compact one knows no large forms.
    name: PerceptualName = "deep" if params.features == "compact" else params.features
    features = load_perceptual(name, context, padding="reflect", place=exact)
    course: list[tuple[float, float]] = []

    def noted(state: FineTuningState) -> None:
        course.append((state.seconds, state.distance))
        on_step(state)

    weights = fine_tune(job, photos, features, shipped, out, device, noted, tick)
    if course:
        context.progress.note(_verdict(course))
    _write_thumbnail(style, out, context.store.folder)
    return LearnedStyle(out, weights)


def painted_with(weights: dict[str, Tensor], photo: Tensor, context: Context, message: str = "") -> Tensor:
    """Paint (1, 3, H, W) of any size with a model of one style as Fast Style would; of the same size, in 0..1."""
    network = multi_style_network(1)
    # In the precision of the model's file.
    network.load_state_dict({name: tensor.cpu().half().float() for name, tensor in weights.items()})
    plain = fixed_mixture(network, torch.ones(1)).requires_grad_(False).eval()
    small = scaled(photo, painted_scale(photo.shape[2], photo.shape[3]))
    painted = paint(plain, small, MARGIN_PX, context, message=message).clamp_(0, 1)
    return at_photo_size(painted, small, photo)


def model_file(models: Path, name: str, origin: str) -> Path:
    """Return where the model of a named style lies; raises InvalidParameter for a name without letters or digits."""
    return free_place(models, stem_of(name), ORIGIN, origin)


def _job_of(
    style: Tensor, shipped: dict[str, Tensor], models: Path, params: LearnStyleParams, out: Path | None
) -> tuple[FineTuning, Path]:
    """What to learn of a picture (1, 3, H, W), starting from the ``shipped`` weights, and where its model goes.

    That is ``out``, or a place in the folder of models: a model that was learned of something else stays there, and the new
    one's name gets a number. Raises InvalidParameter.
    """
    title, recipe = params.name.strip(), replace(RECIPE, seed=params.seed)
    draft = StyleName("", title)
    job = FineTuning(style, draft, params.minutes, params.style_strength, params.style_scale, params.features, recipe)
    if out is None:
        out = model_file(models, params.name, job.origin(shipped))
        number = out.stem.removeprefix(stem_of(params.name)).removeprefix("-")
        title = f"{title} {number}".strip()
    return replace(job, name=StyleName(out.stem, title)), out


def _shipped_state(context: Context) -> dict[str, Tensor]:
    """The weights of the network of shipped styles, which others may use, too; raises WeightsDamaged."""
    network = context.store.network("fast-style-paintings", ("network of styles",), lambda path: read_multi_style(path)[0])
    return dict(network.state_dict())


def _write_thumbnail(style: Tensor, model: Path, models: Path) -> None:
    """Put a small picture of the style beside its model, for lists; a model without one is none the worse.

    Only into the folder of ``models``: elsewhere the picture beside a model may be the very one that it was learned from.
    """
    if model.parent == models / STYLES_FOLDER:
        with suppress(OutputUnwritable):
            save_image(Image(_reduced(style, THUMBNAIL_PX)), model.with_suffix(".jpg"))


class LearningProgress:
    """Tells the progress after each step, with the photo painted so far."""

    def __init__(self, shown: Tensor, context: Context) -> None:
        self._shown, self._telling = shown, Telling(context)

    def __call__(self, state: FineTuningState) -> None:
        how = said("{percent} % of the way to the style", percent=_way(state.distance))
        self._telling.tell(
            state.seconds, state.of, how, lambda silent: Image(painted_with(state.weights, self._shown, silent, ""))
        )


def _way(distance: float) -> int:
    """Percent. Before the first steps a picture may be further from the style than the photo."""
    return min(max(round(100 * (1 - distance)), 0), 100)


def _verdict(course: list[tuple[float, float]]) -> str:
    """How good a model became, and what more time would give, by (seconds, distance) after each step.

    What the second half of the time gave is about twice what as long again will give: gains fall off with the time's logarithm,
    and steps are smallest at the end.
    """
    seconds, distance = course[-1]
    half = next(before for spent, before in course if spent >= seconds / 2)
    way, further = _way(distance), _way(distance - max(half - distance, 0.0) / 2)
    if further > way:
        return said(
            "The model is {way} % of the way from a photo to the style; twice the time would bring it to about {further} %.",
            way=way,
            further=further,
        )
    return said("The model is {way} % of the way from a photo to the style; more time would hardly bring it nearer.", way=way)


def _reduced(pixels: Tensor, longest: int) -> Tensor:
    scale = min(1.0, longest / max(pixels.shape[2:]))
    height, width = (max(round(side * scale), STRIDE) for side in pixels.shape[2:])
    return F.interpolate(pixels, (height, width), mode="bilinear", antialias=True).clamp(0, 1)
