"""What is settled in GIMP's Settings…: read as it was written, used where nothing else is asked for, harmless where damaged."""

import pytest
import torch

from restyle.contract.errors import DeviceUnavailable
from restyle.host.device import Hardware, pick_device, settled_device
from restyle.host.preferences import DEVICES, Preferences, read_preferences
from restyle_plugin import preferences


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"device": 1, "memory_gb": "much"}', '{"memory_gb": true}', '{"memory_gb": -2}']
)
def test_what_cannot_be_read_is_as_without(tmp_path, text):
    (tmp_path / "preferences.json").write_text(text)
    assert read_preferences(tmp_path) == Preferences("auto", 0.0)


def test_the_core_reads_what_the_plug_in_keeps(tmp_path, monkeypatch):
    monkeypatch.setenv("RESTYLE_HOME", str(tmp_path))
    preferences.keep(preferences.Preferences("cuda", 6.0, "/styles"))
    assert read_preferences(tmp_path) == Preferences("cuda", 6.0)
    assert {word for word, _ in preferences.DEVICES} == set(DEVICES)


def test_the_settled_device_is_taken_unless_another_is_asked_for(tmp_path):
    hardware = Hardware({"cpu": (), "cuda": ("float16",)})
    assert settled_device(tmp_path, hardware=hardware).torch_device.type == "cuda"
    (tmp_path / "preferences.json").write_text('{"device": "cpu"}')
    assert settled_device(tmp_path, hardware=hardware).torch_device == torch.device("cpu")
    assert settled_device(tmp_path, "cuda", hardware=hardware).torch_device.type == "cuda"
    (tmp_path / "preferences.json").write_text('{"device": "xpu"}')
    with pytest.raises(DeviceUnavailable):
        settled_device(tmp_path, hardware=hardware)


def test_no_more_memory_is_planned_with_than_was_settled(tmp_path):
    free = pick_device("cpu").memory_budget_bytes
    (tmp_path / "preferences.json").write_text('{"memory_gb": 0.125}')
    assert settled_device(tmp_path, "cpu").memory_budget_bytes == 2**27 < free
    (tmp_path / "preferences.json").write_text('{"memory_gb": 400000}')
    assert settled_device(tmp_path, "cpu").memory_budget_bytes > 2**27
