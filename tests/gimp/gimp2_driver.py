"""Drives a real GIMP 2.10: headless by Script-Fu, or in a window of a display of its own. Every run is bounded."""

from __future__ import annotations

import functools
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = [
    "PLUGIN_SOURCE",
    "ROOT",
    "START_TIMEOUT_S",
    "Finished",
    "Gimp2",
    "processor_environment",
    "pythons",
    "scheme_string",
    "stop",
]

ROOT = Path(__file__).resolve().parents[2]
PLUGIN_SOURCE = ROOT / "plugin" / "restyle"
# What says how the processor is used, to the server that a GIMP starts as to the tests themselves.
PROCESSOR_VARIABLES = ("OMP_NUM_THREADS", "ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA")
# The first start of a profile asks every plug-in what it offers: 2 s on an idle machine, far more on a busy one.
START_TIMEOUT_S = 300


@dataclass(frozen=True)
class Finished:
    """What a headless run left: GIMP's exit code and output."""

    returncode: int
    stdout: str
    stderr: str
    seconds: float

    @property
    def output(self) -> str:
        return self.stdout + self.stderr


@dataclass
class Gimp2:
    """A GIMP 2.10 with a profile under `folder`; everything it writes stays there."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # GIMP complains about each of its folders of data that is not there.
        for name in ("brushes", "dynamics", "fonts", "gradients", "palettes", "patterns", "plug-ins", "tool-presets"):
            (self.profile / name).mkdir(parents=True, exist_ok=True)
        for name in ("home", "tmp"):
            (self.folder / name).mkdir(exist_ok=True)
        self.environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "GIMP2_DIRECTORY": str(self.profile),
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "RESTYLE_HOME": str(self.folder / "restyle"),
            "RESTYLE_PYTHON": os.environ.get("RESTYLE_PYTHON", sys.executable),
            **processor_environment(),
            **self.environment,
        }

    @staticmethod
    def available() -> str | None:
        """Why there is no GIMP 2.10 to test with; None where there is one."""
        path = shutil.which("gimp-console-2.10")
        if path is None:
            return "no gimp-console-2.10 on PATH"
        try:
            done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=START_TIMEOUT_S)
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"{path} does not start: {error}"
        return None if re.search(r"version 2\.10\.", done.stdout) else f"{path} is no GIMP 2.10"

    @property
    def profile(self) -> Path:
        return self.folder / "profile"

    def install(self, source: Path, name: str | None = None, *, python: str | None = None) -> Path:
        """Copy a plug-in (a folder, or a script) into the profile; `python` replaces the one of its first line."""
        name = name or source.stem
        target = self.profile / "plug-ins" / name
        entry = target / (name + ".py")
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, entry)
        if python:
            lines = entry.read_text().split("\n")
            entry.write_text("\n".join([f"#!{python}", *lines[1:]]))
        entry.chmod(0o755)
        return target

    def run_scheme(self, *code: str, timeout_s: float = START_TIMEOUT_S, extra: Mapping[str, str] | None = None) -> Finished:
        """Run Script-Fu expressions one after another in a headless GIMP, then quit it."""
        batches = [word for expression in (*code, "(gimp-quit 0)") for word in ("-b", expression)]
        started = time.monotonic()
        process = self._popen(["gimp-console-2.10", "-i", "-d", "-n", *batches], extra, subprocess.PIPE)
        try:
            out, err = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            stop(process)
            out, err = process.communicate()
            err += f"\nGIMP was stopped after {timeout_s} s"
        return Finished(process.returncode, out, err, time.monotonic() - started)

    def start(self, arguments: Sequence[str], extra: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Start GIMP with its windows, in a process group of its own; stdout and stderr go to `folder`/gimp.log."""
        with (self.folder / "gimp.log").open("a") as log:
            return self._popen(["gimp-2.10", "-n", *arguments], extra, log)

    def _popen(self, command: list[str], extra: Mapping[str, str] | None, output: Any) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, text=True, errors="replace",
            start_new_session=True, cwd=self.folder, env={**self.environment, **(extra or {})},
        )  # fmt: skip


def processor_environment() -> dict[str, str]:
    """Those of the variables that say how the processor is used that are set here."""
    return {name: os.environ[name] for name in PROCESSOR_VARIABLES if name in os.environ}


def scheme_string(text: str) -> str:
    """`text` as a literal of Script-Fu."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@functools.cache
def pythons() -> dict[str, str]:
    """The Pythons that the plug-in is tried with: 3, and 2.7 where there is one; {"3": path, "2.7": path}."""
    found = {"3": sys.executable}
    candidates = [shutil.which("python2.7"), *map(str, sorted(Path.home().glob(".pyenv/versions/2.7*/bin/python2.7")))]
    for candidate in filter(None, candidates):
        if subprocess.run([candidate, "-c", "import ctypes"], capture_output=True, check=False).returncode == 0:
            found["2.7"] = candidate
            break
    return found


def stop(process: subprocess.Popen[Any]) -> None:
    """End a GIMP that was started here, with all the plug-ins of its process group."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(5)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
