"""Job: one run of a filter, from request to result."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from restyle.contract.errors import RestyleError
from restyle.contract.filter import Filter
from restyle.contract.params import Params
from restyle.contract.progress import Report
from restyle.service.images import StoredImage
from restyle.service.problems import problem_of
from restyle.service.wire import ACTIVE, JobState, JobStatus

__all__ = ["Job", "Source"]


@dataclass(frozen=True)
class Source:
    """One picture of a job's input, held in the store; its weight among several, its regions, and the one it shall paint.

    ``name`` is a region's where the picture is its mask; a map of several regions has none.
    """

    image: StoredImage
    weight: float = 1.0
    name: str | None = None
    regions: tuple[Source, ...] = ()
    region: str | None = None

    @property
    def images(self) -> list[StoredImage]:
        """The picture and those of its regions."""
        return [self.image, *(region.image for region in self.regions)]


@dataclass(eq=False)
class Job:
    """One run of a filter, from request to result. Guarded by its queue's lock."""

    filter: Filter
    sources: dict[str, list[Source]]
    params: Params
    seen_at: float
    id: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    state: JobState = "queued"
    revision: int = 1
    report: Report = field(default_factory=lambda: Report(0, 0, ""))
    reported_at: float = float("-inf")
    preview: str | None = None
    previewed_at: float = float("-inf")
    result: str | None = None
    notes: list[str] = field(default_factory=list)
    device: str | None = None
    error: RestyleError | None = None
    started_at: float | None = None
    ended_at: float | None = None
    is_cancelled: bool = False
    watchers: set[Callable[[], None]] = field(default_factory=set)

    @property
    def is_active(self) -> bool:
        """Whether the job waits or runs."""
        return self.state in ACTIVE

    def status(self, position: int, now: float) -> JobStatus:
        """The job as clients see it, with ``position`` jobs ahead of it."""
        seed: Any = getattr(self.params, "seed", None)
        return JobStatus(
            id=self.id,
            filter=self.filter.id,
            state=self.state,
            position=position,
            revision=self.revision,
            step=self.report.step,
            steps=self.report.of,
            message=self.report.message,
            preview=self.preview,
            result=self.result,
            notes=self.notes,
            seed=seed,
            seconds=0.0 if self.started_at is None else (self.ended_at or now) - self.started_at,
            device=self.device,
            problem=None if self.error is None else problem_of(self.error),
        )
