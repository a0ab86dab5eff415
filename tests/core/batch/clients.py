"""Clients that paint nothing: other processes import them by their names."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from restyle.contract.errors import InvalidInput, WeightsUnavailable
from restyle.host.home import models_folder
from restyle.service.clients import Client, Done

LACKED = "vgg19"
"""Weights that do not come with Restyle."""


@dataclass(frozen=True)
class Scribe(Client):
    """Writes the number of its process as the result, and a line into a book; some names of results are more than it can bear.

    Those that are "held" wait until there is a file called ``go`` beside the book.
    """

    book: Path

    def perform(self, use, output, progress):
        name = output.stem
        with self.book.open("a") as book:
            book.write(f"{name} {os.getpid()}\n")
        if name.startswith("deadly") or (name.startswith("once") and self.book.read_text().count(f"{name} ") == 1):
            os._exit(9)
        if name.startswith("bad"):
            raise InvalidInput(f"{use.inputs['content']} is bad.")
        if name.startswith("odd"):
            raise ZeroDivisionError("of nobody's thinking")
        if name.startswith("lacking") and not (models_folder() / f"{LACKED}.safetensors").exists():
            raise WeightsUnavailable(LACKED)
        while name.startswith("held") and not self.book.with_name("go").exists():
            time.sleep(0.02)
        output.write_text(str(os.getpid()))
        return Done("cpu")

    def begun(self):
        """The name of the result and the number of the process, of each that was begun."""
        lines = self.book.read_text().splitlines() if self.book.exists() else []
        return [(name, int(pid)) for name, pid in (line.split() for line in lines)]

    def lines(self):
        """The names of results that were begun, each once for each time."""
        return [name for name, _ in self.begun()]


def is_running(pid):
    """Whether there is such a process, which is more than a name that its parent has not asked after."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
