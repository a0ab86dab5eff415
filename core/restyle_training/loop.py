"""The loop of a training: steps until a budget is spent or somebody asks to stop, checkpoints on the way."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import torch

__all__ = ["Trainable", "resume", "stop_on_signal", "train"]

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


def resume(training: Trainable, checkpoint: Path) -> None:
    """Go on from the checkpoint where there is one, on whatever device it was written."""
    if checkpoint.exists():
        training.load_state_dict(torch.load(checkpoint, map_location="cpu", weights_only=True))


@contextmanager
def stop_on_signal() -> Iterator[Callable[[], bool]]:
    """Let SIGTERM and Ctrl-C end the training after the step they arrive in."""
    received: list[int] = []
    before = {number: signal.signal(number, lambda signum, _frame: received.append(signum)) for number in STOP_SIGNALS}
    try:
        yield lambda: bool(received)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _save(training: Trainable, checkpoint: Path, out: Path) -> None:
    part = checkpoint.with_name(checkpoint.name + ".part")
    torch.save(training.state_dict(), part)
    part.replace(checkpoint)
    training.export(out)
