"""The learning rate over a training: a short rise, then half a cosine to zero (Loshchilov and Hutter 2017)."""

from __future__ import annotations

import math

__all__ = ["half_cosine"]

FIRST_STEP = 1e-3  # of the training: the very first step is small, and not nothing


def half_cosine(progress: float, warmup: float) -> float:
    """The rate's factor at ``progress`` 0..1 of the training, of which ``warmup`` is the rise."""
    return min(1.0, (progress + FIRST_STEP) / warmup) * 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))
