"""Asks a running server of Restyle's whether it is well, and to leave, by the plug-in's client and what connection.json says."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Dict

from restyle_plugin.client import Server
from restyle_plugin.errors import PluginError

__all__ = ["Answer", "Connection", "health", "read_connection", "stop"]

# What the server says of itself, read as data.
Answer = Dict[str, Any]
TIMEOUT_S = 5.0
# A server that is painting finishes first; the plug-in waits as long.
LEAVE_LIMIT_S = 120.0
POLL_S = 0.1


@dataclass(frozen=True)
class Connection:
    """What a server writes about itself."""

    address: str
    token: str
    pid: int
    version: str


def read_connection(home: Path) -> Connection | None:
    """The server that this home's connection.json names, or None where there is no readable one."""
    try:
        found = json.loads((home / "server" / "connection.json").read_text(encoding="utf-8"))
        return Connection(str(found["address"]), str(found["token"]), int(found["pid"]), str(found["version"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def health(connection: Connection) -> Answer | None:
    """The server's answer to `GET /v1/health`, or None where nobody answers."""
    try:
        answer: Answer = _server(connection).health(TIMEOUT_S)
    except (PluginError, ValueError):
        return None
    return answer


def stop(
    home: Path,
    limit_s: float = LEAVE_LIMIT_S,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> bool:
    """Ask this home's server to leave and wait until it has. Returns whether none answers any more."""
    connection = read_connection(home)
    if connection is None or health(connection) is None:
        return True
    try:
        _server(connection).shutdown(TIMEOUT_S)
    except PluginError:
        return health(connection) is None
    ends = clock() + limit_s
    while clock() < ends:
        if health(connection) is None and not _runs(connection.pid):
            return True
        sleep(POLL_S)
    return False


def _server(connection: Connection) -> Server:
    return Server(connection.address, connection.token)


def _runs(pid: int) -> bool:
    """Whether a process has this id. Windows: unknown, so no; the address that answers no more must do there."""
    if os.name != "posix":
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """Whether it has ended and only its parent has not noticed yet (a container's init often never does)."""
    try:
        text = Path("/proc/%d/stat" % pid).read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return text.rpartition(")")[2].split()[:1] == ["Z"]
