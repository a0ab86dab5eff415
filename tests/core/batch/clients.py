"""Clients that paint nothing: other processes import them by their names."""

import os
from dataclasses import dataclass
from pathlib import Path

from restyle.contract.errors import InvalidInput, WeightsUnavailable
from restyle.service.clients import Client, Done


@dataclass(frozen=True)
class Scribe(Client):
    """Writes the number of its process as the result, and a line into a book; some names of results are more than it can bear."""

    book: Path

    def perform(self, use, output, progress):
        name = output.stem
        with self.book.open("a") as book:
            book.write(f"{name} {os.getpid()}\n")
        if name.startswith("deadly") or (name.startswith("once") and self.book.read_text().count(f"{name} ") == 1):
            os._exit(9)
        if name.startswith("bad"):
            raise InvalidInput("It is bad.")
        if name.startswith("odd"):
            raise ZeroDivisionError("of nobody's thinking")
        if name.startswith("lacking"):
            raise WeightsUnavailable("some-weights")
        output.write_text(str(os.getpid()))
        return Done("cpu")

    def lines(self):
        """The names of results that were begun, each once for each time."""
        return [line.split()[0] for line in self.book.read_text().splitlines()]
