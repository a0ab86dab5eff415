"""Fetch: one file from the network, resumed where it stopped, and believed only when its hash agrees."""

from __future__ import annotations

import hashlib
import http.client
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from restyle.contract.errors import DownloadFailed, HomeUnusable, WeightsDamaged
from restyle.contract.progress import Progress
from restyle.contract.sentence import said, said_by_system

__all__ = ["Download", "download", "sha1_of", "sha256_of"]

_CHUNK_BYTES = 1 << 18
"""Small enough that progress is seen and cancel is noticed at once on a slow line, large enough that hashing sets the pace."""

_TIMEOUT_S = 30
"""A connection that says nothing for this long is given up; the next attempt resumes."""

_ATTEMPTS = 5
"""Connections in a row that may fail without bringing a single byte, before the user is told."""

_MOST_UNKNOWN_BYTES = 1 << 30
"""What a file of unknown size may have."""

_PARTIAL = 206
"""HTTP status of an answer that begins where it was asked to."""


@dataclass(frozen=True)
class Download:
    """What to fetch and what it must be."""

    weights_id: str
    url: str
    sha256: str
    """As much of it as was published; "" where only ``sha1`` was, or neither."""
    size_bytes: int
    """0 where the server has to be asked."""
    part: Path
    """Where the bytes gather; it stays after a failure, so that the next fetch goes on from there."""
    sha1: str = ""


def download(wanted: Download, progress: Progress) -> Path:
    """Bring all of ``wanted`` into its ``part`` file, and return that.

    Raises Cancelled (the part stays), DownloadFailed (no connection; the part stays), WeightsDamaged (another hash;
    the part is deleted), HomeUnusable (disk full or no right to write).
    """
    try:
        wanted.part.parent.mkdir(parents=True, exist_ok=True)
        digest = _gather(wanted, progress)
    except OSError as error:
        raise HomeUnusable(wanted.part.parent, said_by_system(error)) from error
    # Where neither hash was published, nothing can be compared.
    is_known = not wanted.sha1 or sha1_of(wanted.part) == wanted.sha1
    if not digest.startswith(wanted.sha256) or (not wanted.sha256 and not is_known):
        wanted.part.unlink()
        raise WeightsDamaged(wanted.url, said("what came is not what was published"))
    return wanted.part


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return _digest(file).hexdigest()


def sha1_of(path: Path) -> str:
    """The SHA-1 of a file, in hexadecimal: for files of which nobody published another hash."""
    with path.open("rb") as file:
        return _digest(file, hashlib.sha1(usedforsecurity=False)).hexdigest()


def _gather(wanted: Download, progress: Progress) -> str:
    """Append to the part file until it is complete; the SHA-256 of all of it."""
    with wanted.part.open("a+b") as file:
        file.seek(0)
        digest = _digest(file)
        idle_attempts = 0
        wanted = wanted if wanted.size_bytes else replace(wanted, size_bytes=_size_of(wanted))
        while file.tell() < wanted.size_bytes:
            before = file.tell()
            try:
                for chunk in _chunks(wanted, before):
                    file.write(chunk)
                    digest.update(chunk)
                    _report(wanted, file.tell(), progress)
            except _Interrupted as error:
                idle_attempts = idle_attempts + 1 if file.tell() == before else 0
                if error.is_final or idle_attempts >= _ATTEMPTS:
                    raise DownloadFailed(wanted.weights_id, wanted.url) from error.__cause__
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _size_of(wanted: Download) -> int:
    """How large the file is, as its server says; DownloadFailed where it says nothing, or something absurd."""
    try:
        with urllib.request.urlopen(_request(wanted, 0), timeout=_TIMEOUT_S) as answer:  # noqa: S310
            size = int(answer.headers.get("Content-Length") or 0)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise DownloadFailed(wanted.weights_id, wanted.url) from error
    if not 0 < size <= _MOST_UNKNOWN_BYTES:
        raise DownloadFailed(wanted.weights_id, wanted.url)
    return size


def _request(wanted: Download, have: int) -> urllib.request.Request:
    # The URL is the manifest's, never the user's.
    return urllib.request.Request(wanted.url, headers={"Range": f"bytes={have}-", "User-Agent": "restyle"})  # noqa: S310


def _chunks(wanted: Download, have: int) -> Iterator[bytes]:
    """What is missing after the first ``have`` bytes, as it comes; raises _Interrupted, also for an early end."""
    try:
        with urllib.request.urlopen(_request(wanted, have), timeout=_TIMEOUT_S) as answer:  # noqa: S310
            # A server that cannot resume sends the whole file again; what is here already is skipped.
            skip = 0 if answer.status == _PARTIAL else have
            missing = wanted.size_bytes - have + skip
            while missing > 0:
                chunk = answer.read(min(_CHUNK_BYTES, missing))
                if not chunk:
                    raise http.client.IncompleteRead(b"", missing)
                missing -= len(chunk)
                fresh, skip = chunk[skip:], max(skip - len(chunk), 0)
                if fresh:
                    yield fresh
    except (OSError, http.client.HTTPException) as error:
        raise _Interrupted(error) from error


class _Interrupted(Exception):
    """The network failed, not the disk. Final is what a server would only say again ("no such file")."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.is_final = isinstance(error, urllib.error.HTTPError) and error.code < http.client.INTERNAL_SERVER_ERROR


def _report(wanted: Download, have: int, progress: Progress) -> None:
    megabyte = 1_000_000
    message = said(
        "Fetching {weights_id}, {have} of {size} MB",
        weights_id=wanted.weights_id,
        have=have // megabyte,
        size=wanted.size_bytes // megabyte,
    )
    progress.step(have, of=wanted.size_bytes, message=message)


def _digest(file: IO[bytes], digest: hashlib._Hash | None = None) -> hashlib._Hash:
    """The hash (SHA-256) of what lies between the file's place and its end; the place moves to the end."""
    digest = digest or hashlib.sha256()
    while chunk := file.read(_CHUNK_BYTES):
        digest.update(chunk)
    return digest
