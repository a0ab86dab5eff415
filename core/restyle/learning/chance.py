"""Chance: numbers drawn from a generator of one's own, so that a stopped training goes on as it would have."""

from __future__ import annotations

import torch

__all__ = ["below", "uniform"]


def uniform(generator: torch.Generator) -> float:
    """A number in 0..1."""
    return float(torch.rand((), generator=generator))


def below(limit: int, generator: torch.Generator) -> int:
    """A whole number from 0 on, less than ``limit``."""
    return int(torch.randint(limit, (), generator=generator))
