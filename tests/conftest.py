"""What every test may ask for."""

import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from restyle.host.threads import let_threads_sleep
from tests.availability import lacking
from tests.gimp.gimp3_driver import SERIES, Installation
from tests.gimp.installations import gimp3_of, need_gimp2

# Before anything here imports PyTorch, and inherited by the servers that tests start.
let_threads_sleep()

ROOT = Path(__file__).resolve().parents[1]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Where several processes share the tests, a GIMP is started in one of them only."""
    from tests.sharing import ByGimp

    return ByGimp(config, log)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of real weights and pictures; where there is none, the test fails in CI and is skipped elsewhere."""
    folder = Path(os.environ.get("RESTYLE_REFERENCE", ROOT.parent / "shared" / "reference")).resolve()
    if not folder.is_dir():
        lacking("reference", f"no reference pictures and weights in {folder}: set RESTYLE_REFERENCE to their folder")
    return folder


@pytest.fixture(scope="session")
def gimp2_program() -> None:
    """There is a GIMP 2.10."""
    need_gimp2()


@pytest.fixture(scope="session", params=SERIES)
def gimp3_installation(request: pytest.FixtureRequest) -> Installation:
    """Each GIMP 3 that is tested."""
    return gimp3_of(request.param)


@pytest.fixture(autouse=True)
def home_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the person's own Restyle folder."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("RESTYLE_HOME", str(home))
    return home


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What tests print and log may hold half of a character, as names of files do; workers can only send whole ones."""
    report = yield
    report.sections = [(title, text.encode("utf-8", "backslashreplace").decode("utf-8")) for title, text in report.sections]
    return report
