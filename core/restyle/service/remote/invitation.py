"""Invitation: one line that says all that a computer must know to use a server in another room.

    restyle:HOST:PORT:FINGERPRINT:TOKEN

It has no spaces, so that it can be pasted anywhere. The plug-in reads the same form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from restyle.contract.errors import UnusableInvitation

__all__ = ["Invitation"]

LINE = re.compile(r"restyle:(?P<host>[^\s/]+):(?P<port>[0-9]{1,5}):(?P<fingerprint>[0-9a-f]{64}):(?P<token>[A-Za-z0-9_-]{43})")
"""The token has 256 bits in base64, the fingerprint as many in hexadecimal."""

MAXIMUM_PORT = 65535


@dataclass(frozen=True)
class Invitation:
    """``fingerprint``: the SHA-256 of the server's certificate (DER), lower-case hexadecimal."""

    host: str
    port: int
    fingerprint: str
    token: str

    @classmethod
    def parse(cls, line: str) -> Invitation:
        """The invitation of a line, with blanks around it or not. Raises UnusableInvitation."""
        found = LINE.fullmatch(line.strip())
        if found is None or not 0 < int(found["port"]) <= MAXIMUM_PORT:
            raise UnusableInvitation
        return cls(found["host"], int(found["port"]), found["fingerprint"], found["token"])

    def __str__(self) -> str:
        return f"restyle:{self.host}:{self.port}:{self.fingerprint}:{self.token}"

    @property
    def place(self) -> str:
        """The server, as people call it."""
        return f"{self.host}:{self.port}"

    @property
    def address(self) -> str:
        """The address as a Connection has it."""
        return f"tls:{self.host}:{self.port}:{self.fingerprint}"
