"""Every backend of the shim has the functions of backend.pyi: by their parameters, which are read, and by mypy."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

_LIMIT_S = 240
_PROGRAM = """
from memory_gimp import MemoryGimp
from restyle_plugin.gimpfu_shim import gimp2, gimp3
from restyle_plugin.gimpfu_shim.backend import Backend

backends: list[Backend] = [MemoryGimp()]
backends.append(gimp2)
backends.append(gimp3)
"""
Parameters = dict[str, list[str]]


def _functions(body: list[ast.stmt]) -> Parameters:
    """The public functions and their parameters' names, but for `self`."""
    named = [node for node in body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    return {node.name: [one.arg for one in node.args.args if one.arg != "self"] for node in named}


def _methods(path: Path) -> Parameters:
    classes = [node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.ClassDef)]
    return {name: names for node in classes for name, names in _functions(node.body).items()}


@pytest.fixture
def shim(root: Path) -> Path:
    """The shim's folder."""
    return root / "plugin" / "restyle" / "restyle_plugin" / "gimpfu_shim"


@pytest.fixture
def wanted(shim: Path) -> Parameters:
    """What backend.pyi says."""
    return {name: names for name, names in _methods(shim / "backend.pyi").items() if name.islower()}


@pytest.mark.parametrize("backend", ["gimp2", "gimp3", "memory"])
def test_every_function_is_there_with_the_same_parameters(backend: str, wanted: Parameters, shim: Path, root: Path) -> None:
    if backend == "memory":
        parts = [_methods(path) for path in (root / "plugin" / "memory_gimp").glob("*.py")]
    else:
        parts = [_functions(ast.parse(path.read_text(encoding="utf-8")).body) for path in shim.glob(f"{backend}*.py")]
    found = {name: names for part in parts for name, names in part.items()}
    assert {name: found.get(name) for name in wanted} == wanted
    assert len(wanted) > 50


def test_mypy_takes_every_backend_for_one(root: Path, tmp_path: Path) -> None:
    program = tmp_path / "backends.py"
    program.write_text(_PROGRAM)
    folders = [root / "plugin" / "restyle", root / "plugin"]
    options = ["--config-file=", "--python-version=3.10", "--ignore-missing-imports", "--follow-imports=silent"]
    answer = subprocess.run(
        [sys.executable, "-m", "mypy", *options, f"--cache-dir={tmp_path / 'cache'}", str(program)],
        capture_output=True, text=True, timeout=_LIMIT_S, check=False, cwd=tmp_path,
        env={**os.environ, "MYPYPATH": os.pathsep.join(map(str, folders))},
    )  # fmt: skip
    assert answer.returncode == 0, answer.stdout + answer.stderr
