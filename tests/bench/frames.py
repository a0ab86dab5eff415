"""Frames that hold still: how much paintings flicker frame by frame, and held from one to the next.

The warping error is the root mean square difference of a painting from the one before, moved by the true flow, where the flow is
known and both frames show the same (0..1). Flow is true of RubberWhale, and of pans and zooms made of still photos; of Sintel's
frames it is that of TV-L1 (Zach, Pock, Bischof 2007), which the program does not use. Style distance: their mean.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from PIL import Image as PillowImage
from skimage.registration import optical_flow_tvl1
from torch import Tensor
from torch.nn import functional as F

from restyle.api import apply, apply_to_frames
from restyle.engine.sequence.flow import looked_at
from restyle.filters.fast_style.styles import SHIPPED_STYLES
from restyle.networks.vgg import vgg19_from_caffe_arrays
from restyle.pictures.files import open_image
from restyle.pictures.image import Image, luma
from restyle_training.shipped_styles import read_style
from tests.bench.metrics import style_distance

ROOT = Path(__file__).resolve().parents[2]
PHOTO = "photos/kodak/kodim15.png"
MADE_PX = 384, 256  # width and height of pans and zooms
JUDGED_EVERY = 4
FLOW_UNKNOWN = 1e6  # more in a .flo file means that nothing is known
STRAY_SHARE, STRAY_PX2 = 0.01, 0.5  # Ruder et al., equation 5

Clip = tuple[list[Tensor], list[Tensor], list[Tensor]]
"""Frames; for each but the first the flow back to the one before (1, 2, H, W); and where it is known and both show the same."""


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    if not options.reference.is_dir():
        print("no reference pictures here; nothing measured")
        return 0
    judge = vgg19_from_caffe_arrays(np.load(options.reference / "vgg" / "vgg19_conv1_1-conv3_4.npz"))
    rows = []
    clips = _clips(options.reference, options.frames)
    for clip_name in options.clips:
        clip = clips[clip_name]()
        for style_name in options.styles:
            painting = read_style(options.reference / "paintings", SHIPPED_STYLES[style_name])
            row, alone, held = _measured(clip_name, clip, style_name, judge, painting)
            rows.append(row)
            print(json.dumps(row), file=sys.stderr, flush=True)
            _save(options.out / "frames" / f"{clip_name}-{style_name}", alone, held)
    print("| clip, style | warping error alone | held | ratio | style distance alone | held | ratio |")
    print("|---|---|---|---|---|---|---|")
    for row in rows:
        errors, styles = (row["error_alone"], row["error_held"]), (row["style_alone"], row["style_held"])
        cells = [f"{errors[0]:.4f} | {errors[1]:.4f} | {errors[1] / errors[0]:.2f}"]
        cells.append(f"{styles[0]:.3f} | {styles[1]:.3f} | {styles[1] / styles[0]:.3f}")
        print(f"| {row['clip']}, {row['style']} | {' | '.join(cells)} |")
    return 0


def _measured(clip_name, clip: Clip, style_name: str, judge, painting: Tensor):
    """The figures of a clip in a style, and its frames, alone and held."""
    frames, flows, known = clip
    images = [Image(frame) for frame in frames]
    alone, alone_s = _timed(lambda: [apply("fast-style", image, style_name=style_name).pixels for image in images])
    held, held_s = _timed(lambda: [made.pixels for made in apply_to_frames("fast-style", images, style_name=style_name)])
    row = {"clip": clip_name, "style": style_name, "frames": len(frames)}
    row["error_alone"], row["error_held"] = (round(_error(made, flows, known), 4) for made in (alone, held))
    row["style_alone"], row["style_held"] = (round(_style(judge, made, frames, painting), 4) for made in (alone, held))
    row["seconds_alone"], row["seconds_held"] = (round(seconds / len(frames), 3) for seconds in (alone_s, held_s))
    return row, alone, held


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", type=Path, default=ROOT.parent / "shared" / "reference")
    parser.add_argument("--styles", nargs="+", default=["starry-night", "great-wave"], choices=list(SHIPPED_STYLES))
    parser.add_argument("--clips", nargs="+", default=["sintel", "rubberwhale", "pan", "zoom"])
    parser.add_argument("--frames", type=int, default=24, help="of each pan and zoom")
    parser.add_argument("--out", type=Path, default=ROOT / "build")
    return parser.parse_args(arguments)


def _clips(reference: Path, count: int) -> dict[str, Callable[[], Clip]]:
    folder = reference / "frames"

    def sintel() -> Clip:
        frames = [open_image(path)[0].pixels for path in sorted(folder.glob("frame_*.png"))]
        flows = [(_tvl1(now, before), _tvl1(before, now)) for before, now in pairwise(frames)]
        return frames, [back for back, _ in flows], [_both_show(*pair) for pair in flows]

    def rubberwhale() -> Clip:
        # The true flow goes from the first to the second, so they are played backwards.
        frames = [open_image(folder / f"rubberwhale{number}.png")[0].pixels for number in (2, 1)]
        flow, known = _read_flo(folder / "middlebury_flow_gt.flo")
        return frames, [flow], [known]

    def made(cameras: list[tuple[float, float, float]]) -> Clip:
        return _made(open_image(reference / PHOTO)[0].pixels, cameras)

    return {
        "sintel": sintel,
        "rubberwhale": rubberwhale,
        "pan": lambda: made([(1.0, 2.3 * i, 0.7 * i) for i in range(count)]),
        "zoom": lambda: made([(1.0 - 0.012 * i, 0.0, 0.0) for i in range(count)]),
    }


def _made(photo: Tensor, cameras: list[tuple[float, float, float]]) -> Clip:
    """A clip out of a still photo: each camera is the share of the frame's size that is seen, and how far it went."""
    width, height = MADE_PX
    rows, columns = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
    middle = torch.tensor([width, height]) / 2
    places = [(torch.stack([columns, rows], 2) - middle) * scale + middle + torch.tensor([x, y]) for scale, x, y in cameras]
    offset = torch.tensor([photo.shape[3] - width, photo.shape[2] - height]) / 2
    sides = torch.tensor([photo.shape[3], photo.shape[2]])
    frames = []
    for place in places:
        at = ((place + offset) * 2 / sides - 1)[None]
        frames.append(F.grid_sample(photo, at, mode="bicubic", padding_mode="border", align_corners=False).clamp(0, 1))
    flows, known = [], []
    for (scale, x, y), place in zip(cameras, places[1:], strict=False):
        before = (place - middle - torch.tensor([x, y])) / scale + middle
        flows.append((before - torch.stack([columns, rows], 2)).permute(2, 0, 1)[None])
        inside = (before >= 0.5).all(2) & (before <= torch.tensor([width, height]) - 0.5).all(2)
        known.append(inside.float()[None, None])
    return frames, flows, known


