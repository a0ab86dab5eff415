"""Where methods run, and how a test's own is called."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from tests.core.engine.declared import MODULE

from restyle.context import Context
from restyle.contract.progress import SilentProgress
from restyle.host.device import pick_device
from restyle.pictures.image import Image


@pytest.fixture
def context() -> Context:
    return Context(pick_device("cpu", "float32"), SilentProgress())


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts a method (and a memory estimate) where the declaration's dotted name leads."""

    def install_method(method: Callable[..., Image], estimate: Callable[..., int] | None = None) -> None:
        module: Any = ModuleType(MODULE)
        module.method = method
        module.estimate = estimate
        monkeypatch.setitem(sys.modules, MODULE, module)

    return install_method
