"""ONNX files of networks that nobody here knows paint through onnxruntime."""

from __future__ import annotations

import builtins
import time

import pytest
import torch
from tests.core.models.foreign.onnx_writer import Graph, write_graph, write_unknown_onnx
from tests.loading import inputs_of

from restyle.context import Context
from restyle.contract.errors import Cancelled, MissingLibrary, UnusableModel
from restyle.contract.progress import CallbackProgress
from restyle.engine.run import run
from restyle.filters.fast_style import FAST_STYLE, FastStyleParams
from restyle.host.device import pick_device
from restyle.models.store import Store
from restyle.pictures.image import Image


def paint(home, photo: Image, name: str) -> torch.Tensor:
    context = Context(pick_device("cpu", "float32"), store=Store(home))
    return run(FAST_STYLE, inputs_of(photo), FastStyleParams(style_name=name), context).picture.pixels


def test_a_network_of_any_size_paints_in_its_own_colours(tmp_path, photo):
    Store(tmp_path).import_any(write_unknown_onnx(tmp_path / "negative.onnx", bounded=False))
    # 96 and 128 are multiples of 32: nothing is resized.
    assert torch.allclose(paint(tmp_path, photo, "negative"), 1 - photo.pixels, atol=1e-5)


def test_a_bounded_answer_is_taken_for_one_from_nought_to_one(tmp_path, photo):
    Store(tmp_path).import_any(write_unknown_onnx(tmp_path / "soft.onnx", bounded=True))
    assert torch.allclose(paint(tmp_path, photo, "soft"), torch.sigmoid(-photo.pixels), atol=1e-5)


def test_a_network_of_one_size_gets_the_photo_at_that_size(tmp_path, photo):
    Store(tmp_path).import_any(write_unknown_onnx(tmp_path / "small.onnx", False, 64, 64))
    result = paint(tmp_path, photo, "small")
    assert result.shape == photo.pixels.shape
    assert float((result - (1 - photo.pixels)).abs().mean()) < 0.05


def test_without_onnxruntime_one_sentence_says_what_to_install(tmp_path, photo, monkeypatch):
    Store(tmp_path).import_any(write_unknown_onnx(tmp_path / "negative.onnx", bounded=False))
    real = builtins.__import__

    def without(name, *rest):
        if name.startswith("onnxruntime"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingLibrary, match="pip install onnxruntime"):
        paint(tmp_path, photo, "negative")


def test_what_onnxruntime_cannot_run_is_one_sentence(tmp_path, photo):
    path = write_unknown_onnx(tmp_path / "odd.onnx", bounded=True)
    path.write_bytes(path.read_bytes().replace(b"Sigmoid", b"Reshape"))
    Store(tmp_path).import_any(path)
    with pytest.raises(UnusableModel, match="onnxruntime cannot run it"):
        paint(tmp_path, photo, "odd")


def never_finite(path):
    graph = Graph()
    graph.add("Log")
    graph.add("Add", graph.hold(torch.full((1, 3, 1, 1), float("inf"))))
    return write_graph(path, graph)


def test_an_answer_that_is_not_finite_is_one_sentence(tmp_path, photo):
    Store(tmp_path).import_any(never_finite(tmp_path / "black.onnx"))
    with pytest.raises(UnusableModel, match="not finite"):
        paint(tmp_path, photo, "black")


def test_a_small_file_that_asks_for_any_memory_is_one_sentence(tmp_path, photo):
    graph = Graph()
    shape = graph.hold(torch.tensor([1 << 20, 1 << 20], dtype=torch.int64))
    given, graph.last = graph.last, shape
    graph.add("ConstantOfShape")
    graph.add("ReduceMean")
    graph.add("Add", given)
    Store(tmp_path).import_any(write_graph(tmp_path / "large.onnx", graph))
    with pytest.raises(UnusableModel, match="onnxruntime cannot run it"):
        paint(tmp_path, photo, "large")


def test_a_network_that_takes_long_is_ended_when_the_work_is_cancelled(tmp_path, photo):
    graph = Graph()
    for _ in range(4000):
        graph.add("Erf")
    Store(tmp_path).import_any(write_graph(tmp_path / "long.onnx", graph))
    large = Image(photo.pixels.repeat(1, 1, 12, 12))
    reports = []
    progress = CallbackProgress(reports.append, lambda: len(reports) > 1)
    begun = time.monotonic()
    with pytest.raises(Cancelled):
        run(
            FAST_STYLE,
            inputs_of(large),
            FastStyleParams(style_name="long"),
            Context(pick_device("cpu", "float32"), progress, Store(tmp_path)),
        )
    # Whole, it takes minutes.
    assert time.monotonic() - begun < 30
