"""Context: all that a method may ask of the world."""

from __future__ import annotations

from dataclasses import dataclass, field

from restyle.device import Device
from restyle.progress import Progress, SilentProgress
from restyle.weights.store import Store

__all__ = ["Context"]


@dataclass(frozen=True)
class Context:
    """Where to compute, whom to tell, and where trained weights lie."""

    device: Device
    progress: Progress = field(default_factory=SilentProgress)
    store: Store = field(default_factory=Store)
