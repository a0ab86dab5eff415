"""Door: what clients find a server by, and the lock that keeps it the only one that takes new jobs.

A server that leaves gives up its connection file and the lock at once, finishes its jobs on its socket, and a new server can
start beside it. A server that lives looks after its door: somebody may tidy up, or move the folder.
"""

from __future__ import annotations

import logging
import time
from pathlib import Path

from restyle.host.home import server_folder
from restyle.host.lock import Lock, holder_of
from restyle.host.private import private_folder
from restyle.service.connection import (
    Connection,
    Listener,
    listen,
    published_connection,
    read_connection,
    remove_connection,
    write_connection,
)

__all__ = ["WATCH_INTERVAL_S", "Door", "open_door", "server_process"]

LOCK_FILE = "lock"

WATCH_INTERVAL_S = 1.0
"""A client's patience with a server that cannot be reached is longer."""

PATIENCE_S = 4 * WATCH_INTERVAL_S
"""How long a new server waits for one that holds the lock and cannot be reached: it puts its door back, or leaves."""

_log = logging.getLogger(__name__)


class Door:
    """The socket, connection file and lock of the server in ``home``."""

    def __init__(self, home: Path, listener: Listener, lock: Lock) -> None:
        self.listener = listener
        self.connection = Connection.to_this_process(listener.address)
        self._home = home
        self._lock = lock
        self._is_published = False

    def publish(self) -> None:
        """Tell clients; raises OSError where the file cannot be written."""
        self._is_published = True
        write_connection(self._home, self.connection)

    def withdraw(self) -> None:
        """Take no new clients and let another server be the one; jobs go on over the socket."""
        if self._is_published:
            _log.info("leaving")
            self._is_published = False
            remove_connection(self._home, self.connection)
        self._lock.release()

    def is_found(self) -> bool:
        """Whether clients find this server, after the connection file was put back where it was gone or wrong.

        The file of a socket cannot be put back, nor a lock: then the server has to leave.
        """
        if not self._is_published:
            return True
        if not self.listener.is_in_place() or not self._lock.is_in_place():
            return False
        if published_connection(self._home) != self.connection:
            _log.warning("the connection file was gone or wrong; it is written anew")
            try:
                self.publish()
            except OSError as error:
                _log.error("the connection file cannot be written: %s", error)
        return True

    def close(self) -> None:
        """Leave nothing behind."""
        self.withdraw()
        self.listener.close()


def open_door(home: Path, *, tcp: bool = False) -> Door | None:
    """The door of a new server, not yet published; None where another server of this home can be reached, or holds on.

    Raises HomeUnusable.
    """
    private_folder(home)
    folder = private_folder(server_folder(home))
    lock = Lock(folder / LOCK_FILE)
    ends_at = time.monotonic() + PATIENCE_S
    while not lock.acquire():
        if read_connection(home) is not None or time.monotonic() > ends_at:
            return None
        time.sleep(WATCH_INTERVAL_S / 20)
    try:
        lock.sign()
        return Door(home, listen(folder, tcp=tcp), lock)
    except BaseException:
        lock.release()
        raise


def server_process(home: Path) -> int | None:
    """The process id of the server that takes new jobs, reachable or not, 0 where it is not known; None where there is none."""
    return holder_of(server_folder(home) / LOCK_FILE)
