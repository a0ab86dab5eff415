"""Connection: where the server of one user listens, and who may talk to it.

Each server binds a socket of its own name, so that none can ever remove another's. Only the holder of the lock, which stands
for "the server that takes new jobs", binds and publishes.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import socket
import struct
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from restyle.contract.errors import Refused
from restyle.host.home import server_folder
from restyle.host.private import written_privately
from restyle.version import PROTOCOL, VERSION

__all__ = [
    "Connection",
    "Listener",
    "connection_file",
    "exchange",
    "is_own_peer",
    "listen",
    "published_connection",
    "read_connection",
    "remove_connection",
    "request",
    "write_connection",
]

CONNECTION_FILE = "connection.json"
SOCKET_FILES = "server*.sock"

MAXIMUM_SOCKET_PATH_BYTES = 100
"""sun_path holds 104 bytes on macOS and 108 on Linux; the plug-in counts with the same number."""

CREDENTIALS = struct.Struct("3i")
"""Linux's ucred: the other side's process, user and group."""

RAW = "application/octet-stream"

REQUEST_TIMEOUT_S = 10.0
"""Everything that ``request`` is used for answers at once."""


@dataclass(frozen=True)
class Connection:
    """What a client must know: ``address`` is "unix:PATH", "tcp:127.0.0.1:PORT" or, elsewhere, "tls:HOST:PORT:FINGERPRINT"."""

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

    def is_in_place(self) -> bool:
        """Whether clients still find the socket's file; a port is always found."""
        return self.path is None or self.path.is_socket()

    def close(self) -> None:
        """Stop listening and remove the socket's file."""
        self.socket.close()
        if self.path is not None:
            self.path.unlink(missing_ok=True)


def listen(folder: Path, *, tcp: bool = False) -> Listener:
    """Bind a private socket in ``folder``; on Windows, on request, or where the path is too long, a free port of 127.0.0.1."""
    path = folder / f"server-{secrets.token_hex(3)}.sock"
    if tcp or sys.platform == "win32" or _is_too_long(path):
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        bound.bind(("127.0.0.1", 0))
        return Listener(bound, f"tcp:127.0.0.1:{bound.getsockname()[1]}")
    _remove_dead_sockets(folder)
    return _listen_on_path(path)


def write_connection(home: Path, connection: Connection) -> None:
    """Publish ``connection`` in one step, readable by its owner alone."""
    with written_privately(connection_file(home)) as file:
        json.dump(asdict(connection), file)


def connection_file(home: Path) -> Path:
    """Where a server says how to reach it."""
    return server_folder(home) / CONNECTION_FILE


def published_connection(home: Path) -> Connection | None:
    """What the connection file says, whether anybody listens there or not; None where it is gone or damaged."""
    try:
        return Connection(**json.loads(connection_file(home).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def read_connection(home: Path) -> Connection | None:
    """The published connection of a server that listens, or None."""
    connection = published_connection(home)
    return connection if connection is not None and _is_listening(connection.address) else None


def remove_connection(home: Path, connection: Connection) -> None:
    """Withdraw ``connection``; what another server published stays."""
    target = connection_file(home)
    with contextlib.suppress(OSError, ValueError):
        if json.loads(target.read_text(encoding="utf-8")).get("token") == connection.token:
            target.unlink()


def request(connection: Connection, method: str, path: str, body: Any = None) -> Any:
    """Ask the server something small, with a ``body`` of JSON; the JSON it answers, or None where it answers nothing.

    Raises Refused where the server refuses, ConnectionError where it breaks off.
    """
    answer = exchange(connection, method, path, None if body is None else json.dumps(body).encode(), "application/json")
    return json.loads(answer) if answer else None


def exchange(connection: Connection, method: str, path: str, body: bytes | None = None, kind: str = RAW) -> bytes:
    """Send a ``body`` of a MIME type and return what is answered, as bytes. Raises what `request` raises."""
    asked = http.client.HTTPConnection("restyle", timeout=REQUEST_TIMEOUT_S)
    asked.sock = _connect(connection.address)
    try:
        headers = {} if body is None else {"Content-Type": kind}
        asked.request(method, path, body, {"Authorization": f"Bearer {connection.token}", **headers})
        response = asked.getresponse()
        answer = response.read()
    except http.client.HTTPException as error:
        raise ConnectionError("The server broke off") from error
    finally:
        asked.close()
    if response.status >= http.HTTPStatus.BAD_REQUEST:
        raise _refusal(response.status, answer)
    return answer


def _refusal(status: int, answer: bytes) -> Refused:
    try:
        problem = json.loads(answer)
        return Refused(problem["code"], problem["detail"])
    except (ValueError, KeyError, TypeError):
        return Refused(
            f"http-{status}", f"The server refused with status {status}; another program may listen there, so try again."
        )


def _connect(address: str) -> socket.socket:
    kind, _, place = address.partition(":")
    if kind == "tls":
        from restyle.service.pinned import connect_pinned  # for those alone who compute elsewhere

        return connect_pinned(place, REQUEST_TIMEOUT_S)
    if kind == "tcp":
        host, _, port = place.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=REQUEST_TIMEOUT_S)
    connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connected.settimeout(REQUEST_TIMEOUT_S)
        connected.connect(place)
        if not is_own_peer(connected):
            raise ConnectionError("The server belongs to another user")
    except OSError:
        connected.close()
        raise
    return connected


def is_own_peer(connected: socket.socket) -> bool:
    """Whether the other side runs as the same user, where the system tells: on Unix sockets of Linux."""
    peer_credentials = getattr(socket, "SO_PEERCRED", None)
    if peer_credentials is None or connected.family != socket.AF_UNIX:
        return True
    credentials = connected.getsockopt(socket.SOL_SOCKET, peer_credentials, CREDENTIALS.size)
    return bool(CREDENTIALS.unpack(credentials)[1] == os.getuid())


def _is_listening(address: str) -> bool:
    try:
        _connect(address).close()
    except (OSError, ValueError, AttributeError):
        return False
    return True


def _is_too_long(path: Path) -> bool:
    return len(os.fsencode(path)) > MAXIMUM_SOCKET_PATH_BYTES


def _remove_dead_sockets(folder: Path) -> None:
    """Remove what killed servers left. A server that leaves still answers on its own."""
    for found in folder.glob(SOCKET_FILES):
        if found.is_socket() and not _is_listening(f"unix:{found}"):
            found.unlink(missing_ok=True)


def _listen_on_path(path: Path) -> Listener:
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    # bind() makes the file by the umask; a chmod afterwards would leave a moment in which others can connect.
    before = os.umask(0o177)
    try:
        bound.bind(str(path))
    finally:
        os.umask(before)
    return Listener(bound, f"unix:{path}", path)
