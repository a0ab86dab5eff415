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
from restyle.contract.filter import Filter, Input, InputKind
from restyle.service.images import ImageStore, StoredImage
from restyle.service.job import RESULT, Source, Terms
from restyle.service.jobs import LEASE_S, JobQueue
from restyle.service.lifetime import IDLE_EXIT_S, Lifetime
from restyle.service.runner import Runner
from restyle.service.wire import Health, JobStatus, RegionMap, RegionMasks
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
    filters: tuple[Filter, ...]
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

    def submit(self, declared: Filter, request: Any, terms: Terms = RESULT) -> JobStatus:
        """Queue the job of a valid ``request``; raises UnknownImage, InvalidImage, ServerLeaving, TooManyJobs."""
        sources: dict[str, list[Source]] = {item.name: [] for item in declared.inputs}
        with ExitStack() as on_failure:

            def hold(image_id: str) -> StoredImage:
                stored = self.images.hold(image_id)
                on_failure.callback(self.images.release, stored)
                return stored

            for name, group in sources.items():
                group += _sources(getattr(request, name), hold)
            _check_masks(declared.inputs, sources)
            status = self.jobs.submit(declared, sources, request.params, terms)
            # From here on the job holds them.
            on_failure.pop_all()
            return status


def _sources(value: Any, hold: Callable[[str], StoredImage]) -> list[Source]:
    """The pictures of one input: one id, a list, regions, or none."""
    if value is None:
        return []
    if isinstance(value, str):
        return [Source(hold(value))]
    if isinstance(value, RegionMap):
        return [Source(hold(value.map))]
    if isinstance(value, RegionMasks):
        return [Source(hold(mask.image), name=mask.name) for mask in value.masks]
    return [_picture_source(picture, hold) for picture in value]


def _picture_source(picture: Any, hold: Callable[[str], StoredImage]) -> Source:
    regions = tuple(_sources(getattr(picture, "regions", None), hold))
    weight, region = getattr(picture, "weight", 1.0), getattr(picture, "region", None)
    return Source(hold(picture.image), weight, regions=regions, region=region)


def _check_masks(inputs: tuple[Input, ...], sources: dict[str, list[Source]]) -> None:
    """Masks belong to the first layer: they have one channel and its size."""
    layer = next(sources[item.name][0].image.form for item in inputs if item.kind is InputKind.LAYER)
    for item in inputs:
        for source in sources[item.name] if item.kind is InputKind.MASK else ():
            mask = source.image.form
            if (mask.width, mask.height, mask.channels) != (layer.width, layer.height, 1):
                raise InvalidImage(
                    f"{item.title} has {mask.width} x {mask.height} pixels in {mask.channels} channels where "
                    f"{layer.width} x {layer.height} in one were expected; start the filter again."
                )
