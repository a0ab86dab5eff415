"""Distil an encoder from VGG-19: `python -m restyle_training.distil --photos DIR --paintings DIR --vgg FILE --out FILE`.

Each step shows student and teacher fresh crops and pictures being painted with the student (`easel`). The student regresses the
teacher's features through its heads and their Gram matrices; now and then it is also asked to agree with the teacher on the
gradient of a style transfer's objective with respect to the picture. The learning rate follows a half cosine to zero at the
end of the budget. Training can be stopped at any moment and goes on from its checkpoint exactly as it would have.
"""

from __future__ import annotations

import argparse
import logging
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch

from restyle.host.device import DEVICES, PRECISIONS, pick_device
from restyle.learning.crops import picture_paths, plain_crop
from restyle_training.distillation import RECIPES, Distillation, Recipe
from restyle_training.easel import Easel
from restyle_training.teacher import load_teacher
from restyle_training.training_pictures import crop_batch, load_pictures, split_paths

_log = logging.getLogger(__name__)

CHECKPOINT_EVERY_S = 120
LOG_EVERY = 50  # steps
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def main(arguments: list[str] | None = None, recipe: Recipe | None = None) -> int:
    """Train, or go on training, until the budget is spent or a signal asks to stop; the encoder is exported in either case."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    distillation = build(options, recipe or replace(RECIPES[options.design], seed=options.seed))
    checkpoint = options.out.with_suffix(".checkpoint")
    if options.resume and checkpoint.exists():
        distillation.load_state_dict(torch.load(checkpoint, map_location="cpu", weights_only=True))
    else:
        distillation.start()
    progress = partial(_progress, distillation, options.budget_minutes, options.steps)
    with _stop_on_signal() as stop:
        train(distillation, checkpoint, options.out, progress, stop)
    return 0


def build(options: argparse.Namespace, recipe: Recipe) -> Distillation:
    """Read pictures and teachers and set up a training from its first step."""
    device = pick_device(options.device, options.precision)
    photos, paintings = (
        load_pictures(split_paths(picture_paths(folder))[0], recipe.size) for folder in (options.photos, options.paintings)
    )
    _log.info("%d photos, %d paintings, %s %s", len(photos), len(paintings), device.name, device.precision)
    teacher = load_teacher(options.vgg, options.teacher, device.torch_device, device.precision, options.deep)
    generator = torch.Generator().manual_seed(recipe.seed)
    easel = Easel(recipe.easel, partial(plain_crop, photos, recipe.size), partial(plain_crop, paintings, recipe.size), generator)

    def fresh(count: int, source: torch.Generator) -> torch.Tensor:
        return crop_batch(photos, paintings, count, recipe.size, source)

    return Distillation(teacher, fresh, easel, generator, recipe, device)


def train(
    distillation: Distillation, checkpoint: Path, out: Path, progress: Callable[[], float], stop: Callable[[], bool]
) -> None:
    """Step until `progress` reaches 1 or `stop` says so; write checkpoint and encoder now and then, and at the end."""
    saved = time.monotonic()
    while progress() < 1 and not stop():
        distillation.step(progress())
        if distillation.steps % LOG_EVERY == 0:
            _report(distillation)
        if time.monotonic() - saved > CHECKPOINT_EVERY_S:
            _save(distillation, checkpoint, out)
            saved = time.monotonic()
    _save(distillation, checkpoint, out)


def _save(distillation: Distillation, checkpoint: Path, out: Path) -> None:
    part = checkpoint.with_name(checkpoint.name + ".part")
    torch.save(distillation.state_dict(), part)
    part.replace(checkpoint)
    distillation.export(out)


def _progress(distillation: Distillation, budget_minutes: float, steps: int | None) -> float:
    if steps is not None:
        return distillation.steps / steps
    return distillation.seconds / (60 * budget_minutes)


def _report(distillation: Distillation) -> None:
    errors = ", ".join(f"{name} {value:.4f}" for name, value in sorted(distillation.errors.items()))
    _log.info("step %d after %.0f s: %s", distillation.steps, distillation.seconds, errors)


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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m restyle_training.distil", description="Distil an encoder from VGG-19.")
    parser.add_argument("--photos", type=Path, required=True, help="folder of photos")
    parser.add_argument("--paintings", type=Path, required=True, help="folder of paintings")
    parser.add_argument("--vgg", type=Path, required=True, help="VGG-19: .npz of Caffe's arrays or torchvision's state dict")
    parser.add_argument("--teacher", type=Path, help="16x-compressed VGG-19, for the layers that --vgg lacks")
    parser.add_argument("--deep", type=Path, help="folder of VGG-19's layers from conv4_1 in 8 bits, instead of --teacher")
    parser.add_argument("--design", choices=sorted(RECIPES), default="compact", help="which encoder to train")
    parser.add_argument("--out", type=Path, required=True, help="encoder to write (.safetensors); its checkpoint lies beside it")
    parser.add_argument("--budget-minutes", type=float, default=90, help="time spent in steps, resumed time included")
    parser.add_argument("--steps", type=int, help="number of steps, instead of a time")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint where there is one")
    parser.add_argument("--device", choices=DEVICES, default="auto", help="where to train")
    parser.add_argument("--precision", choices=PRECISIONS, default="auto", help="in what precision networks compute")
    parser.add_argument("--seed", type=int, default=0, help="of pictures and weights")
    return parser


__all__ = ["build", "main", "train"]

if __name__ == "__main__":
    raise SystemExit(main())
