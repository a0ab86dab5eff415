"""``restyle train-domain FOLDER FOLDER``: learn the way between two worlds of pictures, both ways, for Change the World."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from restyle.cli.settings import add_settings, given_settings
from restyle.contract.catalogue import describe_filter
from restyle.contract.errors import Cancelled, OutputUnwritable
from restyle.filters.learn_domain import LEARN_A_WORLD, LearnDomainParams

if TYPE_CHECKING:
    from restyle.context import Context
    from restyle.learning.domains import DomainJob, DomainState

__all__ = ["add_command"]

PREVIEW_EVERY_S = 20.0

_PLACED = ("first", "second")
_OTHERWISE = {"name": {"default": "the folders' names"}}
"""What is otherwise than in the filter: folders have their places, and names."""


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "train-domain", help="learn the way between two folders of pictures; goes on where it was stopped"
    )
    parser.add_argument("first", type=Path, metavar="FOLDER_A", help="pictures as they are, of which none needs a partner")
    parser.add_argument("second", type=Path, metavar="FOLDER_B", help="pictures as they shall become")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="MODEL", help="model to write, and MODEL-back beside it; the list of worlds without"
    )
    described = describe_filter(LEARN_A_WORLD)["params"]
    add_settings(parser, ({**item, **_OTHERWISE.get(item["name"], {})} for item in described if item["name"] not in _PLACED))
    parser.add_argument("--preview", type=Path, metavar="PICTURE", help="where to write a picture of each folder, there and back")
    parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda", "mps", "xpu"])
    parser.set_defaults(run=_train)


def _train(options: argparse.Namespace) -> int:
    from restyle.cli.apply_filter import progress_bar
    from restyle.context import Context
    from restyle.contract.progress import CallbackProgress
    from restyle.filters.learn_domain.method import learn_models
    from restyle.host.device import pick_device

    folders = {"first": str(options.first), "second": str(options.second)}
    name = f"{options.first.resolve().name} to {options.second.resolve().name}"
    params = LearnDomainParams.parse({"name": name, **folders, **given_settings(options)})
    with progress_bar() as on_report:
        progress = CallbackProgress(on_report)
        context = Context(pick_device(options.device), progress)
        try:
            made = learn_models(params, context, _Log(options.preview, context), out=options.output)
        except (KeyboardInterrupt, Cancelled):
            print("Stopped; the same command goes on from here.", file=sys.stderr)
            return 130
    for note in progress.notes:
        print(note, file=sys.stderr)
    for path in made:
        print(path)
    return 0


class _Log:
    """A progress bar, a line now and then, and the picture asked for."""

    def __init__(self, preview: Path | None, context: Context) -> None:
        self._preview, self._context, self._shown = preview, context, time.monotonic()

    def __call__(self, job: DomainJob, state: DomainState) -> None:
        cycle = state.errors.get("cycle", 0.0)
        self._context.progress.step(round(state.seconds), of=round(state.of) + 1, message=f"Learning; way back {cycle:.3f}")
        if time.monotonic() - self._shown < PREVIEW_EVERY_S:
            return
        self._shown = time.monotonic()
        figures = ", ".join(f"{name} {value:.3f}" for name, value in state.errors.items())
        print(f"{state.seconds:.0f} of {state.of:.0f} s: {figures}", file=sys.stderr, flush=True)
        if self._preview is not None:
            _write_preview(self._preview, job, state)


def _write_preview(path: Path, job: DomainJob, state: DomainState) -> None:
    from restyle.learning.domains import shown
    from restyle.pictures.files import save_image
    from restyle.pictures.image import Image

    try:
        save_image(Image(shown(job, state)), path)
    except OutputUnwritable as error:  # a preview is not worth the training
        print(error, file=sys.stderr)
