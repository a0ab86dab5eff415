"""There: a job on a server, from its start until it is cleared away, as both clients of servers see it through."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from restyle.contract.errors import Cancelled, Refused, RestyleError
from restyle.contract.progress import Progress
from restyle.service.connection import Connection, request

__all__ = ["begun", "seen_through"]

POLL_MS = 5000
"""The server answers as soon as there is something to tell."""

ENDED = ("done", "failed", "cancelled")


@contextmanager
def begun(connection: Connection, path: str, body: Any) -> Iterator[Any]:
    """Start a job; it is forgotten in the end, which also cancels it where it still runs. Raises Refused, OSError."""
    job = request(connection, "POST", path, body)
    try:
        yield job
    finally:
        with contextlib.suppress(OSError, RestyleError):
            request(connection, "DELETE", f"/v1/jobs/{job['id']}")


def seen_through(connection: Connection, job: Any, progress: Progress) -> Any:
    """Wait for the end of a job, which is returned as done, its notes told. Raises Cancelled, Refused, OSError."""
    while job["state"] not in ENDED:
        progress.step(job["step"], of=max(job["steps"], 1), message=job["message"])
        job = request(connection, "GET", f"/v1/jobs/{job['id']}?seen={job['revision']}&wait_ms={POLL_MS}")
    if job["state"] == "cancelled":
        raise Cancelled
    if job["problem"]:
        raise Refused(job["problem"]["code"], job["problem"]["detail"])
    for note in job["notes"]:
        progress.note(note)
    return job
