"""The GIMPs to test with: each test that asks for one is skipped, with the reason, where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.availability import lacking
from tests.gimp.desktop import Desktop
from tests.gimp.gimp2_driver import Gimp2
from tests.gimp.gimp3_driver import PLUGIN_SOURCE, Gimp3, Installation, find_installation
from tests.gimp.server_process import end_server, start_server


@pytest.fixture(scope="session")
def gimp3_installation() -> Installation:
    """The GIMP 3 found on this machine."""
    found = find_installation()
    if isinstance(found, str):
        lacking("gimp3", found)
    return found


@pytest.fixture(scope="session")
def gimp3(gimp3_installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gimp3]:
    """A GIMP 3 with Restyle in its profile; the server that it may have started ends with the session."""
    gimp = Gimp3(gimp3_installation, tmp_path_factory.mktemp("gimp3"))
    gimp.install(PLUGIN_SOURCE)
    if not gimp.can_run_server():
        start_server(gimp.home)
    yield gimp
    end_server(gimp.home)


@pytest.fixture(scope="session")
def gimp2(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gimp2]:
    """A GIMP 2.10 with Restyle in its profile; the server that it may have started ends with the session."""
    reason = Gimp2.available()
    if reason is not None:
        lacking("gimp2", reason)
    gimp = Gimp2(tmp_path_factory.mktemp("gimp2"))
    gimp.install(PLUGIN_SOURCE)
    yield gimp
    end_server(Path(gimp.environment["RESTYLE_HOME"]))


@pytest.fixture(scope="session")
def gimp3_with_probe(gimp3_installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Gimp3:
    """A GIMP 3 whose profile holds the test plug-in of gimp3_checks/ instead of Restyle."""
    gimp = Gimp3(gimp3_installation, tmp_path_factory.mktemp("gimp3-probe"))
    gimp.install_probe()
    return gimp


@pytest.fixture(scope="module")
def desktop() -> Iterator[Desktop]:
    """A display of its own for windows."""
    if reason := Desktop.missing():
        lacking("window", reason)
    with Desktop() as display:
        yield display
