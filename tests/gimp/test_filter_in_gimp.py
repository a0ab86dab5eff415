"""Neural Style through the procedure database of real GIMPs with a real server: one set of checks, the same for each.

The checks are functions of the filter_*.py modules; all of them run in one start of each GIMP.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.gimp.gimp2_driver import PLUGIN_SOURCE, ROOT, Gimp2, pythons, scheme_string
from tests.gimp.gimp3_driver import SERIES, Gimp3
from tests.gimp.installations import gimp3_of, need_gimp2, python_of
from tests.gimp.server_process import end_server, start_server

# What a GIMP said, and for each check None or its traceback.
Outcome = tuple[str, dict[str, str | None]]
FOLDER = ROOT / "tests" / "gimp"
# The server is killed in the last one.
MODULES = (
    "filter_layers",
    "filter_painting",
    "filter_regions",
    "filter_others",
    "filter_again",
    "filter_edit",
    "filter_harmonize",
    "filter_focus",
    "filter_troubles",
)
SEARCH = [str(PLUGIN_SOURCE), str(PLUGIN_SOURCE.parent), str(FOLDER)]
# A minute on an idle machine; the server may read PyTorch from a cold disk, and others use this machine too.
TIMEOUT_S = 1200

SCRIPT = """
import importlib, sys, time, traceback
sys.dont_write_bytecode = True
sys.path[:0] = {search!r}
from restyle_plugin.gimpfu_shim import gimp3
for module in map(importlib.import_module, {modules!r}):
    for name in sorted(name for name in dir(module) if name.startswith("check_")):
        started, trouble = time.time(), None
        try:
            getattr(module, name)(gimp3)
        except Exception:
            trouble = traceback.format_exc()
        sys.stderr.write("%s %.2f s\\n" % (name, time.time() - started))
        report(name, trouble)
"""


def check_names() -> list[str]:
    """The checks of all modules, read and not imported: their imports are a GIMP's."""
    trees = [ast.parse((FOLDER / f"{module}.py").read_text()) for module in MODULES]
    functions = [node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)]
    return sorted(name for name in functions if name.startswith("check_"))


@pytest.fixture(scope="module", params=["2.10 by Python 3", "2.10 by Python 2.7", *SERIES])
def outcome(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    """What a GIMP said, and what came of each check."""
    folder = tmp_path_factory.mktemp("checks")
    try:
        in_series_3 = request.param in SERIES
        yield in_gimp3(folder, request.param) if in_series_3 else in_gimp2(folder, request.param.rpartition(" ")[2])
    finally:
        end_server(folder / "restyle")


def in_gimp2(folder: Path, version: str) -> Outcome:
    need_gimp2()
    gimp, answers, python = Gimp2(folder), folder / "outcome.json", python_of(version)
    gimp.install(PLUGIN_SOURCE, python=python)
    gimp.install(FOLDER / "gimp2_checks", python=python)
    gimp.install(FOLDER / "filter_closer", python=pythons()["3"])
    extra = {"RESTYLE_TEST_PATH": ":".join(SEARCH), "RESTYLE_TEST_SERVER": "startable"}
    call = f'(python-fu-restyle-checks RUN-NONINTERACTIVE "{",".join(MODULES)}" {scheme_string(str(answers))})'
    finished = gimp.run_scheme(call, timeout_s=TIMEOUT_S, extra=extra)
    return finished.output, json.loads(answers.read_text()) if answers.exists() else {}


def in_gimp3(folder: Path, series: str) -> Outcome:
    gimp = Gimp3(gimp3_of(series), folder)
    gimp.install(PLUGIN_SOURCE)
    gimp.install(FOLDER / "filter_closer")
    startable = gimp.can_run_server()
    if not startable:
        start_server(gimp.home)
    extra = {"RESTYLE_TEST_PATH": ":".join(SEARCH), "RESTYLE_TEST_SERVER": "startable" if startable else "started outside"}
    finished = gimp.run(SCRIPT.format(search=SEARCH, modules=MODULES), timeout_s=TIMEOUT_S, extra=extra)
    return finished.stdout + finished.stderr, finished.reports


@pytest.mark.parametrize("name", check_names())
def test_inside_gimp(outcome: Outcome, name: str) -> None:
    output, results = outcome
    assert name in results, output
    assert results[name] is None, results[name]


def test_gimp_found_nothing_to_complain_about(outcome: Outcome) -> None:
    """GIMP says it where a plug-in ends and leaves an image's undo group open."""
    output, _ = outcome
    # GIMP 3 itself ends with one about an object that it has freed.
    lines = [line for line in output.splitlines() if "CRITICAL" in line and not line.startswith("(gimp:")]
    assert not lines
    assert "undo" not in output
