"""Service: the parts of one server, and what a client's request for a job means to them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from restyle.contract.errors import InvalidImage, NotAllowed
from restyle.contract.filter import AnyFilter
from restyle.contract.request import Use
from restyle.contract.sentence import as_declared, said
from restyle.service.downloads import Downloads, Shelf
from restyle.service.images import ImageStore, StoredImage
from restyle.service.job import RESULT, Terms
from restyle.service.jobs import LEASE_S, JobQueue
from restyle.service.lifetime import IDLE_EXIT_S, Lifetime
from restyle.service.remote.members import Members
from restyle.service.runner import Runner, open_store
from restyle.service.users import HERE
from restyle.service.wire import Health, JobStatus
from restyle.service.worker import Worker
from restyle.version import PROTOCOL, VERSION

__all__ = ["Service", "Settings"]


@dataclass(frozen=True)
class Settings:
    """What whoever starts a server may choose."""

    lease_s: float = LEASE_S
    idle_exit_s: float = IDLE_EXIT_S
    jobs_of_a_member: int = 4
    """Running and waiting, of a user on another computer."""
    bytes_of_a_member: int = 1 << 30
    """All that he has sent and that was made for him, at once."""


@dataclass(eq=False)
class Service:
    """One server's filters and state; ``catalogue`` is what clients get of the filters."""

    token: str
    filters: tuple[AnyFilter, ...]
    catalogue: dict[str, Any]
    runner: Runner
    log: Path
    open_shelf: Callable[[], Shelf] = open_store
    """Gives the models that the user has; may take its time."""
    settings: Settings = field(default_factory=Settings)
    on_leave: Callable[[], None] = lambda: None
    clock: Callable[[], float] = time.monotonic
    members: Members | None = None
    """Who may use it from another computer; None where nobody may."""

    def __post_init__(self) -> None:
        shares = self.settings
        self.images = ImageStore(clock=self.clock, most_of_a_member=shares.bytes_of_a_member)
        self.jobs = JobQueue(self.images, shares.lease_s, self.clock, shares.jobs_of_a_member)
        self.lifetime = Lifetime(self.jobs, self.on_leave, self.settings.idle_exit_s, self.clock)
        self.worker = Worker(self.jobs, self.runner, self.log)
        self.downloads = Downloads(self.open_shelf, self.settings.lease_s, self.clock)

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
        self.downloads.expire()
        self.images.expire()
        self.runner.rest()

    def submit(self, use: Use[Any], terms: Terms = RESULT) -> JobStatus:
        """Queue the job of a checked request.

        Raises UnknownImage, InvalidImage, ServerLeaving, TooManyJobs, and for a member NotAllowed, QuotaExceeded.
        """
        if terms.user != HERE:
            _check_reach(use, terms)
        with ExitStack() as on_failure:
            held: dict[str, StoredImage] = {}
            for ref in use.refs() if terms.files is None else ():
                if ref not in held:
                    held[ref] = self.images.hold(ref, terms.user)
                    on_failure.callback(self.images.release, held[ref])
            if terms.files is None:
                _check_mask(use, held)
            status = self.jobs.submit(use, held, terms)
            # From here on the job holds them.
            on_failure.pop_all()
            return status


def _check_reach(use: Use[Any], terms: Terms) -> None:
    """Paths mean this computer's disk, which is no member's."""
    if terms.files is not None:
        raise NotAllowed(said("files of the server's"))
    if use.filter.needs.stays:
        raise NotAllowed(as_declared(use.filter.title))
    for title in use.params.given_folders():
        raise NotAllowed(said("the setting {title}", title=as_declared(title)))


def _check_mask(use: Use[Any], held: dict[str, StoredImage]) -> None:
    """A mask belongs to the layer: it has one channel and its size."""
    layer, mask = use.filter.layer, use.filter.mask
    ref = None if mask is None else use.inputs[mask.name]
    if layer is None or mask is None or ref is None:
        return
    size, form = held[use.inputs[layer.name]].form, held[ref].form
    if (form.width, form.height, form.channels) != (size.width, size.height, 1):
        raise InvalidImage(
            said(
                "{title} has {width} x {height} pixels in {channels} channels where {full_width} x {full_height} in one were "
                "expected; start the filter again.",
                title=as_declared(mask.title),
                width=form.width,
                height=form.height,
                channels=form.channels,
                full_width=size.width,
                full_height=size.height,
            )
        )
