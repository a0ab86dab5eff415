"""Runner: how a job's data become a call of ``restyle.engine.run``. It is the server's only door to PyTorch."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from restyle.contract.errors import Cancelled, RestyleError
from restyle.contract.filter import AnyFilter
from restyle.contract.progress import CallbackProgress, Progress, Report
from restyle.contract.request import Use
from restyle.contract.result import Result
from restyle.host.memory import give_back_freed
from restyle.service.frames_before import FramesBefore
from restyle.service.images import StoredImage
from restyle.service.job import Files

if TYPE_CHECKING:
    from restyle.context import Context
    from restyle.models.cache import NetworkCache
    from restyle.models.store import Store
    from restyle.pictures.image import Image

__all__ = ["CoreRunner", "Runner", "open_store"]

WARM_UP_PX = 64
"""Large enough for every layer of the networks, small enough to take no time."""

BREATH_S = 1.0
"""After a job: the next of a row comes sooner, and uses again what this one has freed."""

_log = logging.getLogger(__name__)


class Runner(Protocol):
    """What the worker needs; tests bring their own."""

    def warm_up(self, is_awaited: Callable[[], bool]) -> str:
        """Load what jobs need, until one of them waits for it; the name of the device that they run on."""

    def __call__(self, use: Use[Any], images: Mapping[str, StoredImage], progress: Progress) -> Result:
        """Run the filter on the images of the use's refs; raises RestyleError."""

    def next_frame(self, use: Use[Any], images: Mapping[str, StoredImage], progress: Progress, sequence: str) -> Result:
        """The same for a frame, held to the one before of that ``sequence``; raises RestyleError."""

    def on_files(self, use: Use[Any], files: Files, progress: Progress) -> None:
        """Run the filter on files, and write what it makes; raises RestyleError."""

    def rest(self) -> None:
        """Give back what is held for jobs, where none has come for a while. Called now and then, by another thread."""


class CoreRunner:
    """Runs filters of the core on this computer, with the weights of ``home``."""

    def __init__(self, home: Path, filters: tuple[AnyFilter, ...], clock: Callable[[], float] = time.monotonic) -> None:
        self._home = home
        self._filters = filters
        self._clock = clock
        self._networks: NetworkCache | None = None
        self._frames = FramesBefore(clock)
        self._ended_at: float | None = None
        """When the warm-up or the last job ended, until what it has freed was given back."""

    def warm_up(self, is_awaited: Callable[[], bool]) -> str:
        """Take each filter to its first step on a tiny picture: modules, weights and kernels are then in memory.

        A job that waits needs no more than its own filter, so the others are left then.
        """
        from restyle.host.device import settled_device

        name = settled_device(self._home).name
        for declared in self._filters:
            if is_awaited():
                break
            if not declared.needs.warm_up:
                continue
            try:
                self._take_first_step(declared, is_awaited)
            except Cancelled:
                pass
            except RestyleError as error:
                # A filter whose weights are not here says so when it is called.
                _log.info("%s is not ready: %s", declared.id, error)
        self._ended_at = self._clock()
        return name

    def __call__(self, use: Use[Any], images: Mapping[str, StoredImage], progress: Progress) -> Result:
        """Run the filter; raises RestyleError."""
        with self._noted():
            return self._run(use, lambda ref: images[ref].as_image(), progress)

    def next_frame(self, use: Use[Any], images: Mapping[str, StoredImage], progress: Progress, sequence: str) -> Result:
        """The same for a frame, held to the one before of that ``sequence``; within the selection it is mixed with the frame.

        Raises RestyleError.
        """
        from restyle.engine.sequence import next_of

        with self._noted():
            before = self._frames.of(sequence)
            made, last = next_of(use, lambda ref: images[ref].as_image(), self._context(progress), before)
            self._frames.keep(sequence, last)
            return Result({use.filter.outputs[0].name: made})

    def on_files(self, use: Use[Any], files: Files, progress: Progress) -> None:
        """Run the filter on files, and write what it makes; raises RestyleError."""
        from restyle.engine.on_files import perform_on_files

        with self._noted():
            perform_on_files(use, files.output, self._context(progress), files.folder)

    def rest(self) -> None:
        """Give back what is held for jobs, where none has come for a while."""
        if self._networks is not None:
            self._networks.expire()
        self._frames.expire()
        if self._ended_at is not None and self._clock() - self._ended_at >= BREATH_S:
            self._ended_at = None
            give_back_freed()

    @contextmanager
    def _noted(self) -> Iterator[None]:
        self._ended_at = None
        try:
            yield
        finally:
            self._ended_at = self._clock()

    def _run(self, use: Use[Any], open_picture: Callable[[str], Image], progress: Progress) -> Result:
        from restyle.engine.opening import perform

        # GIMP blends by a layer mask.
        return perform(use, open_picture, self._context(progress), is_blended=False)

    def _context(self, progress: Progress) -> Context:
        from restyle.context import Context
        from restyle.host.device import settled_device
        from restyle.models.cache import NetworkCache
        from restyle.models.store import Store

        self._networks = self._networks or NetworkCache()
        # Picked anew for each job: the free memory differs.
        return Context(settled_device(self._home), progress, Store(self._home, networks=self._networks))

    def _take_first_step(self, declared: AnyFilter, is_awaited: Callable[[], bool]) -> None:
        import torch

        from restyle.pictures.image import Image

        ramp = torch.linspace(0, 1, WARM_UP_PX).expand(1, 3, WARM_UP_PX, WARM_UP_PX).contiguous()
        given = {item.name: item.required(item.name) for item in declared.inputs}
        use = Use(declared, given, declared.params())

        def open_picture(ref: str) -> Image:
            return Image(ramp if declared.layer is not None and ref == declared.layer.name else ramp.flip(3))

        def leave(report: Report) -> None:
            if report.step > 0 or is_awaited():
                raise Cancelled

        self._run(use, open_picture, CallbackProgress(leave))


def open_store(home: Path | None = None) -> Store:
    """The models of ``home``, or of the user's own."""
    from restyle.models.store import Store

    return Store(home)
