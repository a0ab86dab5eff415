"""``restyle train-domain FOLDER FOLDER``: learn the way between two worlds of pictures, both ways, for Change the World."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from restyle.cli.settings import given_settings
from restyle.cli.training import TrainingLog, add_training_options, trained
from restyle.contract.catalogue import describe_filter
from restyle.filters.learn_domain import LEARN_A_WORLD, LearnDomainParams

if TYPE_CHECKING:
    from restyle.context import Context
    from restyle.learning.domains import DomainJob, DomainState

__all__ = ["add_command"]

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
    described = [item for item in describe_filter(LEARN_A_WORLD)["params"] if item["name"] not in _PLACED]
    add_training_options(parser, described, _OTHERWISE, "where to write a picture of each folder, there and back")
    parser.set_defaults(run=_train)


def _train(options: argparse.Namespace) -> int:
    from restyle.filters.learn_domain.method import learn_models
    from restyle.learning.domains import shown

    folders = {"first": str(options.first), "second": str(options.second)}
    name = f"{options.first.resolve().name} to {options.second.resolve().name}"
    params = LearnDomainParams.parse({"name": name, **folders, **given_settings(options)})

    def learn(context: Context, log: TrainingLog) -> tuple[Path, Path]:
        def told(job: DomainJob, state: DomainState) -> None:
            message = f"Learning; way back {state.errors.get('cycle', 0.0):.3f}"
            figures = ", ".join(f"{name} {value:.3f}" for name, value in state.errors.items())
            log.tell(state.seconds, state.of, message, figures, lambda: shown(job, state))

        return learn_models(params, context, told, out=options.output)

    return trained(options, learn)
