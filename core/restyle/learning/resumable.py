"""Resumable: a training that is stopped at any moment goes on from its checkpoint when it is asked for again."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any, Protocol

from restyle.contract.errors import OutputUnwritable
from restyle.learning.checkpoint import ORIGIN, load_checkpoint, save_checkpoint

__all__ = ["Training", "train_resumably"]

_log = logging.getLogger(__name__)

CHECKPOINT_EVERY_S = 30.0  # a crash loses at most a minute


class Training(Protocol):
    """What is trained: one step at a time, and all that the next step depends on."""

    seconds: float

    def step(self, progress: float) -> None:
        """Take one step, at ``progress`` 0..1 of the whole training."""

    def state_dict(self) -> dict[str, Any]:
        """All that the next step depends on."""

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where ``state_dict`` was taken; LookupError, RuntimeError, TypeError or ValueError for another form."""


def train_resumably(
    training: Training, budget_s: float, checkpoint: Path, origin: str, on_step: Callable[[], None] = lambda: None
) -> None:
    """Train for ``budget_s`` seconds in all, those counted that a ``checkpoint`` of the same ``origin`` has behind it.

    Before each step ``on_step`` is called; what it raises ends the work, and the checkpoint stays for the next time. It stays,
    too, when all is done: whoever has written what was learned drops it. Raises OutputUnwritable.
    """

    def keep() -> None:
        save_checkpoint(checkpoint, {**training.state_dict(), ORIGIN: origin})

    if (kept := load_checkpoint(checkpoint, origin)) is not None:
        _resume(training, kept)
    try:
        _take_steps(training, budget_s, keep, on_step)
    except BaseException:
        # Cancelled, Ctrl-C, or a fault: what was learned until now is kept. A full disk fails here again, and says so.
        keep()
        raise
    with suppress(OutputUnwritable):
        # In case that the model cannot be written; where this cannot, the model, a part of its size, still may.
        keep()


def _resume(training: Training, kept: dict[str, Any]) -> None:
    """Go on from what was kept, or begin anew where that is of another form."""
    anew = deepcopy(training.state_dict())
    try:
        training.load_state_dict(kept)
    except (LookupError, RuntimeError, TypeError, ValueError) as error:
        _log.warning("a checkpoint of another form is not used: %s", error)
        # Parts of it may have been taken.
        training.load_state_dict(anew)


def _take_steps(training: Training, budget_s: float, keep: Callable[[], None], on_step: Callable[[], None]) -> None:
    saved = time.monotonic()
    while training.seconds < budget_s:
        on_step()
        training.step(training.seconds / budget_s)
        if time.monotonic() - saved > CHECKPOINT_EVERY_S:
            keep()
            saved = time.monotonic()
