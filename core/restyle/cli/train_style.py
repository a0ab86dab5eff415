"""``restyle train-style PICTURE``: learn a style, make a model of Fast Style of it; the same command goes on after a stop."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from restyle.cli.settings import add_settings, given_settings
from restyle.contract.catalogue import describe_filter
from restyle.contract.errors import Cancelled, OutputUnwritable
from restyle.filters.learn_style import LEARN_A_STYLE, LearnStyleParams

if TYPE_CHECKING:
    from torch import Tensor

    from restyle.context import Context
    from restyle.learning.fine_tuning import FineTuningState

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
    from restyle.filters.learn_style.method import learn_model
    from restyle.host.device import pick_device
    from restyle.pictures.files import open_image
    from restyle.pictures.transparency import as_seen

    params = LearnStyleParams.parse({"name": options.picture.stem, **given_settings(options)})
    with progress_bar() as on_report:
        progress = CallbackProgress(on_report)
        context = Context(pick_device(options.device), progress)
        picture = as_seen(open_image(options.picture)[0]).clamp(0, 1)
        try:
            learned = learn_model(picture, params, context, _Log(options.preview, context), out=options.output)
        except (KeyboardInterrupt, Cancelled):
            print("Stopped; the same command goes on from here.", file=sys.stderr)
            return 130
    for note in progress.notes:
        print(note, file=sys.stderr)
    print(learned.path)
    return 0


class _Log:
    """A progress bar, a line now and then, and the picture asked for."""

    def __init__(self, preview: Path | None, context: Context) -> None:
        self._preview, self._context, self._shown = preview, context, time.monotonic()

    def __call__(self, state: FineTuningState) -> None:
        message = f"Learning; style distance {state.distance:.2f}"
        self._context.progress.step(round(state.seconds), of=round(state.of) + 1, message=message)
        if time.monotonic() - self._shown < PREVIEW_EVERY_S:
            return
        self._shown = time.monotonic()
        print(f"{state.seconds:.0f} of {state.of:.0f} s: style distance {state.distance:.3f}", file=sys.stderr, flush=True)
        if self._preview is not None:
            _write_preview(self._preview, state.weights, self._context)


def _write_preview(path: Path, weights: dict[str, Tensor], context: Context) -> None:
    from restyle.contract.progress import SilentProgress
    from restyle.filters.learn_style.method import painted_with
    from restyle.learning.photos import photo_at_hand
    from restyle.pictures.files import save_image
    from restyle.pictures.image import Image

    painted = painted_with(weights, photo_at_hand(), replace(context, progress=SilentProgress()))
    try:
        save_image(Image(painted), path)
    except OutputUnwritable as error:  # a preview is not worth the training
        print(error, file=sys.stderr)
