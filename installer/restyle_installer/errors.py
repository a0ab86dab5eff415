"""What can go wrong: one tree, and each error is a sentence that says what to do."""

from __future__ import annotations

from .advice import advice
from .words import _

__all__ = ["CommandFailed", "InstallerError", "NoPython", "Refused"]

TAIL_LINES = 25


class InstallerError(Exception):
    """Something that ends the command; its text is for the person who started it."""


class NoPython(InstallerError):
    """No Python that Restyle's core can run on was found."""


class Refused(InstallerError):
    """The command was asked for something that it must not do on this machine."""


class CommandFailed(InstallerError):
    """A program that the installer started failed; the text ends with the last lines that it wrote, and with the advice.

    `advice`: a sentence that says what to do; "" where nothing is known.
    """

    def __init__(self, argv: list[str], code: int, output: str) -> None:
        tail = "\n".join("    " + line for line in output.strip().splitlines()[-TAIL_LINES:])
        failed = _("`%(command)s` failed with exit code %(code)d:") % {"command": " ".join(argv), "code": code}
        self.advice = advice(output)
        super().__init__("\n".join(part for part in (failed, tail, self.advice) if part))
        self.argv = argv
        self.code = code
        self.output = output
