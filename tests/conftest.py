"""What every test may ask for."""

import os
from pathlib import Path

import pytest

from restyle.host.threads import let_threads_sleep

# Before anything here imports PyTorch, and inherited by the servers that tests start.
let_threads_sleep()

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of real weights and pictures; the test is skipped where there is none."""
    folder = Path(os.environ.get("RESTYLE_REFERENCE", ROOT.parent / "shared" / "reference")).resolve()
    if not folder.is_dir():
        pytest.skip("no reference pictures and weights here: set RESTYLE_REFERENCE to their folder")
    return folder


@pytest.fixture(autouse=True)
def home_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the person's own Restyle folder."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("RESTYLE_HOME", str(home))
    return home
