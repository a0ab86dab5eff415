"""Averages over the steps of a training: of the weights, which are what is exported, and of the errors, which are logged."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

__all__ = ["follow", "note"]

DECAY = 0.998  # of the weights: about the last 500 steps
NOTED_SHARE = 0.02  # of a new error


@torch.no_grad()
def follow(average: Mapping[str, Tensor], network: nn.Module, steps: int) -> None:
    """Move the average of a network's ``state_dict``, in place, towards what it is after ``steps`` steps and one more."""
    # A young average forgets faster, so that the random start does not linger.
    decay = min(DECAY, (1 + steps) / (10 + steps))
    for name, tensor in network.state_dict().items():
        average[name].lerp_(tensor, 1 - decay)


def note(errors: dict[str, float], numbers: Mapping[str, float]) -> None:
    """Take new errors into their running means, by name."""
    for name, number in numbers.items():
        errors[name] = (1 - NOTED_SHARE) * errors.get(name, number) + NOTED_SHARE * number