def _tvl1(here: Tensor, there: Tensor) -> Tensor:
    first, second = (luma(picture)[0, 0].numpy() for picture in (here, there))
    down, across = optical_flow_tvl1(first, second, dtype=np.float32)
    return torch.from_numpy(np.stack([across, down]))[None]


def _both_show(back: Tensor, forth: Tensor) -> Tensor:
    came = looked_at(forth, back)
    stray = (back + came).square().sum(1, keepdim=True)
    return (stray < STRAY_SHARE * (back.square() + came.square()).sum(1, keepdim=True) + STRAY_PX2).float()


def _read_flo(path: Path) -> tuple[Tensor, Tensor]:
    """The flow of a .flo file of the Middlebury benchmark, and where it is known."""
    words = np.fromfile(path, "<f4")
    width, height = np.fromfile(path, "<i4")[1:3]
    flow = torch.from_numpy(words[3:].reshape(height, width, 2)).permute(2, 0, 1)[None]
    known = (flow.abs() < FLOW_UNKNOWN).all(1, keepdim=True)
    return torch.where(known, flow, 0), known.float()


def _error(made: list[Tensor], flows: list[Tensor], known: list[Tensor]) -> float:
    squares = total = 0.0
    for before, now, flow, where in zip(made, made[1:], flows, known, strict=False):
        squares += float(((now - looked_at(before, flow)).square() * where).sum())
        total += 3 * float(where.sum())
    return (squares / total) ** 0.5


def _style(judge, made: list[Tensor], frames: list[Tensor], painting: Tensor) -> float:
    """The mean over some frames, the last among them."""
    pairs = list(zip(made, frames, strict=True))[::-JUDGED_EVERY]
    return sum(style_distance(judge, one, frame, painting) for one, frame in pairs) / len(pairs)


def _timed(make) -> tuple[list[Tensor], float]:
    started = time.perf_counter()
    return make(), time.perf_counter() - started


def _save(folder: Path, alone: list[Tensor], held: list[Tensor]) -> None:
    """Each frame, alone above held, to be looked at one after the other."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, pair in enumerate(zip(alone, held, strict=True)):
        samples = torch.cat(pair, 2)[0].permute(1, 2, 0).clamp(0, 1).mul(255).round().to(torch.uint8).numpy()
        PillowImage.fromarray(np.ascontiguousarray(samples)).save(folder / f"{number:02}.png")


if __name__ == "__main__":
    sys.exit(main())
