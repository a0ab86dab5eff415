"""The GIMPs that can be started on this machine, and code run in one of them without a window."""

from __future__ import annotations

import glob
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping

from .machine import Machine
from .runner import Completed, Runner

__all__ = ["Gimp", "find", "is_running", "parse_version", "run_python", "run_scheme"]

CONSOLES = ("gimp-console-3.2", "gimp-console-3.0", "gimp-console-3", "gimp-console-2.10", "gimp-console", "gimp")
# Where GIMP's own installers put it; a `*` is a version.
PLACES = {
    "macos": ("/Applications/GIMP*.app/Contents/MacOS/gimp-console*", "/Applications/GIMP*.app/Contents/MacOS/gimp"),
    "windows": (
        "C:/Program Files/GIMP */bin/gimp-console-*.exe",
        "~/AppData/Local/Programs/GIMP */bin/gimp-console-*.exe",  # for one user
    ),
}
FLATPAK_ID = "org.gimp.GIMP"
PROGRAM = re.compile(r"gimp(-\d[\d.]*)?(\.exe)?$")
VERSION = re.compile(r"version (\d+)\.(\d+)\.(\d+)")
# The very first start takes up to 8 s on a good machine: it reads every font and asks every plug-in.
START_LIMIT_S = 180.0


@dataclass(frozen=True)
class Gimp:
    """A GIMP: the command that starts it without a window, its version, how it was packaged."""

    command: tuple[str, ...]
    version: tuple[int, ...]
    kind: str = "native"

    @property
    def name(self) -> str:
        text = "GIMP " + ".".join(map(str, self.version))
        return text if self.kind == "native" else "%s (%s)" % (text, self.kind)

    @property
    def series(self) -> str:
        """The name of its profile's folder: 2.10, 3.0, 3.2."""
        return "%d.%d" % self.version[:2]

    @property
    def is_3(self) -> bool:
        return self.version[0] >= 3


def find(machine: Machine, runner: Runner) -> list[Gimp]:
    """Each GIMP once, newest first; those that do not start are left out."""
    found: dict[tuple[tuple[int, ...], str], Gimp] = {}
    with tempfile.TemporaryDirectory(prefix="restyle-") as scratch:
        # Even `--version` makes folders for GEGL; looking must leave nothing in the person's own.
        env = dict(os.environ, **dict.fromkeys(("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), scratch))
        for command, kind in _commands(machine, runner):
            version = parse_version(runner.run([*command, "--version"], env=env, timeout_s=60).output)
            if version:
                found.setdefault((version, kind), Gimp(tuple(command), version, kind))
    return sorted(found.values(), key=lambda gimp: gimp.version, reverse=True)


def is_running(machine: Machine, runner: Runner) -> bool:
    """Whether a GIMP with windows runs: it has looked for plug-ins already."""
    if machine.system == "windows":
        words = runner.run(["tasklist"]).output.split()
    else:
        words = [os.path.basename(line.strip()) for line in runner.run(["ps", "-A", "-o", "comm="]).output.splitlines()]
    return any(PROGRAM.match(word) for word in words)


def parse_version(text: str) -> tuple[int, ...] | None:
    """(3, 0, 4) from what `gimp --version` writes."""
    match = VERSION.search(text)
    return tuple(int(part) for part in match.groups()) if match else None


def run_scheme(gimp: Gimp, code: str, runner: Runner, env: Mapping[str, str], timeout_s: float = START_LIMIT_S) -> Completed:
    """Run Script-Fu in a GIMP of its own, without a window; GIMP ends afterwards."""
    if gimp.is_3:
        interpreter = ["--batch-interpreter=plug-in-script-fu-eval", "-b", code, "--quit"]
    else:
        interpreter = ["-b", code, "-b", "(gimp-quit 0)"]
    return runner.run([*gimp.command, "-i", "-d", "-f", "-s", *interpreter], env=env, timeout_s=timeout_s)


def run_python(gimp: Gimp, code: str, runner: Runner, env: Mapping[str, str], timeout_s: float = START_LIMIT_S) -> Completed:
    """Run Python in a GIMP 3 of its own, without a window."""
    options = ["-i", "-d", "-f", "-s", "--batch-interpreter=python-fu-eval", "-b", code, "--quit"]
    return runner.run([*gimp.command, *options], env=env, timeout_s=timeout_s)


def profile_environ(gimp: Gimp, profile: Path) -> dict[str, str]:
    """The environment in which a GIMP uses this folder as its profile."""
    return dict(os.environ, **{"GIMP3_DIRECTORY" if gimp.is_3 else "GIMP2_DIRECTORY": str(profile)})


def _commands(machine: Machine, runner: Runner) -> list[tuple[list[str], str]]:
    """(command, kind) of everything that looks like a GIMP; several may be the same one."""
    found = [([path], "native") for path in map(runner.which, CONSOLES) if path]
    for pattern in PLACES.get(machine.system, ()):
        found += [([path], "native") for path in sorted(glob.glob(os.path.expanduser(pattern)), reverse=True)]
    flatpak, snap = runner.which("flatpak"), runner.which("snap")
    if flatpak and runner.run([flatpak, "info", FLATPAK_ID]).succeeded:
        found.append(([flatpak, "run", "--command=gimp-console", FLATPAK_ID], "flatpak"))
    if snap and os.path.exists("/snap/bin/gimp"):
        found.append((["/snap/bin/gimp"], "snap"))
    return [(command, "snap" if command[0].startswith("/snap/") else kind) for command, kind in found]
