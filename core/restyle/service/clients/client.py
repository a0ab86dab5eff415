"""Client: does what a use asks for, in this process or elsewhere."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from restyle.contract.progress import Progress
from restyle.contract.request import Use

__all__ = ["Client", "Done"]


@dataclass(frozen=True)
class Done:
    """Where something was done; ``precision`` is None where that is not told."""

    device: str | None
    precision: str | None = None


class Client(ABC):
    """Does uses whose refs are paths of files."""

    @abstractmethod
    def perform(self, use: Use[Any], output: Path, progress: Progress) -> Done:
        """Do it and write what comes of it to ``output``, all else beside it.

        ``progress`` is told of each step, is offered previews, keeps the notes, and ends the work by raising Cancelled; so does
        any other exception that it raises, Ctrl-C for instance. Raises RestyleError.
        """
