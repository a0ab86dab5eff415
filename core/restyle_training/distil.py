"""Distil an encoder from VGG-19: `python -m restyle_training.distil --photos DIR --paintings DIR --vgg FILE --out FILE`.

Each step shows student and teacher fresh crops and pictures being painted with the student (`replay_buffer`). The student
regresses the teacher's features through its heads and their Gram matrices; now and then it is also asked to agree with the
teacher on the gradient of a style transfer's objective with respect to the picture. The learning rate follows a half cosine to
zero at the end of the budget. Training can be stopped at any moment and goes on from its checkpoint exactly as it would have.
"""

from __future__ import annotations

import argparse
import logging
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch

from restyle.host.device import pick_device
from restyle.learning.crops import picture_paths, plain_crop
from restyle_training.distillation import RECIPES, Distillation, Recipe
from restyle_training.loop import add_options, run
from restyle_training.replay_buffer import ReplayBuffer
from restyle_training.teacher import load_teacher
from restyle_training.training_pictures import crop_batch, load_pictures, split_paths

_log = logging.getLogger(__name__)


def main(arguments: list[str] | None = None, recipe: Recipe | None = None) -> int:
    """Train, or go on training, until the budget is spent or a signal asks to stop; the encoder is exported in either case."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    distillation = build(options, recipe or replace(RECIPES[options.design], seed=options.seed))
    run(distillation, options, distillation.start)
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
    replay = ReplayBuffer(
        recipe.replayed, partial(plain_crop, photos, recipe.size), partial(plain_crop, paintings, recipe.size), generator
    )

    def fresh(count: int, source: torch.Generator) -> torch.Tensor:
        return crop_batch(photos, paintings, count, recipe.size, source)

    return Distillation(teacher, fresh, replay, generator, recipe, device)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m restyle_training.distil", description="Distil an encoder from VGG-19.")
    parser.add_argument("--photos", type=Path, required=True, help="folder of photos")
    parser.add_argument("--paintings", type=Path, required=True, help="folder of paintings")
    parser.add_argument("--vgg", type=Path, required=True, help="VGG-19: .npz of Caffe's arrays or torchvision's state dict")
    parser.add_argument("--teacher", type=Path, help="16x-compressed VGG-19, for the layers that --vgg lacks")
    parser.add_argument("--deep", type=Path, help="folder of VGG-19's layers from conv4_1 in 8 bits, instead of --teacher")
    parser.add_argument("--design", choices=sorted(RECIPES), default="compact", help="which encoder to train")
    add_options(parser, minutes=90)
    return parser


__all__ = ["build", "main"]

if __name__ == "__main__":
    raise SystemExit(main())
