"""Order: which of the waiting jobs comes next.

Previews first, then jobs that are quick, then the others; among those of one rank the users take turns, and among one user's the
one that came first. So that a stream of short jobs does not hold up a long one for ever, a job that was passed MAXIMUM_PASSES
times by jobs of a better rank goes before all that came later. A running job is never interrupted for another one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from restyle.service.job import Job

__all__ = ["MAXIMUM_PASSES", "Turns", "superseded"]

MAXIMUM_PASSES = 8
"""Quick jobs take a second or two: nobody waits noticeably longer than his own long job takes."""


class Turns:
    """Whose turn it is: knows whose job was taken when. The waiting jobs are always given in the order they came."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def order(self, waiting: Iterable[Job]) -> list[Job]:
        """The waiting jobs in the order they are taken."""
        rounds: Counter[tuple[int, str]] = Counter()
        turns: list[tuple[int, int, int, int, Job]] = []
        for job in waiting:
            rank, user = _rank(job), job.terms.user
            # His first is in the first round, his second in the second, whatever the others send meanwhile.
            turns.append((rank, rounds[rank, user], self._taken.get(user, 0), len(turns), job))
            rounds[rank, user] += 1
        return [job for *_, job in sorted(turns, key=lambda turn: turn[:-1])]

    def take(self, waiting: Sequence[Job]) -> Job:
        """The next one; those that came before it and are of a lesser rank have let it pass."""
        job = self.order(waiting)[0]
        for other in waiting[: waiting.index(job)]:
            other.passed += _rank(other) > _rank(job)
        self._taken[job.terms.user] = max(self._taken.values(), default=0) + 1
        return job


def superseded(job: Job, others: Iterable[Job]) -> list[Job]:
    """The previews that nobody needs once ``job`` is there: of the same user, client and filter, if the client has a name."""
    if not job.terms.client:
        return []
    return [
        other
        for other in others
        if other is not job
        and other.is_active
        and other.terms.purpose == "preview"
        and (other.terms.user, other.terms.client, other.use.filter.id) == (job.terms.user, job.terms.client, job.use.filter.id)
    ]


def _rank(job: Job) -> int:
    """Smaller comes first; equal ones stay as they came."""
    if job.passed >= MAXIMUM_PASSES:
        return 0
    if job.terms.purpose == "preview":
        return 1
    return 2 if job.terms.is_quick else 3
