"""Neural Style against the usual tool: time, distance to the style, structure kept; and VGG-19 to the same loss.

For each pair the filter paints with its defaults, and the plain loop of `peers` takes 500 steps of L-BFGS. A step of the plain
loop is timed as it usually runs (float32, NCHW, VGG-19 to relu5_1). Its pictures are computed in bfloat16 where the processor
has it, unless --plain-precision says otherwise: 500 steps on ten pairs take half an hour so, and two and a half in float32.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import torch

from restyle.context import Context
from restyle.contract.loaded import Style
from restyle.engine.optimize import Stage, descend
from restyle.engine.run import run
from restyle.filters.neural_style import NEURAL_STYLE, NeuralStyleParams
from restyle.filters.neural_style.objective import LossWeights, Objective, style_targets
from restyle.host.device import pick_device
from restyle.networks.vgg import vgg19_from_caffe_arrays
from restyle.pictures.full_size import carry_to_full_size
from restyle.pictures.image import Image
from restyle.pictures.resizing import resized
from tests.bench.data import PAIRS, read_scaled
from tests.bench.metrics import structure, style_distance
from tests.bench.peers import CONTENT_LAYER, STYLE_LAYERS, PlainLoss, paint_plainly, seconds_per_plain_step
from tests.loading import inputs_of

ROOT = Path(__file__).resolve().parents[2]
PLAIN_STEPS = 500
TIMED_ROUNDS = 3
SAME_LOSS_STAGES = ((4, 0.5), (2, 0.35), (1, 0.4))  # divisor of the size, steps as a share of the plain loop's
SAME_LOSS = LossWeights(
    dict.fromkeys(STYLE_LAYERS, 0.25), {CONTENT_LAYER: 1.0}, style=80.0, content=1.0, colour=0.0, smoothness=0.0
)
LIMITS = {"seconds": 10.0, "times_faster": 60.0, "vgg19_times_faster": 6.0}
"""What the project promises at 512 px on two cores."""


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    if not options.reference.is_dir():
        print("no reference pictures here; nothing measured")
        return 0
    arrays = np.load(options.reference / "vgg" / "vgg19_conv1_1-conv3_4.npz")
    judge = vgg19_from_caffe_arrays(arrays)
    device = pick_device()
    precision = getattr(torch, options.plain_precision) if options.plain_precision else device.precision
    fast_vgg = vgg19_from_caffe_arrays(arrays).to(precision).to(memory_format=device.memory_format)
    photo, style = _pictures(options, 0)
    figures: dict = {"size": options.size, "precision": str(precision), "cores": torch.get_num_threads()}
    figures["plain_step_s"] = seconds_per_plain_step(photo, style, _seconds)
    figures["pairs"] = [_measured(options, index, judge, fast_vgg) for index in range(options.pairs)]
    _summarise(figures, options)
    if not options.without_vgg:
        figures["vgg19"] = _to_the_same_loss(photo, style, fast_vgg, vgg19_from_caffe_arrays(arrays), options.plain_steps)
    figures["peak_rss_mb"] = round(psutil.Process().memory_info().rss / 1e6)
    _print(figures)
    if options.json:
        print(json.dumps(figures))
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", type=Path, default=ROOT.parent / "shared" / "reference")
    parser.add_argument("--size", type=int, default=512, help="longer side in px")
    parser.add_argument("--pairs", type=int, default=len(PAIRS), choices=range(1, len(PAIRS) + 1), metavar="1..10")
    parser.add_argument("--plain-steps", type=int, default=PLAIN_STEPS, help="0: do not run the plain loop")
    parser.add_argument("--plain-precision", choices=("float32", "bfloat16"))
    parser.add_argument("--without-vgg", action="store_true", help="skip VGG-19 to the same loss")
    parser.add_argument("--json", action="store_true", help="end with one line of figures")
    return parser.parse_args(arguments)


def _pictures(options: argparse.Namespace, index: int):
    pair = PAIRS[index]
    return tuple(read_scaled(options.reference / path, options.size) for path in (pair.photo, pair.painting))


def _measured(options: argparse.Namespace, index: int, judge, fast_vgg) -> dict:
    photo, style = _pictures(options, index)
    context = Context(pick_device())
    inputs = inputs_of(Image(photo), (Style(Image(style)),))
    started, cpu = time.perf_counter(), time.process_time()
    result = run(NEURAL_STYLE, inputs, NeuralStyleParams(), context).picture.pixels
    row = {"pair": PAIRS[index].name, "seconds": time.perf_counter() - started, "cpu_s": time.process_time() - cpu}
    row |= {"style_distance": style_distance(judge, result, photo, style), "structure": structure(result, photo)}
    if options.plain_steps:
        plain, _ = paint_plainly(photo, PlainLoss(fast_vgg, photo, style), options.plain_steps)
        row["plain_style_distance"] = style_distance(judge, plain, photo, style)
        row["plain_structure"] = structure(plain, photo)
    print(
        {name: round(value, 3) if isinstance(value, float) else value for name, value in row.items()}, file=sys.stderr, flush=True
    )
    return row


def _to_the_same_loss(photo, style, fast_vgg, plain_vgg, plain_steps: int) -> dict:
    """VGG-19's architecture, the filter's loss: what precision, memory format, scales and optimizer save to come as low.

    The plain loop is L-BFGS at one size; its steps are timed in float32, NCHW. Losses are those of pictures in 0..1, which
    is what can be shown.
    """

    def objective_at(stage: Stage, network=fast_vgg) -> Objective:
        factor = stage.width / photo.shape[3]
        small_style = resized(style, round(style.shape[2] * factor), round(style.shape[3] * factor)).clamp(0, 1)
        targets = style_targets(network, small_style, SAME_LOSS.style_layers)
        return Objective(network, resized(photo, stage.height, stage.width).clamp(0, 1), targets, SAME_LOSS, None)

    def enlarge(picture, stage: Stage):
        before = resized(photo, picture.shape[2], picture.shape[3]).clamp(0, 1)
        return carry_to_full_size(picture, before, resized(photo, stage.height, stage.width).clamp(0, 1))

    height, width = photo.shape[2:]
    judge = objective_at(Stage(height, width, 1))
    plain, losses = paint_plainly(photo, judge, plain_steps or PLAIN_STEPS)
    plain_seconds = len(losses) * _seconds(_step(objective_at(Stage(height, width, 1), plain_vgg), photo))
    stages = [
        Stage(round(height / divisor), round(width / divisor), round(len(losses) * share)) for divisor, share in SAME_LOSS_STAGES
    ]
    started = time.perf_counter()
    ours = descend(photo, stages, objective_at, lambda *_: None, enlarge)
    seconds = time.perf_counter() - started
    with torch.no_grad():
        wanted, reached = float(judge(plain)), float(judge(ours))
    faster = plain_seconds / seconds if reached <= wanted else None
    return {"loss": wanted, "reached": reached, "seconds": seconds, "plain_seconds": plain_seconds, "times_faster": faster}


def _step(loss, photo):
    picture = photo.clone().requires_grad_(True)
    return lambda: loss(picture).backward()


def _seconds(work) -> float:
    """The median of a few calls, after one to warm up."""
    work()
    times = []
    for _ in range(TIMED_ROUNDS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def _summarise(figures: dict, options: argparse.Namespace) -> None:
    rows = figures["pairs"]
    # The first call reads weights and meets cold caches; the median is what a warm server gives.
    figures["seconds"] = statistics.median(row["seconds"] for row in rows)
    figures["times_faster"] = figures["plain_step_s"] * PLAIN_STEPS / figures["seconds"]
    for name in ("style_distance", "structure", "plain_style_distance", "plain_structure"):
        if name in rows[0]:
            figures[name] = statistics.mean(row[name] for row in rows)


def _print(figures: dict) -> None:
    print(f"{'pair':52} {'s':>6} {'style':>6} {'plain':>6} {'struct':>6} {'plain':>6}")
    for row in [*figures["pairs"], {"pair": "median / mean", **{k: v for k, v in figures.items() if k != "pairs"}}]:
        cells = (row["seconds"], *(row.get(name, float("nan")) for name in (
            "style_distance", "plain_style_distance", "structure", "plain_structure")))  # fmt: skip
        print(f"{row['pair']:52} " + " ".join(f"{cell:6.3f}" for cell in cells))
    print(f"a plain step: {figures['plain_step_s']:.2f} s; 500 of them against one picture: {figures['times_faster']:.0f} times")
    if "vgg19" in figures:
        print(
            "VGG-19 to the same loss: "
            + ", ".join(f"{name} {value:.3g}" if value else f"{name} -" for name, value in figures["vgg19"].items())
        )
    print(f"promised: {LIMITS}")


if __name__ == "__main__":
    sys.exit(main())
