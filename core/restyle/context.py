"""Context: all that a method may ask of the world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from restyle.contract.progress import Frame, FramedProgress, PartProgress, Progress, ShownProgress, SilentProgress
from restyle.host.device import Device
from restyle.models.store import Store
from restyle.pictures.image import Image

__all__ = ["Context"]


@dataclass(frozen=True)
class Context:
    """Where to compute, whom to tell, and where trained weights lie.

    ``begun``: for a frame that follows another, what was made of that one, moved to where things are now, its alpha how sure that
    is; of the content's size. Methods that search may begin there.
    """

    device: Device
    progress: Progress = field(default_factory=SilentProgress)
    store: Store = field(default_factory=Store)
    begun: Image | None = None

    def part(self, start: float, end: float) -> Context:
        """The same for a part of the work, whose progress goes from ``start`` to ``end`` (0..1) of this one's."""
        return replace(self, progress=PartProgress(self.progress, start, end))

    def framed(self, frame: Frame) -> Context:
        """The same for work on a part of the layer, whose previews lie in ``frame``."""
        return replace(self, progress=FramedProgress(self.progress, frame))

    def shown(self, shown: Callable[[Image], Image]) -> Context:
        """The same for work whose previews are shown as ``shown`` makes them."""
        return replace(self, progress=ShownProgress(self.progress, shown))
