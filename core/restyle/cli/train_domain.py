"""``restyle train-domain FOLDER FOLDER``: learn the way between two worlds of pictures, both ways, for Change the World."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from restyle.contract.errors import Cancelled, InvalidParameter, OutputUnwritable

if TYPE_CHECKING:
    from restyle.context import Context
    from restyle.learning.domains import DomainJob, DomainState

__all__ = ["add_command"]

PREVIEW_EVERY_S = 20.0
MINUTES, MOST_MINUTES = 10.0, 10_000.0
LEAST_MINUTES = 0.01


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
    parser.add_argument("--name", default="", help="what it is called in the list [the folders' names]")
    parser.add_argument("--minutes", type=float, default=MINUTES, help=f"how long to learn [{MINUTES:g}]")
    parser.add_argument("--seed", type=int, default=0, help="of the order of the pictures, and of the networks' beginning [0]")
    parser.add_argument(
        "--generator",
        choices=["automatic", "small", "full"],
        default="automatic",
        help="the small one learns colours, light and fine texture in minutes on a CPU; the paper's wants a GPU and hours",
    )
    parser.add_argument("--preview", type=Path, metavar="PICTURE", help="where to write a picture of each folder, there and back")
    parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda", "mps", "xpu"])
    parser.set_defaults(run=_train)


def _train(options: argparse.Namespace) -> int:
    from restyle.cli.apply_filter import progress_bar
    from restyle.context import Context
    from restyle.contract.progress import CallbackProgress
    from restyle.host.device import pick_device
    from restyle.learning.domain_training import FULL_RECIPE, SMALL_RECIPE
    from restyle.learning.domains import DomainJob, learn_domains, recipe_for, reduced
    from restyle.learning.photos import photos_in
    from restyle.learning.style_training import fit_for_training
    from restyle.models.entries import DOMAINS_FOLDER
    from restyle.models.store import Store

    if not LEAST_MINUTES <= options.minutes <= MOST_MINUTES:
        raise InvalidParameter("minutes", f"it is between {LEAST_MINUTES:g} and {MOST_MINUTES:g}")
    with progress_bar() as on_report:
        progress = CallbackProgress(on_report)
        context = Context(fit_for_training(pick_device(options.device)), progress)
        recipe = recipe_for(context.device, options.seed)
        if options.generator != "automatic":
            recipe = replace(FULL_RECIPE if options.generator == "full" else SMALL_RECIPE, seed=options.seed)

        def tick(message: str) -> None:
            progress.step(0, of=1, message=message)

        first, second = (reduced(photos_in(folder, tick, progress.note), recipe) for folder in (options.first, options.second))
        title = options.name.strip() or f"{options.first.resolve().name} to {options.second.resolve().name}"
        out = options.output or Store().folder / DOMAINS_FOLDER / f"{_stem(title)}.safetensors"
        job = DomainJob(first, second, title, options.minutes, recipe)
        try:
            made = learn_domains(job, out, context.device, _Log(options.preview, job, context))
        except (KeyboardInterrupt, Cancelled):
            print("Stopped; the same command goes on from here.", file=sys.stderr)
            return 130
    for note in progress.notes:
        print(note, file=sys.stderr)
    for path in made:
        print(path)
    return 0


def _stem(title: str) -> str:
    plain = "-".join("".join(letter if letter.isalnum() else " " for letter in title.lower()).split())
    if not plain:
        raise InvalidParameter("name", "it has neither letters nor digits")
    return plain


class _Log:
    """A progress bar, a line now and then, and the picture asked for."""

    def __init__(self, preview: Path | None, job: DomainJob, context: Context) -> None:
        self._preview, self._job, self._context, self._shown = preview, job, context, time.monotonic()

    def __call__(self, state: DomainState) -> None:
        cycle = state.errors.get("cycle", 0.0)
        self._context.progress.step(round(state.seconds), of=round(state.of) + 1, message=f"Learning; way back {cycle:.3f}")
        if time.monotonic() - self._shown < PREVIEW_EVERY_S:
            return
        self._shown = time.monotonic()
        figures = ", ".join(f"{name} {value:.3f}" for name, value in state.errors.items())
        print(f"{state.seconds:.0f} of {state.of:.0f} s: {figures}", file=sys.stderr, flush=True)
        if self._preview is not None:
            self._write(self._preview, state)

    def _write(self, path: Path, state: DomainState) -> None:
        from restyle.learning.domains import shown
        from restyle.pictures.files import save_image
        from restyle.pictures.image import Image

        try:
            save_image(Image(shown(self._job, state)), path)
        except OutputUnwritable as error:  # a preview is not worth the training
            print(error, file=sys.stderr)
