"""Feed-forward networks: time and memory of one picture through PyTorch's TransformerNet, beside others on the same weights.

Peers: the network as its authors run it (PyTorch, float32), OpenCV's dnn and onnxruntime; those that are not installed are left
out. Every figure is taken in a process of its own, one after the other, so that memory is the peak of that one alone. CPU
seconds are printed beside seconds: they say more where other work runs on the machine.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable

import torch
from torch import Tensor

from restyle.context import Context
from restyle.engine.any_size import apply_at_any_size
from restyle.host.device import pick_device
from restyle.networks.blocks import ConvLayer, Sequence, fixed_mixture
from restyle.networks.dped import dped_generator
from restyle.networks.multi_style import multi_style_network
from restyle.networks.transformer import build
from tests.architectures import pytorch_examples

PEERS = {"restyle": None, "restyle_float32": None, "pytorch": None, "opencv": "cv2", "onnxruntime": "onnxruntime"}
"""Names, and what has to be installed."""

NETWORKS: dict[str, Callable[[], Sequence]] = {
    "transformer": lambda: build(pytorch_examples()),
    "multi_style": lambda: fixed_mixture(multi_style_network(2), torch.tensor([0.5, 0.5])),
    "dped": dped_generator,
}
"""PyTorch's TransformerNet, the network that ships, and DPED's; weights are random, which costs the same time."""

DEFAULT_SIZE = (1024, 1024)
LARGE_SIZES = ((3000, 4000), (10000, 10000))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--network", choices=NETWORKS, default="transformer")
    parser.add_argument("--size", type=int, nargs=2, metavar=("HEIGHT", "WIDTH"), action="append")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=0, help="of each; 0 for all")
    parser.add_argument("--large", action="store_true", help="12 and 100 megapixels too, ours alone: minutes")
    parser.add_argument("--json", action="store_true", help="end with one line of figures")
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.alone:
        print(json.dumps(_measured(options.alone, options.network, tuple(options.size[0]), options.runs, options.threads)))
        return 0
    figures = []
    for size in options.size or [DEFAULT_SIZE]:
        figures += compared(options.network, tuple(size), options.peers, options.runs, options.threads)
    if options.network == "transformer" and not options.size:
        figures += compared("multi_style", DEFAULT_SIZE, ["restyle"], options.runs, options.threads)
    for size in LARGE_SIZES if options.large else ():
        figures += compared(options.network, size, ["restyle"], 1, options.threads)
    if options.json:
        print(json.dumps(figures))
    return 0


def compared(network: str, size: tuple[int, int], peers: list[str], runs: int = 3, thread_count: int = 0) -> list[dict]:
    """Time and memory of each of PEERS that is installed, each in a process of its own, and a printed line for each."""
    rows: list[dict] = []
    for name in peers:
        needed = PEERS[name]
        if needed is not None and importlib.util.find_spec(needed) is None:
            print(f"{name}: not installed")
            continue
        command = [sys.executable, "-m", "tests.bench.feed_forward", "--alone", name, "--network", network]
        command += ["--size", *map(str, size), "--runs", str(runs), "--threads", str(thread_count)]
        row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
        rows.append({"name": name, "network": network, "size": size, **row})
        share, cpu_share = (rows[0][what] / row[what] for what in ("seconds", "cpu_seconds"))
        against = f"ours takes {share:.2f} of it (CPU {cpu_share:.2f})" if len(rows) > 1 else ""
        figures = f"{row['seconds']:7.2f} s  CPU {row['cpu_seconds']:7.2f} s  {row['peak_bytes'] / 1e9:5.2f} GB"
        print(f"{network} {size[1]}x{size[0]} {name:<16} {figures}  {against}", flush=True)
    return rows


def _measured(name: str, network_name: str, size: tuple[int, int], runs: int, thread_count: int) -> dict[str, float]:
    """The best of some runs."""
    torch.manual_seed(0)
    network = colorful(NETWORKS[network_name]().eval().requires_grad_(False))
    run = {"pytorch": _pytorch, "opencv": _opencv, "onnxruntime": _onnxruntime}.get(name, _restyle)(
        network, size, thread_count, name
    )
    pixels = torch.rand(1, 3, *size)
    taken: list[tuple[float, float]] = []
    for _ in range(runs):
        started = time.perf_counter(), time.process_time()
        run(pixels)
        taken.append((time.perf_counter() - started[0], time.process_time() - started[1]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"seconds": min(pair[0] for pair in taken), "cpu_seconds": min(pair[1] for pair in taken), "peak_bytes": peak}


@torch.no_grad()
def colorful(network: Sequence) -> Sequence:
    """With a last convolution whose results are as far apart as colours: an untrained one gives next to nothing."""
    last = [block for block in network.modules() if isinstance(block, ConvLayer)][-1]
    last.weight.mul_(0.2 / float(network(torch.rand(1, 3, 96, 96)).std()))
    return network


def _restyle(network: Sequence, size: tuple[int, int], thread_count: int, name: str) -> Callable[[Tensor], object]:
    context = Context(pick_device("cpu", "float32" if name.endswith("float32") else "auto"))
    torch.set_num_threads(thread_count or torch.get_num_threads())
    return lambda pixels: apply_at_any_size(network, pixels, context)


def _pytorch(network: Sequence, size: tuple[int, int], thread_count: int, name: str) -> Callable[[Tensor], object]:
    torch.set_num_threads(thread_count or torch.get_num_threads())
    return torch.no_grad()(network)


def _opencv(network: Sequence, size: tuple[int, int], thread_count: int, name: str) -> Callable[[Tensor], object]:
    import cv2
    import numpy as np

    from tests.bench.onnx_network import INPUT, onnx_bytes

    if thread_count:
        cv2.setNumThreads(thread_count)
    reader = cv2.dnn.readNetFromONNX(np.frombuffer(onnx_bytes(network, *size), np.uint8))

    def run(pixels: Tensor) -> object:
        reader.setInput(pixels.numpy(), INPUT)
        return reader.forward()

    return run


def _onnxruntime(network: Sequence, size: tuple[int, int], thread_count: int, name: str) -> Callable[[Tensor], object]:
    import onnxruntime

    from tests.bench.onnx_network import INPUT, onnx_bytes

    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = thread_count or torch.get_num_threads()
    session = onnxruntime.InferenceSession(onnx_bytes(network, *size), settings, providers=["CPUExecutionProvider"])
    return lambda pixels: session.run(None, {INPUT: pixels.numpy()})


if __name__ == "__main__":
    sys.exit(main())
