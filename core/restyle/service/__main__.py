"""``python -m restyle.service``: bind, say where, serve, and leave when nobody needs the server any more."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import logging.handlers
import math
import os
import signal
import socket
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import FrameType

import uvicorn

from restyle.contract.catalogue import catalogue
from restyle.contract.errors import HomeUnusable, RestyleError, ServerBusy
from restyle.contract.filter import AnyFilter
from restyle.contract.sentence import as_json, said_by_system
from restyle.filters import filters as all_filters
from restyle.host.home import home_folder, remote_folder, server_folder
from restyle.host.kernels import bound_kernel_caches
from restyle.host.private import use_private_caches
from restyle.host.threads import let_threads_sleep
from restyle.service.api import create_app
from restyle.service.door import WATCH_INTERVAL_S, Door, open_door
from restyle.service.jobs import LEASE_S
from restyle.service.lifetime import IDLE_EXIT_S
from restyle.service.peers import IDLE_S, Peer, close_idle
from restyle.service.remote.listening import Listening, listen_far
from restyle.service.remote.members import Members
from restyle.service.runner import CoreRunner, Runner, open_store
from restyle.service.service import Service, Settings

__all__ = ["main", "serve"]

LOG_FILE = "server.log"
LOG_BYTES, LOG_FILES = 1 << 20, 2
"""Some thousand tracebacks; more is of no use to anybody."""

TLS_HANDSHAKE_S = 10.0
"""Over the slowest network that pictures are sent over."""

CLOSE_TIMEOUT_S = 2
"""For connections that still read an answer when the server ends."""

LAST_WAIT_S = 1.0
"""For the worker's thread once no job is active any more."""

TICKS_PER_SECOND = 10
"""uvicorn's."""

_log = logging.getLogger("restyle.service")


class _Server(uvicorn.Server):
    """uvicorn, with our own idea of when to end."""

    def __init__(self, config: uvicorn.Config, service: Service, door: Door, far: Listening | None = None) -> None:
        super().__init__(config)
        self._far = far
        self._service = service
        self._door = door
        self._is_signalled = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve the sockets, and other computers by TLS."""
        await super().startup(sockets)
        if self._far is None:
            return
        loop = asyncio.get_running_loop()

        def make_peer() -> Peer:
            return Peer(self.config, self.server_state, self.lifespan.state, loop)

        self.servers.append(
            await loop.create_server(
                make_peer,
                sock=self._far.socket,
                ssl=self._far.context,
                backlog=self.config.backlog,
                ssl_handshake_timeout=TLS_HANDSHAKE_S,
            )
        )

    async def on_tick(self, counter: int) -> bool:
        """Called by uvicorn ten times a second."""
        if counter == 0:
            # Not earlier: importing PyTorch holds the interpreter while clients wait for their first answer.
            self._service.worker.start()
        if self._is_signalled:
            self._service.lifetime.leave(at_once=True)
        if counter % round(WATCH_INTERVAL_S * TICKS_PER_SECOND) == 0:
            self._look_around()
        self._service.expire()
        self.should_exit = self.should_exit or self._service.lifetime.is_over()
        return await super().on_tick(counter)

    def _look_around(self) -> None:
        close_idle(self.server_state.connections)
        # What cannot be ended ends with this process, and who cannot be found is of no use: a new server can start beside it.
        if self._service.worker.is_burdened or not self._door.is_found():
            self._service.lifetime.leave()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave in order on a signal; uvicorn's own way would raise it again and end the process before it has cleaned up."""
        names = ("SIGINT", "SIGTERM", "SIGBREAK")
        previous = {number: signal.signal(number, self._on_signal) for name in names if (number := getattr(signal, name, None))}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        # Only a flag: a handler runs between any two instructions, perhaps while a lock is held.
        self._is_signalled = True


