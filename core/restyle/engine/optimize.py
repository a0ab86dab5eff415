"""The coarse-to-fine loop over pixels: gradient descent on a picture, small first, then larger.

Gatys et al. 2016 run L-BFGS at one size. Most of a painting's layout is decided where a step costs a sixteenth of the full
size's, so most steps are taken there; Gatys et al. 2017 (Controlling Perceptual Factors) do the same in two scales.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from restyle.contract.progress import Preview
from restyle.pictures.image import Image
from restyle.pictures.resizing import resized

__all__ = ["QUICK", "STEADY", "Objective", "OptimizerName", "Stage", "StepSchedule", "descend", "plan_stages", "preview_of"]

Objective = Callable[[Tensor], Tensor]
"""Maps a picture (1, 3, H, W) to a loss without dimensions."""

OptimizerName = Literal["adam", "lbfgs"]

SCALE_FACTOR = 2.0  # one octave: what a network layer's pooling spans, so each stage hands on what the next cannot see
COARSEST_PX = 128  # longer side; below, a style's Gram matrices stand on too few positions
ADAM_FINAL_LR_SHARE = 0.2  # a last small step takes the grain out that a constant rate leaves
ADAM_WARM_UP_STEPS = 5  # before Adam has seen some gradients, each pixel takes a full step in the direction of its noise
LOSS_FLOOR = 0.01  # a loss near which a picture counts as found; paintings end between 1 and 10
ADAM_BETAS = (0.9, 0.99)  # the second moment must adapt within a stage of some fifty steps
LBFGS_HISTORY = 10  # as much as helps within a stage; each costs two copies of the picture


@dataclass(frozen=True)
class StepSchedule:
    """How steps are taken.

    Adam's learning rate, of a range of 1; which share of a stage's steps the next finer one takes; and the gradient per pixel,
    times their number, below which a pixel takes no full step (painting begins at about 10 and ends at about 1). L-BFGS finds
    its step by itself.
    """

    learning_rate: float
    finer_share: float
    faintest: float
    optimizer: OptimizerName = "adam"


STEADY = StepSchedule(learning_rate=0.04, finer_share=0.6, faintest=0.01)
"""Settles within the dozens of steps of a stage; finer stages only add detail."""

QUICK = StepSchedule(learning_rate=0.07, finer_share=0.8, faintest=1.0)
"""For a handful of steps at each size, most of which Adam takes while it still warms up.

Of the same number of steps these come nearer to the style. Without the mark for faint gradients each step is as large in
a flat sky as at an edge: pictures of an equal figure are then a photo under a net of worms.
"""


@dataclass(frozen=True)
class Stage:
    """One size of the picture, how many steps are taken at it, and how."""

    height: int
    width: int
    steps: int
    schedule: StepSchedule = STEADY


def preview_of(picture: Tensor) -> Preview:
    """A picture (1, 3, H, W) as it is at this step, for those who want to see it."""
    return lambda: Image(picture.detach().clamp(0, 1).to("cpu", torch.float32))


def plan_stages(height: int, width: int, steps: int, schedule: StepSchedule = STEADY) -> tuple[Stage, ...]:
    """Sizes from coarse to fine up to ``height`` x ``width``; the coarsest takes ``steps``, the finer ones a share each."""
    octaves = max(0, round(math.log(max(height, width) / COARSEST_PX, SCALE_FACTOR)))
    stages = []
    for octave in range(octaves, -1, -1):
        divisor = SCALE_FACTOR**octave
        share = schedule.finer_share ** (octaves - octave)
        size = max(1, round(height / divisor)), max(1, round(width / divisor))
        stages.append(Stage(*size, max(1, round(steps * share)), schedule))
    return tuple(stages)


def descend(
    start: Tensor,
    stages: Sequence[Stage],
    objective_at: Callable[[Stage], Objective],
    on_step: Callable[[int, int, Stage, Tensor], None],
    enlarge: Callable[[Tensor, Stage], Tensor] | None = None,
) -> Tensor:
    """Lower an objective from ``start`` (1, 3, H, W), stage after stage.

    The result has the last stage's size and lies in 0..1. ``on_step(i, of, stage, picture)`` is called before each step, over
    all stages, and once at the end; what it raises ends the loop. ``enlarge(picture, stage)`` brings a picture
    from one stage's size to the next; without it pixels are interpolated.
    """
    total = sum(stage.steps for stage in stages)
    done = 0
    picture = start
    for stage in stages:
        brought = enlarge(picture, stage) if enlarge and done else resized(picture, stage.height, stage.width)
        # L-BFGS takes contiguous memory for granted.
        picture = brought.clamp(0, 1).detach().clone(memory_format=torch.contiguous_format).requires_grad_(True)
        start_at = _lbfgs if stage.schedule.optimizer == "lbfgs" else _adam
        take_step = start_at(picture, stage, objective_at(stage))
        for i in range(stage.steps):
            on_step(done + i, total, stage, picture)
            take_step(i)
        done += stage.steps
        picture = picture.detach()
    on_step(total, total, stages[-1], picture)
    return picture


def _adam(picture: Tensor, stage: Stage, objective: Objective) -> Callable[[int], None]:
    """One step of Adam; pixels stay in range by projection, which L-BFGS's curvature estimate would not survive."""
    schedule = stage.schedule
    adam = torch.optim.Adam([picture], lr=schedule.learning_rate, betas=ADAM_BETAS, eps=schedule.faintest / picture.numel())

    def take_step(i: int) -> None:
        progress = i / max(1, stage.steps - 1)
        decay = ADAM_FINAL_LR_SHARE + (1 - ADAM_FINAL_LR_SHARE) * 0.5 * (1 + math.cos(math.pi * progress))
        adam.param_groups[0]["lr"] = schedule.learning_rate * decay * min(1.0, (i + 1) / ADAM_WARM_UP_STEPS)
        adam.zero_grad(set_to_none=True)
        # Losses fall by orders of magnitude, and Adam's memory of the first gradients would stop the later ones: the
        # logarithm has the same minima and gradients of one size.
        (objective(picture) + LOSS_FLOOR).log().backward()  # type: ignore[no-untyped-call]
        adam.step()
        with torch.no_grad():
            picture.clamp_(0, 1)

    return take_step


def _lbfgs(picture: Tensor, stage: Stage, objective: Objective) -> Callable[[int], None]:
    """One iteration of L-BFGS; its memory lives on between calls."""
    lbfgs = torch.optim.LBFGS([picture], lr=1.0, max_iter=1, history_size=LBFGS_HISTORY, tolerance_grad=0.0, tolerance_change=0.0)

    def closure() -> float:
        lbfgs.zero_grad(set_to_none=True)
        loss = objective(picture)
        loss.backward()  # type: ignore[no-untyped-call]
        return float(loss.detach())

    def take_step(_: int) -> None:
        lbfgs.step(closure)  # type: ignore[no-untyped-call]

    return take_step
