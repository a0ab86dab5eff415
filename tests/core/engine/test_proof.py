"""Models that anybody may have written: what is no painter is one sentence, whatever it claims to be, and takes no memory."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from tests.architectures import engstrom, johnson, pytorch_examples, texture_pyramid

from restyle.context import Context
from restyle.contract.errors import UnusableModel
from restyle.engine.proof import check_that_it_paints, filled
from restyle.filters.fast_style.painter import painters_of
from restyle.host.device import pick_device
from restyle.models.store import Store
from restyle.networks.transformer import build

SMALL_MB = 40
"""Far below what the bombs ask for (500 MB and more), above what the allocator takes for itself."""

CONV = {"type": "conv", "in": 3, "out": 3, "kernel": 3}
NAMES = json.dumps([{"id": "a", "title": "A"}])


def load(home: Path, architecture: Any, state: dict[str, torch.Tensor] | None = None, **metadata: str) -> None:
    """Try to paint with a file of this description."""
    store = Store(home)
    folder = store.folder / "fast_style"
    folder.mkdir(parents=True)
    state = {"0.weight": torch.zeros(1)} if state is None else state
    save_file(state, folder / "mine.safetensors", {"architecture": json.dumps(architecture), **metadata})
    painters_of("mine", "", 0.0, Context(pick_device("cpu", "float32"), store=store))


def peak_mb(reset: bool) -> float:
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    status = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) / 1024


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="peaks of memory are asked of Linux")
@pytest.mark.parametrize(
    "architecture",
    [
        [{"type": "conv", "in": 2048, "out": 2048, "kernel": 6}],
        [{"type": "transposed", "in": 2048, "out": 2048, "kernel": 6}],
        {"kind": "multi-style", "widths": [512] * 4, "blocks": 32, "styles": 1},
    ],
    ids=["convolution", "transposed", "styles"],
)
def test_a_file_of_a_few_bytes_takes_no_more_memory_than_that(tmp_path, architecture):
    before = peak_mb(reset=True)
    with pytest.raises(UnusableModel):
        load(tmp_path, architecture, styles=NAMES)
    assert peak_mb(reset=False) - before < SMALL_MB


@pytest.mark.parametrize(
    "architecture",
    [
        [1],
        "abc",
        {"kind": "x"},
        {"kind": "onnx"},
        None,
        [],
        [{"type": "affine", "order": [0, 1, 7], "scale": [1, 1, 1], "shift": [0, 0, 0]}],
        [{"type": "relu"}],
        [CONV, {"type": "residual", "body": "abc"}],
        [CONV, {"type": "branches", "branches": []}],
        [CONV, {"type": "pool", "size": 0}],
        [CONV, {"type": "enlarge", "factor": 2}],
        [CONV, {"type": "enlarge", "factor": 0}],
        [*[{"type": "enlarge", "factor": 8}] * 5, CONV],
        [CONV, {"type": "pad", "size": 64}],
        [{"type": "pad", "size": 64}] * 2 + [CONV],
        [{**CONV, "edges": "none"}],
        [{**CONV, "out": 4}],
        [{**CONV, "in": 4}],
        [CONV, {"type": "affine", "order": [False, True, 2], "scale": [1, 1, 1], "shift": [0, 0, 0]}],
        [CONV, {"type": "norm", "channels": 3, "eps": 10**400}],
        [CONV, {"type": "norm", "channels": 3, "styles": 2}],
        [CONV, {"type": "tanh", "scale": 1e300}],
    ],
    ids=str,
)
def test_what_is_no_painter_is_refused_in_one_sentence(tmp_path, architecture):
    try:
        state = dict(build(architecture).state_dict())
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        state = None
    with pytest.raises(UnusableModel, match="cannot be used as a model"):
        load(tmp_path, architecture, state or None)


def test_a_convolution_alone_is_a_painter(tmp_path):
    load(tmp_path, [CONV], dict(build([CONV]).state_dict()))


@pytest.mark.parametrize(
    "layers",
    [pytorch_examples(), johnson(), johnson(norm="affine"), engstrom(), texture_pyramid()],
    ids=["pytorch", "johnson", "eccv16", "engstrom", "texture"],
)
def test_the_published_networks_are_painters(layers):
    check_that_it_paints(filled(lambda: build(layers), build(layers).state_dict()))
