"""Farm: a batch on the machines of a Ray cluster (the extra `cluster`), or on a Ray of this machine alone.

Ray moves tasks and files, does again what a worker or a machine has left behind, and knows which machines there are. Here is what
it does not know: how much may be on its way, which models a machine lacks, and which task takes suspiciously long.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

from restyle.batch.crew import Crew, Outcome, Task
from restyle.batch.goods import Goods
from restyle.batch.parcel import Delivery, kept_whole, work
from restyle.contract.errors import MissingLibrary, Refused
from restyle.host.threads import usable_processors
from restyle.service.clients import Client, HereClient

__all__ = ["Farm"]

LOCAL, REMOTE = "ray", "ray://"

RETRIES = 3
"""By Ray, of a task whose worker or machine ended."""

WORKERS_PER_GPU = 4
"""One computes while others read and write their pictures, which takes longer; see docs/scaling.md."""

AHEAD = 2
"""For each that works, so many tasks are on their way: the next one is there when one is done."""

WAIT_S = 1.0

STRAGGLER_S, STRAGGLER_TIMES = 30.0, 5.0
"""At the end, what takes longer than this, and than so many times the median, is begun a second time elsewhere."""


@dataclass(eq=False)
class _Sent:
    """A task on its way, with the refs of its copies, of which the first that comes back counts."""

    task: Task
    since: float
    copies: list[Any] = field(default_factory=list)


@dataclass
class Farm(Crew):
    """``address``: "ray" for a Ray that runs on this machine, or is started for it, or "ray://HEAD:PORT".

    ``workers``: how many work at most, None for as many as there are. ``client`` works on each machine.
    """

    address: str
    workers: int | None = None
    client: Client = field(default_factory=HereClient)
    _sent: list[_Sent] = field(default_factory=list)
    _taken_s: list[float] = field(default_factory=list)

    def outcomes(self, tasks: Iterator[Task]) -> Iterator[Outcome]:
        """As they come. Raises MissingLibrary where there is no Ray, Refused where the cluster cannot be had."""
        first = next(tasks, None)
        if first is None:
            # Ray takes seconds to start, and a cluster may be away.
            return
        ray = _library(self.address)
        _connect(ray, self.address, self.workers)
        try:
            yield from self._all(ray, chain([first], tasks))
        except ConnectionError as error:
            raise _unreachable(self.address, error) from error
        finally:
            # A cluster that is lost needs no farewell.
            with suppress(Exception):
                ray.shutdown()

    def _all(self, ray: Any, tasks: Iterator[Task]) -> Iterator[Outcome]:
        hands = _Hands.of(ray, self.client, self.workers)
        goods = Goods(ray.put)
        while True:
            yield from self._filled(hands.refreshed(ray), goods, tasks)
            if not self._sent:
                return
            refs = [ref for sent in self._sent for ref in sent.copies]
            for ref in ray.wait(refs, num_returns=1, timeout=WAIT_S)[0]:
                sent = next(one for one in self._sent if ref in one.copies)
                outcome = self._received(ray, hands, goods, sent, ref)
                if outcome is not None:
                    yield outcome

    def _filled(self, hands: _Hands, goods: Goods, tasks: Iterator[Task]) -> Iterator[Outcome]:
        """Send as many as there is room for; tell of those that cannot be sent."""
        while len(self._sent) < hands.room:
            task = next(tasks, None)
            if task is None:
                return self._send_stragglers(hands, goods)
            try:
                self._send(hands, goods, _Sent(task, time.monotonic()))
            except OSError as error:
                yield Outcome(task, problem=str(error), code="system-refused")

    def _send(self, hands: _Hands, goods: Goods, sent: _Sent) -> None:
        parcel, contents = goods.parcel(sent.task, hands.client)
        sent.copies.append(hands.remote.remote(parcel, *contents))
        if sent not in self._sent:
            self._sent.append(sent)

    def _send_stragglers(self, hands: _Hands, goods: Goods) -> None:
        """Where somebody has nothing to do any more, let him begin what takes suspiciously long elsewhere."""
        if not self._taken_s or len(self._sent) >= hands.slots:
            return
        limit = max(STRAGGLER_S, STRAGGLER_TIMES * statistics.median(self._taken_s))
        for sent in self._sent:
            if len(sent.copies) == 1 and time.monotonic() - sent.since > limit:
                self._send(hands, goods, sent)

    def _received(self, ray: Any, hands: _Hands, goods: Goods, sent: _Sent, ref: Any) -> Outcome | None:
        """What became of a task; None where it is done once more, with weights that it lacked."""
        sent.copies.remove(ref)
        try:
            delivery: Delivery = ray.get(ref)
        except ray.exceptions.RayTaskError as error:
            raise Refused("worker-lost", _why_not(error)) from error
        except ray.exceptions.RayError as error:
            if sent.copies:
                return None
            self._sent.remove(sent)
            problem = f"each worker that took it ended, {1 + RETRIES} in all ({type(error).__name__}), maybe for want of memory"
            return Outcome(sent.task, problem=problem, code="worker-lost")
        if delivery.lacking and goods.bring(delivery.lacking):
            self._send(hands, goods, sent)
            return None
        self._sent.remove(sent)
        for other in sent.copies:
            ray.cancel(other, force=True)
        return self._delivered(sent.task, delivery)

    def _delivered(self, task: Task, delivery: Delivery) -> Outcome:
        outcome = replace(delivery.outcome, task=task)
        if outcome.problem:
            return outcome
        self._taken_s.append(outcome.seconds)
        try:
            kept_whole(task.output, delivery.files)
        except OSError as error:
            return replace(outcome, problem=str(error), code="system-refused")
        return outcome


@dataclass
class _Hands:
    """What works: the function as Ray has it, how many of it run at once, and how many may be on their way."""

    remote: Any
    client: Client
    needs: dict[str, float]
    most: int | None
    slots: int = 1
    looked_at: float = 0.0

    @classmethod
    def of(cls, ray: Any, client: Client, most: int | None) -> _Hands:
        """As the cluster is now: on GPUs where it has some and the client takes one."""
        on_gpu = ray.cluster_resources().get("GPU", 0) and getattr(client, "device", "cpu") in ("auto", "cuda")
        needs = {"num_gpus": 1 / WORKERS_PER_GPU} if on_gpu else {"num_cpus": 1.0}
        if isinstance(client, HereClient):
            client = replace(client, memory_share=1 / WORKERS_PER_GPU if on_gpu else 1 / _processors_of_a_node(ray))
        remote = ray.remote(work).options(**needs, max_retries=RETRIES, scheduling_strategy="SPREAD")
        return cls(remote, client, needs, most)

    def refreshed(self, ray: Any) -> _Hands:
        """The same, after a look at which machines there are now: some may have come or gone."""
        if time.monotonic() - self.looked_at > WAIT_S:
            self.looked_at = time.monotonic()
            has = ray.cluster_resources()
            name, share = ("GPU", "num_gpus") if "num_gpus" in self.needs else ("CPU", "num_cpus")
            self.slots = max(int(has.get(name, 0) / self.needs[share]), 1)
        return self

    @property
    def room(self) -> int:
        """How many tasks may be on their way."""
        # Where fewer shall work than could, what is on its way would be worked on, too.
        return self.most if self.most is not None and self.most < self.slots else AHEAD * self.slots


def _processors_of_a_node(ray: Any) -> float:
    return max([node["Resources"].get("CPU", 1.0) for node in ray.nodes() if node["Alive"]], default=1.0)


def _library(address: str) -> Any:
    """The module ``ray``; raises MissingLibrary."""
    # Nothing is told to anybody.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    # Ray itself looks for its token only when it starts or joins a cluster on this machine, not as a client of another.
    if address.startswith(REMOTE) and _has_token():
        os.environ.setdefault("RAY_AUTH_MODE", "token")
    try:
        import ray

        if address.startswith(REMOTE):
            import grpc  # noqa: F401
    except ImportError as error:
        raise MissingLibrary("restyle batch --on ray", '"ray[client]"') from error
    return ray


def _has_token() -> bool:
    """Whether there is a token for clusters where Ray looks for one."""
    named = os.environ.get("RAY_AUTH_TOKEN") or os.environ.get("RAY_AUTH_TOKEN_PATH")
    return bool(named) or (Path.home() / ".ray" / "auth_token").is_file()


def _connect(ray: Any, address: str, workers: int | None) -> None:
    """Raises Refused where nobody answers."""
    quiet = {"logging_level": "error", "log_to_driver": False}
    if address != LOCAL:
        try:
            ray.init(address, **quiet)
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise _unreachable(address, error) from error
        return
    try:
        ray.init("auto", **quiet)
    except ConnectionError:
        ray.init("local", num_cpus=workers or usable_processors(), include_dashboard=False, **quiet)


def _unreachable(address: str, error: Exception) -> Refused:
    reason = str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
    advice = "start Ray there, have its token here, and give the same command again: it goes on"
    return Refused("cluster-unreachable", f"The cluster at {address} does not answer ({reason}); {advice}.")


def _why_not(error: Exception) -> str:
    """One sentence for what went wrong outside of all that a task may do wrong."""
    last = str(error).strip().splitlines()[-1]
    return f"A node could not work at all ({last}); install Restyle and Python there in the versions that are here."