def main(argv: list[str] | None = None) -> int:
    """Serve until it is over; 0 also where another server of this home is alive."""
    parser = argparse.ArgumentParser(prog="python -m restyle.service", description="Restyle's local server.")
    parser.add_argument("--home", type=Path, default=home_folder(), help="the user's folder")
    parser.add_argument("--idle-exit-s", type=float, default=IDLE_EXIT_S, help="end after this long without jobs and requests")
    parser.add_argument("--lease-s", type=float, default=LEASE_S, help="cancel a job that nobody asks after for this long")
    parser.add_argument("--tcp", action="store_true", help="listen on 127.0.0.1 even where Unix sockets exist")
    parser.add_argument("--listen", metavar="ADDRESS:PORT", help="serve other computers, too, by TLS; never ends when idle then")
    shares, megabytes = Settings(), Settings().bytes_of_a_member >> 20
    text = "how many jobs a user of another computer has at once"
    parser.add_argument("--jobs-per-user", type=_at_least_one, default=shares.jobs_of_a_member, metavar="N", help=text)
    text = "how much his pictures take in memory"
    parser.add_argument("--memory-per-user-mb", type=_at_least_one, default=megabytes, metavar="MB", help=text)
    options = parser.parse_args(argv)
    let_threads_sleep()
    # All files of this process are its owner's alone, rotated logs included.
    os.umask(0o077)
    home = options.home.absolute()
    use_private_caches(home)
    bound_kernel_caches()
    settings = Settings(
        lease_s=options.lease_s,
        # Who is in another room cannot start it anew.
        idle_exit_s=math.inf if options.listen else options.idle_exit_s,
        jobs_of_a_member=options.jobs_per_user,
        bytes_of_a_member=options.memory_per_user_mb << 20,
    )
    try:
        runner = CoreRunner(home, all_filters())
        return serve(home, settings, runner, all_filters(), tcp=options.tcp, place=options.listen)
    except (RestyleError, OSError) as error:
        told = error if isinstance(error, RestyleError) else HomeUnusable(home, said_by_system(error))
        # The plug-in shows the last line of what is said here, in its own language by the one before; a log there may not be.
        made_of = "" if sys.stderr.isatty() else f"{json.dumps(as_json(told.sentence))}\n"
        parser.exit(1, f"{made_of}{told}\n")


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is too few; give 1 or more")
    return number


def serve(
    home: Path,
    settings: Settings,
    runner: Runner,
    filters: tuple[AnyFilter, ...],
    *,
    tcp: bool = False,
    place: str | None = None,
) -> int:
    """Be the server of ``home``, and of other computers at ``place``; returns at once where there is one that serves this home.

    Raises HomeUnusable, OSError, and for a place InvalidInput, MissingLibrary, ServerBusy.
    """
    door = open_door(home, tcp=tcp)
    if door is None:
        if place is not None:
            raise ServerBusy
        return 0
    is_idle, far = False, None
    try:
        far = None if place is None else _listen(remote_folder(home), place)
        _start_log(server_folder(home) / LOG_FILE)
        is_idle = _serve_at(door, home, settings, runner, filters, far)
    finally:
        if far is not None:
            far.close()
        door.close()
        _log.info("ended")
        logging.shutdown()
    if not is_idle:
        # Python's own end would wait for a thread that sits in foreign code, or tear down what it works on.
        os._exit(0)
    return 0


def _listen(folder: Path, place: str) -> Listening:
    far = listen_far(folder, place)
    # Whoever asks for it has started this by hand, and waits.
    sys.stderr.write(f"Listening at {far.place}; `restyle server pair NAME` invites another computer.\n")
    return far


def _serve_at(
    door: Door, home: Path, settings: Settings, runner: Runner, filters: tuple[AnyFilter, ...], far: Listening | None
) -> bool:
    """Serve until it is over; whether no thread computes any more."""
    service = Service(
        token=door.connection.token,
        filters=filters,
        catalogue=catalogue(filters),
        runner=runner,
        log=server_folder(home) / LOG_FILE,
        open_shelf=partial(open_store, home),
        settings=settings,
        on_leave=door.withdraw,
        members=None if far is None else Members(remote_folder(home)),
    )
    config = _configure(service)
    # Clients may knock from now on; they are answered once uvicorn runs.
    door.listener.socket.listen(config.backlog)
    try:
        door.publish()
        _log.info("%s listens on %s%s", os.getpid(), door.listener.address, "" if far is None else f" and at {far.place}")
        _Server(config, service, door, far).run(sockets=[door.listener.socket])
    finally:
        door.withdraw()
        service.downloads.leave_all()
        is_idle = service.worker.stop(LAST_WAIT_S)
    return is_idle


def _configure(service: Service) -> uvicorn.Config:
    """uvicorn without what a local server has no use for: WebSockets, logs of its own, trust in proxies."""
    return uvicorn.Config(
        create_app(service),
        http=Peer,
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=round(IDLE_S),
        timeout_graceful_shutdown=CLOSE_TIMEOUT_S,
    )


def _start_log(path: Path) -> None:
    """Send the process's log to a rotating file that its owner alone can read."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    handler = logging.handlers.RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)
    # A log that cannot grow is no reason to fail, nor to say so on every line.
    logging.raiseExceptions = False
    # Nobody reads the standard error of a detached process.
    sys.excepthook = lambda kind, error, trace: _log.critical("the server failed", exc_info=(kind, error, trace))


if __name__ == "__main__":
    sys.exit(main())
