"""What the tests of GIMPs share: a GIMP with the test plug-in, a display."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.availability import lacking
from tests.gimp.desktop import Desktop
from tests.gimp.gimp3_driver import Gimp3, Installation


@pytest.fixture(scope="session")
def gimp3_with_probe(gimp3_installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Gimp3:
    """A GIMP 3 whose profile holds the test plug-in of gimp3_checks/ instead of Restyle."""
    gimp = Gimp3(gimp3_installation, tmp_path_factory.mktemp("gimp3-probe"))
    gimp.install_probe()
    return gimp


@pytest.fixture(scope="session")
def window_tools() -> None:
    """What a display without a monitor needs is there."""
    if reason := Desktop.missing():
        lacking("window", reason)


@pytest.fixture(scope="module")
def desktop(window_tools: None) -> Iterator[Desktop]:
    """A display of its own for windows."""
    with Desktop() as display:
        yield display
