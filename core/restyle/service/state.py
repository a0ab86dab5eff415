"""State: whether a server of this home runs, asked at its door and, where that does not open, of the lock."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from restyle.contract.errors import RestyleError
from restyle.service.connection import Connection, read_connection, request
from restyle.service.door import server_process

__all__ = ["ServerState", "server_state"]


@dataclass(frozen=True)
class ServerState:
    """A server that runs: how to reach it and what it says of itself, both None where it does not answer."""

    pid: int
    connection: Connection | None = None
    health: dict[str, Any] | None = None

    def __str__(self) -> str:
        return f"process {self.pid}, {self.health['state'] if self.health else 'cannot be reached'}"


def server_state(home: Path) -> ServerState | None:
    """The server that takes new jobs, or None where there is none."""
    connection = read_connection(home)
    if connection is not None:
        try:
            return ServerState(connection.pid, connection, request(connection, "GET", "/v1/health"))
        except (OSError, RestyleError):
            pass  # somebody else listens there, or it hangs
    pid = server_process(home)
    return None if pid is None else ServerState(pid)
