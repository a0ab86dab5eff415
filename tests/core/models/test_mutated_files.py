"""Files of every form, changed at random, are read or refused in one sentence: never a traceback, never without end.

A run has a fixed seed and a bounded time. By hand, for longer: ``RESTYLE_MUTATIONS=100000 python -m pytest`` of this file.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from tests.architectures import engstrom
from tests.core.models.foreign.bundle_writer import write_bundle
from tests.core.models.foreign.onnx_writer import write_onnx, write_unknown_onnx
from tests.core.models.foreign.tflite_writer import small_network, write_tflite
from tests.core.models.foreign.torch7_writer import Builder, write_torch7

from restyle.contract.errors import RestyleError
from restyle.models.foreign.tflite_network import read_tflite_network
from restyle.models.kept import write_kept
from restyle.models.own_models import read_style_model

MUTATIONS = int(os.environ.get("RESTYLE_MUTATIONS", "3000"))
"""Of all forms together."""
SEED = 20240611
LONGEST_S = 10.0
"""For one file, on whatever computer; an idle one takes milliseconds."""
BUDGET_S = 120.0 if "RESTYLE_MUTATIONS" not in os.environ else float("inf")
"""For all of them."""
SPREAD = (b"\0", b"\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff", b"\x80\0\0\0\0\0\0\0", b"\xff\xff\xff\xff\xff\xff\xff\x7f")


def transformer_net(width: int = 4) -> dict[str, torch.Tensor]:
    """The state dict of a narrow TransformerNet with one block."""
    generator = torch.Generator().manual_seed(1)
    state: dict[str, torch.Tensor] = {}
    layers = [("conv1", 3, width, 9, "in1"), ("conv2", width, width, 3, "in2"), ("conv3", width, width, 3, "in3")]
    layers += [(f"res1.conv{n}", width, width, 3, f"res1.in{n}") for n in (1, 2)]
    layers += [("deconv1", width, width, 3, "in4"), ("deconv2", width, width, 3, "in5"), ("deconv3", width, 3, 9, "")]
    for name, before, after, kernel, norm in layers:
        state[f"{name}.conv2d.weight"] = torch.randn(after, before, kernel, kernel, generator=generator) * 0.1
        state[f"{name}.conv2d.bias"] = torch.zeros(after)
        if norm:
            state |= {f"{norm}.weight": torch.ones(after), f"{norm}.bias": torch.zeros(after)}
    return state


def lengstrom() -> dict[str, np.ndarray]:
    """A narrow network of lengstrom/fast-style-transfer: kernel, shift and scale of each layer, numbered."""
    shapes = [(9, 9, 3, 2), *[(3, 3, 2, 2)] * 14, (9, 9, 2, 3)]
    dice = np.random.default_rng(1)
    arrays = [dice.random(size) for shape in shapes for size in (shape, shape[3:], shape[3:])]
    return {f"Variable_{i}" if i else "Variable": array.astype(np.float32) for i, array in enumerate(arrays)}


def write_seeds(folder: Path) -> list[Path]:
    """One file of each form."""
    state = transformer_net()
    torch.save(state, folder / "zipped.pth")
    torch.save({"model_state_dict": state, "epoch": 1}, folder / "row.pth", _use_new_zipfile_serialization=False)
    save_file(state, folder / "plain.safetensors")
    write_kept(folder / "kept.safetensors", {"0.weight": torch.zeros(3)}, {"architecture": json.dumps(engstrom())})
    np.savez(folder / "plain.npz", **lengstrom())
    np.savez_compressed(folder / "packed.npz", **lengstrom())
    write_torch7(folder / "johnson.t7", Builder(1).johnson("InstanceNormalization", width=2))
    write_torch7(folder / "texture.t7", Builder(1).texture_net(width=2))
    write_onnx(folder / "net.onnx", state, 64, 64, 1)
    write_unknown_onnx(folder / "any.onnx", bounded=True)
    write_tflite(folder / "small.tflite", small_network()[0])
    write_bundle(folder / "bundle", lengstrom())
    write_bundle(folder / "snappy", lengstrom(), compressed=True)
    return sorted(path for path in folder.iterdir() if ".data-" not in path.name)


def mutated(content: bytes, dice: random.Random) -> bytes:
    """The content with a few changes, most of them where heads are: at the beginning and the end."""
    changed = bytearray(content)
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        head = min(len(changed) - 1, 600)
        place = dice.choice((dice.randrange(len(changed)), dice.randrange(head + 1), len(changed) - 1 - dice.randrange(head + 1)))
        kind = dice.randrange(6)
        if kind == 0:
            changed[place] = dice.randrange(256)
        elif kind == 1:
            changed[place] ^= 1 << dice.randrange(8)
        elif kind == 2:
            extreme = dice.choice(SPREAD)
            changed[place : place + len(extreme)] = extreme
        elif kind == 3:
            del changed[place : place + dice.choice((1, 4, 8, 100))]
        elif kind == 4:
            other = dice.randrange(len(changed))
            changed[place:place] = changed[other : other + dice.choice((1, 4, 8, 100))]
        else:
            del changed[dice.randrange(max(place, 1), len(changed) + 1) :]
        changed = changed or bytearray(b"\0")
    return bytes(changed)


class EndlessError(BaseException):
    """Such as no reader takes for damage."""


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """End what is done in it after some time, where the system can."""
    if sys.platform == "win32":
        yield
        return

    def end(*_: object) -> None:
        raise EndlessError(f"no end within {seconds} s")

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def reader_of(path: Path) -> Callable[[Path], object]:
    return read_tflite_network if path.suffix == ".tflite" else read_style_model


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_seeds(tmp_path_factory.mktemp("seeds"))


def test_the_seeds_are_read(seeds):
    for path in seeds:
        reader_of(path)(path)


def test_changed_files_are_read_or_refused_in_a_sentence(seeds, tmp_path):
    dice, begun, tried = random.Random(SEED), time.monotonic(), 0
    strange: list[str] = []
    said: set[str] = set()
    contents = {path: path.read_bytes() for path in seeds}
    data = {path: path.with_suffix(".data-00000-of-00001") for path in seeds if path.suffix == ".index"}
    while tried < MUTATIONS and time.monotonic() - begun < BUDGET_S:
        source = seeds[tried % len(seeds)]
        target = tmp_path / f"a{source.suffix}"
        target.write_bytes(mutated(contents[source], dice))
        if source in data:
            target.with_suffix(".data-00000-of-00001").write_bytes(data[source].read_bytes())
        try:
            with bounded(LONGEST_S):
                reader_of(source)(target)
        except RestyleError as error:
            said.add(str(error).rpartition(";")[2])
        except (Exception, EndlessError) as error:
            kept = tmp_path / f"strange-{tried}{source.suffix}"
            target.replace(kept)
            strange.append(f"{kept}: {error!r}")
        tried += 1
    assert not strange, "\n".join(strange[:20])
    assert said <= {" choose the file as its author published it.", " delete it and fetch it again."}
    assert tried == MUTATIONS, f"only {tried} within {BUDGET_S} s"
