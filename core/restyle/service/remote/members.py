"""Members: who may use this server from another computer. Each has a token of his own, which can be withdrawn.

The file keeps the tokens' hashes alone: who reads it cannot come in. A running server sees a change of it at the next request.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from pathlib import Path

from restyle.contract.errors import InvalidInput
from restyle.host.private import private_folder, written_privately

__all__ = ["Members"]

MEMBERS_FILE = "members.json"

TOKEN_BYTES = 32

NAME = re.compile(r"[\w.@ -]{1,60}")
"""What people call themselves or their computers."""


class Members:
    """The members of the server whose remote folder is ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / MEMBERS_FILE
        self._seen: tuple[int, int, int] | None = None
        self._hashes: dict[str, str] = {}

    def names(self) -> list[str]:
        """Who may come in, by name."""
        return sorted(self._read())

    def admit(self, name: str) -> str:
        """A new token for this member, in place of the one that he has. Raises InvalidInput, HomeUnusable, OSError."""
        if not NAME.fullmatch(name) or name != name.strip():
            raise InvalidInput(f"{name!r} is no name for a member; take letters, digits, blanks and .-_@, 60 at most.")
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self._write({**self._read(), name: _hash(token)})
        return token

    def withdraw(self, name: str) -> bool:
        """Let a member come in no more; whether there was one of that name."""
        known = dict(self._read())
        was_known = known.pop(name, None) is not None
        if was_known:
            self._write(known)
        return was_known

    def of_token(self, token: str) -> str | None:
        """The member who has this token; None where nobody has it (any more)."""
        found, given = None, _hash(token)
        for name, known in self._read().items():
            # All are compared, so that the time that it takes tells nothing.
            if secrets.compare_digest(known, given):
                found = name
        return found

    def _read(self) -> dict[str, str]:
        try:
            stat = self._path.stat()
            seen = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            if seen != self._seen:
                found = json.loads(self._path.read_text(encoding="utf-8"))
                self._hashes = {str(name): str(known) for name, known in found.items()}
                self._seen = seen
        except (OSError, ValueError, AttributeError):
            # A list that cannot be read lets nobody in.
            self._seen, self._hashes = None, {}
        return self._hashes

    def _write(self, hashes: dict[str, str]) -> None:
        private_folder(self._folder)
        with written_privately(self._path) as file:
            json.dump(hashes, file, indent=1, sort_keys=True)


def _hash(token: str) -> str:
    # Tokens are random and long: nothing slower than a plain hash is needed.
    return hashlib.sha256(token.encode()).hexdigest()
