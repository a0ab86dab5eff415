"""Speaks to a running server of Restyle's: is it well, and please leave. Knows of it what connection.json says."""

from __future__ import annotations

import http.client
import json
import os
import socket
import time
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Connection", "health", "read_connection", "stop"]

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


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=TIMEOUT_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(TIMEOUT_S)
        self.sock.connect(self._path)


def read_connection(home: Path) -> Connection | None:
    """The server that this home's connection.json names, or None where there is no readable one."""
    try:
        found = json.loads((home / "server" / "connection.json").read_text(encoding="utf-8"))
        return Connection(str(found["address"]), str(found["token"]), int(found["pid"]), str(found["version"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def health(connection: Connection) -> dict | None:
    """The server's answer to `GET /v1/health`, or None where nobody answers."""
    try:
        return json.loads(_request(connection, "GET", "/v1/health"))
    except (OSError, ValueError, http.client.HTTPException):
        return None


def stop(home: Path, limit_s: float = LEAVE_LIMIT_S, clock=time.monotonic, sleep=time.sleep) -> bool:
    """Ask this home's server to leave and wait until it has. Returns whether none answers any more."""
    connection = read_connection(home)
    if connection is None or health(connection) is None:
        return True
    try:
        _request(connection, "POST", "/v1/shutdown")
    except (OSError, http.client.HTTPException):
        return health(connection) is None
    ends = clock() + limit_s
    while clock() < ends:
        if health(connection) is None and not _runs(connection.pid):
            return True
        sleep(POLL_S)
    return False


def _request(connection: Connection, method: str, path: str) -> bytes:
    kind, _, place = connection.address.partition(":")
    if kind == "unix":
        link: http.client.HTTPConnection = _UnixConnection(place)
    else:
        host, _, port = place.rpartition(":")
        link = http.client.HTTPConnection(host, int(port), timeout=TIMEOUT_S)
    try:
        link.request(method, path, headers={"Authorization": "Bearer " + connection.token})
        answer = link.getresponse()
        body = answer.read()
        if answer.status >= 300:
            raise http.client.HTTPException("%s %s: %d" % (method, path, answer.status))
        return body
    finally:
        link.close()


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
