"""The environment of an installed Restyle, HOME/env: whether it is up to date, and how it is made."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from restyle_plugin.words import amount

from . import environment, locks, project
from .checkout import Checkout
from .console import Console
from .errors import Refused
from .facts import CURRENT, MISSING, STALE
from .machine import Machine
from .pip import clean_environ
from .record import Record
from .runner import Command, Runner
from .words import _

__all__ = ["SOURCES", "check_machine", "fingerprint", "is_made", "make", "state"]

# What pip needs of the checkout to build the project.
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "core")
# Measured: 1.5 GB with PyTorch's CPU build; its CUDA and ROCm builds bring some 6 GB of libraries. Then as much again to unpack.
SPACE_BYTES = {"cpu": 3 << 30, "gpu": 12 << 30}


def fingerprint(checkout: Checkout) -> str:
    """Changes whenever an environment made from this checkout would be another one."""
    digest = hashlib.sha256()
    locked = [locks.file_of(checkout, name) for name in (locks.PIP, locks.RUN, locks.TORCH)]
    paths = [checkout.root / "pyproject.toml", checkout.constraints, *locked, *sorted((checkout.root / "core").rglob("*"))]
    for path in paths:
        if path.is_file() and not is_made(path):
            digest.update(path.relative_to(checkout.root).as_posix().encode("utf-8") + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def state(env: Path, wanted: str, record: Record | None, runner: Runner) -> str:
    """current, stale (there, but of another version or broken) or missing."""
    if not os.path.lexists(str(env)):
        return MISSING
    recorded = record is not None and record.env == str(env) and record.env_fingerprint == wanted
    probe: Command = [environment.python_of(env), "-c", "import restyle"]
    works = recorded and runner.run(probe, env=clean_environ()).succeeded
    return CURRENT if works else STALE


def check_machine(machine: Machine, home: Path) -> None:
    """Raises Refused where an environment cannot be made here, before anything is changed."""
    if machine.system == "macos" and machine.arch == "x86_64":
        text = _(
            "PyTorch is no longer made for Macs with an Intel processor, so Restyle cannot be installed on this one. "
            "If you have a Python with a PyTorch of your own, name it: install --python PATH"
        )
        raise Refused(text)
    existing = next(folder for folder in (home, *home.parents) if folder.is_dir())
    needed = SPACE_BYTES["gpu" if machine.cuda or machine.has_rocm or machine.has_xpu else "cpu"]
    free = shutil.disk_usage(str(existing)).free
    if free < needed:
        text = _(
            "Restyle needs %(needed)s of free space in %(folder)s, and there are %(free)s. Free some, or set RESTYLE_HOME to "
            "a folder on another disk."
        )
        raise Refused(text % {"needed": amount(needed), "folder": existing, "free": amount(free)})


def make(env: Path, scratch: Path, checkout: Checkout, machine: Machine, runner: Runner, console: Console) -> None:
    """A new environment with PyTorch and the core. `scratch` is a folder for temporary files.

    Raises InstallerError; what it leaves then, in both folders, is its caller's to remove.
    """
    environment.make(env, machine, runner, console, scratch)
    python = environment.python_of(env)
    environment.install_locked(python, checkout, locks.RUN, runner, console, scratch)
    environment.install_torch(python, checkout, machine, runner, console, scratch)
    # A build writes beside the sources; the checkout may be read-only, and a stale build folder would be packed too.
    copy = scratch / "restyle"
    copy.mkdir()
    for name in SOURCES:
        _copy(checkout.root / name, copy / name)
    console.note("pip install restyle")
    project.install(python, copy, runner, scratch=scratch)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(str(source), str(target), ignore=shutil.ignore_patterns("__pycache__", "*.pyc", "*.egg-info"))
    elif source.is_file():
        shutil.copyfile(str(source), str(target))


def is_made(path: Path) -> bool:
    """Whether a file is no source, but made by Python of one."""
    return "__pycache__" in path.parts or any(part.endswith(".egg-info") for part in path.parts)
