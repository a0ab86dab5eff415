"""Train the network of shipped styles: `python -m restyle_training.style_network --photos DIR --paintings DIR --out FILE`.

One network learns all of `shipped_styles` at once; each picture of a batch is painted in another style. The learning rate
follows a half cosine to zero at the end of the budget. Training can be stopped at any moment and goes on from its checkpoint.
"""

from __future__ import annotations

import argparse
import logging
from dataclasses import replace
from pathlib import Path

import torch

from restyle.filters.fast_style.styles import SHIPPED_STYLES
from restyle.host.device import pick_device
from restyle.learning.crops import picture_paths
from restyle.learning.photos import photo_source
from restyle.learning.style_objective import LossWeights, StyleObjective, style_targets
from restyle.learning.style_training import StyleRecipe, StyleTraining, fit_for_training
from restyle.learning.swift_norm import SwiftConditionalNorm
from restyle.models.store import SHIPPED_FOLDER
from restyle.networks.encoder import CompactEncoder
from restyle.networks.multi_style import StyleName, multi_style_network, read_multi_style
from restyle_training.grown import grown
from restyle_training.loop import add_options, run
from restyle_training.shipped_styles import read_style
from restyle_training.training_pictures import KODAK_HELD_BACK, load_pictures

_log = logging.getLogger(__name__)

ENCODER = SHIPPED_FOLDER / "deep_encoder.safetensors"
MEASURED_PHOTOS = 48  # crops that say how far the average photo is from a style


def main(arguments: list[str] | None = None, recipe: StyleRecipe | None = None) -> int:
    """Train, or go on training, until the budget is spent or a signal asks to stop; the model is written in either case."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    recipe = recipe or StyleRecipe(seed=options.seed)
    training = build(options, replace(recipe, learning_rate=options.rate) if options.rate else recipe)
    run(training, options)
    return 0


def build(options: argparse.Namespace, recipe: StyleRecipe) -> StyleTraining:
    """Read pictures and the encoder and set up a training from its first step."""
    torch.manual_seed(recipe.seed)
    device = fit_for_training(pick_device(options.device, options.precision))
    paths = [path for path in picture_paths(options.photos) if path.stem not in KODAK_HELD_BACK]
    photo = photo_source(load_pictures(paths, recipe.size))
    encoder = CompactEncoder.from_file(options.encoder, padding="reflect").to(device.torch_device)
    _log.info("%d photos, %d styles, %s %s", len(paths), len(SHIPPED_STYLES), device.name, device.precision)
    generator = torch.Generator().manual_seed(recipe.seed)
    sample = torch.stack([photo(recipe.size, generator) for _ in range(MEASURED_PHOTOS)]).to(device.torch_device)
    styles = [read_style(options.paintings, style).to(device.torch_device) for style in SHIPPED_STYLES.values()]
    targets = style_targets(encoder, styles, sample)
    # Module.to's stub knows no memory format alone.
    reduced = encoder.to(device.precision).to(memory_format=device.memory_format)  # type: ignore[call-overload]
    network = multi_style_network(len(SHIPPED_STYLES), norm=SwiftConditionalNorm)
    if options.start:
        network.load_state_dict(grown(read_multi_style(options.start)[0].state_dict(), network.state_dict()))
    names = [StyleName(style.id, style.title, style.artist) for style in SHIPPED_STYLES.values()]
    return StyleTraining(network, names, StyleObjective(reduced, targets, LossWeights()), photo, recipe, device)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m restyle_training.style_network", description="Train the shipped styles.")
    parser.add_argument("--photos", type=Path, required=True, help="folder of photos")
    parser.add_argument("--paintings", type=Path, required=True, help="folder of paintings, named as in fast_style/styles.py")
    parser.add_argument("--encoder", type=Path, default=ENCODER, help="the encoder that losses are taken in")
    parser.add_argument(
        "--start", type=Path, metavar="MODEL", help="network to start from, narrower or of fewer styles, instead of chance"
    )
    parser.add_argument("--rate", type=float, help="learning rate at its highest, instead of the recipe's")
    add_options(parser, minutes=70)
    return parser


__all__ = ["build", "main"]

if __name__ == "__main__":
    raise SystemExit(main())
