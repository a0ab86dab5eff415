"""TensorFlow's checkpoints are read without TensorFlow, to the last bit, and never half."""

from __future__ import annotations

import struct
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.core.models.foreign.bundle_writer import DTYPES, field, table, write_bundle

from restyle.contract.errors import WeightsDamaged
from restyle.models.foreign.crc32c import crc32c, masked
from restyle.models.foreign.sorted_table import read_table
from restyle.models.foreign.tensor_bundle import read_tensor_bundle

ARRAYS = {f"generator/W{i}": np.arange(i * 6, dtype=np.float32).reshape(i, 3, 2) for i in range(1, 9)}


def bits_of(data: bytes) -> int:
    """CRC-32C by its definition, bit by bit."""
    state = 0xFFFFFFFF
    for byte in data:
        state ^= byte
        for _ in range(8):
            state = state >> 1 ^ (0x82F63B78 if state & 1 else 0)
    return state ^ 0xFFFFFFFF


def test_the_checksum_is_that_of_the_standard():
    assert crc32c(b"123456789") == 0xE3069283  # RFC 3720, appendix B.4, and the catalogue of checksums
    assert crc32c(bytes(32)) == 0x8A9136AA
    assert crc32c(b"") == 0
    assert masked(crc32c(b"")) == 0xA282EAD8


@given(st.binary(max_size=300), st.integers(1, 60))
@settings(max_examples=25, deadline=None)
def test_the_checksum_in_lanes_is_the_one_bit_by_bit(data, times):
    assert crc32c(data * times) == bits_of(data * times)


@pytest.mark.parametrize("compressed", [False, True])
def test_what_was_written_is_read(tmp_path, compressed):
    arrays = {**ARRAYS, **{f"of {name}": np.arange(5).astype(name) for name in DTYPES}, "scalar": np.float32(3.5).reshape(())}
    state = read_tensor_bundle(write_bundle(tmp_path / "model.ckpt-7", arrays, compressed))
    assert set(state) == set(arrays)
    for name, array in arrays.items():
        assert state[name].shape == array.shape
        assert np.array_equal(state[name].numpy(), array)


def test_what_is_no_number_is_passed_over(tmp_path):
    graph = field(1, 7) + field(2, b"") + field(5, 4)
    state = read_tensor_bundle(write_bundle(tmp_path / "a", ARRAYS, extra={b"_CHECKPOINTABLE_OBJECT_GRAPH": graph}))
    assert set(state) == set(ARRAYS)


@pytest.mark.parametrize("model", ["iphone", "sony", "blackberry"])
def test_the_published_checkpoints_of_dped_are_read_to_the_last_bit(reference, model):
    state = read_tensor_bundle(reference / "dped" / "original" / f"{model}_orig.index")
    with np.load(reference / "dped" / f"dped_{model}_orig.npz") as expected:
        assert set(state) == set(expected.files)
        assert all(torch.equal(state[name], torch.from_numpy(expected[name])) for name in state)


def test_one_file_without_the_other_is_one_sentence(tmp_path):
    index = write_bundle(tmp_path / "a", ARRAYS)
    data = tmp_path / "a.data-00000-of-00001"
    content = data.read_bytes()
    data.unlink()
    with pytest.raises(WeightsDamaged, match="data file is not beside it"):
        read_tensor_bundle(index)
    data.write_bytes(content)
    index.unlink()
    with pytest.raises(WeightsDamaged, match="index is not beside it"):
        read_tensor_bundle(index)


def test_a_changed_number_is_noticed(tmp_path):
    index = write_bundle(tmp_path / "a", ARRAYS)
    data = tmp_path / "a.data-00000-of-00001"
    content = bytearray(data.read_bytes())
    content[-1] ^= 1
    data.write_bytes(content)
    with pytest.raises(WeightsDamaged, match="generator/W8 has a wrong checksum"):
        read_tensor_bundle(index)
    data.write_bytes(content[:-8])
    with pytest.raises(WeightsDamaged, match="the data ends before"):
        read_tensor_bundle(index)


def rewritten(index: Path, entry: bytes) -> None:
    pairs = {**read_table(index.read_bytes()), b"bomb": entry}
    index.write_bytes(table(sorted(pairs.items())))


@pytest.mark.parametrize(
    "entry",
    [
        field(1, 1) + field(2, field(2, field(1, 1 << 40))) + field(5, 4 << 40),
        field(1, 1) + field(2, field(2, field(1, 1 << 30)) * 3) + field(5, 16),
        field(1, 1) + field(2, field(2, field(1, 1 << 30))) + field(5, 4 << 30),
        field(1, 1) + field(2, field(2, field(1, 1)) * 5000) + field(5, 4),
        field(1, 1) + field(2, field(2, field(1, 1))) + field(3, 9) + field(5, 4),
        field(1, 1) + field(7, b"slice"),
        b"\xff" * 30,
    ],
)
def test_descriptions_of_impossible_tensors_are_refused_before_memory_is_taken(tmp_path, entry):
    index = write_bundle(tmp_path / "a", ARRAYS)
    rewritten(index, entry)
    with pytest.raises(WeightsDamaged):
        read_tensor_bundle(index)


def test_a_block_that_unpacks_to_gigabytes_is_refused(tmp_path):
    (tmp_path / "a.data-00000-of-00001").write_bytes(b"")
    bomb = b"\xff\xff\xff\xff\x0f" + b"\xfe\x01\x00" * 10
    place = b"\x00" + bytes([len(bomb)])
    content = bomb + b"\x01" + struct.pack("<I", masked(crc32c(bomb + b"\x01")))
    (tmp_path / "a.index").write_bytes(content + (place + place).ljust(40, b"\0") + struct.pack("<Q", 0xDB4775248B80FB57))
    with pytest.raises(WeightsDamaged, match="unpacks to more"):
        read_tensor_bundle(tmp_path / "a.index")


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damage_anywhere_is_one_sentence(tmp_path, data):
    index = write_bundle(tmp_path / "a", ARRAYS, compressed=data.draw(st.booleans()))
    content = bytearray(index.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    index.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    with suppress(WeightsDamaged):
        read_tensor_bundle(index)
