"""Polling: a request that waits until something has happened to a job, or until its client is gone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from starlette.requests import Request

from restyle.service.jobs import JobQueue
from restyle.service.wire import ACTIVE, JobStatus

__all__ = ["until"]


async def until(jobs: JobQueue, request: Request, job_id: str, has_come: Callable[[JobStatus], bool], wait_ms: int) -> JobStatus:
    """Wait for ``has_come(status)``, at most until the job has ended, the time is over or the client has left; how it stands.

    The job's lease is renewed all the while, and ends soon where the client has left. Raises UnknownJob.
    """
    loop = asyncio.get_running_loop()
    changed = asyncio.Event()
    ends_at = time.monotonic() + wait_ms / 1000
    # A client that vanished must not renew its lease by a poll that still waits.
    gone = asyncio.ensure_future(_disconnected(request)) if wait_ms else None

    def wake() -> None:
        loop.call_soon_threadsafe(changed.set)

    try:
        with jobs.watch(job_id, wake):
            while not has_come(status := jobs.status(job_id)) and status.state in ACTIVE:
                left_s = ends_at - time.monotonic()
                if gone is None or gone.done() or left_s <= 0:
                    break
                await _either(changed, gone, left_s)
                changed.clear()
        status = jobs.status(job_id)
        if gone is not None and gone.done():
            jobs.hang_up(job_id)
        return status
    finally:
        if gone is not None:
            gone.cancel()


async def _either(changed: asyncio.Event, gone: asyncio.Future[None], timeout_s: float) -> None:
    change: asyncio.Future[Any] = asyncio.ensure_future(changed.wait())
    try:
        await asyncio.wait({change, gone}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        change.cancel()


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
