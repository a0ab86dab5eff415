"""GIMP 3.0 beside a system whose own GIMP is 2.10: Debian trixie in a folder, made by debootstrap and kept."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from . import debian
from .console import Console
from .errors import InstallerError
from .machine import Machine
from .runner import Runner

__all__ = ["cache_folder", "ensure", "is_complete"]

SUITE = "trixie"
MIRROR = "http://deb.debian.org/debian"
PACKAGES = ("gimp",)
MARKER = ".restyle-complete.json"
CONSOLE = "usr/bin/gimp-console-3.0"
LIMIT_S = 1200.0
MOUNT_PROBE = ("unshare", "--mount", "mount", "--make-rprivate", "/")


def cache_folder() -> Path:
    """Where what the tests need is kept between runs: RESTYLE_TEST_CACHE, or a folder of the user's."""
    named = os.environ.get("RESTYLE_TEST_CACHE")
    return Path(named) if named else Path.home() / ".cache" / "restyle-dev"


def ensure(machine: Machine, runner: Runner, console: Console) -> Path | None:
    """The folder with a GIMP 3.0 in it, made where it is missing; None where that cannot be done, which it says."""
    folder = cache_folder() / SUITE
    if not machine.can_apt:
        console.note("GIMP 3.0 for the tests needs root and apt; the tests that need it will be skipped.")
        return None
    # The tests enter the folder with mounts of their own; containers often forbid that even to root.
    probe = runner.run(MOUNT_PROBE)
    if not probe.succeeded:
        said = probe.output.strip()
        console.note("Mounts are not allowed here (%s); the tests that need GIMP 3.0 in a folder will be skipped." % said)
        return None
    if not is_complete(folder, runner):
        _clear(folder)
        try:
            _make(folder, machine, runner, console)
        except InstallerError as error:
            console.note("%s\nWithout it the tests that need GIMP 3.0 will be skipped." % error)
            return None
    console.note("GIMP 3.0 is in %s" % folder)
    return folder


def is_complete(folder: Path, runner: Runner) -> bool:
    """Whether it was finished: by its marker, or by its GIMP, which answers only when all its libraries are there."""
    if not (folder / CONSOLE).is_file():
        return False
    if (folder / MARKER).is_file():
        return True
    completed = runner.run(["chroot", folder, "/" + CONSOLE, "--version"])
    if completed.succeeded:
        _mark(folder)
    return completed.succeeded


def _make(folder: Path, machine: Machine, runner: Runner, console: Console) -> None:
    """Built under another name and renamed last, so that a half-made one is never taken for a whole one."""
    debian.ensure(["debootstrap"], machine, runner, console)
    part = folder.with_name(folder.name + ".part")
    _clear(part)
    part.parent.mkdir(parents=True, exist_ok=True)
    console.note("debootstrap %s and GIMP into %s (about a minute)" % (SUITE, folder))
    env = dict(os.environ, **debian.QUIET)
    inside = ["chroot", part, "apt-get", *debian.OPTIONS]
    runner.check(["debootstrap", "--variant=minbase", SUITE, part, MIRROR], env=env, timeout_s=LIMIT_S)
    runner.check([*inside, "update"], env=env, timeout_s=LIMIT_S)
    runner.check([*inside, "install", "--no-install-recommends", *PACKAGES], env=env, timeout_s=LIMIT_S)
    runner.check(["chroot", part, "/" + CONSOLE, "--version"])
    _mark(part)
    part.rename(folder)


def _mark(folder: Path) -> None:
    text = json.dumps({"suite": SUITE, "packages": PACKAGES}, sort_keys=True)
    (folder / MARKER).write_text(text + "\n", encoding="utf-8")


def _clear(folder: Path) -> None:
    """Remove a folder, unless something is mounted inside it, which would be removed with it. Raises InstallerError."""
    if not folder.exists():
        return
    mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    inside = [line.split()[1] for line in mounts.splitlines() if line.split()[1].startswith(str(folder) + "/")]
    if inside:
        raise InstallerError("%s is half made, but %s is mounted in it; unmount it first." % (folder, inside[0]))
    shutil.rmtree(str(folder))
