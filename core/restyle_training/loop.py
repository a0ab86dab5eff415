"""The loop of a training: steps until a budget is spent or somebody asks to stop, checkpoints on the way; and its options."""

from __future__ import annotations

import argparse
import logging
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import torch

from restyle.host.preferences import DEVICES, PRECISIONS
from restyle.host.replacing import replacing

__all__ = ["Trainable", "add_options", "run", "train"]

_log = logging.getLogger(__name__)

CHECKPOINT_EVERY_S = 180
LOG_EVERY = 50  # steps
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Trainable(Protocol):
    """A training in progress, as the loop sees it."""

    steps: int
    seconds: float

    @property
    def errors(self) -> Mapping[str, float]:
        """Running means of what is being lowered, by name."""

    def step(self, progress: float) -> None:
        """Take one step, at `progress` 0..1 of the whole training."""

    def state_dict(self) -> dict[str, Any]:
        """Return all that the next step depends on."""

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was taken."""

    def export(self, path: Path) -> None:
        """Write what has been learned so far."""


def train(training: Trainable, checkpoint: Path, out: Path, progress: Callable[[], float], stop: Callable[[], bool]) -> None:
    """Step until `progress` reaches 1 or `stop` says so; write checkpoint and result now and then, and at the end."""
    saved = time.monotonic()
    while progress() < 1 and not stop():
        training.step(progress())
        if training.steps % LOG_EVERY == 0:
            errors = ", ".join(f"{name} {value:.4f}" for name, value in sorted(training.errors.items()))
            _log.info("step %d after %.0f s: %s", training.steps, training.seconds, errors)
        if time.monotonic() - saved > CHECKPOINT_EVERY_S:
            _save(training, checkpoint, out)
            saved = time.monotonic()
    _save(training, checkpoint, out)


def add_options(parser: argparse.ArgumentParser, minutes: float) -> None:
    """Add what every training asks on its command line; ``run`` goes by them."""
    parser.add_argument("--out", type=Path, required=True, help="network to write (.safetensors); its checkpoint lies beside it")
    parser.add_argument("--budget-minutes", type=float, default=minutes, help="time spent in steps, resumed time included")
    parser.add_argument("--steps", type=int, help="number of steps, instead of a time")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint where there is one")
    parser.add_argument("--device", choices=DEVICES, default="auto", help="where to train")
    parser.add_argument("--precision", choices=PRECISIONS, default="auto", help="in what precision networks compute")
    parser.add_argument("--seed", type=int, default=0, help="of pictures and weights")


def run(training: Trainable, options: argparse.Namespace, begin: Callable[[], None] = lambda: None) -> None:
    """Train, or go on training, until the budget is spent or a signal asks to stop; the network is written in either case.

    ``begin`` is called where there is no checkpoint to go on from.
    """
    checkpoint = options.out.with_suffix(".checkpoint")
    if options.resume and checkpoint.exists():
        # Whatever device it was written on.
        training.load_state_dict(torch.load(checkpoint, map_location="cpu", weights_only=True))
    else:
        begin()

    def progress() -> float:
        if options.steps is not None:
            return float(training.steps / options.steps)
        return float(training.seconds / (60 * options.budget_minutes))

    with _stop_on_signal() as stop:
        train(training, checkpoint, options.out, progress, stop)


@contextmanager
def _stop_on_signal() -> Iterator[Callable[[], bool]]:
    """Let SIGTERM and Ctrl-C end the training after the step they arrive in."""
    received: list[int] = []
    before = {number: signal.signal(number, lambda signum, _frame: received.append(signum)) for number in STOP_SIGNALS}
    try:
        yield lambda: bool(received)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _save(training: Trainable, checkpoint: Path, out: Path) -> None:
    with replacing(checkpoint) as part:
        torch.save(training.state_dict(), part)
    training.export(out)
