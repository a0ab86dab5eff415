"""``restyle train-style PICTURE``: learn a style, make a model of Fast Style of it; the same command goes on after a stop."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from restyle.cli.settings import add_settings, given_settings
from restyle.contract.catalogue import describe_filter
from restyle.contract.errors import Cancelled, OutputUnwritable
from restyle.filters.learn_style import LEARN_A_STYLE, LearnStyleParams

if TYPE_CHECKING:
    from torch import Tensor

    from restyle.context import Context
    from restyle.learning.lesson import LessonState

__all__ = ["add_command"]

PREVIEW_EVERY_S = 20.0

_OTHERWISE = {
    "name": {"default": "the picture's name"},
    "photos": {"description": "A folder of photos to learn on. Without one, four photos in the box serve.", "default": "none"},
}
"""What is otherwise than in the filter, which has a layer at hand."""


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser("train-style", help="make a Fast Style out of a picture; goes on where it was stopped")
    parser.add_argument("picture", type=Path, help="the picture whose style is learned")
    parser.add_argument("-o", "--output", type=Path, metavar="MODEL", help="model to write; Fast Style's list without")
    add_settings(parser, ({**item, **_OTHERWISE.get(item["name"], {})} for item in describe_filter(LEARN_A_STYLE)["params"]))
    parser.add_argument("--preview", type=Path, metavar="PICTURE", help="where to write a photo as painted so far, now and then")
    parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda", "mps", "xpu"])
    parser.set_defaults(run=_train)


def _train(options: argparse.Namespace) -> int:
    from restyle.cli.apply_filter import progress_bar
    from restyle.context import Context
    from restyle.contract.progress import CallbackProgress
    from restyle.filters.learn_style.method import lesson_of, load_teacher, shipped_state, write_thumbnail
    from restyle.host.device import pick_device
    from restyle.learning.lesson import learn
    from restyle.learning.lesson_photos import lesson_photos
    from restyle.pictures.files import open_image
    from restyle.pictures.transparency import fill_transparent

    params = LearnStyleParams.parse({"name": options.picture.stem, **given_settings(options)})
    folder = Path(params.photos).expanduser() if params.photos else None
    with progress_bar() as on_report:
        context = Context(pick_device(options.device), CallbackProgress(on_report))
        picture = fill_transparent(open_image(options.picture)[0]).clamp(0, 1)
        shipped = shipped_state(context)
        lesson, out = lesson_of(picture, shipped, context.store.folder, params, options.output)
        report = _Report(options, context)
        photo = lesson_photos(folder, None, lesson.recipe.size, report.tick)
        try:
            teacher = load_teacher(params.features, context)
            learn(lesson, photo, teacher, shipped, out, context.device, report, report.tick)
        except (KeyboardInterrupt, Cancelled):
            print("Stopped; the same command goes on from here.", file=sys.stderr)
            return 130
    write_thumbnail(lesson.picture, out, context.store.folder)
    print(out)
    return 0


class _Report:
    """A progress bar, a line in a log, and the picture asked for."""

    def __init__(self, options: argparse.Namespace, context: Context) -> None:
        self._options, self._context, self._shown = options, context, time.monotonic()

    def tick(self, message: str) -> None:
        """Tell what is being prepared."""
        self._context.progress.step(0, of=1, message=message)

    def __call__(self, state: LessonState) -> None:
        message = f"Learning; style distance {state.distance:.2f}"
        self._context.progress.step(round(state.seconds), of=round(state.of) + 1, message=message)
        if time.monotonic() - self._shown < PREVIEW_EVERY_S:
            return
        self._shown = time.monotonic()
        print(f"{state.seconds:.0f} of {state.of:.0f} s: style distance {state.distance:.3f}", file=sys.stderr, flush=True)
        if self._options.preview is not None:
            _write_preview(self._options, self._context, state.weights)


def _write_preview(options: argparse.Namespace, context: Context, weights: dict[str, Tensor]) -> None:
    from restyle.context import Context as SilentContext
    from restyle.filters.learn_style.method import painted_with
    from restyle.learning.lesson_photos import photo_at_hand
    from restyle.pictures.files import save_image
    from restyle.pictures.image import Image

    painted = painted_with(weights, photo_at_hand(), SilentContext(context.device), "")
    try:
        save_image(Image(painted), options.preview)
    except OutputUnwritable as error:  # a preview is not worth the training
        print(error, file=sys.stderr)
