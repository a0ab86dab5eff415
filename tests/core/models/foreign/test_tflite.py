"""TFLite's files are read as what they compute, and damage anywhere in one is one sentence."""

from __future__ import annotations

import struct
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.core.models.foreign.tflite_writer import CONV, Network, convolution, small_network, tflite_bytes, write_tflite

from restyle.contract.errors import WeightsDamaged
from restyle.models.foreign.tflite_network import read_tflite_network


@pytest.fixture(scope="module")
def content() -> bytes:
    return tflite_bytes(small_network()[0])


def refused(path, content: bytes, reason: str = "") -> None:
    path.write_bytes(content)
    with pytest.raises(
        WeightsDamaged, match=f"no TFLite network that is known here, or damaged.*{reason}|it is {reason or 'empty'}"
    ):
        read_tflite_network(path)


def test_weights_are_real_numbers_in_pytorchs_layout(tmp_path):
    root, stored = small_network()
    draft = read_tflite_network(write_tflite(tmp_path / "a.tflite", root))
    first, second = (operator for operator in draft.architecture["operators"][:3] if operator["type"] == "conv")
    kernel = stored["kernel"].astype("f4") * stored["kernel_scale"].reshape(4, 1, 1, 1)
    assert np.allclose(draft.state[first["weight"]].numpy(), kernel.transpose(0, 3, 1, 2), rtol=1e-6)
    assert np.allclose(draft.state[first["bias"]].numpy(), stored["bias"] * stored["bias_scale"], rtol=1e-6)
    assert np.array_equal(draft.state[second["weight"]].numpy(), stored["depthwise"].transpose(3, 0, 1, 2))
    assert (first["padding"], first["activation"], first["groups"]) == ("valid", "relu", 1)
    assert (second["padding"], second["activation"], second["groups"], second["stride"]) == ("same", "relu6", 4, [2, 2])


def test_an_enlargement_is_known_by_its_factor(tmp_path):
    draft = read_tflite_network(write_tflite(tmp_path / "a.tflite", small_network()[0]))
    assert [operator["factor"] for operator in draft.architecture["operators"] if operator["type"] == "enlarge"] == [[2, 2]]


def test_a_file_that_ends_too_early_is_refused_wherever_it_ends(tmp_path, content):
    for length in range(len(content)):
        refused(tmp_path / "a.tflite", content[:length])


@given(st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damage_anywhere_is_one_sentence(tmp_path, content, data):
    damaged = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= data.draw(st.integers(1, 255))
    (tmp_path / "a.tflite").write_bytes(damaged)
    with suppress(WeightsDamaged):
        read_tflite_network(tmp_path / "a.tflite")


def test_a_file_of_another_form_is_refused(tmp_path):
    refused(tmp_path / "photo.tflite", b"\x89PNG\r\n\x1a\n" + bytes(100), "a picture")
    refused(tmp_path / "empty.tflite", b"", "empty")
    with pytest.raises(WeightsDamaged):
        read_tflite_network(tmp_path / "missing.tflite")


def test_an_unknown_operator_is_named(tmp_path):
    network = Network()
    source = network.tensor(1, 8, 8, 3)
    output = network.add(77, [source], (4,))
    refused(tmp_path / "a.tflite", tflite_bytes(network.root([source], [output])), "operator 77")


@pytest.mark.parametrize(
    ("count", "reason"), [(1_000_000, "more parts"), (0xFFFFFFFF, "more parts")], ids=["many", "as many as there are numbers"]
)
def test_lists_that_are_longer_than_any_networks_are_refused_unread(tmp_path, content, count, reason):
    root = struct.unpack_from("<I", content)[0]
    graphs = root + 4 + 8  # version, codes, graphs
    start = graphs + struct.unpack_from("<I", content, graphs)[0]
    refused(tmp_path / "a.tflite", content[:start] + struct.pack("<I", count) + content[start + 4 :], reason)


def test_a_small_file_cannot_fill_the_memory(tmp_path):
    """Many tensors of the same numbers, and rounded ones with a scale for each of far more channels than there are."""
    network = Network()
    source = network.tensor(1, 1, 1, 1000)
    weight, bias = network.constant(np.zeros((100, 1, 1, 1000), "<f4")), network.constant(np.zeros(100, "<f4"))
    for _ in range(20):
        made = network.add(CONV, [source, weight, bias], (1, 1, 1, 100), convolution(0, 1, 0))
    refused(tmp_path / "a.tflite", tflite_bytes(network.root([source], [made])), "not that of its shape")
    network = Network()
    source = network.tensor(1, 1, 1, 1)
    weight = network.constant(np.zeros((50_000, 1, 1, 1), "i1"), np.ones(50_000), along=3)
    made = network.add(CONV, [source, weight, network.constant(np.zeros(50_000, "<f4"))], (1, 1, 1, 50_000), convolution(0, 1, 0))
    refused(tmp_path / "b.tflite", tflite_bytes(network.root([source], [made])), "reshape")
