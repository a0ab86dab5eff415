"""Connection: where the server of one user listens, who may talk to it, and the lock that keeps it the only one.

The lock stands for "the server that takes new jobs". A server that leaves gives up the lock and its connection file at
once, finishes its jobs on its socket, and a new server can start beside it.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import socket
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from restyle.host.home import server_folder
from restyle.version import PROTOCOL, VERSION

__all__ = [
    "LOCK_FILE",
    "Connection",
    "Listener",
    "listen",
    "private_folder",
    "read_connection",
    "remove_connection",
    "request",
    "write_connection",
]

CONNECTION_FILE = "connection.json"
LOCK_FILE = "lock"
SOCKET_FILE = "server.sock"

MAXIMUM_SOCKET_PATH_BYTES = 100
"""sun_path holds 104 bytes on macOS and 108 on Linux; the plug-in counts with the same number."""

REQUEST_TIMEOUT_S = 10.0
"""Everything that ``request`` is used for answers at once."""


@dataclass(frozen=True)
class Connection:
    """What a client must know: ``address`` is "unix:PATH" or "tcp:127.0.0.1:PORT"."""

    address: str
    token: str
    pid: int
    version: str = VERSION
    protocol: int = PROTOCOL

    @classmethod
    def to_this_process(cls, address: str) -> Connection:
        """A connection to the calling process, with a fresh token of 256 random bits."""
        return cls(address=address, token=secrets.token_urlsafe(32), pid=os.getpid())


@dataclass(frozen=True)
class Listener:
    """A bound socket, its address for clients, and its file where it has one."""

    socket: socket.socket
    address: str
    path: Path | None = None

    def close(self) -> None:
        """Stop listening and remove the socket's file."""
        self.socket.close()
        if self.path is not None:
            self.path.unlink(missing_ok=True)


def private_folder(home: Path) -> Path:
    """The server's folder under ``home``, made where needed, for its owner alone."""
    folder = server_folder(home)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def listen(folder: Path, *, tcp: bool = False) -> Listener:
    """Bind a private socket in ``folder``; on Windows, on request, or where the path is too long, a free port of 127.0.0.1."""
    if tcp or sys.platform == "win32" or _is_too_long(folder / SOCKET_FILE):
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        bound.bind(("127.0.0.1", 0))
        return Listener(bound, f"tcp:127.0.0.1:{bound.getsockname()[1]}")
    return _listen_on_path(folder)


def write_connection(home: Path, connection: Connection) -> None:
    """Publish ``connection`` in one step, readable by its owner alone."""
    target = server_folder(home) / CONNECTION_FILE
    draft = target.with_name(f"{CONNECTION_FILE}.{connection.pid}")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(connection), file)
    os.replace(draft, target)


def read_connection(home: Path) -> Connection | None:
    """The published connection of a server that listens, or None."""
    try:
        connection = Connection(**json.loads((server_folder(home) / CONNECTION_FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return connection if _is_listening(connection.address) else None


def remove_connection(home: Path, connection: Connection) -> None:
    """Withdraw ``connection``; what another server published stays."""
    target = server_folder(home) / CONNECTION_FILE
    with contextlib.suppress(OSError, ValueError):
        if json.loads(target.read_text(encoding="utf-8")).get("token") == connection.token:
            target.unlink()


def request(connection: Connection, method: str, path: str) -> Any:
    """Ask the server something small; the JSON it answers, or None where it answers nothing.

    Raises ConnectionError where the server refuses or breaks off.
    """
    exchange = http.client.HTTPConnection("restyle", timeout=REQUEST_TIMEOUT_S)
    exchange.sock = _connect(connection.address)
    try:
        exchange.request(method, path, headers={"Authorization": f"Bearer {connection.token}"})
        response = exchange.getresponse()
        body = response.read()
    except http.client.HTTPException as error:
        raise ConnectionError("The server broke off") from error
    finally:
        exchange.close()
    if response.status >= http.HTTPStatus.BAD_REQUEST:
        raise ConnectionError(f"The server refused with status {response.status}")
    return json.loads(body) if body else None


def _connect(address: str) -> socket.socket:
    kind, _, place = address.partition(":")
    if kind == "tcp":
        host, _, port = place.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=REQUEST_TIMEOUT_S)
    connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connected.settimeout(REQUEST_TIMEOUT_S)
        connected.connect(place)
    except OSError:
        connected.close()
        raise
    return connected


def _is_listening(address: str) -> bool:
    try:
        _connect(address).close()
    except (OSError, ValueError):
        return False
    return True


def _is_too_long(path: Path) -> bool:
    return len(os.fsencode(path)) > MAXIMUM_SOCKET_PATH_BYTES


def _listen_on_path(folder: Path) -> Listener:
    """Bind server.sock, or a name with the process id while a leaving server still serves its last jobs on server.sock."""
    for stale in folder.glob("server*.sock"):
        if not _is_listening(f"unix:{stale}"):
            stale.unlink(missing_ok=True)
    path = folder / SOCKET_FILE
    if path.exists():
        path = folder / f"server-{os.getpid()}.sock"
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    # bind() makes the file by the umask; a chmod afterwards would leave a moment in which others can connect.
    before = os.umask(0o177)
    try:
        bound.bind(str(path))
    finally:
        os.umask(before)
    return Listener(bound, f"unix:{path}", path)
