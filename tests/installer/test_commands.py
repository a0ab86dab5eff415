"""The commands as a person starts them: real GIMPs, a home of their own, and the environment of these tests.

Making an environment needs a package index, and tests use no network: so `--python` names the one that runs the tests.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from restyle_installer.checkout import HERE
from tests.gimp.gimp3_driver import Gimp3, Installation
from tests.installer.gimp3_program import program_of

LIMIT_S = 300


def installer(home: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess:
    """Run the installer for a user whose folder is `home`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RESTYLE_", "GIMP", "XDG_"))}
    env = dict(kept, HOME=str(home), **environ)
    command = [sys.executable, str(HERE.root / "installer"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, env=env, cwd=home)


def files_of(folder: Path) -> dict:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_dry_run_is_what_install_then_does_and_touches_nothing(tmp_path: Path) -> None:
    (tmp_path / ".config/GIMP/3.0").mkdir(parents=True)
    before = files_of(tmp_path)
    planned = installer(tmp_path, "install", "--python", sys.executable, "--dry-run", "--json")
    assert planned.returncode == 0, planned.stderr
    assert files_of(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == [".config"]
    done = installer(tmp_path, "install", "--python", sys.executable, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["steps"] == json.loads(planned.stdout)["steps"]
    written = {step["path"] for step in json.loads(done.stdout)["steps"] if step["step"] == "write-file"}
    assert written == {str(tmp_path / name) for name in files_of(tmp_path)}


def test_gimp_2_10_has_the_filter_after_install_and_not_after_uninstall(tmp_path: Path, gimp2_program: None) -> None:
    done = installer(tmp_path, "install", "--python", sys.executable)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ok    proof in GIMP 2.10" in done.stdout
    assert "FAIL" not in done.stdout, "a check of the server, of PyTorch or of a file failed"
    assert installer(tmp_path, "uninstall").returncode == 0
    assert not [name for name in files_of(tmp_path) if "restyle" in name.lower() and "pluginrc" not in name]
    gone = {one["name"]: one for one in json.loads(installer(tmp_path, "doctor", "--json").stdout)}
    assert next(one for name, one in gone.items() if name.startswith("proof in GIMP 2.10"))["level"] == "fail"


def test_a_plugin_that_may_not_be_executed_is_missing_in_gimp_2_10_and_doctor_says_why(
    tmp_path: Path, gimp2_program: None
) -> None:
    assert installer(tmp_path, "install", "--python", sys.executable, "--json").returncode == 0
    entry = next(tmp_path.glob(".config/GIMP/2.10/plug-ins/restyle/restyle.py"))
    entry.chmod(0o644)
    checked = installer(tmp_path, "doctor", "--json")
    found = {one["name"]: one for one in json.loads(checked.stdout)}
    assert checked.returncode == 1
    assert "may not be executed" in found["plug-in in GIMP 2.10"]["sentence"]
    assert next(one for name, one in found.items() if name.startswith("proof in GIMP 2.10"))["level"] == "fail"
    installer(tmp_path, "install", "--python", sys.executable, "--json")
    assert entry.stat().st_mode & 0o111, "installing again did not mend it"


def test_gimp_3_has_the_filter_after_install(tmp_path: Path, gimp3_installation: Installation) -> None:
    """The GIMP 3 of these tests, behind a program of its usual name that enters the folder it lives in."""
    gimp = Gimp3(gimp3_installation, tmp_path)
    gimp.environment = {"HOME": str(tmp_path), "LANG": "C.UTF-8"}
    programs = program_of(gimp, tmp_path / "programs").parent
    path = os.pathsep.join([str(programs), os.environ["PATH"]])
    done = installer(tmp_path, "install", "--python", sys.executable, "--json", PATH=path)
    assert done.returncode == 0, done.stderr
    found = {one["name"]: one for one in json.loads(installer(tmp_path, "doctor", "--json", PATH=path).stdout)}
    proof = next(one for name, one in found.items() if name.startswith(f"proof in GIMP {gimp3_installation.series}"))
    assert proof["level"] == "ok", proof
    assert found[f"plug-in in GIMP {gimp3_installation.series}"]["level"] == "ok"


def test_a_python_without_restyle_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    (tmp_path / ".config/GIMP/3.0").mkdir(parents=True)
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True, timeout=LIMIT_S)
    before = files_of(tmp_path)
    done = installer(tmp_path, "install", "--python", str(bare / "bin" / "python"))
    assert done.returncode == 1
    assert "cannot load Restyle" in done.stderr
    assert files_of(tmp_path) == before
    assert "whole path" in installer(tmp_path, "install", "--python", "python3").stderr


def test_uninstalling_what_is_not_installed_says_so(tmp_path: Path) -> None:
    done = installer(tmp_path, "uninstall")
    assert done.returncode == 0
    assert "not installed" in done.stdout
    assert list(tmp_path.iterdir()) == []
