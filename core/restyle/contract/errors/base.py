"""What all errors have in common, and the one that is none: the person cancelled."""

from __future__ import annotations

from typing import ClassVar

from restyle.contract.sentence import said

__all__ = ["Cancelled", "RestyleError"]


class RestyleError(Exception):
    """The root: one sentence for the user, and a stable code for programs."""

    code: ClassVar[str] = "error"
    command = ""
    """What the sentence advises, as a command: for who reads it in a terminal, "" where there is none."""

    @property
    def sentence(self) -> str:
        """What ``str`` gives of it, as the `Sentence` that it is, but for what others have said."""
        return self.args[0] if self.args else ""


class Cancelled(RestyleError):
    """The user, or the loss of the client, ended the job."""

    code = "cancelled"

    def __init__(self) -> None:
        super().__init__(said("The work was cancelled; nothing was changed."))
