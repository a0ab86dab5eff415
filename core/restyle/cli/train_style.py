"""``restyle train-style PICTURE``: learn a style, make a model of Fast Style of it; the same command goes on after a stop."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from restyle.cli.settings import given_settings
from restyle.cli.training import TrainingLog, add_training_options, trained
from restyle.contract.catalogue import describe_filter
from restyle.filters.learn_style import LEARN_A_STYLE, LearnStyleParams

if TYPE_CHECKING:
    from restyle.context import Context
    from restyle.learning.fine_tuning import FineTuningState

__all__ = ["add_command"]

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
    described = describe_filter(LEARN_A_STYLE)["params"]
    add_training_options(parser, described, _OTHERWISE, "where to write a photo as painted so far, now and then")
    parser.set_defaults(run=_train)


def _train(options: argparse.Namespace) -> int:
    from restyle.contract.progress import SilentProgress
    from restyle.filters.learn_style.method import learn_model, painted_with
    from restyle.learning.photos import photo_at_hand
    from restyle.pictures.files import open_image
    from restyle.pictures.transparency import as_seen

    params = LearnStyleParams.parse({"name": options.picture.stem, **given_settings(options)})

    def learn(context: Context, log: TrainingLog) -> tuple[Path]:
        silent = replace(context, progress=SilentProgress())

        def told(state: FineTuningState) -> None:
            message, figures = f"Learning; style distance {state.distance:.2f}", f"style distance {state.distance:.3f}"
            log.tell(state.seconds, state.of, message, figures, lambda: painted_with(state.weights, photo_at_hand(), silent))

        picture = as_seen(open_image(options.picture)[0]).clamp(0, 1)
        return (learn_model(picture, params, context, told, out=options.output).path,)

    return trained(options, learn)
