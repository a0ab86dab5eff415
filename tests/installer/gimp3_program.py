"""The GIMP 3 of the tests as a program of its usual name, wherever it lives."""

from __future__ import annotations

import shlex
from pathlib import Path

from tests.gimp.gimp3_driver import Gimp3

__all__ = ["program_of"]


def program_of(gimp: Gimp3, folder: Path) -> Path:
    """Write folder/gimp-console-SERIES, which starts this GIMP with the arguments that it is given."""
    folder.mkdir()
    program = folder / f"gimp-console-{gimp.installation.series}"
    program.write_text("#!/bin/sh\n" + _passing_arguments(gimp.command([])) + "\n", encoding="utf-8")
    program.chmod(0o755)
    return program


def _passing_arguments(command: list) -> str:
    """The command as a line of shell that hands on its own arguments, also where it ends in a script of sh's."""
    if command[-3:-1] == ["sh", "-c"]:
        command = [*command[:-1], command[-1] + ' "$@"', "gimp"]
    return " ".join(shlex.quote(part) for part in command) + ' "$@"'
