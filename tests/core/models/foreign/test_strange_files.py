"""Files that are no models, or nonsense in the form of one, are one sentence each, at once."""

from __future__ import annotations

import io
import os
import pickle
import struct
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from tests.core.models.foreign.bundle_writer import MAGIC, block, varint
from tests.core.models.foreign.torch7_writer import Module, write_torch7

from restyle.contract.errors import UnusableModel, WeightsDamaged
from restyle.models.foreign.crc32c import crc32c, masked
from restyle.models.foreign.readers import read_metadata, read_state_dict
from restyle.models.foreign.sorted_table import read_table
from restyle.models.foreign.style_networks import read_style_network

AT_ONCE_S = 5.0
"""Milliseconds on an idle computer; what is meant is "not minutes"."""


def refused(path: Path, reason: str) -> None:
    begun = time.monotonic()
    with pytest.raises(UnusableModel, match=reason):
        read_style_network(path)
    assert time.monotonic() - begun < AT_ONCE_S


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 6\n", "note of Git LFS"),
        (b"\n<!DOCTYPE html><html></html>", "web page"),
        (b"<html><body>404</body></html>", "web page"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "a picture"),
        (b"\x1f\x8b\x08" + bytes(100), "packed by gzip"),
        (b"a" * 257 + b"ustar" + bytes(300), "archive of tar"),
        (b"\x89HDF\r\n\x1a\n" + bytes(100), "Keras"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("name", ["a.pth", "a.t7", "a.onnx", "a.npz", "a.model", "a.index"])
def test_what_is_no_model_is_named_for_what_it_is(tmp_path, name, content, reason):
    refused(write(tmp_path / name, content), reason)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes that have a name are asked of POSIX")
@pytest.mark.parametrize("name", ["a.pth", "a.t7", "a.onnx", "a.safetensors", "a.index"])
def test_a_pipe_is_not_waited_for(tmp_path, name):
    os.mkfifo(tmp_path / name)
    assert read_metadata(tmp_path / name) == {}
    refused(tmp_path / name, "no ordinary file")
    refused(tmp_path, "no ordinary file")


@pytest.mark.parametrize(
    "head",
    [
        "(" * 4000,
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2**99,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999999,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1, 1, 1, 1, 1), }",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }",
        "\0" * 64,
    ],
    ids=lambda head: head[:60],
)
def test_heads_of_arrays_that_are_nonsense(tmp_path, head):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("a.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() + bytes(4))
    refused(tmp_path / "a.npz", "no plain numbers|not that of its shape")


@pytest.mark.skipif(sys.platform == "win32", reason="files with holes are asked of POSIX")
@pytest.mark.parametrize("name", ["a.pth", "a.t7", "a.onnx", "a.safetensors", "a.npz", "a.index"])
def test_a_file_of_holes_takes_no_memory(tmp_path, name):
    with (tmp_path / name).open("wb") as file:
        file.write(b"\x80\x02\x8a\n")
        file.truncate(1 << 40)
    refused(tmp_path / name, "larger than any model")


def test_zeros_that_pack_to_nothing_are_no_weights(tmp_path):
    np.savez_compressed(tmp_path / "a.npz", a=np.zeros(10_000_000, np.float32))
    refused(tmp_path / "a.npz", "unpacks to more than any model")


def test_arrays_in_fortran_s_order_and_of_large_ends_are_read(tmp_path):
    arrays = {"f": np.asfortranarray(np.arange(6.0).reshape(2, 3)), "big": np.arange(3, dtype=">f4"), "one": np.float32(2)}
    np.savez_compressed(tmp_path / "a.npz", **arrays)
    state = read_state_dict(tmp_path / "a.npz")
    assert all(np.array_equal(state[name].numpy(), array) for name, array in arrays.items())


def test_an_archive_of_too_many_parts_is_not_listed(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        for number in range(5000):
            archive.writestr(zipfile.ZipInfo(f"{number:01000}.npy"), b"")
    refused(tmp_path / "a.npz", "more parts than any model")


def without(source: Path, name: str) -> Path:
    """The archive without a part of it."""
    target = source.with_name("without.pth")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.namelist():
            if not part.endswith(name):
                new.writestr(part, old.read(part))
    return target


def test_missing_storages_and_keys_that_are_no_text(tmp_path):
    torch.save({"a": torch.zeros(3), "b": torch.zeros(4)}, tmp_path / "a.pth")
    refused(without(tmp_path / "a.pth", "data/1"), "broken, of another form")
    torch.save({1: torch.zeros(3), (2, 3): torch.zeros(1)}, tmp_path / "b.pth")
    refused(tmp_path / "b.pth", "names of no style network")


@pytest.mark.parametrize("zipped", [True, False])
def test_many_views_of_one_storage_take_no_more_memory_than_it(tmp_path, zipped):
    numbers = torch.zeros(1000, 10)
    torch.save({str(i): numbers for i in range(1000)}, tmp_path / "a.pth", _use_new_zipfile_serialization=zipped)
    refused(tmp_path / "a.pth", "larger than their file")


@pytest.mark.parametrize("called", [(bytearray, (1 << 40,)), (torch.Tensor, (1 << 20, 1 << 20)), (eval, ("1",))], ids=str)
def test_what_a_pickle_would_call_is_named_and_not_called(tmp_path, called):
    class Call:
        def __reduce__(self):
            return called

    buffer = io.BytesIO()
    pickle.dump({"a": Call()}, buffer, protocol=2)
    with zipfile.ZipFile(tmp_path / "a.pth", "w") as archive:
        archive.writestr("x/data.pkl", buffer.getvalue())
    refused(tmp_path / "a.pth", rf"it holds \w+\.{called[0].__name__}")


def test_a_whole_module_is_named(tmp_path):
    torch.save(torch.nn.Linear(2, 2), tmp_path / "a.pth")
    refused(tmp_path / "a.pth", r"torch.nn.modules.linear.Linear, a part of a program, instead of .*state_dict")


def test_a_dictionary_in_itself_is_not_followed_for_ever(tmp_path):
    state: dict = {"a": torch.zeros(1)}
    state["self"] = state
    torch.save(state, tmp_path / "a.pth")
    refused(tmp_path / "a.pth", "deeper than any model")


@pytest.mark.parametrize("name", ["state_dict", "model_state_dict", "params_ema"])
@pytest.mark.parametrize("zipped", [True, False])
def test_the_weights_in_a_checkpoint_are_found_beside_its_optimiser(tmp_path, name, zipped):
    import argparse

    rest = {"epoch": 3, "optimizer": {"state": {0: {"step": 1, "avg": torch.ones(5)}}}, "args": argparse.Namespace(lr=1e-3)}
    path = tmp_path / "a.pth"
    torch.save({**rest, name: {"a.weight": torch.arange(6.0)}}, path, _use_new_zipfile_serialization=zipped)
    assert read_state_dict(path)["a.weight"].tolist() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("number", [float("nan"), float("-inf")])
def test_numbers_that_are_not_finite_are_refused(tmp_path, number):
    save_file({"fine": torch.zeros(2), "bad": torch.tensor([1.0, number])}, tmp_path / "a.safetensors")
    with pytest.raises(WeightsDamaged, match="the numbers of bad are not finite"):
        read_state_dict(tmp_path / "a.safetensors")


def test_modules_that_hold_themselves_or_each_other_endlessly(tmp_path):
    itself = Module("nn.Sequential")
    itself.fields["modules"] = [itself]
    refused(write_torch7(tmp_path / "self.t7", {"model": itself}), "deeper nested modules")
    shared = Module("nn.ReLU")
    for _ in range(28):
        shared = Module("nn.Sequential", modules=[shared, shared])
    refused(write_torch7(tmp_path / "shared.t7", {"model": shared}), "more or deeper nested modules")


@pytest.mark.parametrize(
    ("index", "reason"),
    [
        (block([(b"%6d" % number, varint(0) + varint(4)) for number in range(5000)]), "one of them twice"),
        (block([(b"k" * length, b"") for length in range(1, 4200)]), "longer than any name"),
    ],
    ids=["one block again and again", "keys that grow by what they share"],
)
def test_a_small_index_that_would_last(index, reason):
    stored = index + b"\0" + struct.pack("<I", masked(crc32c(index + b"\0")))
    footer = varint(0) + varint(0) + varint(0) + varint(len(index))
    with pytest.raises(ValueError, match=reason):
        read_table(stored + footer.ljust(40, b"\0") + struct.pack("<Q", MAGIC))


@pytest.mark.skipif(sys.platform == "win32", reason="names that end so are asked of POSIX")
def test_a_bundle_whose_data_is_a_pipe(tmp_path):
    os.mkfifo(tmp_path / "a.data-00000-of-00001")
    refused(write(tmp_path / "a.index", b"x" * 100), "its data file is not beside it")
