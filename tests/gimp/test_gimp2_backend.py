"""The GIMP 2.10 backend inside a real GIMP 2.10, under Python 3 and 2.7: one start of GIMP for all checks of a Python."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.gimp.gimp2_driver import PLUGIN_SOURCE, ROOT, Finished, Gimp2, scheme_string
from tests.gimp.installations import python_of

pytestmark = pytest.mark.usefixtures("gimp2_program")
TESTS = ROOT / "tests" / "gimp"
CONTRACT = ROOT / "tests" / "contract"
# Modules of check functions, as the plug-in finds them.
MODULES = [TESTS / "gimp2_backend_checks.py", TESTS / "gimp2_pixel_checks.py", CONTRACT / "backend_contract.py"]
SEARCH_PATH = f"{PLUGIN_SOURCE}:{TESTS}:{CONTRACT}"
NAMES = sorted(name for module in MODULES for name in re.findall(r"(?m)^def (check_\w+)", module.read_text(encoding="utf-8")))


def run_checks(folder: Path, python: str) -> tuple[Finished, dict[str, str | None]]:
    gimp, outcome = Gimp2(folder), folder / "outcome.json"
    gimp.install(TESTS / "gimp2_checks", python=python)
    modules = scheme_string(",".join(module.stem for module in MODULES))
    call = f"(python-fu-restyle-checks RUN-NONINTERACTIVE {modules} {scheme_string(str(outcome))})"
    finished = gimp.run_scheme(call, extra={"RESTYLE_TEST_PATH": SEARCH_PATH})
    return finished, json.loads(outcome.read_text()) if outcome.exists() else {}


@pytest.fixture(scope="module", params=["3", "2.7"])
def outcome(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Finished, dict[str, str | None]]:
    return run_checks(tmp_path_factory.mktemp("gimp2"), python_of(request.param))


@pytest.mark.parametrize("name", NAMES)
def test_inside_gimp(outcome: tuple[Finished, dict[str, str | None]], name: str) -> None:
    finished, results = outcome
    assert name in results, finished.output
    assert results[name] is None, results[name]


def test_libgimp_found_nothing_to_complain_about(outcome: tuple[Finished, dict[str, str | None]]) -> None:
    finished, _ = outcome
    assert "CRITICAL" not in finished.output
    assert "LibGimp" not in finished.output
