"""The choice of device and precision, for computers of every kind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from restyle.contract.errors import DeviceUnavailable, InvalidParameter
from restyle.host.device import Hardware, free_caches, is_out_of_memory, pick_device, probe_hardware
from restyle.host.memory import available_memory_bytes
from restyle.host.preferences import DEVICES

OLD_CPU = Hardware({"cpu": ()})
NEW_CPU = Hardware({"cpu": ("bfloat16",)})
OLD_CUDA = Hardware({"cpu": (), "cuda": ("float16",)})
NEW_CUDA = Hardware({"cpu": ("bfloat16",), "cuda": ("bfloat16", "float16")})
MAC = Hardware({"cpu": (), "mps": ("float16",)})
ARC = Hardware({"cpu": (), "xpu": ("bfloat16", "float16")})


@pytest.mark.parametrize(
    ("hardware", "device", "precision"),
    [
        (OLD_CPU, "cpu", torch.float32),
        (NEW_CPU, "cpu", torch.bfloat16),
        (OLD_CUDA, "cuda:0", torch.float32),
        (NEW_CUDA, "cuda:0", torch.bfloat16),
        (MAC, "mps", torch.float32),
        (ARC, "xpu:0", torch.bfloat16),
    ],
)
def test_auto_takes_the_fastest_device_in_the_safest_fast_precision(hardware, device, precision):
    picked = pick_device(hardware=hardware)
    assert (picked.name, picked.precision) == (device, precision)
    assert str(picked.torch_device) == device


def test_a_processor_whose_bfloat16_is_left_out_has_none():
    """oneDNN reads its limit when it is loaded: in a process of its own."""
    ask = "from restyle.host.device import probe_hardware; print(probe_hardware().reduced['cpu'])"
    limited = os.environ | {"ONEDNN_MAX_CPU_ISA": "AVX2"}
    answer = subprocess.run([sys.executable, "-c", ask], env=limited, capture_output=True, text=True, timeout=120, check=True)
    assert answer.stdout.strip() == "()"


def test_convolutions_get_channels_last_where_it_pays():
    assert pick_device(hardware=NEW_CUDA).memory_format is torch.channels_last
    assert pick_device("cpu", hardware=OLD_CPU).memory_format is torch.channels_last
    assert pick_device(hardware=MAC).memory_format is torch.contiguous_format


@pytest.mark.parametrize("hardware", [OLD_CPU, NEW_CPU, OLD_CUDA, NEW_CUDA, MAC, ARC])
def test_the_cpu_in_float32_can_be_had_everywhere(hardware):
    picked = pick_device("cpu", "float32", hardware)
    assert (picked.name, picked.precision) == ("cpu", torch.float32)


def test_a_precision_is_taken_when_asked_for():
    assert pick_device("cuda", "float16", NEW_CUDA).precision is torch.float16


@pytest.mark.parametrize(("hardware", "device"), [(OLD_CPU, "cuda"), (OLD_CUDA, "mps"), (MAC, "xpu"), (OLD_CPU, "abacus")])
def test_a_device_that_is_not_there_is_one_sentence(hardware, device):
    with pytest.raises(DeviceUnavailable, match=device):
        pick_device(device, hardware=hardware)


@pytest.mark.parametrize(
    ("hardware", "precision"), [(OLD_CPU, "bfloat16"), (NEW_CPU, "float16"), (MAC, "bfloat16"), (MAC, "int8")]
)
def test_a_precision_that_the_device_has_not_is_one_sentence_with_the_choices(hardware, precision):
    with pytest.raises(InvalidParameter, match="choose one of auto, float32"):
        pick_device("auto", precision, hardware)


def test_this_computer_has_a_device_with_memory_left():
    picked = pick_device()
    assert picked.memory_budget_bytes > 1 << 20
    assert set(probe_hardware().reduced) <= set(DEVICES)


def test_what_was_picked_here_computes_a_convolution_with_gradients():
    picked = pick_device()
    image = torch.rand(1, 16, 32, 32, device=picked.torch_device, dtype=picked.precision, requires_grad=True)
    weight = torch.rand(16, 16, 3, 3, device=picked.torch_device, dtype=picked.precision)
    out = F.conv2d(image.to(memory_format=picked.memory_format), weight.to(memory_format=picked.memory_format), padding=1)
    out.float().sum().backward()
    assert image.grad is not None
    assert torch.isfinite(image.grad).all()


def test_no_more_threads_than_processors_are_used():
    before = torch.get_num_threads()
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        torch.set_num_threads(usable + 3)
        pick_device("cpu")
        assert torch.get_num_threads() == usable
    finally:
        torch.set_num_threads(before)


def test_only_failed_allocations_are_out_of_memory():
    assert is_out_of_memory(MemoryError())
    assert is_out_of_memory(torch.OutOfMemoryError("no"))
    assert not is_out_of_memory(RuntimeError("The size of tensor a must match"))
    assert not is_out_of_memory(ValueError("not enough memory"))
    free_caches()


def cgroup(root: Path, line: str, files: dict[str, str]) -> Path:
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/cgroup").write_text(line)
    for name, content in files.items():
        path = root / "sys/fs/cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return root


def test_a_container_s_limit_counts_in_both_versions_of_control_groups(tmp_path):
    second = cgroup(tmp_path / "v2", "0::/\n", {"memory.max": "50000000", "memory.current": "20000000"})
    assert available_memory_bytes(second) == 30_000_000
    first = cgroup(
        tmp_path / "v1",
        "5:cpu,cpuacct:/docker/1\n4:memory:/docker/1\n",
        {"memory/memory.limit_in_bytes": "50000000", "memory/memory.usage_in_bytes": "40000000"},
    )
    assert available_memory_bytes(first) == 10_000_000


def test_the_tightest_group_above_the_process_counts_and_cached_files_do_not(tmp_path):
    files = {
        "user/app/memory.max": "max\n",
        "user/app/memory.current": "1000\n",
        "user/memory.max": "60000000\n",
        "user/memory.current": "50000000\n",
        "user/memory.stat": "anon 1\ninactive_file 7000000\n",
    }
    assert available_memory_bytes(cgroup(tmp_path, "0::/user/app\n", files)) == 17_000_000


def test_a_group_that_uses_more_than_its_limit_leaves_nothing(tmp_path):
    root = cgroup(tmp_path, "0::/\n", {"memory.max": "100", "memory.current": "200"})
    assert available_memory_bytes(root) == 0


def test_without_control_groups_the_system_s_memory_counts(tmp_path):
    assert available_memory_bytes(tmp_path) > 1 << 20
