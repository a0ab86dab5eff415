"""Peers: the connections to the server, of this user alone, bounded in number, and none that is held open for nothing."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterable

from uvicorn.protocols.http.h11_impl import H11Protocol

from restyle.service.connection import is_own_peer

__all__ = ["IDLE_S", "MAXIMUM_CONNECTIONS", "STALLED_S", "Peer", "close_idle"]

IDLE_S = 60.0
"""Longer than any pause of a client at work, so that no request meets a connection that is just being closed."""

STALLED_S = 60.0
"""An upload or download that does not move for this long has nobody at its other end."""

MAXIMUM_CONNECTIONS = 256
"""Clients have one or two each. A quarter of what processes may usually open, for models and libraries are files, too."""


class Peer(H11Protocol):
    """One connection, which knows since when nothing has happened on it."""

    moved_at = 0.0
    _buffered_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Let the peer in, unless it is another user's, or there are too many who all are at work."""
        self.moved_at = time.monotonic()
        super().connection_made(transport)
        peers = _peers(self.connections)
        if len(peers) > _maximum():
            # The one that was idle for longest makes room; the newest is none of them before it could speak.
            idle = [peer for peer in peers if not peer.is_at_work and peer is not self]
            min(idle, key=lambda peer: peer.moved_at, default=self).drop()
        connected = transport.get_extra_info("socket")
        if not is_own_peer(connected):
            self.drop()

    def data_received(self, data: bytes) -> None:
        """Note the time."""
        self.moved_at = time.monotonic()
        super().data_received(data)

    def on_response_complete(self) -> None:
        """Note the time."""
        self.moved_at = time.monotonic()
        super().on_response_complete()

    @property
    def is_at_work(self) -> bool:
        """Whether a request is being answered."""
        return self.cycle is not None and not self.cycle.response_complete

    @property
    def is_idle(self) -> bool:
        """Whether nothing was asked for long, or a body does not go on. The server's own thinking is no idleness."""
        quiet_s = time.monotonic() - self.moved_at
        if not self.is_at_work:
            return quiet_s >= IDLE_S
        left = self.transport.get_write_buffer_size()
        if left != self._buffered_bytes:
            self._buffered_bytes, self.moved_at = left, time.monotonic()
        is_moving_bytes = left > 0 or self.cycle.more_body
        return is_moving_bytes and quiet_s >= STALLED_S

    def drop(self) -> None:
        """Close at once."""
        self.transport.abort()


def close_idle(connections: Iterable[object]) -> None:
    """Close the connections that are held open for nothing."""
    for peer in _peers(connections):
        if peer.is_idle:
            peer.drop()


def _peers(connections: Iterable[object]) -> list[Peer]:
    return [connection for connection in connections if isinstance(connection, Peer)]


def _maximum() -> int:
    """How many connections there may be: never more than half of what this process may open."""
    if sys.platform == "win32":
        return MAXIMUM_CONNECTIONS
    import resource

    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return MAXIMUM_CONNECTIONS if limit == resource.RLIM_INFINITY else min(MAXIMUM_CONNECTIONS, limit // 2)
