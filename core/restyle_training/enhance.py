"""Train the enhancer: `python -m restyle_training.enhance --photos DIR --vgg FILE --out FILE`.

With `--pairs DIR` instead of `--photos` it trains DPED's own generator on aligned pairs (`phone/NAME` and `camera/NAME` under the
folder), as the paper does. Training can be stopped at any moment and goes on from its checkpoint; on a CPU, exactly as it would
have.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from restyle.host.device import pick_device
from restyle_training.enhancement import Enhancement, Recipe
from restyle_training.good_photos import load_good_photos
from restyle_training.loop import add_options, run
from restyle_training.paired import PairedRecipe, PairedTraining, load_pairs
from restyle_training.teacher import load_teacher

__all__ = ["build", "main"]

_log = logging.getLogger(__name__)

LOADED_PX = 96  # shortest side down to which smaller levels of photos are kept: half more than the judge sees


def main(arguments: list[str] | None = None) -> int:
    """Train, or go on training, until the budget is spent or a signal asks to stop; the network is exported in either case."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    training = build(options)
    run(training, options)
    return 0


def build(
    options: argparse.Namespace, recipe: Recipe | None = None, paired: PairedRecipe | None = None
) -> Enhancement | PairedTraining:
    """Read pictures and teacher and set up a training from its first step."""
    device = pick_device(options.device, options.precision)
    teacher = load_teacher(options.vgg, None, device.torch_device, device.precision)
    if options.pairs is not None:
        pairs = load_pairs(options.pairs)
        _log.info("%d pairs, %s %s", len(pairs), device.name, device.precision)
        return PairedTraining(teacher, pairs, paired or PairedRecipe(seed=options.seed), device)
    photos = load_good_photos(options.photos, LOADED_PX)
    _log.info("%d photos, %s %s", len(photos), device.name, device.precision)
    return Enhancement(teacher, photos, recipe or Recipe(seed=options.seed), device)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m restyle_training.enhance", description="Train the enhancer, or DPED's generator."
    )
    pictures = parser.add_mutually_exclusive_group(required=True)
    pictures.add_argument("--photos", type=Path, help="folder of good photos, of which a camera model makes phone photos")
    pictures.add_argument("--pairs", type=Path, help="folder with phone/ and camera/: aligned pairs of equal names and sizes")
    parser.add_argument("--vgg", type=Path, required=True, help="VGG-19: .npz of Caffe's arrays or torchvision's state dict")
    add_options(parser, minutes=60)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
