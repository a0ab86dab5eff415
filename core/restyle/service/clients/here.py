"""HereClient: does it in this process, which has to load PyTorch first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from restyle.contract.progress import Progress
from restyle.contract.request import Use
from restyle.service.clients.client import Client, Done

__all__ = ["HereClient"]


class HereClient(Client):
    """Works on ``device`` in ``precision``, by the words of the command line."""

    def __init__(self, device: str = "auto", precision: str = "auto") -> None:
        self._device = device
        self._precision = precision

    def perform(self, use: Use[Any], output: Path, progress: Progress) -> Done:
        """Do it here."""
        # torch takes over a second to load: only when there is work for it.
        from restyle.context import Context
        from restyle.engine.on_files import perform_on_files
        from restyle.host.device import pick_device
        from restyle.models.store import Store

        device = pick_device(self._device, self._precision)
        perform_on_files(use, output, Context(device, progress, Store()))
        return Done(device.name, str(device.precision).removeprefix("torch."))
