"""``restyle server start|stop|status``: the local server that the plug-in works with, for people who look after it by hand."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal

from restyle.host.home import home_folder
from restyle.service.connection import request
from restyle.service.state import server_state

__all__ = ["add_command"]


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser("server", help="start, stop or ask the local server")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    actions.add_parser("start", help="serve in the foreground until idle or interrupted").set_defaults(run=_start)
    stop = actions.add_parser("stop", help="ask the running server to finish its jobs and leave")
    stop.add_argument("--now", action="store_true", help="end its jobs instead")
    stop.set_defaults(run=_stop)
    actions.add_parser("status", help="tell whether a server runs, and what it does").set_defaults(run=_status)


def _start(options: argparse.Namespace) -> int:
    from restyle.service.__main__ import main

    return main(["--home", str(home_folder())])


def _stop(options: argparse.Namespace) -> int:
    found = server_state(home_folder())
    if found is None:
        print("No server is running.")
    elif found.connection is None:
        _end_process(found.pid)
        print(f"The server (process {found.pid}) could not be reached and was told to end.")
    else:
        request(found.connection, "POST", f"/v1/shutdown?at_once={str(options.now).lower()}")
        print("The server leaves." if options.now else "The server finishes its jobs and leaves.")
    return 0


def _status(options: argparse.Namespace) -> int:
    found = server_state(home_folder())
    if found is None:
        print("No server is running.")
        return 1
    if found.health is None:
        print(f"A server runs (process {found.pid}), but cannot be reached; if that stays so, run `restyle server stop`.")
        return 1
    print(json.dumps(found.health))
    return 0


def _end_process(pid: int) -> None:
    # It may have ended by itself meanwhile; 0 stands for one that has not said which process it is.
    if pid:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
