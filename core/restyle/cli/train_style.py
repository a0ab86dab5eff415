"""``restyle train-style PICTURE``: learn a style, make a model of Fast Style of it; the same command goes on after a stop."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from restyle.errors import Cancelled, OutputUnwritable

if TYPE_CHECKING:
    from torch import Tensor

    from restyle.context import Context
    from restyle.training.lesson import LessonState

__all__ = ["add_command"]

PREVIEW_EVERY_S = 20.0


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser("train-style", help="make a Fast Style out of a picture; goes on where it was stopped")
    parser.add_argument("picture", type=Path, help="the picture whose style is learned")
    parser.add_argument(
        "--photos", type=Path, metavar="DIR", help="a folder of photos to learn on; four in the box serve without"
    )
    parser.add_argument("-o", "--output", type=Path, metavar="MODEL", help="model to write; Fast Style's list without")
    parser.add_argument("--name", help="what the style is called; the picture's name without")
    parser.add_argument("--minutes", type=float, default=8.0, help="how long to learn (8)")
    parser.add_argument("--style-strength", type=float, default=50.0, help="0 to 100 (50): how strong the style is")
    parser.add_argument("--style-scale", type=float, default=1.0, help="size of the strokes (1)")
    parser.add_argument("--features", choices=["compact", "vgg19"], default="compact", help="what describes style and content")
    parser.add_argument("--preview", type=Path, metavar="PICTURE", help="where to write a photo as painted so far, now and then")
    parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda", "mps", "xpu"])
    parser.set_defaults(run=_train)


def _train(options: argparse.Namespace) -> int:
    from restyle.cli.apply_filter import progress_bar
    from restyle.context import Context
    from restyle.device import pick_device
    from restyle.files import open_image
    from restyle.filters.learn_style import LearnStyleParams
    from restyle.filters.learn_style.method import lesson_of, load_teacher, model_file, shipped_state
    from restyle.progress import CallbackProgress
    from restyle.training.lesson import learn
    from restyle.training.lesson_photos import lesson_photos

    name = options.name or options.picture.stem
    names = ("minutes", "style_strength", "style_scale", "features")
    params = LearnStyleParams.parse({"name": name, **{key: getattr(options, key) for key in names}})
    with progress_bar() as on_report:
        context = Context(pick_device(options.device), CallbackProgress(on_report))
        out = options.output or model_file(context.store.folder, name)
        lesson = lesson_of(open_image(options.picture)[0].pixels, out, params)
        photo = lesson_photos(options.photos, None, lesson.recipe.size)
        report = _Report(options, context)
        try:
            learn(lesson, photo, load_teacher(params.features, context), shipped_state(context), out, context.device, report)
        except (KeyboardInterrupt, Cancelled):
            print("Stopped; the same command goes on from here.", file=sys.stderr)
            return 130
    print(out)
    return 0


class _Report:
    """A progress bar, a line in a log, and the picture asked for."""

    def __init__(self, options: argparse.Namespace, context: Context) -> None:
        self._options, self._context, self._shown = options, context, time.monotonic()

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
    from restyle.files import save_image
    from restyle.filters.learn_style.method import painted_with
    from restyle.image import Image
    from restyle.training.lesson_photos import photo_at_hand

    painted = painted_with(weights, photo_at_hand(), SilentContext(context.device), "")
    try:
        save_image(Image(painted), options.preview)
    except OutputUnwritable as error:  # a preview is not worth the training
        print(error, file=sys.stderr)
