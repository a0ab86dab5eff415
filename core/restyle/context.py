"""Context: all that a method may ask of the world."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from restyle.contract.progress import PartProgress, Progress, SilentProgress
from restyle.host.device import Device
from restyle.models.store import Store

__all__ = ["Context"]


@dataclass(frozen=True)
class Context:
    """Where to compute, whom to tell, and where trained weights lie."""

    device: Device
    progress: Progress = field(default_factory=SilentProgress)
    store: Store = field(default_factory=Store)

    def part(self, start: float, end: float) -> Context:
        """The same for a part of the work, whose progress goes from ``start`` to ``end`` (0..1) of this one's."""
        return replace(self, progress=PartProgress(self.progress, start, end))
