"""Train the painter of Any Style: `python -m restyle.training.painter --photos DIR --paintings DIR --out FILE`.

The compact encoder that ships is the other half and stays as it is. The learning rate follows a half cosine to zero at the end
of the budget. Training can be stopped at any moment and goes on from its checkpoint.
"""

from __future__ import annotations

import argparse
import logging
from functools import partial
from pathlib import Path

import torch

from restyle.device import DEVICES, PRECISIONS, pick_device
from restyle.networks.encoder import CompactEncoder
from restyle.training.apprenticeship import Apprenticeship, Recipe
from restyle.training.data import Pictures, load_pictures, picture_paths, plain_crop, recolour
from restyle.training.loop import resume, stop_on_signal, train
from restyle.weights.store import Store

_log = logging.getLogger(__name__)

RECOLOURED_SHARE = 0.3  # of the paintings: a few dozen have few palettes


def main(arguments: list[str] | None = None, recipe: Recipe | None = None) -> int:
    """Train, or go on training, until the budget is spent or a signal asks to stop; the painter is written in either case."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    training = build(options, recipe or Recipe(seed=options.seed))
    checkpoint = options.out.with_suffix(".checkpoint")
    if options.resume:
        resume(training, checkpoint)

    def progress() -> float:
        done, of = (training.steps, options.steps) if options.steps else (training.seconds, 60 * options.budget_minutes)
        return float(done / of)

    with stop_on_signal() as stop:
        train(training, checkpoint, options.out, progress, stop)
    return 0


def build(options: argparse.Namespace, recipe: Recipe) -> Apprenticeship:
    """Read pictures and the encoder and set up a training from its first step."""
    device = pick_device(options.device, options.precision)
    folders = (options.photos, options.paintings)
    paths = [[path for path in picture_paths(folder) if path.stem not in options.hold_back] for folder in folders]
    photos, paintings = (load_pictures(found, recipe.size) for found in paths)
    _log.info("%d photos, %d paintings, %s %s", len(photos), len(paintings), device.name, device.precision)
    encoder = CompactEncoder.from_file(options.encoder or Store().path("compact-encoder"), padding="reflect")
    generator = torch.Generator().manual_seed(recipe.seed)
    return Apprenticeship(
        encoder,
        partial(_photos, photos, recipe.size),
        partial(_styles, paintings, recipe.size),
        generator,
        recipe,
        device,
    )


def _photos(pictures: Pictures, size: int, count: int, generator: torch.Generator) -> torch.Tensor:
    return torch.stack([plain_crop(pictures, size, generator) for _ in range(count)])


def _styles(paintings: Pictures, size: int, count: int, generator: torch.Generator) -> torch.Tensor:
    crops = []
    for _ in range(count):
        crop = plain_crop(paintings, size, generator)
        crops.append(recolour(crop, generator) if float(torch.rand((), generator=generator)) < RECOLOURED_SHARE else crop)
    return torch.stack(crops)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m restyle.training.painter", description="Train the painter of Any Style.")
    parser.add_argument("--photos", type=Path, required=True, help="folder of photos")
    parser.add_argument("--paintings", type=Path, required=True, help="folder of paintings")
    parser.add_argument("--hold-back", nargs="*", default=[], metavar="NAME", help="pictures not to train on, without suffix")
    parser.add_argument("--encoder", type=Path, help="compact encoder; the one that ships if not given")
    parser.add_argument("--out", type=Path, required=True, help="painter to write (.safetensors); its checkpoint lies beside it")
    parser.add_argument("--budget-minutes", type=float, default=60, help="time spent in steps, resumed time included")
    parser.add_argument("--steps", type=int, help="number of steps, instead of a time")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint where there is one")
    parser.add_argument("--device", choices=DEVICES, default="auto", help="where to train")
    parser.add_argument("--precision", choices=PRECISIONS, default="auto", help="in what precision networks compute")
    parser.add_argument("--seed", type=int, default=0, help="of pictures and weights")
    return parser


__all__ = ["build", "main"]

if __name__ == "__main__":
    raise SystemExit(main())
