"""Change the World: the one real generator at hand, beside the same weights in plain PyTorch: parity, parts, time and memory.

The generator is that of the wheel vintagify (nine blocks, 11.4 million weights), which is fetched; without it weights are random,
which costs the same time. Every figure of time is taken in a process of its own; CPU seconds say more where other work runs.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import skimage.data
import torch
from torch import Tensor, nn

from restyle.context import Context
from restyle.engine.any_size import apply_at_any_size, budget
from restyle.host.device import pick_device
from restyle.models.foreign.style_networks import read_style_network
from restyle.networks.blocks import Sequence
from restyle.networks.transformer import build
from restyle.pictures.resizing import resized
from tests.core.filters.change_the_world.wheel import vintage_generator
from tests.core.models.foreign.generators import residual_generator, shaken, unet

SIDE = 1024
ASKED_SHARE = 0.35
LITTLE_BYTES = 5e6
"""Of memory for maps: an eighth of what the photo takes that parts are made of."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=SIDE)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="end with one line of figures")
    parser.add_argument("--alone", choices=("ours", "ours_float32", "pytorch"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.alone:
        print(json.dumps(_timed(options.alone, options.side, options.runs)))
        return 0
    rows = {name: _in_its_own_process(name, options.side, options.runs) for name in ("ours", "ours_float32", "pytorch")}
    theirs = rows["pytorch"]
    for name, row in rows.items():
        shares = (row[what] / theirs[what] for what in ("seconds", "cpu_seconds"))
        said = "{:.2f} of PyTorch's (CPU {:.2f})".format(*shares)
        print(f"{name:<13} {row['seconds']:6.2f} s  CPU {row['cpu_seconds']:6.2f} s  {row['peak_bytes'] / 1e9:.2f} GB  {said}")
    figures = {"rows": rows, **_likeness()}
    for name, value in figures.items():
        if name != "rows":
            print(f"{name:<40} {value:.6g}")
    if options.json:
        print(json.dumps(figures))
    return 0


def _likeness() -> dict[str, float]:
    """How near ours is to the plain description, whole, in bfloat16, and in parts."""
    plain, ours = _networks()
    photo = _photo(384)
    with torch.no_grad():
        theirs = (plain(photo * 2 - 1) + 1) / 2
    exact, reduced = (Context(pick_device("cpu", precision)) for precision in ("float32", "auto"))
    whole = apply_at_any_size(ours, photo, exact)
    figures = {
        "largest difference in float32": float((whole - theirs).abs().max()),
        "PSNR in the device's precision, dB": _psnr(apply_at_any_size(ours, photo, reduced), theirs),
    }
    most, budget.MOST_MEMORY_BYTES, budget.SPARE_SHARE = budget.MOST_MEMORY_BYTES, LITTLE_BYTES, 0
    budget.LEAST_MEMORY_BYTES = LITTLE_BYTES
    figures["PSNR of parts to the whole, dB"] = _psnr(apply_at_any_size(ours, photo, exact), whole)
    budget.MOST_MEMORY_BYTES = most
    torch.manual_seed(0)
    net = shaken(unet(8, width=64)).train()
    square = _photo(512)
    with torch.no_grad():
        theirs = (net(square * 2 - 1) + 1) / 2
    figures["largest difference of a U-Net"] = float(
        (apply_at_any_size(_ours(net.state_dict()), square, exact) - theirs).abs().max()
    )
    return figures


def _in_its_own_process(name: str, side: int, runs: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.change_the_world", "--alone", name, "--side", str(side), "--runs", str(runs)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])


def _timed(name: str, side: int, runs: int) -> dict[str, float]:
    plain, ours = _networks()
    photo, taken = _photo(side), []
    context = Context(pick_device("cpu", "float32" if name == "ours_float32" else "auto"))
    for _ in range(runs):
        started = time.perf_counter(), time.process_time()
        with torch.no_grad():
            plain(photo * 2 - 1) if name == "pytorch" else apply_at_any_size(ours, photo, context)
        taken.append((time.perf_counter() - started[0], time.process_time() - started[1]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"seconds": min(pair[0] for pair in taken), "cpu_seconds": min(pair[1] for pair in taken), "peak_bytes": peak}


def _networks() -> tuple[nn.Module, Sequence]:
    """The generator as plain PyTorch has it, and ours with the same weights."""
    plain = residual_generator("affine", width=64, blocks=9)
    path = vintage_generator(Path(__file__).parents[2] / "build" / "vintagify")
    if path is None:
        print("the wheel vintagify cannot be fetched: weights are random", file=sys.stderr)
        shaken(plain)
    else:
        state = torch.load(path, map_location="cpu", weights_only=True)
        plain.load_state_dict({name.removeprefix("model.").replace(".block.", ".conv_block."): t for name, t in state.items()})
    return plain.eval(), _ours(plain.state_dict())


def _ours(state: dict[str, Tensor]) -> Sequence:
    path = Path(__file__).parents[2] / "build" / "change_the_world.pth"
    path.parent.mkdir(exist_ok=True)
    torch.save(state, path)
    draft = read_style_network(path)
    network = build(draft.architecture)
    network.load_state_dict(draft.state)
    return network.eval().requires_grad_(False)


def _psnr(first: Tensor, second: Tensor) -> float:
    return float(-10 * torch.log10((first - second).square().mean()))


def _photo(side: int) -> Tensor:
    samples = torch.from_numpy(skimage.data.astronaut().copy()).permute(2, 0, 1)[None].float() / 255
    return resized(samples, side, side).clamp(0, 1)


if __name__ == "__main__":
    sys.exit(main())
