"""Which build of PyTorch the installer takes, and what it says when it cannot have it."""

from __future__ import annotations

from urllib.error import URLError

import pytest

from restyle_installer.machine import Machine, driver_cuda
from restyle_installer.torch_build import candidates, offers, pick

VERSION = "2.13.0"
LINUX = Machine("linux")


def page_with(*names: str) -> str:
    return "".join(f'<a href="/whl/{name}#sha256=0">{name}</a><br/>\n' for name in names)


def wheel(build: str, python: str = "cp311", platform: str = "manylinux_2_28_x86_64") -> str:
    return f"torch-{VERSION}%2B{build}-{python}-{python}-{platform}.whl"


@pytest.mark.parametrize(
    ("machine", "names"),
    [
        (LINUX, ["cpu"]),
        (Machine("linux", cuda=(13, 2)), ["cu130", "cu126", "cpu"]),
        (Machine("linux", cuda=(12, 8)), ["cu126", "cpu"]),
        (Machine("linux", cuda=(12, 2)), ["cpu"]),
        (Machine("linux", has_rocm=True), ["rocm7.2", "cpu"]),
        (Machine("linux", has_xpu=True), ["xpu", "cpu"]),
        (Machine("linux", cuda=(13, 0), has_rocm=True, has_xpu=True), ["cu130", "cu126", "rocm7.2", "xpu", "cpu"]),
        (Machine("windows", cuda=(13, 0), has_rocm=True), ["cu130", "cu126", "cpu"]),
        (Machine("macos", "aarch64"), ["mps"]),
    ],
)
def test_the_builds_follow_from_the_facts_of_the_machine(machine: Machine, names: list) -> None:
    assert [build.name for build in candidates(machine)] == names


def test_an_index_offers_a_build_only_for_its_version_and_machine() -> None:
    page = page_with(wheel("cpu"), wheel("cpu", platform="win_amd64"))
    assert offers(page, VERSION, LINUX)
    assert offers(page, VERSION, Machine("windows"))
    assert not offers(page, VERSION, Machine("linux", "aarch64"))
    assert not offers(page, "2.13.1", LINUX)
    assert not offers(page, "2.1", LINUX)


def test_the_first_index_that_has_the_build_is_taken() -> None:
    pages = {
        "https://download.pytorch.org/whl/cu130/torch/": page_with(wheel("cu130", platform="win_amd64")),
        "https://download.pytorch.org/whl/cu126/torch/": page_with(wheel("cu126")),
    }
    build, sentence = pick(Machine("linux", cuda=(13, 0)), VERSION, pages.__getitem__)
    assert build.index == "https://download.pytorch.org/whl/cu126"
    assert "cu126" in sentence
    assert "CUDA 13.0" in sentence


def test_an_index_that_cannot_be_reached_is_named_and_the_default_one_taken() -> None:
    asked = []

    def unreachable(url: str) -> str:
        asked.append(url)
        raise URLError("Name or service not known")

    build, sentence = pick(LINUX, VERSION, unreachable)
    assert build.index is None
    assert asked == ["https://download.pytorch.org/whl/cpu/torch/"]
    assert "cannot be reached" in sentence
    assert "default index" in sentence
    assert "Name or service not known" in sentence


def test_where_no_index_has_the_version_the_default_one_is_taken_and_it_says_so() -> None:
    old = page_with("torch-1.0.0-cp311-cp311-linux_x86_64.whl")
    build, sentence = pick(Machine("linux", cuda=(13, 0)), VERSION, lambda url: old)
    assert build.index is None
    assert "cu130, cu126, cpu" in sentence


def test_a_mac_asks_no_index_of_its_own() -> None:
    def unexpected(url: str) -> str:
        raise AssertionError(url)

    assert pick(Machine("macos", "aarch64"), VERSION, unexpected)[0].index is None


@pytest.mark.parametrize(
    ("output", "version"),
    [
        ("| NVIDIA-SMI 580.65    Driver Version: 580.65    CUDA Version: 13.0     |", (13, 0)),
        ("| NVIDIA-SMI 535.104   Driver Version: 535.104   CUDA Version: 12.2     |", (12, 2)),
        ("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", None),
        ("[Errno 2] No such file or directory: 'nvidia-smi'", None),
    ],
)
def test_the_driver_says_which_cuda_it_takes(output: str, version: tuple) -> None:
    assert driver_cuda(output) == version
