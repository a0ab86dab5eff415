"""WarmClient: has it done by the server of this user, which has PyTorch and the networks at hand. It never imports them itself.

The server reads and writes the files, so that all that holds of files (profiles, metadata, what is refused) holds in both ways.
"""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from restyle.contract.errors import Refused, RestyleError
from restyle.contract.progress import Progress
from restyle.contract.request import Use
from restyle.pictures.paths import ref_of
from restyle.service.clients.client import Client, Done
from restyle.service.clients.there import begun, seen_through
from restyle.service.connection import Connection, read_connection, request
from restyle.version import PROTOCOL, VERSION

__all__ = ["WarmClient", "warm_client"]


class WarmClient(Client):
    """A client of the server at ``connection``. Raises Refused with the server's own sentence where it fails there."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def perform(self, use: Use[Any], output: Path, progress: Progress) -> Done:
        """Have it done there."""
        # The server has another working folder.
        query = urlencode({"folder": ref_of(Path.cwd()), "output": ref_of(output.absolute())})
        before = _files_beside(output)
        body = use.request().model_dump(mode="json", exclude={"filter"})
        try:
            with begun(self._connection, f"/v1/filters/{use.filter.id}/jobs?{query}", body) as job:
                try:
                    job = seen_through(self._connection, job, progress)
                finally:
                    _open_to_others(_files_beside(output) - before)
        except OSError as error:
            raise Refused("server-lost", "The server stopped while it worked on this; try again.") from error
        return Done(job["device"])


def warm_client(home: Path) -> WarmClient | None:
    """The client of a server that is ready and idle; None where there is none, or it is another version's.

    Where one is at work, whoever comes waits longer for his turn than it takes to do it here.
    """
    connection = read_connection(home)
    if connection is None or (connection.version, connection.protocol) != (VERSION, PROTOCOL):
        return None
    try:
        health = request(connection, "GET", "/v1/health")
    except (OSError, RestyleError):
        return None
    return WarmClient(connection) if health["state"] == "ready" and not health["jobs"] else None


def _files_beside(output: Path) -> frozenset[Path]:
    """The result, and what has its name in its own."""
    return frozenset(output.parent.glob(glob.escape(output.stem) + "*"))


def _open_to_others(made: frozenset[Path]) -> None:
    """What the server makes is its owner's alone; what a person makes at a terminal has the rights that he gives his files."""
    umask = os.umask(0)
    os.umask(umask)
    for path in made:
        path.chmod(0o666 & ~umask)
