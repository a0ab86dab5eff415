"""``restyle server …``: the local server that the plug-in works with, and servers in other rooms, looked after by hand.

restyle server start [--listen ADDRESS:PORT]     on the computer that computes
restyle server pair NAME                         there: prints the line that invites another computer
restyle server members | withdraw NAME           there
restyle server use LINE | forget                 on the other computer
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import sys
from typing import Any

from restyle.contract.errors import InvalidInput, ServerUnreachable
from restyle.host.home import home_folder, remote_folder
from restyle.service.clients.far import health_of
from restyle.service.connection import request
from restyle.service.remote.chosen import chosen_server, forget_server, use_server
from restyle.service.remote.invitation import Invitation
from restyle.service.remote.members import Members
from restyle.service.state import server_state

__all__ = ["add_command"]


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser("server", help="start, stop or ask the local server")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    start = actions.add_parser("start", help="serve in the foreground until idle or interrupted")
    start.add_argument(
        "--listen", metavar="ADDRESS:PORT", help="serve other computers, too, by TLS, those that were paired alone"
    )
    start.add_argument("--jobs-per-user", metavar="N", help="how many jobs each of them has at once")
    start.add_argument("--memory-per-user-mb", metavar="MB", help="how much the pictures of each take in memory")
    start.set_defaults(run=_start)
    stop = actions.add_parser("stop", help="ask the running server to finish its jobs and leave")
    stop.add_argument("--now", action="store_true", help="end its jobs instead")
    stop.set_defaults(run=_stop)
    actions.add_parser("status", help="tell whether a server runs, and what it does").set_defaults(run=_status)
    _add_members(actions)
    use = actions.add_parser("use", help="have everything computed by a server in another room from now on")
    use.add_argument("line", metavar="LINE", help="what `restyle server pair` has printed there")
    use.set_defaults(run=_use)
    actions.add_parser("forget", help="compute on this computer from now on").set_defaults(run=_forget)


def _add_members(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    pair = actions.add_parser("pair", help="let another computer use this server: prints one line, which is pasted there")
    pair.add_argument("name", metavar="NAME", help="what the other computer, or its user, is called here")
    pair.add_argument("--address", metavar="HOST:PORT", help="how it calls this computer; else what the server listens at")
    pair.set_defaults(run=_pair)
    actions.add_parser("members", help="name those who may use this server").set_defaults(run=_members)
    withdraw = actions.add_parser("withdraw", help="let one of them use it no more")
    withdraw.add_argument("name", metavar="NAME")
    withdraw.set_defaults(run=_withdraw)


def _start(options: argparse.Namespace) -> int:
    from restyle.service.__main__ import main

    given = ("listen", "jobs_per_user", "memory_per_user_mb")
    asked = [(name, getattr(options, name)) for name in given if getattr(options, name) is not None]
    return main(["--home", str(home_folder()), *(f"--{name.replace('_', '-')}={value}" for name, value in asked)])


def _pair(options: argparse.Namespace) -> int:
    from restyle.service.remote.listening import invite

    invitation = invite(remote_folder(), options.name, options.address)
    print(invitation)
    print(
        "It lets in whoever has it: paste it there into Settings…, or after `restyle server use`. If that computer does not call "
        f"this one {invitation.host}, give --address.",
        file=sys.stderr,
    )
    return 0


def _members(options: argparse.Namespace) -> int:
    for name in Members(remote_folder()).names():
        print(name)
    return 0


def _withdraw(options: argparse.Namespace) -> int:
    if not Members(remote_folder()).withdraw(options.name):
        raise InvalidInput(f"{options.name} is no member of this server; `restyle server members` names them all.")
    print(f"{options.name} cannot use this server any more.")
    return 0


def _use(options: argparse.Namespace) -> int:
    invitation = Invitation.parse(options.line)
    health = health_of(invitation)
    use_server(home_folder(), invitation)
    print(f"From now on {invitation.place} computes{_device(health)}; `restyle server forget` ends that.")
    return 0


def _forget(options: argparse.Namespace) -> int:
    before = forget_server(home_folder())
    print("This computer computes." if before is None else f"This computer computes again, and not {before.place}.")
    return 0


def _device(health: dict[str, Any]) -> str:
    return f", on {health['device']}" if health["device"] else ""


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
    chosen = chosen_server(home_folder())
    if chosen is not None:
        try:
            print(f"{chosen.place} computes{_device(health_of(chosen))}.", file=sys.stderr)
        except ServerUnreachable as error:
            print(error, file=sys.stderr)
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
