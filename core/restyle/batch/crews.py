"""Crews: which crew a batch gets, by what a person has said and by what helps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from restyle.batch.crew import Alone, Crew
from restyle.batch.farm import LOCAL, REMOTE, Farm
from restyle.batch.processes import Processes
from restyle.contract.errors import InvalidInput
from restyle.host.memory import available_memory_bytes
from restyle.host.threads import usable_processors
from restyle.service.clients import Client, HereClient, WarmClient

__all__ = ["Workforce", "crew_for", "helpful_workers"]

MOST_WORKERS = 256

WORKER_BYTES = 2 << 30
"""What a worker is given room for, see docs/benchmarks.md: PyTorch itself, a network and a photo of twelve megapixels."""

PICTURES_EACH = 8
"""Fewer pictures are done by one worker before a second one has PyTorch at hand, which takes seconds."""


@dataclass(frozen=True)
class Workforce:
    """What was said of who shall work: how many, None for as many as help; where, "" for this computer; and by what."""

    workers: int | None = None
    place: str = ""
    device: str = "auto"
    precision: str = "auto"


def crew_for(pictures: int, client: Callable[[], Client], asked: Workforce) -> Crew:
    """The crew for so many pictures; ``client`` gives the one that works where one on this computer is enough.

    Raises InvalidInput.
    """
    workers, device, precision = asked.workers, asked.device, asked.precision
    if workers is not None and not 1 <= workers <= MOST_WORKERS:
        raise InvalidInput(f"{workers} workers cannot be had; give --workers 1 to {MOST_WORKERS}.")
    if asked.place:
        return _farm(asked)
    only = HereClient(device, precision) if workers else client()
    if not isinstance(only, HereClient | WarmClient):
        # A person has chosen who works, in another room.
        return Alone(only)
    count = min(workers or helpful_workers(pictures, device), max(pictures, 1))
    return Processes(count, HereClient(device, precision, 1 / count)) if count > 1 else Alone(only)


def _farm(asked: Workforce) -> Crew:
    if asked.place != LOCAL and not asked.place.startswith(REMOTE):
        raise InvalidInput(
            f"{asked.place} is no place to work; give --on ray, or --on ray://HEAD:10001 with your cluster's head."
        )
    return Farm(asked.place, asked.workers, HereClient(asked.device, asked.precision))


def helpful_workers(pictures: int, device: str = "auto") -> int:
    """How many processes are faster than one for so many pictures: on a CPU one for each processor, as far as there is memory.

    Any other device is kept busy by one.
    """
    most = min(usable_processors(), available_memory_bytes() // WORKER_BYTES, pictures // PICTURES_EACH, MOST_WORKERS)
    if most < 2 or not _computes_on_cpu(device):
        return 1
    return most


def _computes_on_cpu(device: str) -> bool:
    if device != "auto":
        return device == "cpu"
    # It takes a second to load: only where there is so much to do that it does not matter.
    from restyle.host.device import probe_hardware

    return set(probe_hardware().reduced) == {"cpu"}
