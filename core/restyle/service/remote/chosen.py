"""Chosen: the server in another room that the user of this computer has chosen; the plug-in reads and writes the same file."""

from __future__ import annotations

import json
from pathlib import Path

from restyle.contract.errors import RestyleError
from restyle.host.private import private_folder, written_privately
from restyle.service.connection import Connection
from restyle.service.remote.invitation import Invitation

__all__ = ["chosen_server", "connection_to", "forget_server", "use_server"]

REMOTE_FILE = "remote.json"


def chosen_server(home: Path) -> Invitation | None:
    """What was chosen; None where nothing was, or the file cannot be read."""
    try:
        return Invitation.parse(str(json.loads((home / REMOTE_FILE).read_text(encoding="utf-8"))["invitation"]))
    except (OSError, ValueError, KeyError, TypeError, RestyleError):
        return None


def use_server(home: Path, invitation: Invitation) -> None:
    """Choose a server from now on. Raises HomeUnusable, OSError."""
    private_folder(home)
    with written_privately(home / REMOTE_FILE) as file:
        json.dump({"invitation": str(invitation)}, file)


def forget_server(home: Path) -> Invitation | None:
    """Compute on this computer from now on; returns what was chosen until now."""
    before = chosen_server(home)
    (home / REMOTE_FILE).unlink(missing_ok=True)
    return before


def connection_to(invitation: Invitation) -> Connection:
    """How to talk to it; which process it is there is of no use here."""
    return Connection(address=invitation.address, token=invitation.token, pid=0)
