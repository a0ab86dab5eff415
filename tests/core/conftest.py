"""What tests of the core compute on, where nothing else matters: a processor, in float32."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from restyle.context import Context
    from restyle.host.device import Device


@pytest.fixture
def device() -> "Device":
    from restyle.host.device import pick_device

    return pick_device("cpu", "float32")


@pytest.fixture
def context(device: "Device") -> "Context":
    from restyle.context import Context

    return Context(device)
