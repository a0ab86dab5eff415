"""Weights come here whole or not at all, whatever the line does."""

from __future__ import annotations

import hashlib
import io
import signal
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from tests.core.models.foreign.bundle_writer import write_bundle
from tests.core.models.published import PUBLISHED, names
from tests.core.models.ranged_server import serving

from restyle.contract.errors import Cancelled, HomeUnusable, WeightsDamaged, WeightsUnavailable
from restyle.contract.progress import CallbackProgress, Report, SilentProgress
from restyle.models.entries import PublishedFile, WeightsEntry
from restyle.models.fetch import Download, download, sha256_of
from restyle.models.foreign.readers import read_state_dict
from restyle.models.manifest import known_weights
from restyle.models.store import Store


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
