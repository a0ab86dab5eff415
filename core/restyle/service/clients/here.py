"""HereClient: does it in this process, which has to load PyTorch first."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from restyle.contract.progress import Progress
from restyle.contract.request import Use
from restyle.service.clients.client import Client, Done

if TYPE_CHECKING:
    from restyle.models.cache import NetworkCache

__all__ = ["HereClient"]


@dataclass(frozen=True)
class HereClient(Client):
    """Works on ``device`` in ``precision``, by the words of the command line; what it has loaded serves all that it does.

    ``memory_share``: of the memory that is free, what it may take, where others work beside it.
    """

    device: str = "auto"
    precision: str = "auto"
    memory_share: float = 1.0
    _loaded: list[NetworkCache] = field(default_factory=list, init=False, compare=False, repr=False)

    def perform(self, use: Use[Any], output: Path, progress: Progress) -> Done:
        """Do it here."""
        # torch takes over a second to load: only when there is work for it.
        from restyle.context import Context
        from restyle.engine.on_files import perform_on_files
        from restyle.host.device import settled_device
        from restyle.host.home import home_folder
        from restyle.models.cache import NetworkCache
        from restyle.models.store import Store

        if not self._loaded:
            self._loaded.append(NetworkCache())
        device = settled_device(home_folder(), self.device, self.precision).shared(self.memory_share)
        perform_on_files(use, output, Context(device, progress, Store(networks=self._loaded[0])))
        return Done(device.name, str(device.precision).removeprefix("torch."))
