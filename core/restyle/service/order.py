"""Order: which of the waiting jobs comes next.

Previews first, then jobs that are quick, then the others; among those of one rank the one that came first. So that a stream
of short jobs does not hold up a long one for ever, a job that was passed MAXIMUM_PASSES times goes before all that came later.
A running job is never interrupted for another one.
"""

from __future__ import annotations

from collections.abc import Iterable

from restyle.service.job import Job

__all__ = ["MAXIMUM_PASSES", "in_turn", "superseded"]

MAXIMUM_PASSES = 8
"""Quick jobs take a second or two: nobody waits noticeably longer than his own long job takes."""


def in_turn(waiting: Iterable[Job]) -> list[Job]:
    """The waiting jobs, which are given in the order they came, in the order they are taken."""
    return sorted(waiting, key=_rank)


def superseded(job: Job, others: Iterable[Job]) -> list[Job]:
    """The previews that nobody needs once ``job`` is there: those of the same client and filter, if the client has a name."""
    if not job.terms.client:
        return []
    return [
        other
        for other in others
        if other is not job
        and other.is_active
        and other.terms.purpose == "preview"
        and (other.terms.client, other.use.filter.id) == (job.terms.client, job.use.filter.id)
    ]


def _rank(job: Job) -> int:
    """Smaller comes first; equal ones stay as they came."""
    if job.passed >= MAXIMUM_PASSES:
        return 0
    if job.terms.purpose == "preview":
        return 1
    return 2 if job.terms.is_quick else 3
