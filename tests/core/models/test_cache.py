"""A network is loaded once, and leaves when others need its room."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from restyle.contract.errors import WeightsDamaged
from restyle.models.cache import KEPT_S, ON_CPU, NetworkCache

LINEAR_BYTES = 4 * (8 * 8 + 8)


@pytest.fixture
def built() -> list[Path]:
    return []


@pytest.fixture
def build(built: list[Path]):
    def make(path: Path) -> nn.Module:
        built.append(path)
        return nn.Linear(8, 8)

    return make


def file(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_the_second_job_finds_the_first_one_s_network(tmp_path, build, built):
    cache, path = NetworkCache(), file(tmp_path / "a", b"a")
    assert cache.load(path, ("x",), build) is cache.load(path, ("x",), build)
    assert built == [path]


def test_another_file_under_the_same_name_is_another_network(tmp_path, build, built):
    cache, path = NetworkCache(), file(tmp_path / "a", b"a")
    first = cache.load(path, ("x",), build)
    # By rename, as Restyle writes: size and time may well be the same.
    stamp = path.stat()
    os.replace(file(tmp_path / "b", b"b"), path)
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert cache.load(path, ("x",), build) is not first


def test_the_same_content_under_another_name_is_the_same_network(tmp_path, build, built):
    cache = NetworkCache()
    paths = [file(tmp_path / name, b"same") for name in "ab"]
    assert cache.load(paths[0], ("x",), build) is cache.load(paths[1], ("x",), build)


@pytest.mark.parametrize("place", [replace(ON_CPU, precision=torch.bfloat16), replace(ON_CPU, memory_format=torch.channels_last)])
def test_each_precision_and_order_has_a_network_of_its_own(tmp_path, build, place):
    cache, path = NetworkCache(), file(tmp_path / "a", b"a")
    single, other = cache.load(path, ("x",), build), cache.load(path, ("x",), build, place)
    assert single is not other
    assert (single.weight.dtype, other.weight.dtype) == (ON_CPU.precision, place.precision)


def test_what_was_built_counts_beside_what_it_was_built_of(tmp_path, build):
    cache, path = NetworkCache(), file(tmp_path / "a", b"a")
    assert cache.load(path, ("x", "max"), build) is not cache.load(path, ("x", "average"), build)


def test_networks_are_held_ready_for_use_and_not_for_training(tmp_path, build):
    network = NetworkCache().load(file(tmp_path / "a", b"a"), ("x",), build)
    assert not network.training
    assert not any(parameter.requires_grad for parameter in network.parameters())


def test_what_was_used_longest_ago_leaves_when_there_are_too_many_bytes(tmp_path, build, built):
    cache = NetworkCache(most_bytes=2 * LINEAR_BYTES)
    one, two, three = (file(tmp_path / name, name.encode()) for name in ("1", "2", "3"))
    for path in (one, two, one, three):
        cache.load(path, ("x",), build)
    assert cache.held_bytes == 2 * LINEAR_BYTES
    cache.load(one, ("x",), build)
    assert built == [one, two, three]
    cache.load(two, ("x",), build)
    assert built == [one, two, three, two]


def test_one_that_is_larger_than_all_may_be_is_held_alone(tmp_path, build):
    cache = NetworkCache(most_bytes=1)
    for name in "ab":
        cache.load(file(tmp_path / name, name.encode()), ("x",), build)
    assert cache.held_bytes == LINEAR_BYTES


def test_all_are_let_go_of_when_nobody_has_asked_for_a_while(tmp_path, build):
    now = [0.0]
    cache, path = NetworkCache(clock=lambda: now[0]), file(tmp_path / "a", b"a")
    cache.load(path, ("x",), build)
    for now[0], is_held in ((KEPT_S - 1, True), (KEPT_S, False)):
        cache.expire()
        assert bool(cache.held_bytes) is is_held


def test_a_network_that_is_built_for_ever_stops_nobody_else(tmp_path, build):
    cache, path = NetworkCache(), file(tmp_path / "a", b"a")

    def slow(path: Path) -> nn.Module:
        # Another thread's turn, while this one is still at it.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(cache.load, path, ("x",), build).result(timeout=60)

    assert cache.load(path, ("x",), slow) is cache.load(path, ("x",), build)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_weights_that_are_no_finite_numbers_are_refused(tmp_path, number):
    def make(path: Path) -> nn.Module:
        network = nn.Linear(2, 2)
        nn.init.constant_(network.bias, number)
        return network

    with pytest.raises(WeightsDamaged, match="no finite numbers"):
        NetworkCache().load(file(tmp_path / "a", b"a"), ("x",), make)


def test_nothing_is_held_after_a_clearance_nor_after_a_failure(tmp_path, build):
    cache, path = NetworkCache(), file(tmp_path / "a", b"a")
    cache.load(path, ("x",), build)
    cache.clear()
    assert cache.held_bytes == 0

    def fail(path: Path) -> nn.Module:
        raise ValueError(path)

    with pytest.raises(ValueError, match=r"a$"):
        cache.load(path, ("y",), fail)
    assert cache.held_bytes == 0
