"""Neural Doodle on the reference plans, beside their author's results: how near each region comes to the painting's.

The style distance is Photo Style's (region Gram matrices of VGG-19's relu1_1, 2_1, 3_1, 3_4), relative to the plan's own; regions
are what is nearest to each of the painter's nine colours. Then a network that has learned a painting (online-neural-doodle's),
which paints the painting's own plan, beside what its author's program made of it. Writes build/neural-doodle-NAME.png (build/ is
ignored).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image as PillowImage
from torch import Tensor
from torch.nn import functional as F

from restyle.context import Context
from restyle.contract.loaded import Loaded, Style
from restyle.engine.run import run
from restyle.features.gram import extended_gram, position_weights
from restyle.filters.neural_doodle import NEURAL_DOODLE, PLAN, STYLES, NeuralDoodleParams
from restyle.host.device import pick_device
from restyle.models.store import Store
from restyle.networks.vgg import vgg19_from_caffe_arrays
from restyle.pictures.image import Image
from restyle.regions.maps import COLORS, read_maps
from tests.bench.data import read_scaled
from tests.bench.sheet import to_picture

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu3_4")
LEAST_SHARE = 0.005
LEARNED = "torch7"
FILES = {
    "monet": ("style.png", "style_mask.png", "target_mask.png", "result.png"),
    "renoir": ("style.png", "style_mask.png", "target_mask.png", "result.png"),
    "texbynum": ("source_photo.png", "source_segment.png", "target_segment.png", None),
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", type=Path, default=ROOT.parent / "shared" / "reference")
    parser.add_argument("--size", type=int, help="longer side in px; that of the plan by default")
    parser.add_argument("--out", type=Path, default=ROOT / "build")
    parser.add_argument("--json", action="store_true", help="end with one line of figures")
    options = parser.parse_args(arguments)
    if not (options.reference / "doodle").is_dir():
        print("no reference pictures here; nothing measured")
        return 0
    options.out.mkdir(exist_ok=True)
    figures = {}
    for name, files in FILES.items():
        folder = options.reference / "doodle" / name
        style, theirs, plan, *published = (_read(folder / file, options.size) for file in files if file)
        started, used = time.perf_counter(), time.process_time()
        inputs = Loaded({PLAN.name: Image(plan), STYLES.name: (Style(Image(style), 1.0, read_maps([Image(theirs)])[0]),)})
        params = NeuralDoodleParams(working_size=max(plan.shape[2:]))
        made = run(NEURAL_DOODLE, inputs, params, Context(pick_device())).picture.pixels
        row = {"s": time.perf_counter() - started, "processor_s": time.process_time() - used}
        to_picture(made).save(options.out / f"neural-doodle-{name}.png")
        measured = _distances(options.reference, style, theirs, plan, (made, *published))
        figures[name] = row | dict(zip(("ours", "author's"), measured, strict=False))
        print(name, {key: round(value, 4) for key, value in figures[name].items()}, flush=True)
    figures["learned"] = _by_network(options)
    print("learned", {key: round(value, 4) for key, value in figures["learned"].items()}, flush=True)
    if options.json:
        print(json.dumps(figures))
    return 0


def _by_network(options: argparse.Namespace) -> dict[str, float]:
    """What the published network makes of its painting's plan, and its author's result."""
    folder = options.reference / LEARNED
    style, plan, published = (_read(folder / file, None) for file in ("style.png", "style_mask.png", "result.png"))
    with tempfile.TemporaryDirectory() as home:
        store = Store(Path(home))
        name = store.import_any(folder / "starry_night.t7").stem
        used = time.process_time()
        params = NeuralDoodleParams(painter=name, working_size=max(plan.shape[2:]))
        made = run(NEURAL_DOODLE, Loaded({PLAN.name: Image(plan)}), params, Context(pick_device(), store=store)).picture.pixels
        used = time.process_time() - used
    to_picture(made).save(options.out / "neural-doodle-learned.png")
    ours, authors = _distances(options.reference, style, plan, plan, (made, published))
    return {"processor_s": used, "ours": ours, "author's": authors}


def _read(path: Path, size: int | None) -> Tensor:
    with PillowImage.open(path) as opened:
        own = max(opened.size)
    return read_scaled(path, size or own)


def _distances(reference: Path, style: Tensor, theirs: Tensor, plan: Tensor, pictures: tuple[Tensor, ...]) -> list[float]:
    """Of each picture's regions from the style's, relative to the plan's."""
    judge = vgg19_from_caffe_arrays(np.load(reference / "vgg" / "vgg19_conv1_1-conv3_4.npz"))
    ours, painted = _masks(plan), _masks(theirs)
    kept = (ours.mean((0, 2, 3)) > LEAST_SHARE) & (painted.mean((0, 2, 3)) > LEAST_SHARE)

    def grams(picture: Tensor, masks: Tensor) -> list[Tensor]:
        found = []
        with torch.no_grad():
            features = judge(picture, LAYERS)
        for layer in LAYERS:
            small = F.adaptive_avg_pool2d(masks[:, kept], features[layer].shape[2:])
            found += list(extended_gram(features[layer], position_weights(small.square()))[:, :-1, :-1])
        return found

    wanted = grams(style, painted)

    def distance(picture: Tensor) -> float:
        return sum(float((a - b).norm() / b.norm()) for a, b in zip(grams(picture, ours), wanted, strict=True))

    return [distance(picture) / distance(plan) for picture in pictures]


def _masks(plan: Tensor) -> Tensor:
    """(1, 9, H, W): where each of the nine colours is nearest."""
    colors = torch.tensor(list(COLORS.values())).view(1, -1, 3, 1, 1) / 255
    nearest = (plan.unsqueeze(1) - colors).square().sum(2).argmin(1)
    return F.one_hot(nearest, len(COLORS)).permute(0, 3, 1, 2).float()


if __name__ == "__main__":
    sys.exit(main())
