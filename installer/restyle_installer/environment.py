"""A Python environment with PyTorch and the project in it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from . import debian, interpreter, locks, project, torch_build
from .checkout import Checkout
from .console import Console
from .errors import CommandFailed, Refused
from .machine import Machine
from .pip import clean_environ, pip
from .runner import Command, Runner
from .words import _

__all__ = ["prepare", "python_of", "torch_requirements"]

# Installed together and from one index: a torchvision that was built for another PyTorch does not import.
TORCH_FAMILY = ("torch", "torchvision")
STAMP = "restyle-setup.json"
MAKE_LIMIT_S = 300.0


def python_of(venv: Path) -> Path:
    """The environment's Python."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def prepare(checkout: Checkout, lock: str, machine: Machine, runner: Runner, console: Console) -> Path:
    """Make or complete `.venv`, with what the lock names, and return its Python. Does nothing where it is complete."""
    venv, python = checkout.venv, python_of(checkout.venv)
    stamp, mark = venv / STAMP, _fingerprint(checkout, lock)
    if _works(venv, runner):
        if stamp.is_file() and stamp.read_text(encoding="utf-8") == mark:
            console.note(_("%s is complete.") % venv)
            return python
        console.note(_("%s is brought up to date.") % venv)
    else:
        make(venv, machine, runner, console)
    stamp.unlink() if stamp.is_file() else None
    install_locked(python, checkout, lock, runner, console)
    try:
        install_torch(python, checkout, machine, runner, console)
    except Refused:
        shutil.rmtree(str(venv))  # the next try must not find what this one refused
        raise
    console.note("pip install --editable %s" % checkout.root)
    project.install(python, checkout.root, runner, editable=True)
    stamp.write_text(mark, encoding="utf-8")
    return python


def make(venv: Path, machine: Machine, runner: Runner, console: Console, scratch: Path | None = None) -> None:
    """A new, empty environment in place of whatever is there. Raises NoPython, CommandFailed."""
    chosen = interpreter.choose(interpreter.find(runner))
    facts = {"folder": venv, "version": ".".join(map(str, chosen.version)), "python": chosen.path}
    console.note(_("a new environment, %(folder)s, with Python %(version)s (%(python)s)") % facts)
    if venv.exists():
        shutil.rmtree(str(venv))
    command = [chosen.path, "-m", "venv", str(venv)]
    options: dict[str, Any] = {"env": clean_environ(scratch), "timeout_s": MAKE_LIMIT_S, "leashed": True}
    completed = runner.run(command, **options)
    if completed.succeeded:
        return
    # Debian and Ubuntu keep ensurepip, which venv needs, in a package of its own.
    package = "python%d.%d-venv" % tuple(chosen.version[:2])
    if "ensurepip" not in completed.output or not debian.ensure([package], machine, runner, console):
        raise CommandFailed(command, completed.code, completed.output)
    shutil.rmtree(str(venv), ignore_errors=True)
    runner.check(command, **options)


def install_torch(
    python: Path, checkout: Checkout, machine: Machine, runner: Runner, console: Console, scratch: Path | None = None
) -> None:
    """The pinned PyTorch, in the build for this machine; where its index fails, from the default one, and it says so.

    Raises CommandFailed, Refused.
    """
    wanted = torch_requirements(checkout)
    if _has_all(python, wanted, runner):
        console.note(_("%s is there.") % " ".join(wanted))
        return
    build, sentence = torch_build.pick(machine, checkout.pin("torch") or "")
    console.note(sentence)
    with tempfile.TemporaryDirectory(prefix="restyle-", dir=None if scratch is None else str(scratch)) as folder:
        report = Path(folder) / "report.json"
        arguments: list[str | Path] = ["--report", report, "--only-binary", ":all:", "-c", checkout.constraints, *wanted]
        if build.index is not None:
            try:
                pip(runner, python, "--index-url", build.index, *arguments, console=console, scratch=scratch)
                return
            except CommandFailed as error:
                console.note("%s\n%s" % (error, _("That did not work, so the default index is used.")))
        pip(runner, python, *arguments, console=console, scratch=scratch)
        # Nothing of it has run yet: a wheel is unpacked, and this is not the environment's Python.
        locks.refuse_unknown(report, checkout)


def install_locked(
    python: Path, checkout: Checkout, lock: str, runner: Runner, console: Console, scratch: Path | None = None
) -> None:
    """The pip that is known, then all that a lock names, and only files whose hash it knows. Raises CommandFailed."""
    for file in (locks.file_of(checkout, name) for name in (locks.PIP, lock)):
        console.note("pip install --require-hashes -r %s" % file.name)
        pip(runner, python, "--require-hashes", "--no-deps", "-r", file, console=console, scratch=scratch)


def torch_requirements(checkout: Checkout) -> list[str]:
    """The members of PyTorch's family that are pinned, as requirements."""
    pins = [(name, checkout.pin(name)) for name in TORCH_FAMILY]
    return ["%s==%s" % (name, version) for name, version in pins if version]


def _has_all(python: Path, wanted: list[str], runner: Runner) -> bool:
    """Whether these versions are installed, whatever build they are (`2.13.0+cpu` is a 2.13.0)."""
    code = (
        "import sys; from importlib.metadata import version; "
        "sys.exit(any(version(n).split('+')[0] != v for n, v in (a.split('==') for a in sys.argv[1:])))"
    )
    return runner.run([python, "-c", code, *wanted], env=clean_environ()).succeeded


def _works(venv: Path, runner: Runner) -> bool:
    """Whether it is an environment that runs, fits, has pip, and was made in this place (it cannot be moved)."""
    code = "import pip, sys; print(sys.prefix); sys.exit(not (%r <= sys.version_info[:2] <= %r))"
    command: Command = [python_of(venv), "-c", code % (interpreter.OLDEST, interpreter.NEWEST)]
    completed = runner.run(command, env=clean_environ())
    return completed.succeeded and Path(completed.output.strip()).resolve() == venv.resolve()


def _fingerprint(checkout: Checkout, lock: str) -> str:
    """Changes whenever the environment must be brought up to date."""
    digest = hashlib.sha256()
    locked = [locks.file_of(checkout, name) for name in (locks.PIP, lock)]
    for path in (checkout.root / "pyproject.toml", checkout.constraints, *locked):
        digest.update(path.read_bytes())
    return json.dumps({"sources": digest.hexdigest(), "lock": lock})
