"""pip in an environment, and what programs of another Python get of this process's environment variables."""

from __future__ import annotations

import os
import re
from pathlib import Path

from .console import Console
from .runner import Runner

__all__ = ["clean_environ", "pip"]

# `--no-user`: where a person's settings of pip say `user`, an environment is the place all the same.
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--no-user", "--progress-bar", "off")
# Of what pip says: large files, and that it is unpacking.
LONG = re.compile(r"^\s*(Downloading .*\([\d.]+ [MG]B\)|Installing collected packages)")
PIP_LIMIT_S = 3600.0
# Another interpreter's modules must not leak into the environment that is made.
FOREIGN = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__")


def clean_environ(scratch: Path | None = None) -> dict[str, str]:
    """This process's environment without what belongs to another Python; `scratch`: where programs put temporary files."""
    clean = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return clean if scratch is None else dict(clean, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch)))


def pip(
    runner: Runner, python: Path, *arguments: str | Path, console: Console | None = None, scratch: Path | None = None
) -> None:
    """`pip install`; it ends when this process does. `console` is told what takes long. Raises CommandFailed."""

    def tell(line: str) -> None:
        if console is not None and LONG.search(line):
            console.note("  " + line.strip())

    command = [python, *PIP, *arguments]
    runner.check(command, env=clean_environ(scratch), timeout_s=PIP_LIMIT_S, leashed=True, tell=tell)
