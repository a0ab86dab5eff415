"""Weights come here whole or not at all."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from tests.core.models.published import PUBLISHED, names

from restyle.contract.errors import OutputUnwritable, UnknownWeights, WeightsDamaged, WeightsUnavailable
from restyle.models.cache import NetworkCache
from restyle.models.entries import PublishedFile
from restyle.models.fetch import sha256_of
from restyle.models.foreign.readers import read_state_dict
from restyle.models.kept import write_kept
from restyle.models.manifest import known_weights
from restyle.models.store import SHIPPED_FOLDER, Store


def test_a_published_file_dropped_into_the_folder_is_found(store, server):
    store.folder.mkdir(parents=True)
    (store.folder / "vgg19-test.pth").write_bytes(PUBLISHED)
    assert store.has("vgg19")
    assert store.path("vgg19").name == "vgg19.safetensors"
    assert server.ranges == []


def test_a_file_that_has_but_the_name_of_a_published_one_is_not_taken_for_it(store):
    store.folder.mkdir(parents=True)
    own = store.folder / "vgg19-test.pth"
    own.write_bytes(PUBLISHED[:-1] + b"!")
    assert not store.has("vgg19")
    with pytest.raises(WeightsUnavailable):
        store.path("vgg19")
    store.fetch("vgg19")
    store.verify("vgg19")
    assert own.read_bytes() == PUBLISHED[:-1] + b"!"
    assert names(store) == ["vgg19-test.pth", "vgg19.safetensors"]


def test_of_two_sets_with_files_of_one_name_each_is_itself(tmp_path, entry):
    other = PublishedFile("http://127.0.0.1:9/vgg19-test.pth", "0" * 64, size_bytes=len(PUBLISHED))
    store = Store(tmp_path, {"one": replace(entry, id="one"), "two": replace(entry, id="two", files=(other,))})
    store.folder.mkdir(parents=True)
    (store.folder / "vgg19-test.pth").write_bytes(PUBLISHED)
    assert [name for name in ("one", "two") if store.has(name)] == ["one"]


def test_a_dropped_file_is_hashed_once_unless_it_changes(store, monkeypatch):
    hashed: list[Path] = []
    monkeypatch.setattr("restyle.models.store.sha256_of", lambda path: hashed.append(path) or sha256_of(path))
    store.folder.mkdir(parents=True)
    dropped = store.folder / "vgg19-test.pth"
    dropped.write_bytes(PUBLISHED)
    assert store.has("vgg19")
    assert store.has("vgg19")
    assert len(hashed) == 1
    dropped.write_bytes(PUBLISHED[:-1])
    assert not store.has("vgg19")


def test_a_safetensors_file_dropped_into_the_folder_is_found(store):
    store.folder.mkdir(parents=True)
    save_file({"features.0.weight": torch.rand(2)}, store.folder / "vgg19.safetensors")
    assert store.path("vgg19") == store.folder / "vgg19.safetensors"


def test_the_published_file_can_be_imported_from_anywhere_and_stays_there(store, tmp_path):
    elsewhere = tmp_path / "Téléchargements" / "vgg 重み.pth"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(PUBLISHED)
    store.import_file("vgg19", elsewhere)
    store.verify("vgg19")
    assert elsewhere.exists()


def test_kept_features_can_be_imported_on_another_computer(store, tmp_path, entry):
    other = Store(tmp_path / "other", {"vgg19": entry})
    other.import_file("vgg19", store.fetch("vgg19"))
    other.verify("vgg19")


def test_any_other_file_is_not_imported(store, tmp_path):
    other = tmp_path / "other.safetensors"
    save_file({"features.0.weight": torch.rand(2)}, other)
    with pytest.raises(WeightsDamaged, match="not what was published"):
        store.import_file("vgg19", other)
    with pytest.raises(WeightsDamaged, match="no such file"):
        store.import_file("vgg19", tmp_path / "missing.pth")


def test_numbers_that_changed_on_the_disk_are_noticed(store):
    path = store.fetch("vgg19")
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)
    with pytest.raises(WeightsDamaged, match="changed"):
        store.verify("vgg19")


def test_weights_that_are_not_here_are_named_with_the_command_that_gets_them(tmp_path):
    with pytest.raises(WeightsUnavailable, match="vgg19"):
        Store(tmp_path).path("vgg19")


def test_weights_that_nobody_knows_are_refused(tmp_path):
    for ask in (Store(tmp_path).path, Store(tmp_path).fetch, Store(tmp_path).has, Store(tmp_path).verify):
        with pytest.raises(UnknownWeights):
            ask("vgg99")


def test_the_user_s_folder_comes_before_what_ships(tmp_path):
    store = Store(tmp_path)
    store.folder.mkdir(parents=True)
    mine = store.folder / known_weights()["compact-encoder"].filename
    save_file({"a": torch.zeros(1)}, mine)
    assert store.path("compact-encoder") == mine
    assert read_state_dict(mine)["a"].tolist() == [0.0]


@pytest.mark.parametrize("phone", ["iphone", "sony", "blackberry"])
def test_a_checkpoint_of_dped_is_known_by_its_content_and_taken_with_the_file_beside_it(tmp_path, reference, phone):
    store = Store(tmp_path)
    for name in (f"{phone}_orig.index", f"{phone}_orig.data-00000-of-00001"):
        path = store.import_any(reference / "dped" / "original" / name)
        assert path == store.path(f"dped-{phone}")
    kept = read_state_dict(path)
    with np.load(reference / "dped" / f"dped_{phone}_orig.npz") as expected:
        assert all(np.array_equal(kept[name].numpy(), expected[name]) for name in expected.files)
    store.verify(f"dped-{phone}")


def test_the_lookup_tables_are_one_set_of_two_files(tmp_path, reference):
    name, store = "adaptive-lut", Store(tmp_path)
    path = store.import_any(reference / "lut" / "sRGB" / "classifier.pth")
    assert path == store.path(name)
    assert {tensor.partition(".")[0] for tensor in load_file(path)} == {"luts", "classifier"}
    store.verify(name)
    again = Store(tmp_path / "other")
    again.import_any(path)
    again.verify(name)


def test_one_file_of_a_set_without_the_others_is_refused_by_name(tmp_path, reference):
    shutil.copyfile(reference / "lut" / "sRGB" / "LUTs.pth", tmp_path / "LUTs.pth")
    with pytest.raises(WeightsDamaged, match=r"classifier\.pth .*not what was published"):
        Store(tmp_path).import_any(tmp_path / "LUTs.pth")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes that have a name are asked of POSIX")
def test_a_pipe_under_a_published_name_is_not_waited_for(tmp_path):
    store = Store(tmp_path)
    store.folder.mkdir(parents=True)
    # Their sizes are not known, so that they are told by their content alone.
    unsized = [entry for entry in known_weights().values() if entry.files and not entry.size_bytes]
    for entry in unsized:
        if not (store.folder / entry.files[0].name).exists():
            os.mkfifo(store.folder / entry.files[0].name)
    assert not any(store.has(entry.id) for entry in unsized)
    assert store.own_models() == {}


def test_stores_of_many_jobs_share_the_networks_that_one_of_them_has_loaded(tmp_path):
    built: list[Path] = []

    def build(path: Path) -> torch.nn.Module:
        built.append(path)
        return torch.nn.Linear(1, 1)

    networks = NetworkCache()
    first, second = (Store(tmp_path, networks=networks).network("enhancer", ("enhancer",), build) for _ in range(2))
    assert first is second
    assert built == [SHIPPED_FOLDER / "enhancer.safetensors"]


def test_weights_of_another_network_are_one_sentence_and_too_little_memory_is_not_taken_for_it(tmp_path):
    def misfit(path: Path) -> None:
        raise KeyError("features.0.weight")

    def too_large(path: Path) -> None:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory")

    with pytest.raises(WeightsDamaged, match="it is no VGG-19"):
        Store(tmp_path).network("enhancer", ("VGG-19", "max"), misfit)
    with pytest.raises(RuntimeError, match="can't allocate"):
        Store(tmp_path).network("enhancer", ("VGG-19", "max"), too_large)


def test_a_folder_of_models_that_cannot_be_made_is_said_in_one_sentence(tmp_path):
    (tmp_path / "home").write_text("a file stands where the folder shall be")
    with pytest.raises(OutputUnwritable, match="cannot be saved"):
        write_kept(tmp_path / "home" / "models" / "a.safetensors", {"a": torch.ones(1)}, {})
