"""Listening: the port at which other computers reach this server, by TLS alone."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

from restyle.contract.errors import InvalidInput
from restyle.host.private import private_folder, written_privately
from restyle.service.remote.certificate import certificate_of, fingerprint_of, server_context
from restyle.service.remote.invitation import MAXIMUM_PORT, Invitation
from restyle.service.remote.members import Members

__all__ = ["Listening", "invite", "listen_far", "split_place"]

ADDRESS_FILE = "address.txt"
WILDCARDS = ("", "0.0.0.0", "::")  # noqa: S104  (that is what a person asks for who gives them)


@dataclass(frozen=True)
class Listening:
    """A bound socket and how to speak TLS on it."""

    socket: socket.socket
    context: ssl.SSLContext
    place: str

    def close(self) -> None:
        """Listen no more."""
        self.socket.close()


def listen_far(folder: Path, place: str) -> Listening:
    """Bind "ADDRESS:PORT" and note it for invitations; raises InvalidInput, MissingLibrary, HomeUnusable, OSError."""
    host, port = split_place(place)
    context = server_context(certificate_of(folder))
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        bound = socket.create_server((host, port), family=family, reuse_port=False)
    except (OSError, UnicodeError) as error:
        # Python adds to the system's reason what it attempted.
        reason = (getattr(error, "strerror", None) or str(error)).partition(" (while")[0]
        raise InvalidInput(f"{place} cannot be listened at ({reason}); give another ADDRESS:PORT of this computer.") from error
    try:
        place = _joined(host, bound.getsockname()[1])
        with written_privately(folder / ADDRESS_FILE) as file:
            file.write(place)
    except BaseException:
        bound.close()
        raise
    return Listening(bound, context, place)


def invite(folder: Path, name: str, place: str | None = None) -> Invitation:
    """A new member's invitation. ``place``: "HOST:PORT" as his computer calls this one, without it the address listened at.

    Raises InvalidInput where neither is known, MissingLibrary, HomeUnusable, OSError.
    """
    host, port = split_place(place or _noted(folder))
    if host in WILDCARDS:
        host = socket.getfqdn()
    certificate = certificate_of(private_folder(folder))
    return Invitation(host if ":" not in host else f"[{host}]", port, fingerprint_of(certificate), Members(folder).admit(name))


def split_place(place: str) -> tuple[str, int]:
    """Host, without the brackets of IPv6, and port of "HOST:PORT"; raises InvalidInput."""
    host, colon, port = place.strip().rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or int(port) > MAXIMUM_PORT or any(map(str.isspace, host)):
        raise InvalidInput(f"{place} is no place to listen at; give ADDRESS:PORT, for instance 0.0.0.0:7860.")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _joined(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _noted(folder: Path) -> str:
    try:
        return (folder / ADDRESS_FILE).read_text(encoding="utf-8")
    except OSError:
        raise InvalidInput(
            "This server has not listened for other computers yet; start it with `restyle server start --listen ADDRESS:PORT`, "
            "or say with --address how they call it."
        ) from None
