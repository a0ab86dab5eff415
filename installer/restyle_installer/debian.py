"""Packages of Debian and Ubuntu, by apt, where this may be done without asking."""

from __future__ import annotations

import os
from typing import Sequence

from .console import Console
from .machine import Machine
from .runner import Runner
from .words import _

__all__ = ["GIMP", "TEST_TOOLS", "ensure"]

GIMP = ("gimp",)
# A screen without a monitor, keys and pictures for it, a window manager, the bus that GTK asks for, and GIMP 2.10's theme.
TEST_TOOLS = ("xvfb", "xdotool", "openbox", "imagemagick", "dbus-x11", "x11-utils", "gtk2-engines-pixbuf")
QUIET = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
OPTIONS = ("-o", "DPkg::Lock::Timeout=180", "-o", "Acquire::Retries=3", "-q", "-y")
LIMIT_S = 1200.0


def ensure(packages: Sequence[str], machine: Machine, runner: Runner, console: Console) -> bool:
    """Install those that are missing. Returns whether all are there in the end; says what it does and why not."""
    if not machine.has_apt:
        console.note(_("There is no apt on this machine, so it is used as it is."))
        return False
    missing = _missing(packages, runner)
    if not missing:
        return True
    if not machine.is_root:
        console.note(_("Not root, so these packages are not installed: %s") % " ".join(missing))
        return False
    console.note("apt-get install " + " ".join(missing))
    env = dict(os.environ, **QUIET)
    # A broken third-party source makes `update` fail though all that is needed here was fetched.
    runner.run(["apt-get", *OPTIONS, "update"], env=env, timeout_s=LIMIT_S)
    command = ["apt-get", *OPTIONS, "install", "--no-install-recommends", *missing]
    completed = runner.run(command, env=env, timeout_s=LIMIT_S)
    if not completed.succeeded:
        console.note(_("apt-get failed with exit code %d:") % completed.code)
        console.note("\n".join(completed.output.splitlines()[-5:]))
    return not _missing(packages, runner)


def _missing(packages: Sequence[str], runner: Runner) -> list[str]:
    return [package for package in packages if not _is_installed(package, runner)]


def _is_installed(package: str, runner: Runner) -> bool:
    completed = runner.run(["dpkg-query", "-W", "-f", "${Status}", package])
    return completed.succeeded and completed.output.strip().endswith(" installed")
