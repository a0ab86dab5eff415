"""Saved weights: the file is another one each time, so that whoever reads the old one goes on reading it."""

import pytest
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file

from restyle.networks.encoder import CompactEncoder
from restyle.networks.enhancer import Enhancer
from restyle.networks.saving import save_whole


def test_a_mapped_file_keeps_its_numbers_when_another_takes_its_name(tmp_path):
    path = tmp_path / "weights.safetensors"
    save_whole({"a": torch.ones(1000)}, path, {"title": "first"})
    with safe_open(path, "pt") as mapped:
        save_whole({"a": torch.zeros(10)}, path)
        assert torch.equal(mapped.get_tensor("a"), torch.ones(1000))
    assert torch.equal(load_file(path)["a"], torch.zeros(10))


def test_what_cannot_be_written_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "weights.safetensors"
    save_whole({"a": torch.ones(3)}, path)
    shared = torch.ones(3)
    with pytest.raises((RuntimeError, SafetensorError)):
        save_whole({"a": shared, "b": shared}, path)
    assert list(tmp_path.iterdir()) == [path]
    assert torch.equal(load_file(path)["a"], torch.ones(3))


@pytest.mark.parametrize("network", [CompactEncoder, Enhancer])
def test_no_network_writes_into_a_file_that_is_there(network, tmp_path):
    path = tmp_path / "weights.safetensors"
    network().save(path)
    first = path.stat().st_ino
    with path.open("rb"):  # held open, so that its number is not given to another
        network().save(path)
        assert path.stat().st_ino != first
