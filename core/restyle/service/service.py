"""Service: the parts of one server, and what a client's request for a job means to them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from restyle.contract.errors import InvalidImage
from restyle.contract.filter import AnyFilter
from restyle.contract.request import Use
from restyle.service.images import ImageStore, StoredImage
from restyle.service.job import RESULT, Terms
from restyle.service.jobs import LEASE_S, JobQueue
from restyle.service.lifetime import IDLE_EXIT_S, Lifetime
from restyle.service.runner import Runner
from restyle.service.wire import Health, JobStatus
from restyle.service.worker import Worker
from restyle.version import PROTOCOL, VERSION

__all__ = ["Service", "Settings"]


@dataclass(frozen=True)
class Settings:
    """What whoever starts a server may choose."""

    lease_s: float = LEASE_S
    idle_exit_s: float = IDLE_EXIT_S


@dataclass(eq=False)
class Service:
    """One server's filters and state; ``catalogue`` is what clients get of the filters."""

    token: str
    filters: tuple[AnyFilter, ...]
    catalogue: dict[str, Any]
    runner: Runner
    log: Path
    settings: Settings = field(default_factory=Settings)
    on_leave: Callable[[], None] = lambda: None
    clock: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self.images = ImageStore(clock=self.clock)
        self.jobs = JobQueue(self.images, self.settings.lease_s, self.clock)
        self.lifetime = Lifetime(self.jobs, self.on_leave, self.settings.idle_exit_s, self.clock)
        self.worker = Worker(self.jobs, self.runner, self.log)

    def health(self) -> Health:
        """What the server is and does."""
        state = "leaving" if self.lifetime.is_leaving else "ready" if self.worker.is_warm else "starting"
        return Health.model_validate(
            {
                "protocol": PROTOCOL,
                "version": VERSION,
                "pid": os.getpid(),
                "state": state,
                "device": self.worker.device,
                "jobs": self.jobs.active_count,
            }
        )

    def expire(self) -> None:
        """Drop what nobody asked for in time."""
        self.jobs.expire()
        self.images.expire()
        self.runner.rest()

    def submit(self, use: Use[Any], terms: Terms = RESULT) -> JobStatus:
        """Queue the job of a checked request; raises UnknownImage, InvalidImage, ServerLeaving, TooManyJobs."""
        with ExitStack() as on_failure:
            held: dict[str, StoredImage] = {}
            for ref in use.refs() if terms.files is None else ():
                if ref not in held:
                    held[ref] = self.images.hold(ref)
                    on_failure.callback(self.images.release, held[ref])
            if terms.files is None:
                _check_mask(use, held)
            status = self.jobs.submit(use, held, terms)
            # From here on the job holds them.
            on_failure.pop_all()
            return status


def _check_mask(use: Use[Any], held: dict[str, StoredImage]) -> None:
    """A mask belongs to the layer: it has one channel and its size."""
    layer, mask = use.filter.layer, use.filter.mask
    ref = None if mask is None else use.inputs[mask.name]
    if layer is None or mask is None or ref is None:
        return
    size, form = held[use.inputs[layer.name]].form, held[ref].form
    if (form.width, form.height, form.channels) != (size.width, size.height, 1):
        raise InvalidImage(
            f"{mask.title} has {form.width} x {form.height} pixels in {form.channels} channels where "
            f"{size.width} x {size.height} in one were expected; start the filter again."
        )
