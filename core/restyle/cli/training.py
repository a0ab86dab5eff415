"""What the commands that train have in common: options, a bar with a line now and then, and a stop after which they go on."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from restyle.cli.settings import add_settings
from restyle.cli.status import INTERRUPTED
from restyle.contract.errors import Cancelled, OutputUnwritable
from restyle.host.preferences import DEVICES

if TYPE_CHECKING:
    from torch import Tensor

    from restyle.context import Context

__all__ = ["TrainingLog", "add_training_options", "trained"]

PREVIEW_EVERY_S = 20.0


class TrainingLog:
    """A progress bar, a line now and then, and the picture that ``preview`` asks for."""

    def __init__(self, preview: Path | None, context: Context) -> None:
        self._preview, self._context, self._shown = preview, context, time.monotonic()

    def tell(self, seconds: float, of: float, message: str, figures: str, shown: Callable[[], Tensor]) -> None:
        """Say how far it is: ``message`` beside the bar, ``figures`` in a line, ``shown`` (1, 3, H, W) in 0..1 in the picture."""
        self._context.progress.step(round(seconds), of=round(of) + 1, message=message)
        if time.monotonic() - self._shown < PREVIEW_EVERY_S:
            return
        self._shown = time.monotonic()
        print(f"{seconds:.0f} of {of:.0f} s: {figures}", file=sys.stderr, flush=True)
        if self._preview is not None:
            _write_preview(self._preview, shown())


def add_training_options(
    parser: argparse.ArgumentParser,
    described: Iterable[Mapping[str, Any]],
    otherwise: Mapping[str, Mapping[str, Any]],
    preview: str,
) -> None:
    """Add the filter's settings, with what is ``otherwise`` in the command by name, ``--preview`` and ``--device``."""
    add_settings(parser, ({**item, **otherwise.get(item["name"], {})} for item in described))
    parser.add_argument("--preview", type=Path, metavar="PICTURE", help=preview)
    parser.add_argument("--device", default="auto", choices=DEVICES)


def trained(options: argparse.Namespace, learn: Callable[[Context, TrainingLog], Iterable[Path]]) -> int:
    """Print the paths of what ``learn`` makes, and the notes; INTERRUPTED where it is stopped."""
    from restyle.cli.apply_filter import progress_bar
    from restyle.context import Context
    from restyle.contract.progress import CallbackProgress
    from restyle.host.device import pick_device

    with progress_bar() as on_report:
        progress = CallbackProgress(on_report)
        context = Context(pick_device(options.device), progress)
        try:
            made = learn(context, TrainingLog(options.preview, context))
        except (KeyboardInterrupt, Cancelled):
            print("Stopped; the same command goes on from here.", file=sys.stderr)
            return INTERRUPTED
    for note in progress.notes:
        print(note, file=sys.stderr)
    for path in made:
        print(path)
    return 0


def _write_preview(path: Path, picture: Tensor) -> None:
    from restyle.pictures.files import save_image
    from restyle.pictures.image import Image

    try:
        save_image(Image(picture), path)
    except OutputUnwritable as error:  # a preview is not worth the training
        print(error, file=sys.stderr)
