"""Job: one run of a filter, from request to result."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

from restyle.contract.errors import RestyleError
from restyle.contract.progress import Frame, Report
from restyle.contract.request import Use
from restyle.service.images import StoredImage
from restyle.service.problems import problem_of
from restyle.service.sayings import Said
from restyle.service.users import HERE
from restyle.service.wire import ACTIVE, JobOutput, JobState, JobStatus

__all__ = ["RESULT", "Files", "Job", "Purpose", "Shown", "Terms"]

Purpose = Literal["result", "preview"]

PREVIEW_INTERVAL_S = 0.5
"""A picture costs time of the method's, so it makes no more of them, however often somebody asks."""

PREVIEW_WANTED_S = 5.0
"""Whoever asked for a picture of what is being painted wants the next one, too, for this long."""

HUNG_UP_S = 2.0
"""Who hangs up in the middle of a question was ended, as GIMP's Cancel ends a plug-in. Others of the same client ask by then."""


@dataclass(frozen=True)
class Files:
    """Where a job's pictures are files: its refs are paths, as seen from ``folder``, and its result goes to ``output``."""

    folder: Path
    output: Path


@dataclass(frozen=True)
class Terms:
    """For whom and what for a job is done, which decides when it is its turn.

    ``client`` is a name that a client chose for itself, "" where it chose none; ``is_quick``: it takes a moment at any size;
    ``user``: the member on another computer whose it is; ``sequence``: a name of frames that follow one another, "" where it is
    a picture of its own.
    """

    purpose: Purpose = "result"
    client: str = ""
    is_quick: bool = False
    files: Files | None = None
    user: str = HERE
    sequence: str = ""


class Shown(NamedTuple):
    """The latest picture of what is being painted: its id, None while there is none; its revision; the part of the layer that it
    shows, None for all of it."""

    image: str | None = None
    revision: int = 0
    frame: Frame | None = None


RESULT = Terms()
"""Of a job that somebody waits for, and of whom nothing else is known."""


@dataclass(eq=False)
class Job:
    """One run of a filter, from request to result. Guarded by its queue's lock, but for what the painter only reads."""

    use: Use[Any]
    images: dict[str, StoredImage]
    seen_at: float
    terms: Terms = RESULT
    passed: int = 0
    """How often one that came later was taken first."""
    id: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    state: JobState = "queued"
    revision: int = 1
    report: Report = field(default_factory=lambda: Report(0, 0, ""))
    shown: Shown = field(default_factory=Shown)
    previewed_at: float = float("-inf")
    preview_wanted_until: float = float("-inf")
    pictures: dict[str, StoredImage] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    device: str | None = None
    error: RestyleError | None = None
    started_at: float | None = None
    ended_at: float | None = None
    cancelled_at: float | None = None
    cause: RestyleError | None = None
    """Why it was cancelled."""
    watchers: set[Callable[[], None]] = field(default_factory=set)

    @property
    def is_active(self) -> bool:
        """Whether the job waits or runs."""
        return self.state in ACTIVE

    @property
    def is_cancelled(self) -> bool:
        """Whether the job shall end without a result."""
        return self.cancelled_at is not None

    def be_left(self, now: float, lease_s: float) -> None:
        """Let the lease end soon: whoever asked hung up. Another computer's connection can be lost, and keeps its lease."""
        if self.terms.user == HERE:
            self.seen_at = now - max(lease_s - HUNG_UP_S, 0.0)

    def want_preview(self, now: float) -> None:
        """Somebody looks at what is painted."""
        self.preview_wanted_until = now + PREVIEW_WANTED_S

    def wants_preview(self, now: float) -> bool:
        """Whether somebody looks at what is painted, and the last picture is old enough."""
        return now < self.preview_wanted_until and now - self.previewed_at >= PREVIEW_INTERVAL_S

    def status(self, position: int, now: float) -> JobStatus:
        """The job as clients see it, with ``position`` jobs ahead of it."""
        return JobStatus(
            id=self.id,
            filter=self.use.filter.id,
            state=self.state,
            position=position,
            revision=self.revision,
            step=self.report.step,
            steps=self.report.of,
            message=self.report.message,
            message_said=Said.of(self.report.message),
            results=self._outputs(),
            notes=self.notes,
            notes_said=[Said.of(note) for note in self.notes],
            seed=self.use.params.of_role("seed"),
            seconds=0.0 if self.started_at is None else (self.ended_at or now) - self.started_at,
            device=self.device,
            problem=None if self.error is None else problem_of(self.error),
        )

    def _outputs(self) -> list[JobOutput]:
        """What was made, in the order in which it is declared."""
        found = []
        for output in self.use.filter.outputs:
            picture = self.pictures.get(output.name)
            if picture is not None or output.name in self.files:
                image, width, height = (None,) * 3 if picture is None else (picture.id, picture.form.width, picture.form.height)
                found.append(
                    JobOutput(name=output.name, title=output.title, kind=output.kind, image=image, width=width, height=height)
                )
        return found
