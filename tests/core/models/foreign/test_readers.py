"""State dicts are read from every form, and code from none."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from restyle.contract.errors import WeightsDamaged
from restyle.models.foreign.readers import read_state_dict

STATE = {"a.weight": torch.arange(6.0).view(2, 3), "a.bias": torch.tensor([1.5])}


class Trap:
    """Unpickling this creates a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (str(self.folder),)


def assert_state(path: Path) -> None:
    state = read_state_dict(path)
    assert set(state) == set(STATE)
    assert all(torch.equal(state[name], STATE[name]) for name in STATE)


def test_safetensors_are_read_whatever_the_name(tmp_path):
    for name in ("a.safetensors", "a.part"):
        save_file(STATE, tmp_path / name)
        assert_state(tmp_path / name)


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("nested", [True, False])
def test_torch_files_are_read_in_both_forms(tmp_path, zipped, nested):
    content = {"state_dict": STATE, "epoch": 3} if nested else STATE
    torch.save(content, tmp_path / "a.pth", _use_new_zipfile_serialization=zipped)
    assert_state(tmp_path / "a.pth")


def test_npz_files_are_read(tmp_path):
    np.savez(tmp_path / "a.npz", **{name: tensor.numpy() for name, tensor in STATE.items()})
    assert_state(tmp_path / "a.npz")


@pytest.mark.parametrize("form", ["pickle", "torch", "torch-legacy", "npz", "named-safetensors"])
def test_code_in_a_weights_file_is_never_executed(tmp_path, form):
    trap = tmp_path / "sprung"
    path = tmp_path / ("a.safetensors" if form == "named-safetensors" else "a.pth")
    if form.startswith("torch"):
        torch.save({"a": Trap(trap)}, path, _use_new_zipfile_serialization=form == "torch")
    elif form == "npz":
        path = tmp_path / "a.npz"
        np.savez(path, a=np.array([Trap(trap)], dtype=object))
    else:
        path.write_bytes(pickle.dumps({"a": Trap(trap)}, protocol=2))
    with pytest.raises(WeightsDamaged):
        read_state_dict(path)
    assert not trap.exists()


def test_the_trap_would_have_sprung(tmp_path):
    pickle.loads(pickle.dumps(Trap(tmp_path / "sprung")))
    assert (tmp_path / "sprung").exists()


@pytest.mark.parametrize("content", [b"", b"{", b"PK\x03\x04", b"\x80\x02.", b"\x08\0\0\0\0\0\0\0{}", b"hello" * 100])
def test_broken_files_are_one_sentence(tmp_path, content):
    for name in ("a.pth", "a.safetensors", "a.npz"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(WeightsDamaged, match="delete it and fetch it again"):
            read_state_dict(tmp_path / name)


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.99])
def test_files_cut_short_are_one_sentence(tmp_path, keep):
    torch.save(STATE, tmp_path / "a.pth")
    torch.save(STATE, tmp_path / "b.pth", _use_new_zipfile_serialization=False)
    save_file(STATE, tmp_path / "a.safetensors")
    np.savez(tmp_path / "a.npz", a=np.arange(1000))
    for path in list(tmp_path.iterdir()):
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * keep)])
        with pytest.raises(WeightsDamaged):
            read_state_dict(path)


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(WeightsDamaged):
        read_state_dict(tmp_path / "nothing.pth")


@pytest.mark.parametrize("content", [[torch.zeros(1)], {"a": 1}, torch.zeros(1)])
def test_torch_files_that_are_no_state_dict_are_refused(tmp_path, content):
    torch.save(content, tmp_path / "a.pth")
    with pytest.raises(WeightsDamaged):
        read_state_dict(tmp_path / "a.pth")


def test_the_reference_weights_of_vgg19_are_read(reference):
    state = read_state_dict(reference / "vgg" / "vgg19_conv1_1-conv3_4.npz")
    assert state["conv1_1.weight"].shape == (64, 3, 3, 3)
