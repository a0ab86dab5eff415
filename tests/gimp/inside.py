"""Checks that run inside GIMPs: functions check_* of modules, all of them in one start of each GIMP, with a real server.

They are read and not imported here: their imports are a GIMP's.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.gimp.gimp2_driver import PLUGIN_SOURCE, ROOT, Gimp2, pythons, scheme_string
from tests.gimp.gimp3_driver import SERIES, Gimp3
from tests.gimp.installations import gimp3_of, need_gimp2, python_of
from tests.gimp.server_process import end_server, start_server

__all__ = ["FOLDER", "GIMPS", "Outcome", "check_names", "outcome_in"]

Outcome = tuple[str, dict[str, str | None]]
"""What a GIMP said, and for each check None or its traceback."""
FOLDER = ROOT / "tests" / "gimp"
GIMPS = ("2.10 by Python 3", "2.10 by Python 2.7", *SERIES)
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


def check_names(modules: Sequence[str]) -> list[str]:
    """The checks of all modules."""
    trees = [ast.parse((FOLDER / f"{module}.py").read_text()) for module in modules]
    functions = [node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)]
    return sorted(name for name in functions if name.startswith("check_"))


def outcome_in(gimp: str, folder: Path, modules: Sequence[str], extra: Mapping[str, str] | None = None) -> Outcome:
    """Run the modules' checks in one of GIMPS, whose files are in ``folder``; ``extra``: variables for the checks."""
    try:
        given = {"RESTYLE_TEST_PATH": ":".join(SEARCH), **(extra or {})}
        if gimp in SERIES:
            return _in_gimp3(folder, gimp, modules, given)
        return _in_gimp2(folder, gimp.rpartition(" ")[2], modules, given)
    finally:
        end_server(folder / "restyle")


def _in_gimp2(folder: Path, version: str, modules: Sequence[str], given: Mapping[str, str]) -> Outcome:
    need_gimp2()
    gimp, answers, python = Gimp2(folder), folder / "outcome.json", python_of(version)
    gimp.install(PLUGIN_SOURCE, python=python)
    gimp.install(FOLDER / "gimp2_checks", python=python)
    gimp.install(FOLDER / "filter_closer", python=pythons()["3"])
    call = f'(python-fu-restyle-checks RUN-NONINTERACTIVE "{",".join(modules)}" {scheme_string(str(answers))})'
    finished = gimp.run_scheme(call, timeout_s=TIMEOUT_S, extra={**given, "RESTYLE_TEST_SERVER": "startable"})
    return finished.output, json.loads(answers.read_text()) if answers.exists() else {}


def _in_gimp3(folder: Path, series: str, modules: Sequence[str], given: Mapping[str, str]) -> Outcome:
    gimp = Gimp3(gimp3_of(series), folder)
    gimp.install(PLUGIN_SOURCE)
    gimp.install(FOLDER / "filter_closer")
    startable = gimp.can_run_server()
    if not startable:
        start_server(gimp.home)
    extra = {**given, "RESTYLE_TEST_SERVER": "startable" if startable else "started outside"}
    finished = gimp.run(SCRIPT.format(search=SEARCH, modules=tuple(modules)), timeout_s=TIMEOUT_S, extra=extra)
    return finished.stdout + finished.stderr, finished.reports
