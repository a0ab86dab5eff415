"""``restyle server start|stop|status``: the local server that the plug-in works with, for people who look after it by hand."""

from __future__ import annotations

import argparse
import json

from restyle.host.home import home_folder

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
    from restyle.service.connection import read_connection, request

    connection = read_connection(home_folder())
    if connection is None:
        print("No server is running.")
        return 0
    request(connection, "POST", f"/v1/shutdown?at_once={str(options.now).lower()}")
    print("The server leaves." if options.now else "The server finishes its jobs and leaves.")
    return 0


def _status(options: argparse.Namespace) -> int:
    from restyle.service.connection import read_connection, request

    connection = read_connection(home_folder())
    if connection is None:
        print("No server is running.")
        return 1
    print(json.dumps(request(connection, "GET", "/v1/health")))
    return 0
