"""Weights come here whole or not at all."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from tests.core.models.foreign.bundle_writer import write_bundle
from tests.core.models.ranged_server import RangedServer, serving

from restyle.contract.errors import (
    Cancelled,
    HomeUnusable,
    OutputUnwritable,
    UnknownWeights,
    WeightsDamaged,
    WeightsUnavailable,
)
from restyle.contract.progress import CallbackProgress, Report, SilentProgress
from restyle.models.cache import NetworkCache
from restyle.models.entries import PublishedFile, WeightsEntry
from restyle.models.fetch import Download, download, sha256_of
from restyle.models.foreign.readers import read_state_dict
from restyle.models.kept import write_kept
from restyle.models.manifest import known_weights
from restyle.models.store import SHIPPED_FOLDER, Store


def published_file() -> bytes:
    """A file of the form that torchvision publishes (2017: no zip), with random weights and a smaller classifier."""
    generator = torch.Generator().manual_seed(7)
    state = {
        "features.0.weight": torch.rand(64, 3, 3, 3, generator=generator),
        "features.0.bias": torch.rand(64, generator=generator),
        "features.2.weight": torch.rand(64, 64, 3, 3, generator=generator),
        "classifier.0.weight": torch.rand(1024, 1024, generator=generator),
    }
    buffer = io.BytesIO()
    torch.save(state, buffer, _use_new_zipfile_serialization=False)
    return buffer.getvalue()


PUBLISHED = published_file()


@pytest.fixture
def server() -> Iterator[RangedServer]:
    with serving(PUBLISHED) as running:
        yield running


@pytest.fixture
def entry(server: RangedServer) -> WeightsEntry:
    digest = hashlib.sha256(PUBLISHED).hexdigest()
    return replace(known_weights()["vgg19"], files=(PublishedFile(server.url, digest, size_bytes=len(PUBLISHED)),))


@pytest.fixture
def store(tmp_path: Path, entry: WeightsEntry) -> Store:
    return Store(tmp_path, {**known_weights(), "vgg19": entry})


def names(store: Store) -> list[str]:
    return sorted(path.name for path in store.folder.iterdir()) if store.folder.is_dir() else []


def test_the_published_file_of_vgg19_is_the_one_that_torchvision_names():
    entry = known_weights()["vgg19"]
    assert entry.url is not None
    assert entry.url.endswith(f"vgg19-{entry.files[0].sha256[:8]}.pth")
    assert len(entry.files[0].sha256) == 64


def test_a_fetch_keeps_the_features_alone_and_nothing_else(store):
    path = store.fetch("vgg19")
    assert path == store.path("vgg19")
    kept = load_file(path)
    assert set(kept) == {"features.0.weight", "features.0.bias", "features.2.weight"}
    expected = torch.load(io.BytesIO(PUBLISHED), weights_only=True)
    assert all(torch.equal(kept[name], expected[name]) for name in kept)
    assert names(store) == ["vgg19.safetensors"]
    store.verify("vgg19")


def test_a_broken_line_is_resumed_where_it_broke(store, server):
    server.break_after = [100_000, 1_500_000]
    reports: list[Report] = []
    store.fetch("vgg19", CallbackProgress(reports.append))
    assert server.ranges == [0, 100_000, 1_600_000]
    assert reports[-1].step == reports[-1].of == len(PUBLISHED)
    assert [report.step for report in reports] == sorted({report.step for report in reports})


def test_a_later_fetch_goes_on_from_what_an_earlier_one_brought(store, server):
    server.break_after = [2_000_000]

    def cancel_late() -> bool:
        return len(server.ranges) > 1

    with pytest.raises(Cancelled):
        store.fetch("vgg19", CallbackProgress(lambda report: None, cancel_late))
    brought = (store.folder / "vgg19-vgg19-test.pth.part").stat().st_size
    assert not store.has("vgg19")
    assert brought >= 2_000_000
    server.ranges.clear()
    store.fetch("vgg19")
    assert server.ranges == [brought] if brought < len(PUBLISHED) else server.ranges == []
    store.verify("vgg19")


def test_a_server_that_cannot_resume_is_listened_to_again_from_the_start(store, server):
    server.can_resume = False
    server.break_after = [1_234_567]
    store.fetch("vgg19")
    store.verify("vgg19")


def test_another_file_than_the_published_one_is_refused_and_leaves_nothing(store, server):
    server.content = PUBLISHED[:-1] + bytes([PUBLISHED[-1] ^ 1])
    with pytest.raises(WeightsDamaged):
        store.fetch("vgg19")
    assert names(store) == []


def test_a_file_cut_short_is_never_taken_for_the_whole(store, server):
    server.content = PUBLISHED[:1_000_000]
    with pytest.raises(WeightsUnavailable):
        store.fetch("vgg19")
    assert names(store) == ["vgg19-vgg19-test.pth.part"]


@pytest.mark.parametrize(("status", "requests"), [(404, 1), (503, 5)])
def test_a_server_that_has_nothing_is_asked_a_few_times_at_most(store, server, status, requests):
    server.status = status
    with pytest.raises(WeightsUnavailable, match="vgg19"):
        store.fetch("vgg19")
    assert len(server.ranges) == requests


def test_no_server_at_all_is_one_sentence(tmp_path, entry):
    with serving(b"") as gone:
        url = gone.url
    store = Store(tmp_path, {"vgg19": replace(entry, files=(replace(entry.files[0], url=url),))})
    with pytest.raises(WeightsUnavailable):
        store.fetch("vgg19")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on file sizes to run into")
def test_a_disk_that_takes_no_more_is_said_in_one_sentence(store):
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    previous = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
        with pytest.raises(HomeUnusable, match=r"the disk is full|File too large"):
            store.fetch("vgg19")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, previous)
    store.fetch("vgg19")
    store.verify("vgg19")


def test_what_is_here_is_not_fetched_again(store, server):
    store.fetch("vgg19")
    server.ranges.clear()
    store.fetch("vgg19")
    assert server.ranges == []


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


def test_what_a_fetch_keeps_is_what_vgg19_is_built_from(tmp_path):
    from restyle.networks.vgg import vgg19_from_state_dict

    widths = (3, 64, 64, 128, 128, *[256] * 4, *[512] * 8)
    indices = (0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34)
    state = {"classifier.6.bias": torch.zeros(1000)}
    for index, narrow, wide in zip(indices, widths, widths[1:], strict=False):
        state[f"features.{index}.weight"] = torch.randn(wide, narrow, 3, 3) * (2 / narrow / 9) ** 0.5
        state[f"features.{index}.bias"] = torch.zeros(wide)
    published = io.BytesIO()
    torch.save(state, published, _use_new_zipfile_serialization=False)
    content = published.getvalue()
    with serving(content) as server:
        digest = hashlib.sha256(content).hexdigest()
        entry = replace(known_weights()["vgg19"], files=(PublishedFile(server.url, digest, size_bytes=len(content)),))
        path = Store(tmp_path, {"vgg19": entry}).fetch("vgg19")
    network = vgg19_from_state_dict(read_state_dict(path))
    assert torch.equal(network.convolution("relu5_1").weight, state["features.28.weight"])
    assert network(torch.rand(1, 3, 32, 32), ["relu5_1"])["relu5_1"].shape == (1, 512, 2, 2)


def test_every_published_file_has_an_address_and_a_hash_unless_nobody_published_one():
    for entry in known_weights().values():
        # Of the generators of CycleGAN their authors published neither hashes nor an address that is encrypted.
        for file in entry.files if entry.form != "domain" else ():
            assert file.url.startswith("https://")
            # Of what torchvision publishes, the first eight digits stand in the name; no more may be known of them.
            is_named_by_it = len(file.sha256) == 8 and file.name.endswith(f"-{file.sha256}.pth")
            assert len(file.sha256) == 64 or is_named_by_it or (not file.sha256 and len(file.sha1) == 40)
            assert file.size_bytes > 0 or is_named_by_it or not file.sha256
    names = [file.name for entry in known_weights().values() for file in entry.files if entry.form == "tensors"]
    assert len(names) == len(set(names))


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


def test_a_set_of_files_is_fetched_whole_and_goes_on_where_it_stopped(tmp_path):
    arrays = {"W": np.arange(50_000, dtype=np.float32)}
    index = write_bundle(tmp_path / "a", arrays)
    data = index.with_name("a.data-00000-of-00001")
    with serving(index.read_bytes()) as first, serving(data.read_bytes()) as second:
        files = tuple(
            PublishedFile(
                f"http://127.0.0.1:{server.server_address[1]}/{path.name}", sha256_of(path), size_bytes=path.stat().st_size
            )
            for server, path in ((first, index), (second, data))
        )
        store = Store(tmp_path / "home", {"set": WeightsEntry("set", "Set", "set.safetensors", "none", "here", files)})
        second.status = 404
        with pytest.raises(WeightsUnavailable):
            store.fetch("set")
        assert not store.has("set")
        second.status = 200
        first.ranges.clear()
        path = store.fetch("set")
        assert first.ranges == []
    assert names(store) == ["set.safetensors"]
    assert np.array_equal(load_file(path)["W"].numpy(), arrays["W"])
    store.verify("set")


@pytest.mark.parametrize("right", [True, False])
def test_a_file_of_unknown_size_is_checked_by_the_hash_that_there_is(tmp_path, right):
    content = PUBLISHED[:1_500_000]
    with serving(content) as server:
        sha1 = hashlib.sha1(content if right else b"").hexdigest()
        target = Download("a", server.url, "", 0, tmp_path / "a.part", sha1)
        if right:
            assert download(target, SilentProgress()).read_bytes() == content
        else:
            with pytest.raises(WeightsDamaged):
                download(target, SilentProgress())
            assert not target.part.exists()


def test_weights_stand_beside_the_filter_that_uses_them():
    """A filter's folder is all that there is of it."""
    from restyle.filters.enhance.models import WEIGHTS as OF_ENHANCE
    from restyle.models.shared import WEIGHTS as SHARED

    listed = list(known_weights().values())
    assert listed[: len(SHARED)] == list(SHARED)
    assert {"enhancer", "dped-sony"} <= {entry.id for entry in OF_ENHANCE} <= set(known_weights())
    assert len({entry.filename for entry in listed}) == len(listed)


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
