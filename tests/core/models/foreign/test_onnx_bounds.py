"""ONNX files that would run without end, read other files or take any memory are refused before onnxruntime sees them."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tests.core.models.foreign.bundle_writer import field
from tests.core.models.foreign.onnx_writer import Graph, attribute, tensor, value_info, write_unknown_onnx

from restyle.contract.errors import UnusableModel
from restyle.models.foreign.style_networks import read_style_network

PICTURE = (1, 3, 64, 64)


def write(path: Path, nodes: list[bytes], given=(PICTURE,), made=PICTURE, graph: bytes = b"", model: bytes = b"") -> Path:
    content = b"".join(field(1, node) for node in nodes) + field(2, b"style") + graph
    content += b"".join(field(11, value_info(f"input{i}", shape)) for i, shape in enumerate(given, 1))
    content += field(12, value_info("out", made))
    path.write_bytes(field(1, 4) + field(2, b"pytorch") + field(7, content) + field(8, field(2, 9)) + model)
    return path


def node(operation: str, *more: bytes) -> bytes:
    return field(1, b"input1") + field(2, b"out") + field(4, operation.encode()) + b"".join(more)


def refused(path: Path, reason: str) -> None:
    with pytest.raises(UnusableModel, match=reason):
        read_style_network(path)


def test_a_network_within_the_bounds_is_kept_as_it_is(tmp_path):
    assert read_style_network(write(tmp_path / "a.onnx", [node("Neg")])).architecture == {"kind": "onnx", "signed": False}
    assert read_style_network(write_unknown_onnx(tmp_path / "b.onnx", bounded=True)).architecture == {
        "kind": "onnx",
        "signed": False,
    }


@pytest.mark.parametrize("operation", ["Loop", "Scan", "If", "SequenceMap", "RandomNormal", "NonsenseOfMine"])
def test_steps_that_no_network_of_pictures_needs(tmp_path, operation):
    refused(write(tmp_path / "a.onnx", [node(operation)]), f"the step {operation}")


def test_steps_of_other_makers_and_those_that_hold_graphs(tmp_path):
    refused(write(tmp_path / "a.onnx", [node("Conv", field(7, b"com.mine"))]), "the step Conv")
    holding = field(5, field(1, b"body") + field(6, field(2, b"inner")) + field(20, 5))
    refused(write(tmp_path / "b.onnx", [node("Identity", holding)]), "holds another graph")


def test_functions_that_explain_one_another(tmp_path):
    refused(write(tmp_path / "a.onnx", [node("Neg")], model=field(25, field(1, b"twice"))), "explains itself")


@pytest.mark.parametrize("count", [0, 6000])
def test_no_steps_or_too_many(tmp_path, count):
    refused(write(tmp_path / "a.onnx", [node("Neg")] * count), "no steps, too many")


def test_numbers_that_lie_in_another_file(tmp_path):
    elsewhere = field(1, 3) + field(2, 1) + field(8, b"w") + field(13, field(1, b"location") + field(2, b"/etc/passwd"))
    refused(write(tmp_path / "a.onnx", [node("Neg")], graph=field(5, elsewhere + field(14, 1))), "in another file")


@pytest.mark.parametrize("sizes", [(1 << 40,), (1 << 20, 1 << 20, 1 << 20), (1,) * 9])
def test_tensors_that_claim_more_than_they_have(tmp_path, sizes):
    claimed = b"".join(field(1, size) for size in sizes) + field(2, 1) + field(8, b"w") + field(9, b"1234")
    refused(write(tmp_path / "a.onnx", [node("Neg")], graph=field(5, claimed)), "larger than its numbers|no possible shape")
    constant = node("Constant", field(5, field(1, b"value") + field(5, claimed) + field(20, 4)))
    refused(write(tmp_path / "b.onnx", [constant]), "larger than its numbers|no possible shape")


def test_predictors_of_styles_and_networks_of_two_pictures_are_no_styles(tmp_path):
    refused(write(tmp_path / "a.onnx", [node("Neg")], made=(1, 100)), "does not give a picture")
    refused(write(tmp_path / "b.onnx", [node("Neg")], made=(1, 1, 1, 100)), "does not give a picture")
    refused(write(tmp_path / "c.onnx", [node("Neg")], given=(PICTURE, (1, 100))), "does not take one picture")
    refused(write(tmp_path / "d.onnx", [node("Neg")], given=((1, 1, 64, 64),)), "does not take one picture")


def test_weights_that_are_listed_among_what_is_given_are_none_of_it(tmp_path):
    weights = field(5, tensor("input2", torch.zeros(3)))
    path = write(tmp_path / "a.onnx", [node("Neg", field(5, attribute("x", 1)))], given=(PICTURE, (3,)), graph=weights)
    assert read_style_network(path).architecture == {"kind": "onnx", "signed": False}


def test_a_message_of_millions_of_parts_is_not_taken_apart(tmp_path):
    refused(write(tmp_path / "a.onnx", [node("Neg")], graph=field(1, 1) * 1_000_000), "more parts than any")
    assert Graph().nodes == []
