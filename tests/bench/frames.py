"""Frames that hold still: how much what filters make flickers frame by frame, and held from one to the next.

The warping error is the root mean square difference of a painting from the one before, moved by the true flow, where the flow is
known and both frames show the same (0..1). Style distance: the frames' mean. Where there is no style, and where nobody has its
picture: how far held frames are from those made alone. Beside them ReCoNet's student (Gao et al., ReCoNet: Real-time Coherent
Video Style Transfer Network, ACCV 2018), a network that learned to hold still, and the still one of the same style.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image as PillowImage
from torch import Tensor

from restyle.api import apply, apply_to_frames
from restyle.filters.fast_style.styles import SHIPPED_STYLES
from restyle.host.home import models_folder
from restyle.models.foreign.style_networks import read_style_network
from restyle.models.own_models import import_own_model
from restyle.networks.transformer import build
from restyle.networks.vgg import vgg19_from_caffe_arrays
from restyle.pictures.files import open_image
from restyle.pictures.image import Image
from restyle_training.shipped_styles import read_style
from tests.bench.clips import CLIPS, PHOTO, Clip, clips, panned, warping_error
from tests.bench.metrics import style_distance

ROOT = Path(__file__).resolve().parents[2]
JUDGED_EVERY = 4
LIGHT = "photos/kodak/kodim23.png"  # of another time of day
TIMED_PX, TIMED_FRAMES = (640, 360), 8
STUDENT, STILL = "reconet_mosaic_sd2", "mosaic"


@dataclass(frozen=True)
class Case:
    """A filter with its settings; ``style``: the picture whose style is taken, None where there is none, or nobody has it."""

    title: str
    filter: str = ""
    given: dict[str, Any] = field(default_factory=dict)
    style: Tensor | None = None
    network: Path | None = None
    """Of a published network that is run as it is, once for each frame, instead of a filter."""


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    if not options.reference.is_dir():
        print("no reference pictures here; nothing measured")
        return 0
    with tempfile.TemporaryDirectory() as home:
        os.environ["RESTYLE_HOME"] = home
        cases = _cases(options.reference, options.styles)
        chosen = [case for case in cases if not options.cases or case.title in options.cases]
        if options.clips:
            _measure(options, chosen)
        if options.timed:
            _time(options.reference, [case for case in cases if case.title in options.timed])
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", type=Path, default=ROOT.parent / "shared" / "reference")
    parser.add_argument("--styles", nargs="+", default=["starry-night", "great-wave"], choices=list(SHIPPED_STYLES))
    parser.add_argument("--cases", nargs="+", default=[], metavar="TITLE", help="of the table; all of them without")
    parser.add_argument("--clips", nargs="*", default=["sintel", "rubberwhale", "pan"], choices=CLIPS)
    parser.add_argument("--timed", nargs="*", default=["Fast Style, The Starry Night", "Any Style"], metavar="TITLE")
    parser.add_argument("--frames", type=int, default=16, help="of each pan and zoom")
    parser.add_argument("--out", type=Path, default=ROOT / "build")
    return parser.parse_args(arguments)


def _cases(reference: Path, styles: list[str]) -> list[Case]:
    painting = reference / "paintings" / f"{SHIPPED_STYLES[styles[0]].painting}.jpg"
    networks = reference / "transformer_net"
    import_own_model(models_folder(Path(os.environ["RESTYLE_HOME"])), networks / f"{STILL}.pth", STILL)
    cases = [
        Case(
            f"Fast Style, {SHIPPED_STYLES[style].title}", "fast-style", {"style_name": style},
            read_style(reference / "paintings", SHIPPED_STYLES[style]),
        )
        for style in styles
    ]  # fmt: skip
    given = {"styles": [painting]}
    return [
        *cases,
        Case("Fast Style, the still network", "fast-style", {"style_name": STILL}),
        Case("The still network as published", network=networks / f"{STILL}.pth"),
        Case("ReCoNet's student as published", network=networks / f"{STUDENT}.pth"),
        Case("Any Style", "any-style", given, cases[0].style),
        Case("Neural Style", "neural-style", {**given, "working_size": 384}, cases[0].style),
        Case("Photo Style", "photo-style", {"styles": [reference / LIGHT]}, open_image(reference / LIGHT)[0].pixels),
        Case("Enhance Photo", "enhance-photo"),
    ]


def _measure(options: argparse.Namespace, cases: list[Case]) -> None:
    judge = vgg19_from_caffe_arrays(np.load(options.reference / "vgg" / "vgg19_conv1_1-conv3_4.npz"))
    made = clips(options.reference, options.frames)
    rows = []
    for clip_name in options.clips:
        clip = made[clip_name]()
        for case in cases:
            row, alone, held = _measured(case, clip, judge)
            rows.append({"clip": clip_name, **row})
            print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
            _save(options.out / "frames" / f"{clip_name}-{case.title}", alone, held)
    print("| clip, filter | warping error alone | held | ratio | style distance alone | held | ratio | held from alone |")
    print("|---|---|---|---|---|---|---|---|")
    for row in rows:
        cells = _compared(row, "error", ".4f", ".2f") + _compared(row, "style", ".3f", ".3f")
        print(f"| {row['clip']}, {row['title']} | {' | '.join(cells)} | {row.get('apart', '')} |")


def _measured(case: Case, clip: Clip, judge: Any) -> tuple[dict[str, Any], list[Tensor], list[Tensor]]:
    """The figures of a clip, and its frames, alone and held."""
    frames = clip[0]
    images = [Image(frame) for frame in frames]
    made: dict[str, list[Tensor]] = {}
    held_s = 0.0
    if case.network is not None:
        network = _network(case.network)
        alone, alone_s = _timed(lambda: [network(frame) for frame in frames])
    else:
        alone, alone_s = _timed(lambda: [apply(case.filter, image, **case.given).pixels for image in images])
    made["alone"] = alone
    if case.network is None:
        made["held"], held_s = _timed(lambda: [one.pixels for one in apply_to_frames(case.filter, images, **case.given)])
    row: dict[str, Any] = {"title": case.title, "frames": len(frames)}
    for name, pictures in made.items():
        row[f"error_{name}"] = round(warping_error(pictures, clip), 4)
        if case.style is not None:
            row[f"style_{name}"] = round(_style(judge, pictures, frames, case.style), 4)
    if case.network is None and case.style is None:
        squares = [float((one - other).square().mean()) for one, other in zip(alone, made["held"], strict=True)]
        row["apart"] = round((sum(squares) / len(squares)) ** 0.5, 4)
    row["seconds_alone"], row["seconds_held"] = (round(seconds / len(frames), 3) for seconds in (alone_s, held_s))
    return row, alone, made.get("held", alone)


def _network(path: Path) -> Callable[[Tensor], Tensor]:
    """A published network: of a picture of 0..1 what it makes, of its size."""
    draft = read_style_network(path)
    network = build(draft.architecture).eval()
    network.load_state_dict(draft.state)

    @torch.no_grad()
    def passed(frame: Tensor) -> Tensor:
        return network(frame)[:, :, : frame.shape[2], : frame.shape[3]].clamp(0, 1)

    return passed


def _compared(row: dict[str, Any], name: str, digits: str, ratio_digits: str) -> list[str]:
    alone, held = row.get(f"{name}_alone"), row.get(f"{name}_held")
    ratio = "" if alone is None or held is None else format(held / alone, ratio_digits)
    return ["" if value is None else format(value, digits) for value in (alone, held)] + [ratio]


def _time(reference: Path, cases: list[Case]) -> None:
    """Held frames of 640x360, processor and wall time: what another program takes of the machine is not in the former."""
    photo = open_image(reference / PHOTO)[0].pixels
    frames = [Image(frame) for frame in panned(photo, *TIMED_PX, TIMED_FRAMES + 1)]
    print("| 640x360 | processor seconds a frame | seconds a frame | threads |")
    print("|---|---|---|---|")
    for case in cases:
        coming = apply_to_frames(case.filter, frames, **case.given)
        next(coming)  # loads the networks
        took, started = time.process_time(), time.perf_counter()
        for _ in coming:
            pass
        spent = [(now - before) / TIMED_FRAMES for now, before in ((time.process_time(), took), (time.perf_counter(), started))]
        print(f"| {case.title} | {spent[0]:.2f} | {spent[1]:.2f} | {torch.get_num_threads()} |", flush=True)


def _style(judge: Any, made: list[Tensor], frames: list[Tensor], painting: Tensor) -> float:
    """The mean over some frames, the last among them."""
    pairs = list(zip(made, frames, strict=True))[::-JUDGED_EVERY]
    return sum(style_distance(judge, one, frame, painting) for one, frame in pairs) / len(pairs)


def _timed(make: Callable[[], list[Tensor]]) -> tuple[list[Tensor], float]:
    """What is made, and the processor seconds that it took."""
    started = time.process_time()
    return make(), time.process_time() - started


def _save(folder: Path, alone: list[Tensor], held: list[Tensor]) -> None:
    """Each frame, alone above held, to be looked at one after the other."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, pair in enumerate(zip(alone, held, strict=True)):
        samples = torch.cat(pair, 2)[0].permute(1, 2, 0).clamp(0, 1).mul(255).round().to(torch.uint8).numpy()
        PillowImage.fromarray(np.ascontiguousarray(samples)).save(folder / f"{number:02}.png")


if __name__ == "__main__":
    sys.exit(main())
